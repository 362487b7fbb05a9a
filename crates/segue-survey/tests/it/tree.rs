//! Source trees: what each reader finds, with its place.

use segue_model::assessment::{Assessment, Component};
use segue_model::spec::program::Date;
use segue_survey::{Cloud, Limits, Options, Tree, tree};

pub(crate) fn options() -> Options {
    Options { today: Date("2026-11-21".parse().expect("a date")), target_cloud: None, code: true }
}

pub(crate) fn survey(files: &[(&str, &str)]) -> Assessment {
    let mut all = Tree::new(Limits::default());
    for (path, text) in files {
        assert!(Tree::wants(path), "{path} would not be read");
        all.add(path, text.as_bytes().to_vec());
    }
    tree(&all, &options())
}

/// `ecosystem name version locked runtime place`.
fn lines(assessment: &Assessment) -> Vec<String> {
    let line = |c: &Component| {
        let (locked, runtime) = (if c.locked { " locked" } else { "" }, if c.runtime { " run" } else { "" });
        format!("{} {} `{}`{locked}{runtime} {}", c.ecosystem, c.name, c.version, c.place)
    };
    let mut all: Vec<String> = assessment.components.iter().map(line).collect();
    all.sort();
    all
}

fn check(files: &[(&str, &str)], expect: &[&str]) -> Assessment {
    let assessment = survey(files);
    assert_eq!(lines(&assessment), expect, "{files:?}\n{:?}", assessment.not_checked);
    assessment
}

#[test]
fn npm_with_each_lock() {
    let manifest = "{\n \"dependencies\": {\n  \"express\": \"^4.18.0\",\n  \"pg\": \"~8\"\n },\n \"devDependencies\": {\"jest\": \"29\"},\n \"engines\": {\"node\": \"18.x\"}\n}";
    let expect = [
        "npm express `4.18.2` locked run package.json:3",
        "npm jest `29.7.0` locked package.json:6",
        "npm pg `8.11.3` locked run package.json:4",
        "runtime node `18.x` run package.json:7",
    ];
    let locks = [
        (
            "package-lock.json",
            "{\"lockfileVersion\": 3, \"packages\": {\"\": {}, \"node_modules/express\": {\"version\": \"4.18.2\"}, \"node_modules/x/node_modules/pg\": {\"version\": \"1.0.0\"}, \"node_modules/pg\": {\"version\": \"8.11.3\"}, \"node_modules/jest\": {\"version\": \"29.7.0\"}}}",
        ),
        (
            "package-lock.json",
            "{\"dependencies\": {\"express\": {\"version\": \"4.18.2\"}, \"pg\": {\"version\": \"8.11.3\"}, \"jest\": {\"version\": \"29.7.0\"}}}",
        ),
        (
            "yarn.lock",
            "# yarn lockfile v1\n\nexpress@^4.17.0, express@^4.18.0:\n  version \"4.18.2\"\n  resolved \"x\"\n\n\"pg@npm:~8\":\n  version: 8.11.3\n\njest@29:\n  version \"29.7.0\"\n",
        ),
        (
            "pnpm-lock.yaml",
            "importers:\n  .:\n    dependencies:\n      express:\n        specifier: ^4.18.0\n        version: 4.18.2\n      pg: {specifier: ~8, version: 8.11.3(pg-native@3.0.0)}\n    devDependencies:\n      jest: {version: 29.7.0}\n",
        ),
    ];
    for lock in locks {
        let assessment = check(&[("package.json", manifest), lock], &expect);
        let node = assessment.components.iter().find(|c| c.name == "node").expect("node");
        assert_eq!(node.note, "support ended 2025-04-30 (facts of 2026-08-22)");
        assert!(
            assessment.findings.iter().any(|f| f.code == "SG-SUR-001" && f.object == "node 18.x (package.json:7)"),
            "{:?}",
            assessment.findings
        );
        let pg = assessment.dependencies.iter().find(|d| d.on == "pg").expect("pg");
        assert_eq!((pg.kind.as_str(), pg.blocking), ("database", true));
        let jest = assessment.dependencies.iter().find(|d| d.on == "jest").expect("jest");
        assert!(!jest.blocking && jest.why.contains("devDependencies"));
    }
    let without = survey(&[("package.json", manifest)]);
    assert!(
        without.findings.iter().any(|f| f.code == "SG-SUR-003" && f.message.starts_with("3 packages of npm")),
        "{:?}",
        without.findings
    );
}

