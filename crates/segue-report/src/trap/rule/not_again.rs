//! Trap 11: a script that cannot be run a second time.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Language::{JavaScript, Python};
use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-011",
    severity: Severity::Medium,
    message: "a second run meets rows that are done already and counts them as failed, or changes them again",
    fix: "Leave out what is done (`where migrated_at is null`), and keep the last key as a checkpoint, so that the script goes on where it was stopped.",
    find,
};

static MARK: Pattern = LazyLock::new(|| pattern(r#"\bset\b[^;"'`]*\bmigrated(?:_at)?\s*="#));
static DECODE: Pattern = LazyLock::new(|| pattern(r#"json\.loads\(\s*\w+\[['"](?P<column>\w+)['"]\]\s*\)"#));
static GUARD: Pattern = LazyLock::new(|| pattern(r"migrated(?:_at)?\s+is\s+null|not\s+migrated|migrated\s*=\s*false"));

/// Whether the value is asked what it is before it is decoded.
static ASKED: Pattern = LazyLock::new(|| pattern(r"isinstance\(|typeof\s"));

fn find(text: &Text<'_>) -> Vec<usize> {
    if !text.may_be(&[Python, JavaScript]) || text.has(&GUARD) {
        return Vec::new();
    }
    let script = pattern(r"\bdef\s|\bimport\s|\bconst\s|\bfunction\b|=>|\bfor\s+\w+\s+in\b|\.execute\(|\.query\(");
    let mut lines = if script.is_some_and(|script| script.is_match(&text.code)) { text.lines(&MARK) } else { Vec::new() };
    let decoded = if text.has(&ASKED) { None } else { DECODE.as_ref() };
    for found in decoded.iter().flat_map(|pattern| pattern.captures_iter(&text.code)) {
        let written = pattern(&format!(r"\bupdate\s+\w+\s+set\b[^;]*\b{}\s*=", &found["column"]));
        if written.is_some_and(|written| written.is_match(&text.code)) {
            lines.push(text.line(found.get(0).map_or(0, |whole| whole.start())));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use crate::trap::Language;
    use crate::trap::tests::check;

    #[test]
    fn it_is_found_and_the_right_form_is_not() {
        let wrong = [
            r#"for user in db.execute("SELECT * FROM users"):
    new = json.loads(user["settings"])
    db.execute("UPDATE users SET settings = %s WHERE id = %s", (new, user["id"]))"#,
            r#"db.execute("UPDATE users SET settings = %s, migrated_at = NOW() WHERE id = %s", values)"#,
        ];
        let right = [r#"for user in db.execute("SELECT * FROM users WHERE migrated_at IS NULL AND id > %s ORDER BY id", (last,)):
    new = json.loads(user["settings"])
    db.execute("UPDATE users SET settings = %s, migrated_at = NOW() WHERE id = %s", (new, user["id"]))"#];
        check("SG-TRAP-011", Language::Python, &wrong, &right);
    }
}
