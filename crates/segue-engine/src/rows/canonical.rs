//! The canonical bytes of a value: two values of a class are the same exactly when these bytes are the same.
//!
//! A value is `varint(length + 1)`, then a tag, then the payload; NULL is a single zero. The length makes it
//! impossible that two rows collide by concatenation, the tag that values of two kinds do. What does not fit the class
//! it is compared under keeps its own kind's tag, so that it differs from everything of the class: never an error,
//! never equal by chance. Whole numbers and decimals are written so that the order of the bytes is the order of the
//! values. The forms are written down in `docs/canonical.md`. Tests: below, `datum.rs`, and the matrix of `segue-sim`.

use super::class::Class;
use super::json;
use super::parse;
use super::value::{Day, Decimal, Moment, RangeEnds, Value};

/// The tag of each kind. Written down in `docs/canonical.md`; stored fingerprints depend on them.
pub(crate) mod tag {
    pub(crate) const BOOLEAN: u8 = 1;
    pub(crate) const INTEGER: u8 = 2;
    pub(crate) const DECIMAL: u8 = 3;
    pub(crate) const DECIMAL_SCALED: u8 = 4;
    pub(crate) const FLOAT: u8 = 5;
    pub(crate) const TEXT: u8 = 6;
    pub(crate) const BYTES: u8 = 7;
    pub(crate) const DATE: u8 = 8;
    pub(crate) const TIME: u8 = 9;
    pub(crate) const TIME_ZONED: u8 = 10;
    pub(crate) const TIMESTAMP: u8 = 11;
    pub(crate) const INSTANT: u8 = 12;
    pub(crate) const INTERVAL: u8 = 13;
    pub(crate) const UUID: u8 = 14;
    pub(crate) const JSON: u8 = 15;
    pub(crate) const JSON_TEXT: u8 = 16;
    pub(crate) const BITS: u8 = 17;
    pub(crate) const NETWORK: u8 = 18;
    pub(crate) const SET: u8 = 19;
    pub(crate) const GEOMETRY: u8 = 20;
    pub(crate) const ARRAY: u8 = 21;
    pub(crate) const RANGE: u8 = 22;
    pub(crate) const OWN: u8 = 23;
    pub(crate) const NO_LABEL: u8 = 24;
}

/// Appends the canonical bytes of a value under a class.
pub fn write(out: &mut Vec<u8>, value: &Value<'_>, class: &Class) {
    if matches!(value, Value::Null) {
        out.push(0);
        return;
    }
    // Almost every payload is shorter than 127 bytes: one byte is kept for the length, more are made room for.
    let start = out.len();
    out.push(0);
    fitted(out, value, class);
    let length = out.len() - start; // the payload and its tag, and one: exactly `length + 1`
    if length < 0x80 {
        out[start] = length as u8;
        return;
    }
    let mut prefix = [0_u8; 10];
    let count = varint(&mut prefix, length as u64);
    out.splice(start..=start, prefix[..count].iter().copied());
}

fn varint(out: &mut [u8; 10], mut number: u64) -> usize {
    let mut at = 0;
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        out[at] = if number == 0 { low } else { low | 0x80 };
        at += 1;
        if number == 0 {
            return at;
        }
    }
}

/// A value's tag and payload; `None` for NULL.
pub type Tagged<'a> = Option<(u8, &'a [u8])>;

/// Splits the first value off canonical bytes, and gives what follows it. `Err` where the bytes are torn.
pub fn split(bytes: &[u8]) -> Result<(Tagged<'_>, &[u8]), Torn> {
    let (mut length, mut shift, mut at) = (0_u64, 0, 0);
    loop {
        let byte = *bytes.get(at).ok_or(Torn)?;
        length |= u64::from(byte & 0x7f) << shift;
        at += 1;
        shift += 7;
        if byte & 0x80 == 0 {
            break;
        }
        if shift > 56 {
            return Err(Torn);
        }
    }
    if length == 0 {
        return Ok((None, &bytes[at..]));
    }
    let end = at + usize::try_from(length - 1).map_err(|_| Torn)?;
    let value = bytes.get(at..end).ok_or(Torn)?;
    let (tag, payload) = value.split_first().ok_or(Torn)?;
    Ok((Some((*tag, payload)), &bytes[end..]))
}

