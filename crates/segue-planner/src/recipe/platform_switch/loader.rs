//! The text by which pgloader makes the definitions: only the tables that the move takes.
//!
//! Its command line has no word for tables that stay behind: with `include` or `exclude` the same is written to a file of its
//! own. A pattern that its filters cannot say gives no text. Tests: below and `tests/it/project_commands.rs`.

use segue_model::spec::program::Move;

use super::Engine;
use crate::recipe::shell;

/// The commands; `None` where a pattern cannot be said in pgloader's words.
pub(super) fn text(source: Engine, moves: &Move) -> Option<String> {
    let casts = casts(moves);
    if moves.include.is_empty() && moves.exclude.is_empty() {
        let mut lines = vec!["pgloader --with 'schema only' --with 'include drop' --with 'reset no sequences'".to_owned()];
        lines.extend(casts.iter().map(|cast| format!("  --cast {}", shell::word(cast))));
        lines.push("  \"$SOURCE_URL\" \"$TARGET_URL\"".to_owned());
        return Some(lines.join(" \\\n"));
    }
    let mut lines = vec!["  with schema only, include drop, reset no sequences".to_owned()];
    if !casts.is_empty() {
        lines.push(format!("  cast {}", casts.join(",\n       ")));
    }
    for (word, patterns) in [("including only", &moves.include), ("excluding", &moves.exclude)] {
        if !patterns.is_empty() {
            lines.push(format!("  {word} table names {}", filter(source, patterns)?));
        }
    }
    // A line that ends the document early would be run by the shell.
    let rules = lines.join("\n");
    if rules.contains("SEGUE_LOAD") || rules.contains(';') {
        return None;
    }
    Some(format!(
        "{{\n  printf 'load database from %s into %s\\n' \"$SOURCE_URL\" \"$TARGET_URL\"\n  cat <<'SEGUE_LOAD'\n{rules};\nSEGUE_LOAD\n}} > definitions.load\npgloader definitions.load"
    ))
}

fn casts(moves: &Move) -> Vec<String> {
    let of_type = |(from, to): (&String, &String)| match from.split_once('(') {
        Some((name, size)) => format!("type {name} when (= {} precision) to {to} drop typemod", size.trim_end_matches(')')),
        None => format!("type {from} to {to}"),
    };
    let columns = moves.columns.iter().filter_map(|(column, rule)| rule.to.as_ref().map(|to| format!("column {column} to {to}")));
    moves.types.iter().map(of_type).chain(columns).collect()
}

/// The patterns in its words: expressions for MySQL, `like` for SQLite, where `_` is any letter.
fn filter(source: Engine, patterns: &[String]) -> Option<String> {
    let plain = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '*' | '?'));
    let names = patterns.iter().map(|pattern| pattern.rsplit('.').next().unwrap_or(pattern));
    let like = source == Engine::Sqlite;
    let one = |name: &str| {
        let wild = name.contains(['*', '?']);
        match (like, wild) {
            _ if !plain(name) => None,
            (true, _) if name.contains('_') => None,
            (true, _) => Some(format!("'{}'", name.replace('*', "%").replace('?', "_"))),
            (false, true) => Some(format!("~/^{}$/", name.replace('*', ".*").replace('?', "."))),
            (false, false) => Some(format!("'{name}'")),
        }
    };
    let all: Option<Vec<String>> = names.map(one).collect();
    Some(format!("{} {}", if like { "like" } else { "matching" }, all?.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(source: Engine, exclude: &[&str]) -> Option<String> {
        let exclude = exclude.iter().map(|&name| name.to_owned()).collect();
        let types = [("tinyint(1)".to_owned(), "boolean".to_owned())].into();
        text(source, &Move { exclude, types, ..Move::default() })
    }

    #[test]
    fn what_stays_behind_is_not_made_on_the_target() {
        let text = text_of(Engine::Mysql, &["tmp_*", "shop.old", "log?"]).expect("a text");
        assert_eq!(
            text,
            "{\n  printf 'load database from %s into %s\\n' \"$SOURCE_URL\" \"$TARGET_URL\"\n  cat <<'SEGUE_LOAD'\n  with schema only, include drop, reset no sequences\n  \
             cast type tinyint when (= 1 precision) to boolean drop typemod\n  excluding table names matching ~/^tmp_.*$/, 'old', ~/^log.$/;\nSEGUE_LOAD\n} > definitions.load\npgloader definitions.load"
        );
        assert!(text_of(Engine::Sqlite, &["tmp*"]).is_some_and(|text| text.contains("excluding table names like 'tmp%';")));
    }

    #[test]
    fn what_its_words_cannot_say_gives_no_text() {
        assert_eq!(text_of(Engine::Sqlite, &["tmp_*"]), None, "there `_` is any letter");
        for hostile in ["a'; drop", "a/b", "x\nSEGUE_LOAD"] {
            assert_eq!(text_of(Engine::Mysql, &[hostile]), None, "{hostile}");
        }
        assert!(text_of(Engine::Mysql, &[]).is_some_and(|text| text.starts_with("pgloader --with 'schema only'")));
    }
}