#[test]
fn python_in_four_forms() {
    check(
        &[
            (
                "requirements.txt",
                "# x\nDjango==4.2.1\npsycopg2-binary>=2.9,<3 ; python_version > '3'\n-r other.txt\nboto3[crt] ~= 1.28  # y\n",
            ),
            ("requirements-dev.txt", "pytest\n"),
            ("runtime.txt", "python-3.9.1\n"),
        ],
        &[
            "pypi Django `4.2.1` locked run requirements.txt:2",
            "pypi boto3 `~= 1.28` run requirements.txt:5",
            "pypi psycopg2-binary `>=2.9,<3` run requirements.txt:3",
            "pypi pytest `` requirements-dev.txt:1",
            "runtime python `3.9.1` run runtime.txt:1",
        ],
    );
    check(
        &[
            (
                "pyproject.toml",
                "[project]\nrequires-python = \">=3.10\"\ndependencies = [\n  \"flask>=2\",\n]\n[project.optional-dependencies]\ntest = [\"pytest\"]\n[tool.poetry.dependencies]\npython = \"^3.10\"\nsqlalchemy = {version = \"^2.0\", optional = true}\n",
            ),
            ("poetry.lock", "[[package]]\nname = \"flask\"\nversion = \"2.3.3\"\n"),
        ],
        &[
            "pypi flask `2.3.3` locked run pyproject.toml:4",
            "pypi pytest `` pyproject.toml:7",
            "pypi sqlalchemy `^2.0` run pyproject.toml:10",
            "runtime python `>=3.10` run pyproject.toml:2",
            "runtime python `^3.10` run pyproject.toml:9",
        ],
    );
    check(
        &[
            ("Pipfile", "[packages]\nflask = \"*\"\n[dev-packages]\npytest = \"*\"\n[requires]\npython_version = \"3.8\"\n"),
            ("Pipfile.lock", "{\"default\": {\"flask\": {\"version\": \"==2.3.3\"}}}"),
        ],
        &["pypi flask `2.3.3` locked run Pipfile:2", "pypi pytest `*` Pipfile:4", "runtime python `3.8` run Pipfile:6"],
    );
}

#[test]
fn rust_go_ruby_php() {
    check(
        &[
            (
                "a/Cargo.toml",
                "[package]\nrust-version = \"1.80\"\n[dependencies]\nserde = \"1\"\nsqlx = { version = \"0.7\", features = [] }\n[dev-dependencies]\ninsta = \"1\"\n",
            ),
            ("Cargo.lock", "[[package]]\nname = \"serde\"\nversion = \"1.0.200\"\n"),
        ],
        &[
            "cargo insta `1` a/Cargo.toml:7",
            "cargo serde `1.0.200` locked run a/Cargo.toml:4",
            "cargo sqlx `0.7` run a/Cargo.toml:5",
            "runtime rust `1.80` run a/Cargo.toml:2",
        ],
    );
    check(
        &[(
            "go.mod",
            "module x\n\ngo 1.21\n\nrequire (\n\tgithub.com/lib/pq v1.10.9\n\tx/y v1.0.0 // indirect\n)\nrequire github.com/gin-gonic/gin v1.9.1\n",
        )],
        &[
            "go github.com/gin-gonic/gin `v1.9.1` run go.mod:9",
            "go github.com/lib/pq `v1.10.9` run go.mod:6",
            "runtime go `1.21` run go.mod:3",
        ],
    );
    check(
        &[
            (
                "Gemfile",
                "source 'https://rubygems.org'\nruby '3.1.2'\ngem 'rails', '~> 7.0', '>= 7.0.4'\ngroup :development, :test do\n  gem \"rspec\"\nend\ngem 'pg'\n",
            ),
            (
                "Gemfile.lock",
                "GEM\n  specs:\n    pg (1.5.4)\n    rails (7.0.8)\n      railties (= 7.0.8)\n\nRUBY VERSION\n   ruby 3.1.2p20\n",
            ),
        ],
        &[
            "rubygems pg `1.5.4` locked run Gemfile:7",
            "rubygems rails `7.0.8` locked run Gemfile:3",
            "rubygems rspec `` Gemfile:5",
            "runtime ruby `3.1.2` run Gemfile.lock:8",
            "runtime ruby `3.1.2` run Gemfile:2",
        ],
    );
    check(
        &[
            (
                "composer.json",
                "{\"require\": {\"php\": \"^7.4\", \"laravel/framework\": \"^8.0\"},\n\"require-dev\": {\"phpunit/phpunit\": \"^9\"}}",
            ),
            ("composer.lock", "{\"packages\": [{\"name\": \"laravel/framework\", \"version\": \"v8.83.27\"}]}"),
        ],
        &[
            "composer laravel/framework `8.83.27` locked run composer.json:1",
            "composer phpunit/phpunit `^9` composer.json:2",
            "runtime php `^7.4` run composer.json:1",
        ],
    );
}

