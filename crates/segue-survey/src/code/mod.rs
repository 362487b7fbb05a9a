//! Uses of drivers, SQL, routes and old interfaces in code, found in the syntax tree and not in the text.
//!
//! An incident says rule, file, line and effort points, and where it is known what the place would become; it never holds a
//! literal that could be a secret. A file that does not parse is told in `not_checked`, with what was found around the
//! mistake kept. Tests: `rules.rs`, `edit/cases.rs`, `tests/it/tree.rs`, `tests/it/hostile.rs`.

mod edit;
mod imports;
mod rules;
mod rules_sql;

use std::sync::LazyLock;

use ast_grep_core::matcher::Pattern;
use ast_grep_core::tree_sitter::StrDoc;
use ast_grep_core::{AstGrep, Node};
use ast_grep_language::SupportLang;
use regex::Regex;
use segue_model::assessment::Incident;

use crate::gather::Gather;
use crate::survey::has_extension;
use rules::{On, Rule};

type Syntax<'r> = Node<'r, StrDoc<SupportLang>>;

/// The most incidents of one file; a file with more is one that is written anew.
const INCIDENTS_MAX: usize = 2_000;
/// The longest text that is looked at for SQL.
const SQL_MAX: usize = 20_000;

/// The languages that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Language {
    JavaScript,
    TypeScript,
    Tsx,
    Python,
    Go,
    Java,
    Ruby,
    Php,
}

/// The language of a path.
pub(crate) fn language(path: &str) -> Option<Language> {
    let is = |extensions: &[&str]| has_extension(path, extensions);
    if path.ends_with(".min.js") || path.ends_with(".d.ts") {
        None
    } else if is(&["js", "jsx", "mjs", "cjs"]) {
        Some(Language::JavaScript)
    } else if is(&["ts", "mts", "cts"]) {
        Some(Language::TypeScript)
    } else if is(&["tsx"]) {
        Some(Language::Tsx)
    } else if is(&["py"]) {
        Some(Language::Python)
    } else if is(&["go"]) {
        Some(Language::Go)
    } else if is(&["java"]) {
        Some(Language::Java)
    } else if is(&["rb", "rake", "ru"]) {
        Some(Language::Ruby)
    } else if is(&["php"]) {
        Some(Language::Php)
    } else {
        None
    }
}

impl Language {
    #[cfg(test)]
    const ALL: [Self; 8] = [Self::JavaScript, Self::TypeScript, Self::Tsx, Self::Python, Self::Go, Self::Java, Self::Ruby, Self::Php];

    fn word(self) -> &'static str {
        match self {
            Self::JavaScript => "javascript",
            Self::TypeScript | Self::Tsx => "typescript",
            Self::Python => "python",
            Self::Go => "go",
            Self::Java => "java",
            Self::Ruby => "ruby",
            Self::Php => "php",
        }
    }

    fn grammar(self) -> SupportLang {
        match self {
            Self::JavaScript => SupportLang::JavaScript,
            Self::TypeScript => SupportLang::TypeScript,
            Self::Tsx => SupportLang::Tsx,
            Self::Python => SupportLang::Python,
            Self::Go => SupportLang::Go,
            Self::Java => SupportLang::Java,
            Self::Ruby => SupportLang::Ruby,
            Self::Php => SupportLang::Php,
        }
    }

    /// Kinds of nodes that are texts.
    fn texts(self) -> &'static [&'static str] {
        match self {
            Self::JavaScript | Self::TypeScript | Self::Tsx => &["string", "template_string"],
            Self::Python => &["string"],
            Self::Go => &["interpreted_string_literal", "raw_string_literal"],
            Self::Java => &["string_literal"],
            Self::Ruby => &["string", "heredoc_body"],
            Self::Php => &["string", "encapsed_string", "heredoc_body", "nowdoc_body"],
        }
    }
}

/// A rule made ready for one language.
enum Ready {
    Import(&'static [&'static str]),
    Patterns(Vec<Pattern>),
    Kind(&'static [&'static str], Regex),
    Sql(Regex),
}

