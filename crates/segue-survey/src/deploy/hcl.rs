//! Terraform files: blocks, the resources among them, and what refers to what.
//!
//! Only names, kinds, versions and regions are taken; no other value leaves this module. Tests: below, `tests/it/tree.rs`.

use segue_model::assessment::Resource;

use crate::document::DEPTH_MAX;
use crate::gather::{Gather, Seen, safe};

/// A word, a text, a number or a sign, with its line.
#[derive(Debug, Clone, PartialEq)]
struct Token<'a> {
    text: &'a str,
    line: u32,
    quoted: bool,
}

pub(super) fn read(text: &str, gather: &mut Gather) {
    let tokens = tokens(text);
    let mut at = 0;
    while at < tokens.len() {
        at = block(&tokens, at, gather);
    }
}

/// Words, texts and signs; comments and here-documents are passed over.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut line) = (0, 1_u32);
    while at < bytes.len() {
        let rest = &text[at..];
        let (length, kind) = match bytes[at] {
            b'\n' | b' ' | b'\t' | b'\r' => (1, None),
            b'#' => (rest.find('\n').unwrap_or(rest.len()), None),
            b'/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), None),
            b'/' if rest.starts_with("/*") => (rest.find("*/").map_or(rest.len(), |n| n + 2), None),
            b'"' => (quoted(rest), Some(true)),
            b'<' if rest.starts_with("<<") => (heredoc(rest), None),
            c if c.is_ascii_alphanumeric() || c == b'_' || !c.is_ascii() => (
                rest.find(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.')).unwrap_or(rest.len()),
                Some(false),
            ),
            _ => (1, Some(false)),
        };
        let part = &rest[..length];
        if let Some(quoted) = kind {
            found.push(Token { text: part, line, quoted });
        }
        line = line.saturating_add(part.bytes().filter(|b| *b == b'\n').count() as u32);
        at += length;
    }
    found
}

/// The length of a text in quotes; `${ … }` inside may hold texts itself.
fn quoted(text: &str) -> usize {
    let bytes = text.as_bytes();
    // What is open: true for a text, false for an expression inside of one.
    let mut open = vec![true];
    let mut at = 1;
    while at < bytes.len() {
        let inside_text = open.last() == Some(&true);
        match bytes[at] {
            b'\\' if inside_text => at += 1,
            b'$' if inside_text && bytes.get(at + 1) == Some(&b'{') => {
                open.push(false);
                at += 1;
            }
            b'"' if inside_text => {
                open.pop();
                if open.is_empty() {
                    return at + 1;
                }
            }
            b'"' => open.push(true),
            b'{' if !inside_text => open.push(false),
            b'}' if !inside_text => {
                open.pop();
            }
            b'\n' if open.len() == 1 => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

fn heredoc(text: &str) -> usize {
    let first = text.find('\n').unwrap_or(text.len());
    let mark = text[2..first].trim_start_matches('-').trim();
    let mut at = first;
    for line in text[first..].split_inclusive('\n') {
        at += line.len();
        if !mark.is_empty() && line.trim() == mark {
            return at;
        }
    }
    if mark.is_empty() { first } else { text.len() }
}

/// Reads the block that begins at `at`; where the next one begins.
fn block(tokens: &[Token<'_>], at: usize, gather: &mut Gather) -> usize {
    let labels: Vec<&Token<'_>> = tokens[at..].iter().take_while(|t| t.quoted || (t.text != "{" && t.text != "=")).take(5).collect();
    let open = at + labels.len();
    if labels.is_empty() || tokens.get(open).is_none_or(|t| t.text != "{") {
        return at + 1;
    }
    let mut depth = 1_usize;
    let mut end = open + 1;
    while end < tokens.len() && depth > 0 {
        match tokens[end].text {
            "{" if !tokens[end].quoted => depth += 1,
            "}" if !tokens[end].quoted => depth -= 1,
            _ => {}
        }
        if depth > DEPTH_MAX {
            gather.not_read(tokens[end].line, "more levels of nesting than are read");
            return tokens.len();
        }
        end += 1;
    }
    let body = &tokens[(open + 1).min(end)..end.saturating_sub(1).max((open + 1).min(end))];
    if depth > 0 {
        gather.not_read(labels[0].line, "a block that begins here does not end");
    }
    let label = |n: usize| labels.get(n).map_or("", |t| t.text.trim_matches('"'));
    let line = labels[0].line;
    match label(0) {
        "resource" => resource(label(1), label(2), line, body, gather),
        "module" => module(label(1), line, body, gather),
        "provider" => {
            let region = value(body, "region").or_else(|| value(body, "location")).unwrap_or_default();
            gather.component(Seen {
                name: &format!("provider {}", label(1)),
                ecosystem: "terraform",
                version: region,
                runtime: true,
                why: "",
                line,
            });
        }
        "terraform" => terraform(line, body, gather),
        _ => {}
    }
    end
}

/// The text of an attribute at the block's own level.
fn value<'a>(body: &[Token<'a>], name: &str) -> Option<&'a str> {
    let mut depth = 0_usize;
    for window in body.windows(3) {
        match window[0].text {
            "{" | "[" if !window[0].quoted => depth += 1,
            "}" | "]" if !window[0].quoted => depth = depth.saturating_sub(1),
            _ if depth == 0 && window[0].text == name && window[1].text == "=" => {
                return Some(window[2].text.trim_matches('"')).filter(|text| !text.contains("${"));
            }
            _ => {}
        }
    }
    None
}

fn resource(kind: &str, name: &str, line: u32, body: &[Token<'_>], gather: &mut Gather) {
    let address = format!("{kind}.{name}");
    let count = value(body, "count").and_then(|n| n.parse().ok()).unwrap_or(1);
    let engine = value(body, "engine").unwrap_or_default();
    let version = value(body, "engine_version").or_else(|| value(body, "database_version")).unwrap_or_default();
    if let Some(database) = database(kind, engine, version) {
        gather.component(Seen {
            name: database,
            ecosystem: "database",
            version: version.rsplit_once('_').map_or(version, |_| after_name(version)),
            runtime: true,
            why: "",
            line,
        });
    }
    if matches!(kind, "aws_eks_cluster" | "azurerm_kubernetes_cluster" | "google_container_cluster")
        && let Some(version) =
            value(body, "version").or_else(|| value(body, "kubernetes_version")).or_else(|| value(body, "min_master_version"))
    {
        gather.component(Seen { name: "kubernetes", ecosystem: "runtime", version, runtime: true, why: "", line });
    }
    let refers_to = references(body, &address);
    let place = format!("{}:{line}", gather.path());
    gather.resources.push(Resource {
        address: safe(&address),
        kind: safe(kind),
        count,
        equivalent: None,
        note: String::new(),
        place,
        refers_to,
    });
}

/// `POSTGRES_14` and `MYSQL_8_0` of Google: the version behind the name.
fn after_name(version: &str) -> &str {
    version.find('_').map_or(version, |at| &version[at + 1..])
}

fn database(kind: &str, engine: &str, version: &str) -> Option<&'static str> {
    let lower = format!("{kind} {engine} {version}").to_lowercase();
    if !["db_instance", "rds_cluster", "sql_database_instance", "postgresql", "mysql", "mariadb"].iter().any(|k| kind.contains(k)) {
        return None;
    }
    ["postgres", "mariadb", "mysql"].into_iter().find(|name| lower.contains(name))
}

/// `kind.name` of other resources, in plain expressions and inside of `${ … }`.
fn references(body: &[Token<'_>], own: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut take = |word: &str| {
        let parts: Vec<&str> = word.split('.').collect();
        let known = |kind: &str| {
            ["aws_", "google_", "azurerm_", "kubernetes_", "helm_", "random_", "tls_", "cloudflare_", "digitalocean_"]
                .iter()
                .any(|p| kind.starts_with(p))
        };
        let address = match parts.as_slice() {
            ["module", name, ..] => format!("module.{name}"),
            [kind, name, ..] if known(kind) => format!("{kind}.{name}"),
            _ => return,
        };
        if address != own {
            found.push(safe(&address));
        }
    };
    for token in body {
        if token.quoted {
            for part in token.text.split("${").skip(1) {
                let inner = part.split('}').next().unwrap_or_default();
                inner.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))).for_each(&mut take);
            }
        } else {
            take(token.text);
        }
    }
    found.sort();
    found.dedup();
    found
}