#[test]
fn jvm_and_dotnet() {
    check(
        &[(
            "pom.xml",
            "<project>\n<parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>2.7.1</version></parent>\n<properties><java.version>11</java.version><pg>42.6.0</pg></properties>\n<dependencies>\n<dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId><version>${pg}</version></dependency>\n<dependency><groupId>junit</groupId><artifactId>junit</artifactId><scope>test</scope></dependency>\n</dependencies></project>",
        )],
        &[
            "maven junit:junit `` pom.xml:6",
            "maven org.postgresql:postgresql `42.6.0` run pom.xml:5",
            "maven org.springframework.boot:spring-boot-starter-parent `2.7.1` run pom.xml:2",
            "runtime java `11` run pom.xml:3",
        ],
    );
    check(
        &[(
            "build.gradle.kts",
            "plugins {\n  id(\"org.springframework.boot\") version \"3.1.0\"\n}\ndependencies {\n  implementation(\"org.mariadb.jdbc:mariadb-java-client:3.1.4\")\n  testImplementation(\"junit:junit:4.13\")\n}\njava { toolchain { languageVersion.set(JavaLanguageVersion.of(17)) } }\n",
        )],
        &[
            "gradle junit:junit `4.13` build.gradle.kts:6",
            "gradle org.mariadb.jdbc:mariadb-java-client `3.1.4` run build.gradle.kts:5",
            "gradle org.springframework.boot `3.1.0` build.gradle.kts:2",
            "runtime java `17` run build.gradle.kts:8",
        ],
    );
    check(
        &[
            (
                "A.csproj",
                "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net6.0</TargetFramework></PropertyGroup>\n<ItemGroup><PackageReference Include=\"Npgsql\" Version=\"7.0.4\" /></ItemGroup></Project>",
            ),
            ("global.json", "{\"sdk\": {\"version\": \"6.0.400\"}}"),
        ],
        &["nuget Npgsql `7.0.4` run A.csproj:2", "runtime dotnet `6.0.400` run global.json:1", "runtime dotnet `6.0` run A.csproj:1"],
    );
}

#[test]
fn runtimes_by_their_own_files() {
    check(
        &[
            (".nvmrc", "v20.11.1\n"),
            (".tool-versions", "nodejs 18.1.0 # x\njava temurin-17.0.9\npostgres 14.2\n"),
            (".python-version", "3.11\n"),
        ],
        &[
            "runtime java `17.0.9` run .tool-versions:2",
            "runtime node `18.1.0` run .tool-versions:1",
            "runtime node `v20.11.1` run .nvmrc:1",
            "runtime postgres `14.2` run .tool-versions:3",
            "runtime python `3.11` run .python-version:1",
        ],
    );
}

#[test]
fn dockerfiles_and_compose() {
    let docker = "ARG NODE=18\nFROM --platform=linux/amd64 node:${NODE}-alpine AS build\nENV API_TOKEN=hunter2 A=b\nRUN npm \\\n  ci\nFROM build AS test\nFROM nginx\nCOPY --from=build /a /b\nEXPOSE 80\n";
    let assessment = check(&[("Dockerfile", docker)], &["image nginx `` run Dockerfile:7", "image node `18-alpine` Dockerfile:2"]);
    let codes: Vec<(&str, &str)> = assessment.findings.iter().map(|f| (f.code.as_str(), f.object.as_str())).collect();
    assert_eq!(
        codes,
        [
            ("SG-SUR-001", "node 18-alpine (Dockerfile:2)"),
            ("SG-SUR-020", "nginx (Dockerfile:7)"),
            ("SG-SUR-021", "image (Dockerfile:9)"),
            ("SG-SUR-023", "API_TOKEN (Dockerfile:3)")
        ]
    );
    let compose = "x-env: &env\n  POSTGRES_PASSWORD: hunter2\nservices:\n  web:\n    build: .\n    depends_on:\n      db: {condition: service_healthy}\n      mail: {condition: service_started, required: false}\n    environment: [SECRET_KEY=hunter2, 'OTHER_TOKEN=${X}']\n  db:\n    image: postgres:12\n    environment: {<<: *env}\n    volumes: ['data:/var']\n    healthcheck: {test: x}\n";
    let assessment = check(
        &[("docker-compose.yml", compose)],
        &["database postgres `12` run docker-compose.yml:11", "image postgres `12` run docker-compose.yml:11"],
    );
    let waits: Vec<(&str, &str, bool)> = assessment.dependencies.iter().map(|d| (d.from.as_str(), d.on.as_str(), d.blocking)).collect();
    assert_eq!(waits, [("web", "db", true), ("web", "mail", false)]);
    let secrets: Vec<&str> = assessment.findings.iter().filter(|f| f.code == "SG-SUR-023").map(|f| f.object.as_str()).collect();
    assert_eq!(secrets, ["POSTGRES_PASSWORD (docker-compose.yml:2)", "SECRET_KEY (docker-compose.yml:9)"]);
    assert!(assessment.objects.iter().any(|o| o.name == "db" && o.rule == "compose.state"));
}