type Prepared = Vec<(&'static Rule, Ready)>;

static READY: LazyLock<[Prepared; 8]> = LazyLock::new(|| {
    use Language::{Go, Java, JavaScript, Php, Python, Ruby, Tsx, TypeScript};
    [JavaScript, TypeScript, Tsx, Python, Go, Java, Ruby, Php].map(prepare)
});

/// Rules whose patterns do not compile are left out here and fail their own test.
fn prepare(language: Language) -> Prepared {
    let mut out = Vec::new();
    for rule in rules::all().filter(|rule| rule.languages.is_empty() || rule.languages.contains(&language.word())) {
        let ready = match rule.on {
            On::Import(names) => Ready::Import(names),
            On::Patterns(patterns) => {
                Ready::Patterns(patterns.iter().filter_map(|text| Pattern::try_new(text, language.grammar()).ok()).collect())
            }
            On::Kind(kinds, text) => match Regex::new(text) {
                Ok(regex) => Ready::Kind(kinds, regex),
                Err(_) => continue,
            },
            On::Sql(text) => match Regex::new(&format!("(?is){text}")) {
                Ok(regex) => Ready::Sql(regex),
                Err(_) => continue,
            },
        };
        out.push((rule, ready));
    }
    out
}

/// Scans one file.
pub(crate) fn read(language: Language, text: &str, gather: &mut Gather) {
    let Ok(root) = AstGrep::try_new(text, language.grammar()) else {
        gather.not_read(1, "it could not be parsed");
        return;
    };
    let path = gather.path().to_owned();
    let mut scan = Scan { language, path, found: Vec::new(), errors: Vec::new() };
    scan.file(&root.root());
    if let Some(first) = scan.errors.first() {
        let what = format!("{} places that could not be parsed, this one first", scan.errors.len());
        gather.not_read(*first, &what);
    }
    if scan.found.len() >= INCIDENTS_MAX {
        gather.not_read(1, "more incidents than are listed of one file");
    }
    gather.incidents.extend(scan.found);
}

struct Scan {
    language: Language,
    path: String,
    found: Vec<Incident>,
    errors: Vec<u32>,
}

impl Scan {
    fn file(&mut self, root: &Syntax<'_>) {
        let ready = &READY[self.language as usize];
        let texts = self.language.texts();
        for node in root.dfs() {
            if self.found.len() >= INCIDENTS_MAX {
                return;
            }
            let kind = node.kind();
            if node.is_error() || node.is_missing() {
                self.errors.push(line(&node));
            }
            let import = imports::module(self.language, &kind, &node);
            let sql = texts.contains(&kind.as_ref()).then(|| sql(&node)).flatten();
            for (rule, ready) in ready {
                let fires = match ready {
                    Ready::Import(names) => import.as_deref().is_some_and(|module| names.iter().any(|name| imports::is_of(module, name))),
                    Ready::Kind(kinds, regex) => kinds.contains(&kind.as_ref()) && regex.is_match(&head(&node)),
                    Ready::Sql(regex) => sql.as_deref().is_some_and(|text| regex.is_match(text)),
                    Ready::Patterns(_) => false,
                };
                if fires {
                    let of = if matches!(ready, Ready::Import(_)) { import.as_deref() } else { None };
                    let text = if matches!(ready, Ready::Sql(_)) { sql.as_deref() } else { None };
                    self.hit(rule, &node, of.unwrap_or_default(), text);
                }
            }
        }
        for (rule, ready) in ready {
            let Ready::Patterns(patterns) = ready else { continue };
            for pattern in patterns {
                for found in root.find_all(pattern) {
                    self.hit(rule, found.get_node(), "", None);
                }
            }
        }
        self.found.truncate(INCIDENTS_MAX);
    }

    fn hit(&mut self, rule: &Rule, node: &Syntax<'_>, of: &str, sql: Option<&str>) {
        let line = line(node);
        // The same use may be found twice, by two patterns of its rule.
        if self.found.len() >= INCIDENTS_MAX
            || self.found.last().is_some_and(|last| last.rule == rule.id && last.line == line && last.of == of)
        {
            return;
        }
        let incident = Incident {
            rule: rule.id.to_owned(),
            language: self.language.word().to_owned(),
            file: self.path.clone(),
            line,
            what: rule.what.to_owned(),
            points: rule.points,
            of: of.to_owned(),
            edits: edit::drafts(rule.id, self.language, node, sql),
        };
        self.found.push(incident);
    }
}

fn line(node: &Syntax<'_>) -> u32 {
    u32::try_from(node.start_pos().line() + 1).unwrap_or(u32::MAX)
}

/// The beginning of a node's text.
fn head(node: &Syntax<'_>) -> String {
    node.text().chars().take(200).collect()
}

static STATEMENT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(rules_sql::STATEMENT).ok());

/// The text of a literal that reads like an SQL statement, without its quotes.
fn sql(node: &Syntax<'_>) -> Option<String> {
    // Most texts are told by their beginning, before any more of them is copied.
    let beginning: String = node.text().chars().take(60).collect::<String>().to_lowercase();
    if !rules_sql::VERBS.iter().any(|verb| beginning.contains(verb)) {
        return None;
    }
    let text: String = node.text().chars().take(SQL_MAX).collect();
    // `f"…"` of Python; a here-document has no quotes and keeps its first letters. As many quotes end it as begin it: a
    // statement may itself end with a name in backticks.
    let start = text.find(['"', '\'', '`']).filter(|at| *at <= 2).unwrap_or(0);
    let text = &text[start..];
    let text = match text.chars().next().filter(|first| matches!(first, '"' | '\'' | '`')) {
        Some(quote) if text.starts_with(&quote.to_string().repeat(3)) => {
            text[3..].strip_suffix(&quote.to_string().repeat(3)).unwrap_or(&text[3..])
        }
        Some(quote) => text[1..].strip_suffix(quote).unwrap_or(&text[1..]),
        None => text,
    };
    let text = text.trim().to_owned();
    STATEMENT.as_ref().filter(|regex| regex.is_match(&text)).map(|_| text)
}
