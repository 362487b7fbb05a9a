//! The class under which two columns are compared, from their native classes and types.
//!
//! The table of it stands in `docs/canonical.md`. It must never give a class under which two different values of one
//! engine become one without a note that says so. Tests: `tests/it/classes.rs`, and the matrix of `segue_sim::rows`.

use segue_engine::rows::Class;
use segue_engine::rows::parse::has_empty_label;

use super::type_name::{TypeName, family};

/// One side of a pairing.
struct Column<'a> {
    class: &'a Class,
    shown: &'a str,
    name: TypeName,
    engine: &'a str,
}

impl Column<'_> {
    /// JSON in a column of text, such as MariaDB's.
    fn is_textual(&self) -> bool {
        self.name.word.contains("text") || self.name.word.contains("char")
    }

    /// MySQL's `enum`, which holds an error value beside its labels.
    fn is_enum(&self) -> bool {
        self.engine == "mysql" && self.shown.to_lowercase().starts_with("enum(")
    }
}

type Paired = Result<(Class, Option<String>), String>;

/// The class that two columns have in common, with a note where something is assumed; or why they have none.
pub fn common(
    source: &Class,
    source_type: &str,
    source_engine: &str,
    target: &Class,
    target_type: &str,
    target_engine: &str,
) -> Result<(Class, Option<String>), String> {
    let a = Column { class: source, shown: source_type, name: TypeName::read(source_type), engine: family(source_engine) };
    let b = Column { class: target, shown: target_type, name: TypeName::read(target_type), engine: family(target_engine) };
    if a.engine == "sqlite" && b.engine == "sqlite" {
        return Ok((dynamic(&a, &b), None));
    }
    if let Some(paired) = untyped(&a, &b).or_else(|| untyped(&b, &a)) {
        return Ok(paired);
    }
    if a.is_enum() && b.is_enum() && has_empty_label(a.shown) != has_empty_label(b.shown) {
        return Err(format!(
            "{} and {}: the empty text is a label of one, and the error value of the other is sent as it",
            a.shown, b.shown
        ));
    }
    if let (Class::Own(_), _) | (_, Class::Own(_)) = (a.class, b.class) {
        return own(&a, &b);
    }
    if let Some(paired) = alike(&a, &b) {
        return paired;
    }
    let found = numbers(&a, &b)
        .or_else(|| numbers(&b, &a))
        .or_else(|| texts(&a, &b))
        .or_else(|| texts(&b, &a))
        .or_else(|| times(&a, &b))
        .or_else(|| times(&b, &a));
    found.unwrap_or_else(|| Err(nothing(&a, &b)))
}

fn nothing(a: &Column<'_>, b: &Column<'_>) -> String {
    format!("{} and {} have no form in common ({} and {})", a.shown, b.shown, a.class, b.class)
}

fn noted(class: Class, note: impl Into<String>) -> (Class, Option<String>) {
    (class, Some(note.into()))
}

/// Two columns of SQLite: a value's storage class is a part of it, whatever the column was declared as.
fn dynamic(a: &Column<'_>, b: &Column<'_>) -> Class {
    match (a.class, b.class) {
        (Class::Integer, Class::Integer) => Class::Integer,
        (Class::Text, Class::Text) => Class::Text,
        (Class::Float, Class::Float) => Class::Float,
        _ => Class::Own("sqlite".to_owned()),
    }
}

/// A column of SQLite without a type takes the other side's class: each value fits it or differs.
fn untyped(a: &Column<'_>, b: &Column<'_>) -> Option<(Class, Option<String>)> {
    (a.engine == "sqlite" && matches!(a.class, Class::Own(_)) && !matches!(b.class, Class::Own(_))).then(|| {
        let class = if *b.class == Class::DecimalScaled { Class::Decimal } else { b.class.clone() };
        (class, Some(format!("the column of SQLite has no type of its own; it is read as {}", b.shown)))
    })
}

fn own(a: &Column<'_>, b: &Column<'_>) -> Paired {
    match (a.class, b.class) {
        (Class::Own(source), Class::Own(target)) if a.engine == b.engine && source == target => Ok((a.class.clone(), None)),
        (Class::Own(_), Class::Own(_)) => {
            Err(format!("{} and {} are compared only with the same type of the same engine", a.shown, b.shown))
        }
        (Class::Own(_), _) => Err(format!("{} is compared only with the same type of the same engine, and this is {}", a.shown, b.shown)),
        _ => Err(format!("{} is compared only with the same type of the same engine, and this is {}", b.shown, a.shown)),
    }
}

/// Two columns of one class.
fn alike(a: &Column<'_>, b: &Column<'_>) -> Option<Paired> {
    match (a.class, b.class) {
        (Class::Decimal | Class::DecimalScaled, Class::Decimal | Class::DecimalScaled) => {
            let scaled = [a, b].map(|column| *column.class == Class::DecimalScaled);
            match scaled {
                [true, true] => Some(Ok((Class::DecimalScaled, None))),
                [false, false] => Some(Ok((Class::Decimal, None))),
                // A scale of each value's own meets a scale of the column's, or none.
                _ => Some(Ok(noted(Class::Decimal, format!("{} and {} are compared by value: 1.5 is 1.50", a.shown, b.shown)))),
            }
        }
        // Both keep the text of a document as it was written.
        (Class::Json, Class::Json) if a.is_textual() && b.is_textual() => Some(Ok((Class::JsonText, None))),
        (Class::BytesPadded, Class::BytesPadded) if a.name.size == b.name.size => Some(Ok((Class::Bytes, None))),
        (Class::BytesPadded, Class::BytesPadded) => {
            Some(Ok(noted(Class::BytesPadded, format!("{} and {}: zero bytes at the end do not count", a.shown, b.shown))))
        }
        (Class::BytesPadded, Class::Bytes) | (Class::Bytes, Class::BytesPadded) => Some(Ok((Class::Bytes, None))),
        (Class::Array(of_a), Class::Array(of_b)) => Some(inner(of_a, a, of_b, b, Class::Array)),
        (Class::Range(of_a), Class::Range(of_b)) => Some(inner(of_a, a, of_b, b, Class::Range)),
        (source, target) if source == target => Some(Ok((source.clone(), None))),
        _ => None,
    }
}

