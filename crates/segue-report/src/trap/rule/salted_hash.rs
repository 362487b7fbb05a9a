//! Trap 7: Python's `hash()` to choose users.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Language::Python;
use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-007",
    severity: Severity::High,
    message: "Python salts `hash()` in each process: the same user lands on another side in the next one",
    fix: "Take a digest that is the same everywhere: `int(hashlib.sha256(key.encode()).hexdigest(), 16) % 100`. `segue flag` does so.",
    find,
};

static INLINE: Pattern = LazyLock::new(|| pattern(r"(?:^|[^\w.])hash\([^\n]*\)\s*\)?\s*%\s*\d+"));
static NAMED: Pattern = LazyLock::new(|| pattern(r"(?P<name>\w+)\s*=\s*(?:abs\()?hash\("));

fn find(text: &Text<'_>) -> Vec<usize> {
    if !text.may_be(&[Python]) {
        return Vec::new();
    }
    let mut lines = text.lines(&INLINE);
    for found in NAMED.iter().flat_map(|pattern| pattern.captures_iter(&text.code)) {
        let used = pattern(&format!(r"\b{}\s*%\s*\d+", &found["name"]));
        if used.is_some_and(|used| used.is_match(&text.code)) {
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
            r#"return (hash(f"{flag}:{user}") % 100) < percentage"#,
            r#"value = hash(f"{name}:{user}")
return (value % 100) < share"#,
        ];
        let right = [
            r#"value = int(hashlib.sha256(f"{name}:{user}".encode()).hexdigest(), 16)
return (value % 100) < share"#,
            "key = self.hash(user) % 7",
        ];
        check("SG-TRAP-007", Language::Python, &wrong, &right);
    }
}
