//! Trap 10: a value that cannot be read and becomes an empty one.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Language::{JavaScript, Python};
use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-010",
    severity: Severity::High,
    message: "what cannot be read becomes an empty value and counts as done: data is lost without a word",
    fix: "Keep the row aside with its key and the reason, leave the old value, and stop at a gate: `on_error: reject` does that.",
    find,
};

static PYTHON: Pattern = LazyLock::new(|| {
    pattern(r"json\.loads\([^\n]*\n(?:[^\n]*\n){0,2}?\s*except[^\n]*:[^\n]*(?:\n[^\n]*){0,3}?\breturn\s+(?:\{\}|dict\(\)|\[\])")
});
static SCRIPT: Pattern =
    LazyLock::new(|| pattern(r"JSON\.parse\([^}]{0,200}\}\s*catch\s*(?:\([^)]*\))?\s*\{[^}]{0,200}return\s+(?:\{\s*\}|\[\s*\])"));

fn find(text: &Text<'_>) -> Vec<usize> {
    if !text.may_be(&[Python, JavaScript]) {
        return Vec::new();
    }
    let mut lines = text.lines(&PYTHON);
    lines.extend(text.lines(&SCRIPT));
    lines
}

#[cfg(test)]
mod tests {
    use crate::trap::Language;
    use crate::trap::tests::check;

    #[test]
    fn it_is_found_and_the_right_form_is_not() {
        let wrong = [
            r#"try:
    return json.loads(value)
except json.JSONDecodeError:
    log.warning("bad")
    return {}"#,
            "try { return JSON.parse(value) } catch (error) { console.warn(error); return {} }",
        ];
        let right = ["try:
    return json.loads(value)
except json.JSONDecodeError as error:
    reject(key, error)
    raise"];
        check("SG-TRAP-010", Language::Python, &wrong, &right);
    }
}
