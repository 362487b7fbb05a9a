//! Trap 15: cancelling sessions by the text of their query.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Language::{JavaScript, Python, Shell, Sql};
use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-015",
    severity: Severity::Medium,
    message: "the statement finds itself, because its own text matches: it cancels its own session, or counts itself for ever",
    fix: "Leave out `pg_backend_pid()`, and find sessions by `application_name` or by the locks they hold.",
    find,
};

static BY_TEXT: Pattern = LazyLock::new(|| pattern(r"\bquery\s+(?:not\s+)?(?:i?like|~\*?|similar\s+to)\s+'"));
static ACTIVITY: Pattern = LazyLock::new(|| pattern(r"\bpg_stat_activity\b"));
static ITSELF: Pattern = LazyLock::new(|| pattern(r"\bpg_backend_pid\s*\("));

fn find(text: &Text<'_>) -> Vec<usize> {
    let (Some(by_text), Some(activity), Some(itself)) = (BY_TEXT.as_ref(), ACTIVITY.as_ref(), ITSELF.as_ref()) else { return Vec::new() };
    if !text.may_be(&[Sql, Shell, Python, JavaScript]) {
        return Vec::new();
    }
    let own = |statement: &str| by_text.is_match(statement) && activity.is_match(statement) && !itself.is_match(statement);
    let found = text.statements().into_iter().filter(|(_, statement)| own(statement));
    found.map(|(at, statement)| text.line(at + activity.find(statement).map_or(0, |found| found.start()))).collect()
}

#[cfg(test)]
mod tests {
    use crate::trap::Language;
    use crate::trap::tests::check;

    #[test]
    fn it_is_found_and_the_right_form_is_not() {
        let wrong = [
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%migration%';",
            "select count(*) from pg_stat_activity where query ilike '%migration%';",
        ];
        let right = [
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%backfill%';",
            "select pg_cancel_backend(pid) from pg_stat_activity where application_name = 'batch';",
        ];
        check("SG-TRAP-015", Language::Sql, &wrong, &right);
    }
}
