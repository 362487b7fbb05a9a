//! What the readers of a tree have found, made safe and put in order.
//!
//! The one way out for texts of files: whatever looks like a password in an address is taken out here, and nothing else
//! of a value comes this far. Tests: below, `tests/it/tree.rs`, `tests/it/hostile.rs`.

use std::collections::BTreeMap;

use segue_model::assessment::{Component, Dependence, Incident, Object, Resource, Verdict};
use segue_model::finding::{Finding, Severity};

use crate::facts;
use crate::survey::Options;

/// The longest text of a file that is shown.
const SHOWN_MAX: usize = 160;

#[derive(Debug, Default)]
pub(crate) struct Gather {
    pub(crate) components: Vec<Component>,
    pub(crate) dependencies: Vec<Dependence>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) incidents: Vec<Incident>,
    pub(crate) objects: Vec<Object>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) not_checked: Vec<String>,
    /// What lock files say: folder, ecosystem, name → version.
    locks: BTreeMap<(String, String, String), String>,
    /// The file that is being read.
    path: String,
}

/// A component as a reader sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub(crate) name: &'a str,
    pub(crate) ecosystem: &'a str,
    pub(crate) version: &'a str,
    /// Needed to run.
    pub(crate) runtime: bool,
    /// Why it is needed or not, for the dependence.
    pub(crate) why: &'a str,
    pub(crate) line: u32,
}

/// A verdict with its rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judged<'a> {
    pub(crate) verdict: Verdict,
    pub(crate) rule: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) effort_min: u64,
}

impl Gather {
    /// Begins another file.
    pub(crate) fn enter(&mut self, path: &str) {
        path.clone_into(&mut self.path);
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    pub(crate) fn folder(&self) -> String {
        self.path.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned())
    }

    /// The project in which the file stands: its folder, or `the root`.
    fn project(&self) -> String {
        let folder = self.folder();
        if folder.is_empty() { "the root".to_owned() } else { folder }
    }

    fn place(&self, line: u32) -> String {
        format!("{}:{line}", self.path)
    }

    /// A technology that is no package: a runtime, an image, a database, a CI action.
    pub(crate) fn component(&mut self, seen: Seen<'_>) {
        let name = safe(seen.name);
        if name.is_empty() {
            return;
        }
        self.components.push(Component {
            name,
            ecosystem: seen.ecosystem.to_owned(),
            version: safe(seen.version),
            locked: false,
            runtime: seen.runtime,
            place: self.place(seen.line),
            end_of_life: None,
            note: String::new(),
        });
    }

    /// A package that a manifest names: a component and a dependence.
    pub(crate) fn package(&mut self, seen: Seen<'_>) {
        self.component(seen);
        let dependence = Dependence {
            from: self.project(),
            on: safe(seen.name),
            kind: if is_database(seen.name) { "database" } else { "library" }.to_owned(),
            blocking: seen.runtime,
            why: seen.why.to_owned(),
            place: self.place(seen.line),
        };
        self.dependencies.push(dependence);
    }

    /// One thing depends on another.
    pub(crate) fn depends(&mut self, from: &str, on: &str, kind: &str, blocking: bool, why: &str, line: u32) {
        let dependence =
            Dependence { from: safe(from), on: safe(on), kind: kind.to_owned(), blocking, why: why.to_owned(), place: self.place(line) };
        self.dependencies.push(dependence);
    }

    /// What a lock file resolved.
    pub(crate) fn locked(&mut self, ecosystem: &str, name: &str, version: &str) {
        self.locks.entry((self.folder(), ecosystem.to_owned(), name.to_lowercase())).or_insert_with(|| safe(version));
    }

    /// An object of the present file with its verdict.
    pub(crate) fn object(&mut self, kind: &str, name: &str, judged: Judged<'_>, line: u32) {
        let place = self.place(line);
        self.objects.push(Object {
            system: String::new(),
            kind: kind.to_owned(),
            name: safe(name),
            verdict: judged.verdict,
            rule: judged.rule.to_owned(),
            reason: judged.reason.to_owned(),
            effort_min: judged.effort_min,
            place,
        });
    }

    /// Something that somebody must know about the present file.
    pub(crate) fn finding(&mut self, code: &str, severity: Severity, object: &str, message: &str, fix: &str, line: u32) {
        let object = format!("{} ({})", safe(object), self.place(line));
        self.findings.push(Finding { code: code.to_owned(), severity, object, message: message.to_owned(), fix: fix.to_owned() });
    }

    /// Says what could not be read of the present file.
    pub(crate) fn not_read(&mut self, line: u32, what: &str) {
        let sentence = format!("{}: line {line}: {what}", self.path);
        self.not_checked.push(sentence);
    }

    /// Joins manifests with their locks, adds the facts, and puts everything in order.
    pub(crate) fn finish(&mut self, options: &Options) {
        let mut unlocked: BTreeMap<(String, String), (u64, String)> = BTreeMap::new();
        for component in &mut self.components {
            let folder = component.place.rsplit_once('/').map_or("", |(folder, _)| folder);
            if let Some(version) = find_lock(&self.locks, folder, component) {
                component.version.clone_from(version);
                component.locked = true;
            } else if is_package(&component.ecosystem) {
                let entry = unlocked.entry((folder.to_owned(), component.ecosystem.clone())).or_insert((0, component.place.clone()));
                entry.0 += 1;
            }
            annotate(component, options, &mut self.findings);
        }
        for ((_, ecosystem), (count, place)) in unlocked {
            self.findings.push(Finding {
                code: "SG-SUR-003".to_owned(),
                severity: Severity::Low,
                object: format!("{ecosystem} ({place})"),
                message: format!(
                    "{count} packages of {ecosystem} are in no lock file: the versions of the next installation are not known"
                ),
                fix: "commit the lock file, so that both sides of the migration are built from the same versions".to_owned(),
            });
        }
        self.components.sort();
        self.components.dedup();
        self.dependencies.sort();
        self.dependencies.dedup();
        self.resources.sort();
        self.incidents.sort();
        self.incidents.dedup();
        self.objects.sort();
        self.findings.sort_by(|a, b| (&a.code, &a.object, &a.message).cmp(&(&b.code, &b.object, &b.message)));
        self.findings.dedup();
        self.not_checked.sort();
        self.not_checked.dedup();
    }
}

