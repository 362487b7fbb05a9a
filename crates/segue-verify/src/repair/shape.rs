//! What is read again of a differing row: its values as they were compared, and as they can be written back.
//!
//! A class of comparison forgets what does not count (a trailing space, a scale, the order of a JSON object), and some
//! kinds are compared and not read back at all (ranges). A row that is written, or kept for the way back, must be the
//! row itself: such a column is read a second time under the class that forgets nothing, or as the engine's own text.
//! It must never let a value be written that was not read whole. Tests: below.

use segue_engine::rows::canonical::{Torn, columns};
use segue_engine::rows::{Class, Correct, Read, ReadColumn};

/// A read with the columns that writing needs besides.
pub(super) struct Twice {
    /// The compared columns, then the others.
    pub(super) read: Read,
    /// For each of the first columns, where its value stands that can be written back.
    writable: Vec<usize>,
}

impl Twice {
    /// Reads these columns so that each can be written back; `own` gives the class that is a column's own on this side,
    /// where it is known. `Err`: the name of a column that cannot be written back.
    pub(super) fn new(read: &Read, own: impl Fn(&ReadColumn) -> Option<Class>, engine: &dyn Correct) -> Result<Self, String> {
        let (mut twice, mut writable) = (read.clone(), Vec::new());
        for (at, column) in read.columns.iter().enumerate() {
            let class = if column.expression.is_some() { None } else { own(column) };
            let written = match (class, &column.class) {
                // The other side fills nothing up: what fills the column here is no part of the value there.
                (None, Class::TextPadded) => Some(Class::TextPadded),
                (class, _) => whole(&class.unwrap_or_else(|| column.class.clone())),
            };
            let written = match written {
                Some(class) if class == column.class => {
                    writable.push(at);
                    continue;
                }
                Some(class) => ReadColumn { class, ..column.clone() },
                None if column.expression.is_some() => return Err(column.name.clone()),
                None => {
                    let expression = engine.text_of(&column.name).ok_or_else(|| column.name.clone())?;
                    ReadColumn { name: column.name.clone(), expression: Some(expression), class: Class::Text }
                }
            };
            writable.push(twice.columns.len());
            twice.columns.push(written);
        }
        Ok(Self { read: twice, writable })
    }

    /// Takes a row apart: the first columns as compared, and as they can be written back.
    pub(super) fn split(&self, row: &[u8]) -> Result<Seen, Torn> {
        let all = columns(row)?;
        if all.len() != self.read.columns.len() {
            return Err(Torn);
        }
        let compared = all[..self.writable.len()].iter().map(|value| value.to_vec()).collect();
        Ok(Seen { compared, written: self.writable.iter().map(|at| all[*at].to_vec()).collect() })
    }
}

/// A row, value by value. It is never printed.
#[derive(Clone)]
pub(super) struct Seen {
    /// As compared.
    pub(super) compared: Vec<Vec<u8>>,
    /// As it can be written back.
    pub(super) written: Vec<Vec<u8>>,
}

/// The class under which a value of this one is read so that nothing of it is forgotten; `None`: only by its text.
fn whole(class: &Class) -> Option<Class> {
    match class {
        Class::Json => Some(Class::JsonText),
        Class::Decimal => Some(Class::DecimalScaled),
        Class::TextPadded => Some(Class::Text),
        Class::BytesPadded => Some(Class::Bytes),
        Class::Range(_) => None,
        Class::Array(of) => match whole(of) {
            // A decimal's scale in an array is kept too; JSON and ranges in one go by their text.
            Some(Class::JsonText) | None => None,
            Some(written) => Some(Class::Array(Box::new(written))),
        },
        // What one engine alone has is its own text already.
        _ => Some(class.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_back_forgets_nothing() {
        assert_eq!(whole(&Class::Json), Some(Class::JsonText));
        assert_eq!(whole(&Class::Decimal), Some(Class::DecimalScaled));
        assert_eq!(whole(&Class::TextPadded), Some(Class::Text));
        assert_eq!(whole(&Class::Range(Box::new(Class::Integer))), None);
        assert_eq!(whole(&Class::Array(Box::new(Class::Json))), None);
        assert_eq!(whole(&Class::Array(Box::new(Class::Decimal))), Some(Class::Array(Box::new(Class::DecimalScaled))));
        assert_eq!(whole(&Class::Own("xml".to_owned())), Some(Class::Own("xml".to_owned())));
    }
}
