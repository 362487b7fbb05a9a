//! Trap 1: a backfill that leaves out rows, and a NOT NULL behind it.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Language::{JavaScript, Python, Shell, Sql};
use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-001",
    severity: Severity::High,
    message: "the backfill leaves out rows, so that SET NOT NULL fails on them (`contains null values`)",
    fix: "Fill every row that has no value yet (`where` the new column `is null`, in batches), and count what is left before SET NOT NULL. Segue does both: `set_not_null` with `up`.",
    find,
};

static NOT_NULL: Pattern = LazyLock::new(|| pattern(r#"alter\s+(?:column\s+)?"?(?P<column>\w+)"?\s+set\s+not\s+null"#));
static FILL: Pattern = LazyLock::new(|| pattern(r#"update\s+[\w."]+\s+set\s+(?P<set>.*?)\bwhere\b(?P<where>.*)$"#));
static WHOLE: Pattern = LazyLock::new(|| pattern(r#"update\s+[\w."]+\s+set\s+(?P<set>.*)$"#));

fn find(text: &Text<'_>) -> Vec<usize> {
    let (Some(not_null), Some(fill), Some(whole)) = (NOT_NULL.as_ref(), FILL.as_ref(), WHOLE.as_ref()) else { return Vec::new() };
    if !text.may_be(&[Sql, Shell, Python, JavaScript]) {
        return Vec::new();
    }
    let mut lines = Vec::new();
    for column in not_null.captures_iter(&text.code).map(|found| found["column"].to_lowercase()) {
        let assigns = |set: &str| set.to_lowercase().split(',').any(|part| part.trim_matches(['"', ' ', '\n']).starts_with(&column));
        let mut partial = Vec::new();
        let mut complete = false;
        for (at, statement) in text.statements() {
            if let Some(found) = fill.captures(statement) {
                let itself = found["where"].to_lowercase().contains(&column);
                complete |= assigns(&found["set"]) && itself;
                if assigns(&found["set"]) && !itself {
                    let begin = found.get(0).map_or(0, |whole| whole.start());
                    partial.push(text.line(at + begin));
                }
            } else if let Some(found) = whole.captures(statement) {
                complete |= assigns(&found["set"]);
            }
        }
        if !complete {
            lines.extend(partial);
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
        let wrong = ["ALTER TABLE users ADD COLUMN verified boolean;
UPDATE users SET verified = true WHERE mail IS NOT NULL;
ALTER TABLE users ALTER COLUMN verified SET NOT NULL;"];
        let right = [
            "ALTER TABLE users ADD COLUMN verified boolean;
UPDATE users SET verified = mail IS NOT NULL WHERE verified IS NULL;
ALTER TABLE users ALTER COLUMN verified SET NOT NULL;",
            "UPDATE users SET verified = true WHERE mail IS NOT NULL;",
            "update users set verified = false; alter table users alter column verified set not null;",
        ];
        check("SG-TRAP-001", Language::Sql, &wrong, &right);
    }
}