/// Bytes that are not canonical values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are not a canonical row")]
pub struct Torn;

/// Where each value of a canonical row begins and ends.
pub fn columns(row: &[u8]) -> Result<Vec<&[u8]>, Torn> {
    let (mut rest, mut out) = (row, Vec::new());
    while !rest.is_empty() {
        let (_, after) = split(rest)?;
        out.push(&rest[..rest.len() - after.len()]);
        rest = after;
    }
    Ok(out)
}

/// The value by its class where it fits, else by its own kind.
fn fitted(out: &mut Vec<u8>, value: &Value<'_>, class: &Class) {
    let done = match class {
        Class::Boolean => boolean(out, value),
        Class::Integer => integer(out, value),
        Class::Decimal => decimal(out, value, false),
        Class::DecimalScaled => decimal(out, value, true),
        Class::Float => float(out, value),
        Class::Text => text(out, value, false),
        Class::TextPadded => text(out, value, true),
        Class::Bytes => bytes(out, value, false),
        Class::BytesPadded => bytes(out, value, true),
        Class::Date => date(out, value),
        Class::Time => time(out, value),
        Class::Timestamp => moment(out, value, tag::TIMESTAMP),
        Class::Instant => moment(out, value, tag::INSTANT),
        Class::Uuid => uuid(out, value),
        Class::Json => json_value(out, value),
        Class::JsonText => json_text(out, value),
        Class::Bits => bits(out, value),
        Class::Network => network(out, value),
        Class::Set => set(out, value),
        Class::Array(of) => array(out, value, of),
        Class::Range(of) => range(out, value, of),
        Class::TimeZoned | Class::Interval | Class::Geometry | Class::Own(_) => false,
    };
    if !done {
        own(out, value);
    }
}

/// A value by its own kind.
fn own(out: &mut Vec<u8>, value: &Value<'_>) {
    let done = match value {
        Value::Null => {
            out.push(0);
            true
        }
        Value::Boolean(_) => boolean(out, value),
        Value::Integer(_) => integer(out, value),
        Value::Decimal(_) => decimal(out, value, true),
        Value::Float32(_) | Value::Float64(_) => float(out, value),
        Value::Text(_) => text(out, value, false),
        Value::Bytes(_) => bytes(out, value, false),
        Value::Date(_) => date(out, value),
        Value::Time(_) => time(out, value),
        Value::TimeZoned(micros, west) => put(out, tag::TIME_ZONED, &[&micros.to_be_bytes(), &west.to_be_bytes()]),
        Value::Timestamp(_) => moment(out, value, tag::TIMESTAMP),
        Value::Instant(_) => moment(out, value, tag::INSTANT),
        Value::Interval(months, days, micros) => {
            put(out, tag::INTERVAL, &[&months.to_be_bytes(), &days.to_be_bytes(), &micros.to_be_bytes()])
        }
        Value::Uuid(_) => uuid(out, value),
        Value::Json(_) => json_text(out, value),
        Value::Bits(..) => bits(out, value),
        Value::Network(..) => network(out, value),
        Value::Set(_) => set(out, value),
        Value::Geometry(srid, wkb) => put(out, tag::GEOMETRY, &[&srid.to_be_bytes(), wkb]),
        Value::Array(_, elements) => array(out, value, &elements.first().map_or(Class::Text, natural)),
        Value::Range(_) => range(out, value, &Class::DecimalScaled),
        Value::Own(text) => put(out, tag::OWN, &[text]),
        Value::NoLabel => put(out, tag::NO_LABEL, &[]),
    };
    debug_assert!(done, "every kind has a form of its own");
}

/// The class that is a value's own.
fn natural(value: &Value<'_>) -> Class {
    match value {
        Value::Boolean(_) => Class::Boolean,
        Value::Integer(_) => Class::Integer,
        Value::Decimal(_) => Class::DecimalScaled,
        Value::Float32(_) | Value::Float64(_) => Class::Float,
        Value::Bytes(_) => Class::Bytes,
        Value::Date(_) => Class::Date,
        Value::Timestamp(_) => Class::Timestamp,
        Value::Instant(_) => Class::Instant,
        Value::Uuid(_) => Class::Uuid,
        _ => Class::Text,
    }
}