/// A lock file of the folder, or of one above it (a workspace).
fn find_lock<'a>(locks: &'a BTreeMap<(String, String, String), String>, folder: &str, component: &Component) -> Option<&'a String> {
    let mut folder = folder;
    loop {
        let key = (folder.to_owned(), component.ecosystem.clone(), component.name.to_lowercase());
        if let Some(version) = locks.get(&key) {
            return Some(version);
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
}

fn is_package(ecosystem: &str) -> bool {
    matches!(ecosystem, "npm" | "pypi" | "cargo" | "rubygems" | "composer" | "go")
}

/// Drivers and clients of databases and queues.
fn is_database(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "pg",
        "mysql",
        "mysql2",
        "mongodb",
        "mongoose",
        "redis",
        "ioredis",
        "sqlite3",
        "better-sqlite3",
        "sequelize",
        "typeorm",
        "prisma",
        "@prisma/client",
        "knex",
        "psycopg",
        "psycopg2",
        "psycopg2-binary",
        "asyncpg",
        "pymysql",
        "mysqlclient",
        "mysql-connector-python",
        "sqlalchemy",
        "pymongo",
        "tokio-postgres",
        "sqlx",
        "diesel",
        "rusqlite",
        "github.com/lib/pq",
        "github.com/jackc/pgx/v5",
        "github.com/go-sql-driver/mysql",
        "gorm.io/gorm",
        "activerecord",
        "mysql:mysql-connector-java",
        "com.mysql:mysql-connector-j",
        "org.postgresql:postgresql",
        "org.mariadb.jdbc:mariadb-java-client",
        "doctrine/orm",
        "doctrine/dbal",
        "npgsql",
        "mysqlconnector",
    ];
    NAMES.contains(&name.to_lowercase().as_str())
}

fn annotate(component: &mut Component, options: &Options, findings: &mut Vec<Finding>) {
    let Some(product) = facts::product(&component.ecosystem, &component.name) else { return };
    let Some(end) = facts::end_of(product, &component.version) else { return };
    component.end_of_life = Some(end);
    let facts = format!("facts of {}", facts::as_of());
    let ended = end.0 < options.today.0;
    component.note = if ended { format!("support ended {} ({facts})", end.0) } else { format!("support ends {} ({facts})", end.0) };
    let soon = options.today.0.checked_add(jiff::Span::new().days(180)).is_ok_and(|day| end.0 <= day);
    if !ended && !soon {
        return;
    }
    findings.push(Finding {
        code: if ended { "SG-SUR-001" } else { "SG-SUR-002" }.to_owned(),
        severity: match (ended, component.runtime) {
            (true, true) => Severity::High,
            (true, false) => Severity::Medium,
            (false, _) => Severity::Low,
        },
        object: format!("{} {} ({})", component.name, component.version, component.place),
        message: format!("{product} {}: {}", component.version, component.note),
        fix: "move to a version with support before or together with this migration, and say which in the plan".to_owned(),
    });
}

/// A text as it may be shown: without what stands before an `@` in an address, without queries, one line, not long.
pub(crate) fn safe(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after.find(|c: char| c.is_whitespace() || ",;)\"'".contains(c)).unwrap_or(after.len());
        let (address, behind) = after.split_at(end);
        let address = &address[..address.find(['?', '#']).unwrap_or(address.len())];
        // A password may hold a slash; the `@` of a scoped package has no colon before it.
        match address.rsplit_once('@') {
            Some((secret, host)) if secret.contains(':') || !secret.contains('/') => out.push_str(host),
            _ => out.push_str(address),
        }
        rest = behind;
    }
    out.push_str(rest);
    let one_line: String = out.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN_MAX).collect();
    one_line.trim().to_owned()
}

/// Whether a variable's name says that its value is a secret.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    [
        "password",
        "passwd",
        "secret",
        "token",
        "api_key",
        "apikey",
        "private_key",
        "access_key",
        "credential",
        "dsn",
        "database_url",
        "auth_key",
        "_pwd",
        "passphrase",
    ]
    .iter()
    .any(|word| lower.contains(word))
        && !lower.ends_with("_file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_their_secrets() {
        let check = |text: &str, expect: &str| assert_eq!(safe(text), expect, "{text}");
        check("^1.2.3", "^1.2.3");
        check("git+https://user:tok@github.com/a/b.git?x=tok#v1", "git+https://github.com/a/b.git");
        check("a @ https://tok@h/x b", "a @ https://h/x b");
        check("https://tok@h", "https://h");
        check("http://a/http://u:tok@b/c", "http://b/c");
        check("postgres://u:p/w@h/d", "postgres://h/d");
        check("https://registry/@scope/a", "https://registry/@scope/a");
        check("a\nb\u{1b}[31m", "a b [31m");
        assert!(safe(&"x".repeat(5_000)).len() == SHOWN_MAX);
        assert!(
            is_secret_name("POSTGRES_PASSWORD")
                && is_secret_name("DATABASE_URL")
                && !is_secret_name("POSTGRES_PASSWORD_FILE")
                && !is_secret_name("PORT")
        );
    }
}