fn module(name: &str, line: u32, body: &[Token<'_>], gather: &mut Gather) {
    let source = value(body, "source").unwrap_or_default();
    let version = value(body, "version").unwrap_or_default();
    let address = format!("module.{name}");
    gather.component(Seen { name: &address, ecosystem: "terraform", version, runtime: true, why: "", line });
    gather.depends(&address, source, "module", true, "its resources are made by it", line);
    if !source.starts_with('.') {
        gather.not_read(line, "a module from elsewhere: its resources are not in these files; the state has them");
    }
}

fn terraform(line: u32, body: &[Token<'_>], gather: &mut Gather) {
    if let Some(version) = value(body, "required_version") {
        gather.component(Seen { name: "terraform", ecosystem: "runtime", version, runtime: false, why: "", line });
    }
    // `required_providers { aws = { source = "hashicorp/aws" version = "~> 5.0" } }`
    for (at, window) in body.windows(3).enumerate() {
        if let [name, equals, open] = window
            && equals.text == "="
            && open.text == "{"
        {
            let start = at + 3;
            let end = body[start..].iter().position(|t| t.text == "}").map_or(body.len(), |n| start + n);
            if let Some(version) = value(&body[start..end], "version") {
                gather.component(Seen {
                    name: &format!("provider {}", name.text),
                    ecosystem: "terraform",
                    version,
                    runtime: false,
                    why: "",
                    line: name.line,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_comments_are_told_apart() {
        let found: Vec<&str> = tokens("a = \"x${b[\"}\"]}#\" # c\nd = <<-E\n } \n E\ne /* { */ f").iter().map(|t| t.text).collect();
        assert_eq!(found, ["a", "=", "\"x${b[\"}\"]}#\"", "d", "=", "e", "f"]);
    }

    #[test]
    fn blocks_that_do_not_end_are_told() {
        let mut gather = Gather::default();
        read("resource \"aws_s3_bucket\" \"a\" {\n x = {", &mut gather);
        assert_eq!(gather.not_checked.len(), 1);
        assert_eq!(gather.resources.len(), 1);
        read(&"a {".repeat(100_000), &mut gather);
    }
}
