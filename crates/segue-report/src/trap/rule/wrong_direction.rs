//! Trap 9: one comparison for figures of both directions.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Language::{JavaScript, Python};
use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-009",
    severity: Severity::Medium,
    message: "more throughput is better and more latency is worse: one comparison calls a gain a loss, and a loss fine",
    fix: "Give each figure its direction and its own threshold, and let a breach stop the work: `rollback_when` takes both.",
    find,
};

static LIST: Pattern = LazyLock::new(|| pattern(r#"\[[^\]]*['"]throughput['"][^\]]*\]"#));
static COMPARE: Pattern = LazyLock::new(|| pattern(r"\b\w*(?:new|current|after)\w*\s*>\s*\w*(?:old|base|before)\w*\s*\*\s*1\.\d+"));

fn find(text: &Text<'_>) -> Vec<usize> {
    if text.may_be(&[Python, JavaScript]) && text.has(&LIST) { text.lines(&COMPARE) } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use crate::trap::Language;
    use crate::trap::tests::check;

    #[test]
    fn it_is_found_and_the_right_form_is_not() {
        let wrong = [r#"for metric in ["latency", "throughput"]:
    if new_value > old_value * 1.1:
        log.warning(metric)"#];
        let right = [r#"for metric in ["latency", "cpu"]:
    if new_value > old_value * 1.1:
        stop(metric)
if new_throughput < old_throughput * 0.9:
    stop("throughput")"#];
        check("SG-TRAP-009", Language::Python, &wrong, &right);
    }
}
