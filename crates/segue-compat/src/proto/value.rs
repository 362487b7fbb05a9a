//! What a reader of one type makes of what a writer of another wrote: tried, not looked up.
//!
//! Sample values of the writer's type are really encoded, in the wire format and in the JSON mapping, and read back as the
//! reader's type. The first that is refused, or comes out as another value, is the proof. Sources:
//! <https://protobuf.dev/programming-guides/encoding/>, <https://protobuf.dev/programming-guides/json/>. Tests: below, and
//! `tests/it/proto/values.rs` against verdicts of Google's own library.

mod binary;
mod json;

use serde_json::Value as Json;

use super::model::{Enum, Scalar};

/// The type of one element of a field.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Element<'a> {
    Scalar(Scalar),
    Enum(&'a Enum),
    /// A well-known wrapper: a message in the wire format, its value in JSON.
    Wrapper(Scalar),
    /// Any other message; only that it is one counts here.
    Message,
}

/// What a value means, whatever wrote it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Meaning {
    Int(i128),
    Float(f64),
    Text(Vec<u8>),
    Message,
}

impl Meaning {
    /// The same to a program: a truth is 0 or 1, a text its bytes.
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Int(int), Self::Float(float)) | (Self::Float(float), Self::Int(int)) => {
                (*int as f64).to_bits() == float.to_bits() && (*float as i128) == *int
            }
            (one, other) => one == other,
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Int(int) => int.to_string(),
            Self::Float(float) => format!("{float:?}"),
            Self::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => format!("\"{text}\""),
                Err(_) => format!("the bytes {}", hex(bytes)),
            },
            Self::Message => "a message".to_owned(),
        }
    }
}

/// Bytes in hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// A value that does not survive.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Harm {
    /// As the writer writes it in JSON.
    pub(crate) json: Json,
    /// As the writer writes it behind the field's tag, in hexadecimal digits.
    pub(crate) wire: String,
    /// What was written, for people.
    pub(crate) wrote: String,
    /// What the reader makes of it; `None`: it refuses it, or sets it aside as unknown.
    pub(crate) reads: Option<String>,
}

impl Harm {
    /// For people: `3000000000 is read as -1294967296`.
    pub(crate) fn shown(&self) -> String {
        match &self.reads {
            Some(reads) => format!("{} is read as {reads}", self.wrote),
            None => format!("{} is not read", self.wrote),
        }
    }
}

/// What does not survive in each encoding.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Harms {
    pub(crate) binary: Option<Harm>,
    pub(crate) json: Option<Harm>,
}

/// Tries every sample of the writer on the reader.
pub(crate) fn harms(writer: Element<'_>, reader: Element<'_>) -> Harms {
    let mut harms = Harms::default();
    for meaning in samples(writer) {
        let (wire, json) = (binary::write(writer, &meaning), json::write(writer, &meaning));
        let harm = |reads: Option<Meaning>| match reads {
            Some(reads) if reads.is(&meaning) => None,
            reads => Some(Harm { json: json.clone(), wire: wire.hex(), wrote: meaning.shown(), reads: reads.map(|reads| reads.shown()) }),
        };
        if harms.binary.is_none() {
            harms.binary = harm(binary::read(reader, &wire));
        }
        // A value that is refused says more than one that is altered.
        if harms.json.as_ref().is_none_or(|harm| harm.reads.is_some()) {
            harms.json = harm(json::read(reader, &json)).filter(|harm| harms.json.is_none() || harm.reads.is_none()).or(harms.json);
        }
    }
    harms
}

/// Whole numbers at the edges of the types, the plain ones first.
const INTS: &[i128] = &[
    1,
    -1,
    2,
    3_000_000_000,
    -3_000_000_000,
    i32::MAX as i128,
    i32::MIN as i128,
    u32::MAX as i128,
    9_007_199_254_740_993,
    i64::MAX as i128,
    i64::MIN as i128,
    u64::MAX as i128,
];

/// The smallest and the largest number of a type of whole numbers.
pub(super) fn limits(scalar: Scalar) -> Option<(i128, i128)> {
    use Scalar::{Bool, Fixed32, Fixed64, Int32, Int64, Sfixed32, Sfixed64, Sint32, Sint64, Uint32, Uint64};
    Some(match scalar {
        Int32 | Sint32 | Sfixed32 => (i128::from(i32::MIN), i128::from(i32::MAX)),
        Int64 | Sint64 | Sfixed64 => (i128::from(i64::MIN), i128::from(i64::MAX)),
        Uint32 | Fixed32 => (0, i128::from(u32::MAX)),
        Uint64 | Fixed64 => (0, i128::from(u64::MAX)),
        Bool => (0, 1),
        _ => return None,
    })
}

