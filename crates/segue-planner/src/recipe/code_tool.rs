//! Build tools of source trees: how a package is added, taken out, and how the tests run.
//!
//! A tool is known by the manifest in which the assessment saw the package, else by the package's name where everybody
//! knows it. Where an edit by hand is the usual way (`pom.xml`, `requirements.txt`) no command is rendered. Tests:
//! below.

use super::build::{self, Shell, StepDraft};
use super::code::{Change, Named, component, path};
use super::ground::Ground;
use super::shell::word;

/// A build tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tool {
    /// As the assessment names it: `npm`.
    pub(crate) name: &'static str,
    /// Where packages are named.
    pub(crate) manifest: &'static str,
    /// What must be there before.
    before: &'static str,
    /// Builds and tests.
    test: &'static str,
}

const TOOLS: [Tool; 9] = [
    Tool {
        name: "npm",
        manifest: "package.json",
        before: "node and npm are installed in the versions that the tree asks for",
        test: "npm ci && npm test",
    },
    Tool {
        name: "pypi",
        manifest: "requirements.txt",
        before: "the virtual environment of the tree is active and has its packages",
        test: "python -m pytest",
    },
    Tool { name: "cargo", manifest: "Cargo.toml", before: "the toolchain of the tree is installed", test: "cargo test --locked" },
    Tool { name: "maven", manifest: "pom.xml", before: "a JDK and mvn are installed", test: "mvn --batch-mode verify" },
    Tool { name: "gradle", manifest: "build.gradle", before: "a JDK is installed", test: "./gradlew check" },
    Tool { name: "go", manifest: "go.mod", before: "go is installed", test: "go vet ./... && go test ./..." },
    Tool {
        name: "rubygems",
        manifest: "Gemfile",
        before: "ruby and bundler are installed",
        test: "bundle install && bundle exec rake test",
    },
    Tool {
        name: "composer",
        manifest: "composer.json",
        before: "php and composer are installed",
        test: "composer install && vendor/bin/phpunit",
    },
    Tool { name: "nuget", manifest: "the project file", before: "the .NET SDK is installed", test: "dotnet test" },
];

/// Packages and runtimes that belong to one tool by name.
const KNOWN: [(&str, &[&str]); 9] = [
    (
        "npm",
        &[
            "node",
            "nodejs",
            "javascript",
            "typescript",
            "express",
            "fastify",
            "koa",
            "hapi",
            "next",
            "react",
            "vue",
            "angular",
            "@nestjs/core",
            "moment",
            "date-fns",
            "luxon",
            "axios",
            "mysql2",
            "mysql",
            "pg",
            "knex",
            "lodash",
        ],
    ),
    ("pypi", &["python", "django", "flask", "fastapi", "requests", "httpx", "psycopg2", "psycopg", "sqlalchemy", "pymysql", "mysqlclient"]),
    ("cargo", &["rust", "actix-web", "axum", "tokio", "diesel", "sqlx"]),
    ("maven", &["java", "jdk", "kotlin"]),
    ("gradle", &[]),
    ("go", &["go", "golang"]),
    ("rubygems", &["ruby", "rails", "sinatra"]),
    ("composer", &["php", "laravel", "symfony"]),
    ("nuget", &["dotnet", ".net", "csharp"]),
];

/// The tool of a package or runtime.
pub(crate) fn tool(ground: &Ground<'_>, named: &Named) -> Option<Tool> {
    let by_name = |name: &str| TOOLS.iter().find(|tool| tool.name == name).copied();
    if let Some(found) = component(ground, &named.name).and_then(|seen| by_name(&seen.ecosystem)) {
        return Some(found);
    }
    let own = named.name.to_ascii_lowercase();
    KNOWN.iter().find(|(_, names)| names.contains(&own.as_str())).and_then(|(name, _)| by_name(name))
}

/// The tools of all that changes, each once.
pub(crate) fn tools(ground: &Ground<'_>, changes: &[Change]) -> Vec<Tool> {
    let mut found: Vec<Tool> = Vec::new();
    for named in changes.iter().flat_map(|change| [&change.from, &change.to]) {
        if let Some(tool) = tool(ground, named)
            && !found.contains(&tool)
        {
            found.push(tool);
        }
    }
    found
}

impl Tool {
    fn at(ground: &Ground<'_>, command: &str) -> String {
        format!("cd {} && {command}", word(path(ground)))
    }

