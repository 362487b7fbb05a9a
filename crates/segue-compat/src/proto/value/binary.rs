//! The wire format of single values.

use super::{Element, Meaning, hex};
use crate::proto::model::Scalar;

/// What stands behind a tag.
pub(super) enum Wire {
    Varint(u64),
    Four(u32),
    Eight(u64),
    Length(Vec<u8>),
    /// A message behind its length.
    Message,
}

impl Wire {
    /// Its bytes without the tag.
    pub(super) fn hex(&self) -> String {
        match self {
            Self::Varint(value) => {
                let (mut rest, mut bytes) = (*value, Vec::new());
                while rest > 0x7f {
                    bytes.push((rest & 0x7f) as u8 | 0x80);
                    rest >>= 7;
                }
                bytes.push(rest as u8);
                hex(&bytes)
            }
            Self::Four(value) => hex(&value.to_le_bytes()),
            Self::Eight(value) => hex(&value.to_le_bytes()),
            Self::Length(bytes) => format!("{:02x}{}", bytes.len() & 0x7f, hex(bytes)),
            Self::Message => "00".to_owned(),
        }
    }
}

pub(super) fn write(writer: Element<'_>, meaning: &Meaning) -> Wire {
    use Scalar::{Double, Fixed32, Fixed64, Float, Sfixed32, Sfixed64, Sint32, Sint64};
    let scalar = match writer {
        Element::Message | Element::Wrapper(_) => return Wire::Message,
        Element::Enum(_) => Scalar::Int32,
        Element::Scalar(scalar) => scalar,
    };
    match (meaning, scalar) {
        (Meaning::Text(bytes), _) => Wire::Length(bytes.clone()),
        (Meaning::Float(float), Float) => Wire::Four((*float as f32).to_bits()),
        (Meaning::Float(float), _) => Wire::Eight(float.to_bits()),
        (Meaning::Int(int), Fixed32 | Sfixed32) => Wire::Four(*int as u32),
        (Meaning::Int(int), Fixed64 | Sfixed64) => Wire::Eight(*int as u64),
        (Meaning::Int(int), Sint32 | Sint64) => Wire::Varint(((*int << 1) ^ (*int >> 127)) as u64),
        (Meaning::Int(int), Float) => Wire::Four((*int as f32).to_bits()),
        (Meaning::Int(int), Double) => Wire::Eight((*int as f64).to_bits()),
        (Meaning::Int(int), _) => Wire::Varint(*int as u64),
        (Meaning::Message, _) => Wire::Message,
    }
}

/// What a reader makes of it; `None` where it meets another wire type and sets the field aside, or refuses it.
pub(super) fn read(reader: Element<'_>, wire: &Wire) -> Option<Meaning> {
    use Scalar::{Bool, Bytes, Double, Fixed32, Fixed64, Float, Int32, Int64, Sfixed32, Sfixed64, Sint32, Sint64, String, Uint32, Uint64};
    let int = |int: i128| Some(Meaning::Int(int));
    let scalar = match (reader, wire) {
        // The bytes of a message stay what they are for a reader of bytes.
        (Element::Message | Element::Scalar(Bytes), Wire::Message) => return Some(Meaning::Message),
        (Element::Enum(read), Wire::Varint(bits)) => {
            let number = i64::from(*bits as i32);
            let known = !read.closed || read.values.iter().any(|value| value.number == number);
            return known.then_some(Meaning::Int(i128::from(number)));
        }
        (Element::Message | Element::Wrapper(_) | Element::Enum(_), _) => return None,
        (Element::Scalar(scalar), _) => scalar,
    };
    match (scalar, wire) {
        (Int32, Wire::Varint(bits)) => int(i128::from(*bits as i32)),
        (Int64, Wire::Varint(bits)) | (Sfixed64, Wire::Eight(bits)) => int(i128::from(*bits as i64)),
        (Uint32, Wire::Varint(bits)) => int(i128::from(*bits as u32)),
        (Fixed32, Wire::Four(bits)) => int(i128::from(*bits)),
        (Uint64, Wire::Varint(bits)) | (Fixed64, Wire::Eight(bits)) => int(i128::from(*bits)),
        (Bool, Wire::Varint(bits)) => int(i128::from(*bits != 0)),
        (Sint32, Wire::Varint(bits)) => int(i128::from((*bits as u32 >> 1) as i32 ^ -((*bits & 1) as i32))),
        (Sint64, Wire::Varint(bits)) => int(i128::from((*bits >> 1) as i64 ^ -((*bits & 1) as i64))),
        (Sfixed32, Wire::Four(bits)) => int(i128::from(*bits as i32)),
        (Float, Wire::Four(bits)) => Some(Meaning::Float(f64::from(f32::from_bits(*bits)))),
        (Double, Wire::Eight(bits)) => Some(Meaning::Float(f64::from_bits(*bits))),
        (String, Wire::Length(bytes)) => std::str::from_utf8(bytes).ok().map(|text| Meaning::Text(text.as_bytes().to_vec())),
        (Bytes, Wire::Length(bytes)) => Some(Meaning::Text(bytes.clone())),
        _ => None,
    }
}