fn put(out: &mut Vec<u8>, tag: u8, parts: &[&[u8]]) -> bool {
    out.push(tag);
    for part in parts {
        out.extend_from_slice(part);
    }
    true
}

fn boolean(out: &mut Vec<u8>, value: &Value<'_>) -> bool {
    let truth = match value {
        Value::Boolean(truth) => *truth,
        Value::Integer(number @ (0 | 1)) => *number == 1,
        Value::Bits(1, bits) => bits.first().is_some_and(|byte| byte & 0x80 != 0),
        _ => return false,
    };
    put(out, tag::BOOLEAN, &[&[u8::from(truth)]])
}

fn integer(out: &mut Vec<u8>, value: &Value<'_>) -> bool {
    let number = match value {
        Value::Integer(number) => *number,
        Value::Boolean(truth) => i128::from(*truth),
        Value::Bits(count, bits) if *count <= 64 => parse::bits_number(*count, bits),
        Value::Decimal(number) => match parse::whole(number) {
            Some(number) => number,
            None => return false,
        },
        _ => return false,
    };
    out.push(tag::INTEGER);
    ordered_integer(out, number);
    true
}

/// The sign and the length of the number in one byte, then its bytes, complemented below zero: the order of the bytes
/// is the order of the numbers.
pub(crate) fn ordered_integer(out: &mut Vec<u8>, number: i128) {
    let magnitude = number.unsigned_abs().to_be_bytes();
    let skip = (number.unsigned_abs().leading_zeros() / 8) as usize;
    let length = (magnitude.len() - skip) as u8;
    if number < 0 {
        out.push(0x80 - length);
        out.extend(magnitude[skip..].iter().map(|byte| !byte));
    } else {
        out.push(0x80 + length);
        out.extend_from_slice(&magnitude[skip..]);
    }
}

fn decimal(out: &mut Vec<u8>, value: &Value<'_>, scaled: bool) -> bool {
    let mut room = [0_u8; 64];
    let mut spill = Vec::new();
    let number = match value {
        Value::Decimal(number) => *number,
        Value::Integer(number) => {
            let Some(length) = parse::integer_text(*number, &mut room) else { return false };
            return decimal_text(out, std::str::from_utf8(&room[..length]).unwrap_or("0"), scaled);
        }
        Value::Float64(number) => return float_decimal(out, *number, &number.to_string(), scaled),
        Value::Float32(number) => return float_decimal(out, f64::from(*number), &number.to_string(), scaled),
        Value::Text(text) => {
            let Ok(text) = std::str::from_utf8(text) else { return false };
            return parse::is_decimal(text) && decimal_text(out, text, scaled);
        }
        _ => return false,
    };
    let Some(digits) = parse::digits(&number, &mut spill) else { return false };
    put_decimal(out, &digits, scaled)
}

fn float_decimal(out: &mut Vec<u8>, number: f64, shortest: &str, scaled: bool) -> bool {
    if number.is_nan() {
        return decimal(out, &Value::Decimal(Decimal::NaN), scaled);
    }
    if number.is_infinite() {
        return decimal(out, &Value::Decimal(if number > 0.0 { Decimal::Late } else { Decimal::Early }), scaled);
    }
    decimal_text(out, shortest, scaled)
}

fn decimal_text(out: &mut Vec<u8>, text: &str, scaled: bool) -> bool {
    let mut spill = Vec::new();
    parse::digits(&Decimal::Text(text), &mut spill).is_some_and(|digits| put_decimal(out, &digits, scaled))
}

fn put_decimal(out: &mut Vec<u8>, number: &parse::Number<'_>, scaled: bool) -> bool {
    if scaled {
        out.push(tag::DECIMAL_SCALED);
        out.extend_from_slice(&number.scale.to_be_bytes());
    } else {
        out.push(tag::DECIMAL);
    }
    ordered_decimal(out, number);
    true
}

