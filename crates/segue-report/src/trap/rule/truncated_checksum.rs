//! Trap 14: a checksum over concatenated keys.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Language::{JavaScript, Python, Shell, Sql};
use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-014",
    severity: Severity::High,
    message: "it looks at keys and not at rows, and GROUP_CONCAT cuts its text off at `group_concat_max_len` without an error",
    fix: "Take a checksum of each whole row and add those up (`bit_xor` or a sum), by ranges of the key, so that a difference can be found. `segue verify` does.",
    find,
};

static CUT: Pattern = LazyLock::new(|| pattern(r"\b(?:md5|sha1|sha2|sha256|crc32)\s*\(\s*group_concat\s*\("));
static KEYS: Pattern = LazyLock::new(|| pattern(r"\b(?:md5|sha1|sha256)\s*\(\s*string_agg\s*\(\s*\w*id\b\s*(?:::\s*\w+)?\s*,"));

fn find(text: &Text<'_>) -> Vec<usize> {
    if !text.may_be(&[Sql, Shell, Python, JavaScript]) {
        return Vec::new();
    }
    let mut lines = text.lines(&CUT);
    lines.extend(text.lines(&KEYS));
    lines
}

#[cfg(test)]
mod tests {
    use crate::trap::Language;
    use crate::trap::tests::check;

    #[test]
    fn it_is_found_and_the_right_form_is_not() {
        let wrong = [
            "SELECT MD5(GROUP_CONCAT(user_id ORDER BY user_id)) FROM users;",
            "select md5(string_agg(id::text, ',' order by id)) from users;",
        ];
        let right = ["SELECT COUNT(*), BIT_XOR(CRC32(CONCAT_WS('#', id, name, total))) FROM users;"];
        check("SG-TRAP-014", Language::Sql, &wrong, &right);
    }
}