#[test]
fn kubernetes_manifests() {
    let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n        - name: a\n          image: shop/web:1.2\n          env:\n            - {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: p}}}\n            - {name: API_TOKEN, value: hunter2}\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  replicas: 3\n  template: {spec: {containers: [{image: 'mysql:5.7', readinessProbe: {}, resources: {requests: {cpu: 1}}}]}}\n---\nkind: x\n";
    let assessment = check(
        &[("k8s/all.yaml", text), ("chart/templates/a.yaml", "apiVersion: v1\nkind: Pod\nname: {{ x }}\n"), ("other.yml", "a: 1\n")],
        &["database mysql `5.7` run k8s/all.yaml:20", "image mysql `5.7` run k8s/all.yaml:20", "image shop/web `1.2` run k8s/all.yaml:10"],
    );
    let codes: Vec<(&str, &str)> = assessment.findings.iter().map(|f| (f.code.as_str(), f.object.as_str())).collect();
    assert!(codes.contains(&("SG-SUR-022", "Deployment/web (k8s/all.yaml:1)")), "{codes:?}");
    assert!(codes.contains(&("SG-SUR-021", "Deployment/web (k8s/all.yaml:9)")), "{codes:?}");
    assert!(codes.contains(&("SG-SUR-023", "API_TOKEN (k8s/all.yaml:13)")), "{codes:?}");
    assert!(!codes.iter().any(|(code, object)| *code == "SG-SUR-022" && object.starts_with("StatefulSet")), "{codes:?}");
    assert!(assessment.dependencies.iter().any(|d| d.from == "Deployment/web" && d.on == "db" && d.kind == "secret"));
    assert!(assessment.objects.iter().any(|o| o.name == "StatefulSet/db" && o.rule == "kubernetes.state"));
    assert_eq!(assessment.not_checked, ["chart/templates/a.yaml: line 1: a template: render it first, and survey what comes out"]);
}

#[test]
fn terraform_and_its_state() {
    let hcl = "terraform {\n  required_version = \">= 1.5\"\n  required_providers {\n    aws = {\n      source = \"hashicorp/aws\"\n      version = \"~> 5.0\"\n    }\n  }\n}\nprovider \"aws\" {\n  region = \"eu-west-1\"\n}\nresource \"aws_db_instance\" \"main\" {\n  engine         = \"postgres\"\n  engine_version = \"13.7\"\n  password       = \"hunter2\"\n  vpc_security_group_ids = [aws_security_group.db.id]\n  name = \"x-${aws_vpc.main.id}\"\n}\nresource \"aws_sqs_queue\" \"jobs\" {\n  count = 2\n}\nmodule \"net\" {\n  source = \"git::https://tok:hunter2@h/x.git\"\n}\n";
    let state = "{\"version\": 4, \"terraform_version\": \"1.5.7\", \"resources\": [{\"mode\": \"data\", \"type\": \"aws_ami\", \"name\": \"x\"},\n{\"mode\": \"managed\", \"type\": \"aws_rds_cluster\", \"name\": \"c\", \"instances\": [{\"attributes\": {\"engine\": \"aurora-mysql\", \"engine_version\": \"5.7.mysql_aurora.2.11\", \"master_password\": \"hunter2\"}, \"dependencies\": [\"aws_vpc.main\"]}]}]}";
    let mut all = Tree::new(Limits::default());
    all.add("infra/main.tf", hcl.as_bytes().to_vec());
    all.add("infra/terraform.tfstate", state.as_bytes().to_vec());
    let assessment = tree(&all, &Options { target_cloud: Some(Cloud::Gcp), ..options() });
    assert_eq!(
        lines(&assessment),
        [
            "database mysql `5.7.mysql_aurora.2.11` run infra/terraform.tfstate:2",
            "database postgres `13.7` run infra/main.tf:13",
            "runtime terraform `1.5.7` infra/terraform.tfstate:1",
            "runtime terraform `>= 1.5` infra/main.tf:1",
            "terraform module.net `` run infra/main.tf:23",
            "terraform provider aws `eu-west-1` run infra/main.tf:10",
            "terraform provider aws `~> 5.0` infra/main.tf:4",
        ]
    );
    let found: Vec<(&str, u64, Option<&str>, &[String])> =
        assessment.resources.iter().map(|r| (r.address.as_str(), r.count, r.equivalent.as_deref(), r.refers_to.as_slice())).collect();
    let refers = ["aws_security_group.db".to_owned(), "aws_vpc.main".to_owned()];
    assert_eq!(
        found,
        [
            ("aws_db_instance.main", 1, Some("google_sql_database_instance"), refers.as_slice()),
            ("aws_rds_cluster.c", 1, Some("google_alloydb_cluster"), &["aws_vpc.main".to_owned()][..]),
            ("aws_sqs_queue.jobs", 2, Some("google_pubsub_subscription"), &[][..]),
        ]
    );
    assert!(assessment.objects.iter().any(|o| o.rule == "cloud.equivalent" && o.name == "aws_sqs_queue.jobs"));
    let json = serde_json::to_string(&assessment).expect("it is JSON");
    assert!(!json.contains("hunter2"), "{json}");
}