/// 0 below all, 1 negative, 2 zero, 3 positive, 4 above all, 5 not a number; then the power of ten of the first digit,
/// and the digits two by two, each pair plus one, ended by a zero; complemented for a negative number.
pub(crate) fn ordered_decimal(out: &mut Vec<u8>, number: &parse::Number<'_>) {
    let kind = match number.special {
        Some(kind) => kind,
        None if number.digits.is_empty() => 2,
        None if number.negative => 1,
        None => 3,
    };
    out.push(kind);
    if kind != 1 && kind != 3 {
        return;
    }
    let mask = if kind == 1 { 0xff } else { 0 };
    let power = (number.power as u32) ^ 0x8000_0000;
    out.extend(power.to_be_bytes().iter().map(|byte| byte ^ mask));
    for pair in number.digits.chunks(2) {
        let two = pair[0] * 10 + pair.get(1).copied().unwrap_or(0) + 1;
        out.push(two ^ mask);
    }
    out.push(mask);
}

fn float(out: &mut Vec<u8>, value: &Value<'_>) -> bool {
    let number = match value {
        Value::Float64(number) => *number,
        Value::Float32(number) => f64::from(*number),
        Value::Integer(number) => {
            let float = *number as f64;
            // Only what a float holds exactly is that float.
            if float as i128 != *number || number.unsigned_abs() > 1 << 100 {
                return false;
            }
            float
        }
        _ => return false,
    };
    let bits = if number.is_nan() { 0x7ff8_0000_0000_0000 } else { number.to_bits() };
    put(out, tag::FLOAT, &[&bits.to_be_bytes()])
}

fn text(out: &mut Vec<u8>, value: &Value<'_>, padded: bool) -> bool {
    match value {
        Value::Text(text) | Value::Own(text) | Value::Json(text) => {
            let end = if padded { text.iter().rposition(|byte| *byte != b' ').map_or(0, |at| at + 1) } else { text.len() };
            put(out, tag::TEXT, &[&text[..end]])
        }
        Value::Uuid(uuid) => put(out, tag::TEXT, &[parse::uuid_text(uuid).as_bytes()]),
        Value::Integer(number) => put(out, tag::TEXT, &[number.to_string().as_bytes()]),
        _ => false,
    }
}

fn bytes(out: &mut Vec<u8>, value: &Value<'_>, padded: bool) -> bool {
    match value {
        Value::Bytes(bytes) | Value::Text(bytes) => {
            let end = if padded { bytes.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1) } else { bytes.len() };
            put(out, tag::BYTES, &[&bytes[..end]])
        }
        Value::Uuid(uuid) => put(out, tag::BYTES, &[uuid]),
        _ => false,
    }
}

fn date(out: &mut Vec<u8>, value: &Value<'_>) -> bool {
    let day = match value {
        Value::Date(day) => *day,
        Value::Text(text) => match parse::date(text) {
            Some(day) => day,
            None => return false,
        },
        _ => return false,
    };
    out.push(tag::DATE);
    match day {
        Day::Early => out.push(0),
        Day::Unreal { year, month, day } => {
            out.push(1);
            out.extend_from_slice(&year.to_be_bytes());
            out.extend_from_slice(&[month, day]);
        }
        Day::Number(number) => {
            out.push(2);
            out.extend_from_slice(&((number as u32) ^ 0x8000_0000).to_be_bytes());
        }
        Day::Late => out.push(3),
    }
    true
}

fn time(out: &mut Vec<u8>, value: &Value<'_>) -> bool {
    let micros = match value {
        Value::Time(micros) => *micros,
        Value::Text(text) => match parse::time(text) {
            Some(micros) => micros,
            None => return false,
        },
        _ => return false,
    };
    put(out, tag::TIME, &[&((micros as u64) ^ (1 << 63)).to_be_bytes()])
}

fn moment(out: &mut Vec<u8>, value: &Value<'_>, tag: u8) -> bool {
    let moment = match value {
        Value::Timestamp(moment) | Value::Instant(moment) => *moment,
        // A day is its midnight.
        Value::Date(Day::Number(day)) => Moment::Micros(i64::from(*day) * parse::DAY_MICROS),
        Value::Date(Day::Early) => Moment::Early,
        Value::Date(Day::Late) => Moment::Late,
        Value::Date(Day::Unreal { year, month, day }) => Moment::Unreal { year: *year, month: *month, day: *day, micros: 0 },
        Value::Text(text) => match parse::moment(text) {
            Some(moment) => moment,
            None => return false,
        },
        _ => return false,
    };
    out.push(tag);
    match moment {
        Moment::Early => out.push(0),
        Moment::Unreal { year, month, day, micros } => {
            out.push(1);
            out.extend_from_slice(&year.to_be_bytes());
            out.extend_from_slice(&[month, day]);
            out.extend_from_slice(&micros.to_be_bytes());
        }
        Moment::Micros(micros) => {
            out.push(2);
            out.extend_from_slice(&((micros as u64) ^ (1 << 63)).to_be_bytes());
        }
        Moment::Late => out.push(3),
    }
    true
}