fn samples(of: Element<'_>) -> Vec<Meaning> {
    match of {
        Element::Message => vec![Meaning::Message],
        Element::Enum(read) => read.values.iter().take(64).map(|value| Meaning::Int(i128::from(value.number))).collect(),
        Element::Scalar(scalar) | Element::Wrapper(scalar) => match (scalar, limits(scalar)) {
            (_, Some((min, max))) => INTS.iter().filter(|int| (min..=max).contains(*int)).map(|int| Meaning::Int(*int)).collect(),
            (Scalar::Float, _) => vec![Meaning::Float(1.5)],
            (Scalar::Double, _) => vec![Meaning::Float(1.5), Meaning::Float(1e300)],
            (Scalar::Bytes, _) => vec![Meaning::Text(vec![0xff, 0x00]), Meaning::Text(b"ok".to_vec())],
            _ => vec![Meaning::Text(b"a text, no base64".to_vec())],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::model::ALL_SCALARS;

    fn tried(writer: Scalar, reader: Scalar) -> (bool, bool) {
        let harms = harms(Element::Scalar(writer), Element::Scalar(reader));
        (harms.binary.is_none(), harms.json.is_none())
    }

    #[test]
    fn a_type_reads_itself() {
        for (scalar, word) in ALL_SCALARS {
            assert_eq!(tried(*scalar, *scalar), (true, true), "{word}");
        }
    }

    #[test]
    fn the_documented_groups_hold_where_no_value_is_cut() {
        use Scalar::{Bool, Bytes, Double, Fixed32, Fixed64, Float, Int32, Int64, Sfixed32, Sint32, Sint64, String, Uint32, Uint64};
        for (writer, reader, expect) in [
            (Int32, Int64, (true, true)),
            (Int64, Int32, (false, false)),
            (Uint32, Int32, (false, false)),
            (Uint32, Uint64, (true, true)),
            (Uint32, Int64, (true, true)),
            (Int32, Uint64, (false, false)),
            (Bool, Int32, (true, false)),
            (Int32, Bool, (false, false)),
            (Sint32, Sint64, (true, true)),
            (Int32, Sint32, (false, true)),
            (Sint32, Int32, (false, true)),
            (Fixed32, Sfixed32, (false, false)),
            (Int32, Fixed32, (false, false)),
            (Int32, Sfixed32, (false, true)),
            (Fixed32, Fixed64, (false, true)),
            (Float, Double, (false, true)),
            (Double, Float, (false, false)),
            (String, Bytes, (true, false)),
            (Bytes, String, (false, false)),
            (Int64, Double, (false, false)),
            (Int32, Double, (false, true)),
            (Int64, String, (false, false)),
        ] {
            assert_eq!(tried(writer, reader), expect, "{writer:?} read as {reader:?}");
        }
    }

    /// `verdicts.txt` was made by Google's Python library, protobuf 7.36, over sample values of its own: for each type that
    /// writes (rows) and each that reads (columns, in the same order) `.` where all survive, `b` where some do not in the
    /// wire format, `j` in JSON, `#` in both.
    #[test]
    fn googles_own_library_agrees() {
        let table = include_str!("value/verdicts.txt");
        let rows: Vec<(Scalar, &str)> = table
            .lines()
            .map(|line| line.split_once(' ').expect("a word and its row"))
            .map(|(word, row)| (Scalar::named(word).expect(word), row.trim()))
            .collect();
        assert_eq!(rows.len(), ALL_SCALARS.len());
        let mut wrong = Vec::new();
        for (writer, row) in &rows {
            for ((reader, _), verdict) in rows.iter().zip(row.chars()) {
                let ours = match tried(*writer, *reader) {
                    (true, true) => '.',
                    (false, true) => 'b',
                    (true, false) => 'j',
                    (false, false) => '#',
                };
                // Python takes `true` for the number 1, which the mapping does not.
                let python = *writer == Scalar::Bool && matches!(reader, Scalar::Double | Scalar::Float);
                if ours != verdict && !python {
                    wrong.push(format!("{writer:?} read as {reader:?}: {ours} here, {verdict} there"));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn the_proof_is_a_value() {
        let harm = harms(Element::Scalar(Scalar::Int64), Element::Scalar(Scalar::Int32)).binary.expect("it is cut");
        assert_eq!(harm.shown(), "3000000000 is read as -1294967296");
        assert_eq!((harm.json, harm.wire.as_str()), (Json::from("3000000000"), "80bcc1960b"));
    }
}
