//! When support ends: a table of facts with its date. Tests: below.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use segue_model::spec::program::Date;

const TABLE: &str = include_str!("../data/end-of-life.tsv");

/// Product and cycle to the day.
static FACTS: LazyLock<Facts> = LazyLock::new(|| Facts::read(TABLE));

struct Facts {
    as_of: String,
    ends: BTreeMap<(&'static str, &'static str), Date>,
}

impl Facts {
    fn read(table: &'static str) -> Self {
        let mut facts = Self { as_of: String::new(), ends: BTreeMap::new() };
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            match line.split('\t').collect::<Vec<_>>().as_slice() {
                ["as-of", date] => (*date).clone_into(&mut facts.as_of),
                [product, cycle, date] => {
                    if let Ok(date) = date.parse() {
                        facts.ends.insert((product, cycle), Date(date));
                    }
                }
                _ => {}
            }
        }
        facts
    }
}

/// The date of the facts, `2026-08-22`.
pub(crate) fn as_of() -> &'static str {
    &FACTS.as_of
}

/// The product of the table that a package, an image or a runtime is.
pub(crate) fn product(ecosystem: &str, name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let package = match (ecosystem, lower.as_str()) {
        ("pypi", "django") => "django",
        ("rubygems", "rails") => "rails",
        ("composer", "laravel/framework") => "laravel",
        ("composer", "symfony/framework-bundle" | "symfony/symfony") => "symfony",
        ("maven" | "gradle", name) if name.starts_with("org.springframework.boot") => "spring-boot",
        ("npm", "@angular/core") => "angular",
        ("npm", "angular") => "angularjs",
        ("npm", "vue") => "vue",
        _ => "",
    };
    if !package.is_empty() {
        return Some(package);
    }
    if !matches!(ecosystem, "runtime" | "image" | "database" | "ci") {
        return None;
    }
    Some(match lower.as_str() {
        "postgres" | "postgresql" | "aurora-postgresql" | "postgis" | "pgvector" | "timescaledb" => "postgres",
        "mysql" | "aurora-mysql" => "mysql",
        "mariadb" => "mariadb",
        "mongo" | "mongodb" => "mongodb",
        "elasticsearch" => "elasticsearch",
        "redis" => "redis",
        "node" | "nodejs" => "node",
        "python" => "python",
        "php" => "php",
        "ruby" => "ruby",
        "go" | "golang" => "go",
        "java" | "openjdk" | "eclipse-temurin" | "amazoncorretto" => "java",
        "dotnet" | "aspnet" | "dotnet-sdk" => "dotnet",
        "debian" => "debian",
        "ubuntu" => "ubuntu",
        "alpine" => "alpine",
        "centos" => "centos",
        "kubernetes" => "kubernetes",
        _ => return None,
    })
}

/// When support of that version ends. A range that only names a lower end says nothing.
pub(crate) fn end_of(product: &str, version: &str) -> Option<Date> {
    let version = version.trim();
    if version.starts_with(['>', '<', '*', '!']) || version.contains("||") || version.contains(" - ") {
        return None;
    }
    let start = version.find(|c: char| c.is_ascii_digit())?;
    let number: String = version[start..].chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    // Java 8 is also 1.8, and Debian's names stand in the tags of images as `-bookworm`.
    let number = if product == "java" { number.strip_prefix("1.").unwrap_or(&number).to_owned() } else { number };
    let parts: Vec<&str> = number.split('.').filter(|p| !p.is_empty()).collect();
    (1..=parts.len().min(2))
        .rev()
        .find_map(|n| FACTS.ends.iter().find(|((p, c), _)| *p == product && *c == parts[..n].join(".")).map(|(_, date)| *date))
        .or_else(|| {
            // `5` where the table speaks of 5.0.
            let zero = format!("{}.0", parts.first()?);
            (parts.len() == 1).then(|| FACTS.ends.iter().find(|((p, c), _)| *p == product && *c == zero).map(|(_, date)| *date)).flatten()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_find_their_cycle() {
        let check = |product: &str, version: &str, expect: &str| {
            let found = end_of(product, version).map(|d| d.0.to_string()).unwrap_or_default();
            assert_eq!(found, expect, "{product} {version}");
        };
        check("postgres", "14.9-alpine", "2026-11-12");
        check("postgres", "9.6", "2021-11-11");
        check("mysql", "8.0.33", "2026-04-30");
        check("mysql", "8", "2026-04-30");
        check("node", "v20.11.1", "2026-04-30");
        check("node", "^18.0.0", "2025-04-30");
        check("node", ">=14", "");
        check("java", "1.8", "2030-12-31");
        check("python", "3.10", "2026-10-31");
        check("python", "3", "");
        check("mariadb", "11.4.2", "2029-05-29");
        check("node", "latest", "");
        check("nothing", "1", "");
    }

    #[test]
    fn the_table_is_whole() {
        assert_eq!(as_of(), "2026-08-22");
        let lines = TABLE.lines().filter(|l| !l.starts_with('#') && !l.starts_with("as-of")).count();
        assert_eq!(FACTS.ends.len(), lines, "a line was not understood or stands twice");
        assert!(lines > 150, "{lines}");
        for product in FACTS.ends.keys().map(|(p, _)| p) {
            let known = ["runtime", "image", "npm", "pypi", "rubygems", "composer", "maven"];
            let reachable = known.iter().any(|e| {
                ["", "laravel/framework", "symfony/symfony", "org.springframework.boot", "@angular/core", "angular"]
                    .iter()
                    .any(|n| crate::facts::product(e, if n.is_empty() { product } else { n }) == Some(product))
            });
            assert!(reachable, "no component leads to {product}");
        }
    }
}
