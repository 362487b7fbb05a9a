//! Input that wants to hurt: deep, long, growing, torn, not text, and full of secrets.

use segue_survey::{Dialect, Limits, Tree, dump, schema_json, tree};

use crate::tree::{options, survey};

#[test]
fn deep_nesting_ends_in_a_sentence() {
    let deep = 200_000;
    let files = [
        ("package.json", "[".repeat(deep)),
        ("pnpm-lock.yaml", "[".repeat(deep)),
        ("docker-compose.yml", format!("services: {}", "{a: ".repeat(deep))),
        ("pyproject.toml", format!("a = {}", "[".repeat(deep))),
        ("main.tf", "a {".repeat(deep)),
        ("x.tfstate", "{\"a\":".repeat(deep)),
        ("pom.xml", "<a>".repeat(deep)),
    ];
    for (path, text) in files {
        let assessment = survey(&[(path, &text)]);
        assert_eq!(assessment.not_checked.len(), 1, "{path}: {:?}", assessment.not_checked);
    }
    let balanced = format!("{}1{}", "f(".repeat(1_500), ")".repeat(1_500));
    for text in ["((((", "a[", "{", "if x:\n ", balanced.as_str()] {
        let code = if text.len() > 10 { text.to_owned() } else { text.repeat(1_500) };
        survey(&[("a.js", &code), ("a.py", &code), ("a.go", &code), ("a.rb", &code), ("a.php", &code), ("a.java", &code), ("a.ts", &code)]);
    }
    let sql = format!("create table t (a int default {}1", "(".repeat(deep));
    assert_eq!(dump(&sql, "x", Dialect::Mysql, Some(Dialect::Postgres)).systems["x"].tables.len(), 1);
    assert!(schema_json(&"[".repeat(deep), "x").is_err());
}

#[test]
fn what_grows_when_read_does_not_grow() {
    let mut laughs = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for n in 1..20 {
        laughs.push_str(&format!("k{n}: &k{n} [{}]\n", vec![if n == 1 { "*a".to_owned() } else { format!("*k{}", n - 1) }; 9].join(",")));
    }
    let compose = format!("{laughs}services: {{a: {{image: 'x:1'}}}}\n");
    let assessment = survey(&[("docker-compose.yml", &compose)]);
    assert!(assessment.not_checked[0].contains("aliases counted"), "{:?}", assessment.not_checked);
    let xml = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]><project>&c;</project>";
    let assessment = survey(&[("pom.xml", xml)]);
    assert!(assessment.not_checked[0].contains("without a document type"), "{:?}", assessment.not_checked);
}

#[test]
fn huge_lines_and_many_tokens_are_linear() {
    let values = format!("insert into t values {}(1);", "(1,'a''b\\'c'),".repeat(50_000));
    let assessment = dump(&format!("create table t (id int primary key);\n{values}"), "x", Dialect::Mysql, Some(Dialect::Postgres));
    assert_eq!(assessment.systems["x"].tables[0].rows, Some(50_001));
    for text in [
        "/*".repeat(60_000),
        "'".repeat(60_001),
        "$a$".repeat(20_001),
        "--".repeat(60_000),
        "`".repeat(60_001),
        "delimiter ".repeat(10_000),
        "begin ".repeat(20_000),
        "create trigger ".repeat(10_000),
    ] {
        for dialect in [Dialect::Mysql, Dialect::Postgres, Dialect::Sqlite, Dialect::Auto] {
            dump(&text, "x", dialect, Some(Dialect::Postgres));
        }
    }
    let columns = (0..5_000).map(|n| format!("c{n} int unsigned")).collect::<Vec<_>>().join(",");
    assert_eq!(
        dump(&format!("create table t ({columns})"), "x", Dialect::Mysql, Some(Dialect::Postgres)).systems["x"].tables[0].columns,
        5_000
    );
    let views = "create view v as select 1;".repeat(20_000);
    assert_eq!(dump(&views, "x", Dialect::Mysql, None).systems["x"].counts["view"], 1);
    let views = (0..20_000).map(|n| format!("create view v{n} as select 1;")).collect::<Vec<_>>().join("\n");
    assert_eq!(dump(&views, "x", Dialect::Mysql, Some(Dialect::Postgres)).systems["x"].counts["view"], 20_000);
    let wide = format!("create table t ({})", "a int,".repeat(40_000));
    assert!(dump(&wide, "x", Dialect::Mysql, None).not_checked[0].contains("more columns"));
    let long = "x".repeat(400_000);
    survey(&[
        ("a.js", &format!("const a = '{long}';")),
        ("requirements.txt", &long),
        ("Dockerfile", &format!("FROM {long}")),
        ("go.mod", &long),
        ("build.gradle", &long),
        ("yarn.lock", &long),
    ]);
}