fn uuid(out: &mut Vec<u8>, value: &Value<'_>) -> bool {
    let uuid = match value {
        Value::Uuid(uuid) => *uuid,
        Value::Bytes(bytes) => match <[u8; 16]>::try_from(*bytes) {
            Ok(uuid) => uuid,
            Err(_) => return false,
        },
        Value::Text(text) => match parse::uuid(text) {
            Some(uuid) => uuid,
            None => return false,
        },
        _ => return false,
    };
    put(out, tag::UUID, &[&uuid])
}

fn json_value(out: &mut Vec<u8>, value: &Value<'_>) -> bool {
    let (Value::Json(text) | Value::Text(text)) = value else { return false };
    let start = out.len();
    out.push(tag::JSON);
    if json::canonical(text, out).is_err() {
        out.truncate(start);
        return false;
    }
    true
}

fn json_text(out: &mut Vec<u8>, value: &Value<'_>) -> bool {
    let (Value::Json(text) | Value::Text(text)) = value else { return false };
    put(out, tag::JSON_TEXT, &[text])
}

fn bits(out: &mut Vec<u8>, value: &Value<'_>) -> bool {
    match value {
        Value::Bits(count, bits) => put(out, tag::BITS, &[&count.to_be_bytes(), bits]),
        Value::Boolean(truth) => put(out, tag::BITS, &[&1_u32.to_be_bytes(), &[if *truth { 0x80 } else { 0 }]]),
        _ => false,
    }
}

fn network(out: &mut Vec<u8>, value: &Value<'_>) -> bool {
    match value {
        Value::Network(address, prefix, network) => put(out, tag::NETWORK, &[&[*prefix, u8::from(*network)], address]),
        Value::Text(text) => match parse::address(text) {
            Some((address, length, prefix)) => put(out, tag::NETWORK, &[&[prefix, 0], &address[..length]]),
            None => false,
        },
        _ => false,
    }
}

fn set(out: &mut Vec<u8>, value: &Value<'_>) -> bool {
    let mut labels: Vec<&[u8]> = match value {
        Value::Set(labels) => labels.to_vec(),
        Value::Text([]) => Vec::new(),
        Value::Text(text) => text.split(|byte| *byte == b',').collect(),
        // A list has one dimension: a table of labels is no set.
        Value::Array(dimensions, elements) if dimensions.len() <= 1 => {
            let texts = elements.iter().map(|element| if let Value::Text(text) = element { Some(*text) } else { None });
            match texts.collect::<Option<Vec<_>>>() {
                Some(labels) => labels,
                None => return false,
            }
        }
        _ => return false,
    };
    labels.sort_unstable();
    out.push(tag::SET);
    for label in labels {
        write(out, &Value::Text(label), &Class::Text);
    }
    true
}

fn array(out: &mut Vec<u8>, value: &Value<'_>, of: &Class) -> bool {
    let Value::Array(dimensions, elements) = value else { return false };
    out.push(tag::ARRAY);
    out.push(dimensions.len() as u8);
    for (length, lower) in *dimensions {
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&lower.to_be_bytes());
    }
    for element in *elements {
        write(out, element, of);
    }
    true
}

fn range(out: &mut Vec<u8>, value: &Value<'_>, of: &Class) -> bool {
    let Value::Range(ends) = value else { return false };
    out.push(tag::RANGE);
    let Some(RangeEnds { lower, upper }) = ends else {
        out.push(0);
        return true;
    };
    out.push(1);
    for end in [lower, upper] {
        match end {
            None => out.push(0),
            Some((bound, inclusive)) => {
                out.push(1 + u8::from(*inclusive));
                write(out, bound, of);
            }
        }
    }
    true
}
