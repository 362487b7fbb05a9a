//! The words of a declared type, as far as pairing has to know them.
//!
//! It must never guess: what it does not know is no number and no family. Tests: below.

/// What a type's text says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TypeName {
    /// In lower case, without its arguments: `character varying`, `bit`, `int unsigned`.
    pub(super) word: String,
    /// The first number in parentheses.
    pub(super) size: Option<u32>,
}

impl TypeName {
    pub(super) fn read(text: &str) -> Self {
        let lower = text.to_lowercase();
        let (head, rest) = lower.split_once('(').unwrap_or((&lower, ""));
        let (inside, tail) = rest.split_once(')').unwrap_or((rest, ""));
        let size = inside.split(',').next().and_then(|number| number.trim().parse().ok());
        let word = format!("{} {}", head.trim(), tail.trim());
        Self { word: word.trim().to_owned(), size }
    }

    /// `bit` or `bit(1)`.
    pub(super) fn is_one_bit(&self) -> bool {
        self.word == "bit" && self.size.unwrap_or(1) == 1
    }

    /// `bit(n)`, not `bit varying`.
    pub(super) fn is_fixed_bits(&self) -> bool {
        self.word == "bit"
    }

    /// It may hold 16 bytes.
    pub(super) fn holds_16_bytes(&self) -> bool {
        self.size.is_none_or(|size| size >= 16)
    }

    /// It may hold the 32 digits of a UUID.
    pub(super) fn holds_32_letters(&self) -> bool {
        self.size.is_none_or(|size| size >= 32)
    }
}

/// Which family an engine is of: MySQL and MariaDB are one.
pub(super) fn family(engine: &str) -> &str {
    if engine == "mariadb" { "mysql" } else { engine }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read() {
        let read = |text: &str| {
            let name = TypeName::read(text);
            (name.word, name.size)
        };
        assert_eq!(read("CHAR(36)"), ("char".to_owned(), Some(36)));
        assert_eq!(read("numeric(12, 2)"), ("numeric".to_owned(), Some(12)));
        assert_eq!(read("int(10) unsigned"), ("int unsigned".to_owned(), Some(10)));
        assert_eq!(read("timestamp(3) with time zone"), ("timestamp with time zone".to_owned(), Some(3)));
        assert_eq!(read("enum('a','b')"), ("enum".to_owned(), None));
    }
}