#[test]
fn what_is_not_utf8_is_told() {
    let mut all = Tree::new(Limits::default());
    for path in ["a.py", "package.json", "Dockerfile"] {
        all.add(path, vec![b'a', 0xff, 0xfe]);
    }
    assert_eq!(
        tree(&all, &options()).not_checked,
        ["Dockerfile: it is not UTF-8", "a.py: it is not UTF-8", "package.json: it is not UTF-8"]
    );
}

/// Each format with a secret where people put one.
#[test]
fn no_secret_comes_out_of_any_format() {
    let files = [
        (
            "package.json",
            "{\"dependencies\": {\"a\": \"git+https://u:hunter2@h/a.git#hunter2\", \"b\": \"https://hunter2@h/b.tgz?token=hunter2\"}}",
        ),
        ("requirements.txt", "--extra-index-url https://u:hunter2@h/simple\na @ https://u:hunter2@h/a.whl\n"),
        ("Gemfile", "source 'https://u:hunter2@h' do\n gem 'a', git: 'https://u:hunter2@h/a'\nend\n"),
        (
            "Dockerfile",
            "ARG TOKEN=hunter2\nFROM u:hunter2@registry.example/a:1\nENV PASSWORD hunter2\nENV PASSWORD=hunter2\nRUN curl -H 'X: hunter2'\n",
        ),
        (
            "docker-compose.yml",
            "services:\n  a:\n    image: u:hunter2@h/a:1\n    command: --password=hunter2\n    environment:\n      PASSWORD: hunter2\n      DATABASE_URL: postgres://u:hunter2@h/d\n    labels: [hunter2]\n",
        ),
        (
            "k8s.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {password: hunter2}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec: {containers: [{image: 'a:1', args: [hunter2], env: [{name: TOKEN, value: hunter2}]}]}\n",
        ),
        (
            "main.tf",
            "provider \"aws\" {\n  secret_key = \"hunter2\"\n}\nvariable \"p\" { default = \"hunter2\" }\nresource \"aws_db_instance\" \"a\" {\n  password = \"hunter2\"\n}\n",
        ),
        (
            ".github/workflows/a.yml",
            "jobs: {a: {env: {TOKEN: hunter2}, steps: [{run: 'curl hunter2'}], container: {image: 'a:1', credentials: {password: hunter2}}}}\n",
        ),
        ("Jenkinsfile", "environment { TOKEN = 'hunter2' }\n"),
        (
            "a.js",
            "const pg = require('pg'); const c = new pg.Pool({password: 'hunter2'}); c.query(\"SELECT * FROM t WHERE p = 'hunter2'\");",
        ),
        (".nvmrc", "20\n"),
    ];
    let json = serde_json::to_string(&survey(&files)).expect("it is JSON");
    assert!(json.contains("SG-SUR-023") && json.contains("js.driver.postgres"), "{json}");
    assert!(!json.contains("hunter2"), "{json}");
}

#[test]
fn names_that_want_to_be_more_stay_texts() {
    let sql = "create table `a\";drop table b;--` (`x\u{1b}[31m` int unsigned, `<script>` int unsigned primary key);";
    let assessment = dump(sql, "x", Dialect::Mysql, Some(Dialect::Postgres));
    assert_eq!(assessment.systems["x"].tables[0].name, "a\";drop table b;--");
    let many = (0..3_000).map(|n| format!("app.get('/{n}', h);")).collect::<Vec<_>>().join("\n");
    let assessment = survey(&[("a.js", &many)]);
    assert_eq!(assessment.incidents.len(), 2_000);
    assert!(assessment.not_checked[0].contains("more incidents"), "{:?}", assessment.not_checked);
}