    /// Adds a package in a version; `None` where people edit the manifest.
    fn add_text(&self, named: &Named) -> Option<String> {
        let version = named.version.as_deref();
        let with = |separator: &str, prefix: &str, suffix: &str| {
            word(&version.map_or_else(|| named.name.clone(), |version| format!("{}{separator}{prefix}{version}{suffix}", named.name)))
        };
        let name = word(&named.name);
        Some(match self.name {
            "npm" => format!("npm install --save-exact {}", with("@", "", "")),
            "cargo" => format!("cargo add {}", with("@", "", "")),
            "go" => format!("go get {} && go mod tidy", with("@", "v", "")),
            "composer" => format!("composer require {}", with(":", "^", "")),
            "rubygems" => version.map_or_else(
                || format!("bundle add {name}"),
                |version| format!("bundle add {name} --version {}", word(&format!("~> {version}"))),
            ),
            "nuget" => version.map_or_else(
                || format!("dotnet add package {name}"),
                |version| format!("dotnet add package {name} --version {}", word(&format!("{version}.*"))),
            ),
            _ => return None,
        })
    }

    fn remove_text(&self, name: &str) -> Option<String> {
        let quoted = word(name);
        Some(match self.name {
            "npm" => format!("npm uninstall {quoted}"),
            "cargo" => format!("cargo remove {quoted}"),
            "go" => format!("go get {} && go mod tidy", word(&format!("{name}@none"))),
            "composer" => format!("composer remove {quoted}"),
            "rubygems" => format!("bundle remove {quoted}"),
            "nuget" => format!("dotnet remove package {quoted}"),
            _ => return None,
        })
    }

    /// Installs what the tree needs, builds and tests, where nothing is installed yet.
    pub(crate) fn fresh(&self) -> String {
        if self.name == "pypi" {
            format!("python -m pip install --requirement requirements.txt && {}", self.test)
        } else {
            self.test.to_owned()
        }
    }

    /// Runs the tests of the tree.
    pub(crate) fn tests(&self, ground: &Ground<'_>, id: &str, what: &str, why: &str) -> StepDraft {
        let text = Self::at(ground, self.test);
        build::shell(
            id,
            "test_code",
            what,
            why,
            Shell { text, before: self.before, expected: "the command ends with 0 and no test was skipped that was not skipped before" },
        )
        .owner(ground.role("developer"))
        .reads()
    }

    /// Adds what shall be; beside what is there, or in its place where it is the same package.
    pub(crate) fn add(&self, ground: &Ground<'_>, change: &Change, why: &str) -> StepDraft {
        let id = format!("add-{}", change.id());
        let what = format!("Adds {} to {}", change.to.said(), self.manifest);
        let role = ground.role("developer");
        let undo = if change.is_upgrade() { self.add_text(&change.from) } else { self.remove_text(&change.to.name) };
        let undone = "revert the commit that changed the manifest and its lock file";
        let verify = "the tests are green with the manifest from before";
        let step = match self.add_text(&change.to) {
            Some(text) => build::shell(
                &id,
                "add_dependency",
                what,
                why,
                Shell {
                    text: Self::at(ground, &text),
                    before: self.before,
                    expected: "the command ends with 0; the manifest and its lock file name the version; commit both",
                },
            ),
            None => build::manual(
                &id,
                "add_dependency",
                what,
                why,
                "the manifest and, where there is one, the lock file name the version; both are in one commit",
            ),
        };
        let step = step.owner(role).undo(undone, "0 rows", verify);
        let step = match undo {
            Some(text) => step.undo_shell(Shell { text: Self::at(ground, &text), before: self.before, expected: verify }),
            None => step,
        };
        step.people("dependency", 1)
    }

    /// Takes out what is there.
    pub(crate) fn remove(&self, ground: &Ground<'_>, change: &Change) -> StepDraft {
        let id = format!("remove-{}", build::id_part(&change.from.name.replace(['@', '/'], "-")).trim_matches('-'));
        let what = format!("Takes {} out of {}", change.from.said(), self.manifest);
        let why = "what nobody uses still gets reports of weaknesses, and somebody would use it again";
        let step = match self.remove_text(&change.from.name) {
            Some(text) => build::shell(
                &id,
                "remove_dependency",
                what,
                why,
                Shell {
                    text: Self::at(ground, &format!("{text} && {}", self.test)),
                    before: "an assessment of the tree counts 0 uses of it",
                    expected: "the command ends with 0: nothing needs it any more",
                },
            ),
            None => build::manual(&id, "remove_dependency", what, why, "the manifest does not name it, and the tests are green"),
        };
        let step = step.owner(ground.role("developer")).undo(
            "revert the commit; the package comes back in its old version",
            "0 rows",
            "the tests are green",
        );
        match self.add_text(&change.from) {
            Some(text) => step.undo_shell(Shell {
                text: Self::at(ground, &text),
                before: self.before,
                expected: "the manifest names the old version",
            }),
            None => step,
        }
        .people("dependency", 1)
    }
}
