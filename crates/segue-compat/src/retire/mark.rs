//! The warning where a deprecated thing is written: in the contract or in the code, with the day of its removal, what takes
//! its place and the guide (document 003: soft, then hard).
//!
//! A name can end neither the text nor the comment that it stands in. Tests: below.

use jiff::civil::Date;
use segue_model::check::retire::{Operation, Snippet};

use super::Asked;
use super::calendar::Timeline;

/// The warnings of an operation, for the soft and, in code, for the hard phase.
pub(super) fn snippets(kind: &str, operation: &Operation, timeline: &Timeline, asked: &Asked<'_>) -> Vec<Snippet> {
    let says = sentence(operation, timeline.start, timeline.removal, asked.guide.as_deref());
    let one = |phase: &str, language: &str, text: String| Snippet { phase: phase.to_owned(), language: language.to_owned(), text };
    match kind {
        "openapi" | "asyncapi" | "api" => {
            vec![one("soft", "yaml", format!("deprecated: true\nx-sunset: {}\nx-deprecation: {}", timeline.removal, quoted(&says)))]
        }
        "graphql" => vec![one("soft", "graphql", format!("@deprecated(reason: {})", quoted(&says)))],
        "proto" => vec![one("soft", "protobuf", format!("// {}\n[deprecated = true]", commented(&says)))],
        "typescript" => vec![one("soft", "typescript", format!("/** @deprecated {} */", commented(&says)))],
        "python" => vec![
            one("soft", "python", format!("warnings.warn({}, DeprecationWarning, stacklevel=2)", quoted(&says))),
            one("hard", "python", hard_python(&says)),
        ],
        _ => Vec::new(),
    }
}

fn sentence(operation: &Operation, start: Date, removal: Date, guide: Option<&str>) -> String {
    let mut out = format!("{} is deprecated since {start} and ends on {removal}.", operation.name);
    if let Some(successor) = operation.successor.as_ref().filter(|successor| successor.by == "stated") {
        out.push_str(&format!(" Use {}.", successor.name));
    }
    if let Some(guide) = guide {
        out.push_str(&format!(" See {guide}"));
    }
    out
}

/// An error where it hurts nobody, the last warning where it would.
fn hard_python(says: &str) -> String {
    format!(
        "if os.getenv(\"ENV\") in (\"development\", \"test\", \"staging\"):\n    raise RuntimeError({text})\nwarnings.warn({text}, FutureWarning, stacklevel=2)",
        text = quoted(says)
    )
}

/// A text in double quotes: the escapes of JSON, which YAML, GraphQL and Python read alike.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() || c == '\u{feff}' || ('\u{2028}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c) => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text on one line in a comment.
fn commented(text: &str) -> String {
    let quoted = quoted(text);
    quoted.trim_matches('"').replace("*/", "* /")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_its_text() {
        assert_eq!(quoted("a\"b\\\n\u{202e}表"), "\"a\\\"b\\\\\\u000a\\u202e表\"");
        assert_eq!(serde_json::from_str::<String>(&quoted("a\"b\\\n\u{202e}\u{0}表")).expect("it is JSON"), "a\"b\\\n\u{202e}\u{0}表");
        assert_eq!(commented("x */ evil\n// y"), "x * / evil\\u000a// y");
    }
}
