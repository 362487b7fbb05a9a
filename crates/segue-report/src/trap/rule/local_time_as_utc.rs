//! Trap 12: local time with a Z behind it.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Language::Python;
use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-012",
    severity: Severity::High,
    message: "local time is labelled UTC: every moment is wrong by the zone of the machine",
    fix: "Say the zone: `datetime.fromtimestamp(ts, tz=timezone.utc).isoformat()`. In a spec: `from_epoch: seconds, zone: UTC`.",
    find,
};

static NAIVE: Pattern = LazyLock::new(|| {
    pattern(
        r#"\b(?:fromtimestamp\([^,()]*(?:\[[^\]]*\])?[^,()]*\)|datetime\.now\(\))\s*\.(?:isoformat|strftime)\([^\n)]*\)\s*\+\s*['"]Z['"]"#,
    )
});

fn find(text: &Text<'_>) -> Vec<usize> {
    if text.may_be(&[Python]) { text.lines(&NAIVE) } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use crate::trap::Language;
    use crate::trap::tests::check;

    #[test]
    fn it_is_found_and_the_right_form_is_not() {
        let wrong =
            [r#"return datetime.fromtimestamp(created).isoformat() + "Z""#, r#"x = datetime.fromtimestamp(row["at"]).isoformat()+'Z'"#];
        let right = ["return datetime.fromtimestamp(created, tz=timezone.utc).isoformat()"];
        check("SG-TRAP-012", Language::Python, &wrong, &right);
    }
}