#[test]
fn pipelines() {
    check(
        &[(
            ".github/workflows/ci.yml",
            "on: push\njobs:\n  test:\n    container: node:16\n    services:\n      db: {image: 'mariadb:10.4'}\n    steps:\n      - uses: actions/setup-python@v4\n        with: {python-version: '3.8'}\n",
        )],
        &[
            "ci actions/setup-python `v4` .github/workflows/ci.yml:8",
            "database mariadb `10.4` .github/workflows/ci.yml:6",
            "image mariadb `10.4` .github/workflows/ci.yml:6",
            "image node `16` .github/workflows/ci.yml:4",
            "runtime python `3.8` .github/workflows/ci.yml:9",
        ],
    );
    check(
        &[(".gitlab-ci.yml", "image: ruby:3.1\ntest:\n  services: [redis:5.0]\n")],
        &["database redis `5.0` .gitlab-ci.yml:3", "image redis `5.0` .gitlab-ci.yml:3", "image ruby `3.1` .gitlab-ci.yml:1"],
    );
    check(
        &[
            (".circleci/config.yml", "orbs: {node: circleci/node@5.1}\njobs:\n  a:\n    docker:\n      - image: cimg/node:18.1\n"),
            ("Jenkinsfile", "pipeline { agent { docker {\n  image 'maven:3.9' } } }\n"),
        ],
        &[
            "ci circleci/node `5.1` .circleci/config.yml:1",
            "ci jenkins `` Jenkinsfile:1",
            "image maven `3.9` Jenkinsfile:2",
            "image node `18.1` .circleci/config.yml:5",
        ],
    );
}

#[test]
fn code_gives_incidents_with_their_lines() {
    let assessment = survey(&[
        ("src/db.js", "const mysql = require('mysql2');\nconst q = `INSERT INTO t VALUES ('hunter2')\n ON DUPLICATE KEY UPDATE a = 1`;\n"),
        ("a.py", "def f(:\n  pass\n"),
    ]);
    let found: Vec<(&str, &str, u32, u32)> =
        assessment.incidents.iter().map(|i| (i.rule.as_str(), i.file.as_str(), i.line, i.points)).collect();
    assert_eq!(
        found,
        [("js.driver.mysql", "src/db.js", 1, 5), ("sql.mysql.upsert", "src/db.js", 2, 3), ("sql.statement", "src/db.js", 2, 1)]
    );
    assert_eq!(assessment.not_checked, ["a.py: line 1: 1 places that could not be parsed, this one first"]);
    assert!(!serde_json::to_string(&assessment).expect("it is JSON").contains("hunter2"));
}

#[test]
fn the_same_tree_gives_the_same_bytes_in_any_order() {
    let files = [
        ("package.json", "{\"dependencies\": {\"b\": \"1\", \"a\": \"2\"}}"),
        ("x/Dockerfile", "FROM node:18\n"),
        ("a.py", "import flask\n"),
    ];
    let mut turned = files;
    turned.reverse();
    let text = |files: &[(&str, &str)]| serde_json::to_string(&survey(files)).expect("it is JSON");
    assert_eq!(text(&files), text(&turned));
}
