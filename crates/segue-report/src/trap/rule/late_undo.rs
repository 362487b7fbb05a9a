//! Trap 8: a step that is put on the undo stack after it was verified.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Language::{JavaScript, Python};
use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-008",
    severity: Severity::High,
    message: "a step whose verification fails was done and is not on the undo stack: it is never undone",
    fix: "Put the step on the stack before it is run. In Segue a step is on it from `step_started`.",
    find,
};

static LATE: Pattern = LazyLock::new(|| {
    pattern(
        r"\b\w*(?:execute|run|apply|perform|migrate)\w*\([^\n]*\n(?:[^\n]*\n){0,4}?[^\n]*\b\w*verify\w*\([^\n]*\n(?:[^\n]*\n){0,4}?[^\n]*\b\w*(?:rollback|undo|compensat)\w*\.(?:append|push)\(",
    )
});

fn find(text: &Text<'_>) -> Vec<usize> {
    if text.may_be(&[Python, JavaScript]) { text.lines(&LATE) } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use crate::trap::Language;
    use crate::trap::tests::check;

    #[test]
    fn it_is_found_and_the_right_form_is_not() {
        let wrong = ["for step in path:
    self.execute_step(step)
    self.verify_step(step)
    self.rollback_stack.append(step)"];
        let right = ["for step in path:
    self.rollback_stack.append(step)
    self.execute_step(step)
    self.verify_step(step)"];
        check("SG-TRAP-008", Language::Python, &wrong, &right);
    }
}
