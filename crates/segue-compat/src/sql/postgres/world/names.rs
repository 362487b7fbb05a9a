//! The names that PostgreSQL gives to what has none.
//!
//! `makeObjectName` and `ChooseRelationName` of its source (`src/backend/commands/indexcmds.c`): parts joined by `_`, the longer
//! one cut until 63 bytes are kept, a number when the name is taken. Tests: below and a real server's own names in
//! `tests/it/sql/postgres_catalog.rs`.

/// The longest name, in bytes (`NAMEDATALEN` less one).
const BYTES_MAX: usize = 63;

/// `name1_name2_label`, cut to what fits.
pub(crate) fn object(name1: &str, name2: &str, label: &str) -> String {
    let overhead = label.len() + 1 + usize::from(!name2.is_empty());
    let available = BYTES_MAX.saturating_sub(overhead);
    let (mut first, mut second) = (name1.len(), name2.len());
    while first + second > available {
        if first > second { first -= 1 } else { second -= 1 }
    }
    let (one, two) = (cut(name1, first), cut(name2, second));
    if name2.is_empty() { format!("{one}_{label}") } else { format!("{one}_{two}_{label}") }
}

fn cut(name: &str, mut bytes: usize) -> &str {
    while !name.is_char_boundary(bytes) {
        bytes -= 1;
    }
    &name[..bytes]
}

/// The first of `name1_name2_label`, `…label1`, `…label2` that is free.
pub(crate) fn free(name1: &str, name2: &str, label: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = object(name1, name2, label);
    let mut pass = 0_u32;
    while taken(&name) && pass < 10_000 {
        pass += 1;
        name = object(name1, name2, &format!("{label}{pass}"));
    }
    name
}

/// Columns joined by `_`, as index and key names do: cut where 63 bytes are reached.
pub(crate) fn joined<'a>(columns: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for column in columns {
        if !out.is_empty() {
            out.push('_');
        }
        out.push_str(column);
        if out.len() >= BYTES_MAX {
            return cut(&out, BYTES_MAX).to_owned();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_and_counted_as_the_server_does() {
        assert_eq!(object("users", "email", "key"), "users_email_key");
        assert_eq!(object("users", "", "pkey"), "users_pkey");
        assert_eq!(object(&"a".repeat(60), "email", "idx").len(), 63);
        assert_eq!(free("t", "a", "idx", |name| name == "t_a_idx"), "t_a_idx1");
        assert_eq!(joined(["a", "b"]), "a_b");
    }
}
