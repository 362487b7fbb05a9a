//! A type where it is used: a name under lists and `!`, in three words of memory and without recursion. Tests: below.

use std::fmt;

/// The most lists in one another; a real schema has two or three.
const DEPTH_MAX: u8 = 60;

/// `[[Name!]!]`: level 0 is the outermost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::graphql) struct TypeRef<'a> {
    pub(in crate::graphql) name: &'a str,
    /// How many lists stand around the name.
    pub(in crate::graphql) lists: u8,
    non_null: u64,
}

impl<'a> TypeRef<'a> {
    /// The nullable name itself.
    pub(in crate::graphql) fn named(name: &'a str) -> Self {
        Self { name, lists: 0, non_null: 0 }
    }

    /// From the inside: a list around it, `None` when there are too many.
    pub(in crate::graphql) fn in_list(self) -> Option<Self> {
        (self.lists < DEPTH_MAX).then(|| Self { lists: self.lists + 1, non_null: self.non_null << 1, ..self })
    }

    /// With `!` outside.
    pub(in crate::graphql) fn required(self) -> Self {
        Self { non_null: self.non_null | 1, ..self }
    }

    /// Without `!` outside.
    pub(in crate::graphql) fn nullable(self) -> Self {
        Self { non_null: self.non_null & !1, ..self }
    }

    /// It has `!` outside.
    pub(in crate::graphql) fn is_non_null(self) -> bool {
        self.non_null_at(0)
    }

    /// The level has `!`.
    pub(in crate::graphql) fn non_null_at(self, level: u8) -> bool {
        self.non_null >> level & 1 == 1
    }

    /// With another name.
    pub(in crate::graphql) fn of(self, name: &'a str) -> Self {
        Self { name, ..self }
    }
}

impl fmt::Display for TypeRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for _ in 0..self.lists {
            f.write_str("[")?;
        }
        f.write_str(self.name)?;
        for level in (0..=self.lists).rev() {
            if self.non_null_at(level) {
                f.write_str("!")?;
            }
            if level > 0 {
                f.write_str("]")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_shown_as_written() {
        let id = TypeRef::named("ID").required().in_list().expect("it fits");
        assert_eq!(id.to_string(), "[ID!]");
        assert_eq!(id.required().in_list().expect("it fits").to_string(), "[[ID!]!]");
        assert!(id.required().is_non_null() && !id.is_non_null() && id.non_null_at(1));
        let deep = (0..DEPTH_MAX).fold(TypeRef::named("A").required(), |at, _| at.in_list().expect("it fits"));
        assert!(deep.in_list().is_none() && deep.non_null_at(DEPTH_MAX));
    }
}