fn inner(of_a: &Class, a: &Column<'_>, of_b: &Class, b: &Column<'_>, wrap: fn(Box<Class>) -> Class) -> Paired {
    let bare = |shown: &str| shown.trim_end_matches("[]").to_owned();
    let (class, note) = common(of_a, &bare(a.shown), a.engine, of_b, &bare(b.shown), b.engine)?;
    Ok((wrap(Box::new(class)), note))
}

fn numbers(a: &Column<'_>, b: &Column<'_>) -> Option<Paired> {
    match (a.class, b.class) {
        (Class::Boolean, Class::Integer) => {
            Some(Ok(noted(Class::Integer, format!("{} and {} are compared as 1 and 0; any other number differs", a.shown, b.shown))))
        }
        (Class::Boolean, Class::Decimal | Class::DecimalScaled) if b.engine == "sqlite" => {
            Some(Ok(noted(Class::Integer, format!("{} and {} are compared as 1 and 0; any other number differs", a.shown, b.shown))))
        }
        (Class::Boolean, Class::Bits) if b.name.is_one_bit() => {
            Some(Ok(noted(Class::Boolean, format!("{} and {}: the bit is the truth", a.shown, b.shown))))
        }
        (Class::Bits, Class::Integer) if a.name.is_fixed_bits() && a.name.size.unwrap_or(1) <= 64 => {
            Some(Ok(noted(Class::Integer, format!("{} and {} are compared as whole numbers", a.shown, b.shown))))
        }
        (Class::Integer, Class::Decimal | Class::DecimalScaled) => Some(Ok((Class::Decimal, None))),
        (Class::Integer, Class::Float) => {
            Some(Ok(noted(Class::Float, format!("{} and {}: a whole number that a float cannot hold differs", a.shown, b.shown))))
        }
        (Class::Float, Class::Decimal | Class::DecimalScaled) => {
            Some(Ok(noted(Class::Decimal, format!("{} and {} are compared by the shortest decimal that is the float", a.shown, b.shown))))
        }
        _ => None,
    }
}

fn texts(a: &Column<'_>, b: &Column<'_>) -> Option<Paired> {
    match (a.class, b.class) {
        (Class::TextPadded, Class::Text) => {
            Some(Ok(noted(Class::TextPadded, format!("{} and {}: spaces at the end of the char do not count", a.shown, b.shown))))
        }
        (Class::Uuid, Class::Text | Class::TextPadded) if b.name.holds_32_letters() => Some(Ok(noted(
            Class::Uuid,
            format!("{} and {}: a UUID in either case, with or without hyphens, is that UUID", a.shown, b.shown),
        ))),
        (Class::Uuid, Class::Bytes | Class::BytesPadded) if b.name.holds_16_bytes() => {
            Some(Ok(noted(Class::Uuid, format!("{} and {}: the 16 bytes are the UUID", a.shown, b.shown))))
        }
        (Class::Json, Class::JsonText | Class::Text) if a.is_textual() => Some(Ok((Class::JsonText, None))),
        (Class::Json, Class::JsonText) => Some(Ok((Class::Json, None))),
        (Class::Json, Class::Text) => {
            Some(Ok(noted(Class::Json, format!("the text of {} is read as JSON, and compared by value", b.shown))))
        }
        (Class::JsonText, Class::Text) => Some(Ok((Class::JsonText, None))),
        (Class::Set, Class::Array(of)) if matches!(**of, Class::Text) => {
            Some(Ok(noted(Class::Set, format!("{} and {}: the order of the labels does not count", a.shown, b.shown))))
        }
        (Class::Set, Class::Text) => Some(Ok(noted(Class::Set, format!("{} is read as labels between commas, in any order", b.shown)))),
        (Class::Network, Class::Text) => Some(Ok(noted(Class::Network, format!("the text of {} is read as an address", b.shown)))),
        (Class::Integer, Class::Text) => Some(Ok(noted(Class::Text, format!("{} is compared as its decimal digits", a.shown)))),
        (Class::Decimal | Class::DecimalScaled, Class::Text) if b.engine == "sqlite" => {
            Some(Ok(noted(Class::Decimal, format!("the text of {} is read as a number, and compared by value", b.shown))))
        }
        _ => None,
    }
}

fn times(a: &Column<'_>, b: &Column<'_>) -> Option<Paired> {
    match (a.class, b.class) {
        (Class::Timestamp, Class::Instant) => Some(Ok(noted(
            Class::Instant,
            format!("{} ({}) has no zone and is taken for UTC, to be compared with {} ({})", a.shown, a.engine, b.shown, b.engine),
        ))),
        (Class::Date, Class::Timestamp | Class::Instant) => {
            Some(Ok(noted(b.class.clone(), format!("a day is its midnight in UTC, to be compared with {} ({})", b.shown, b.engine))))
        }
        (Class::Date | Class::Time | Class::Timestamp | Class::Instant, Class::Text) if b.engine == "sqlite" => {
            Some(Ok(noted(a.class.clone(), format!("the text of {} is read as {}", b.shown, a.class))))
        }
        _ => None,
    }
}
