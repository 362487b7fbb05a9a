//! The JSON mapping of single values.

use serde_json::Value as Json;

use super::{Element, Meaning, limits};
use crate::proto::model::Scalar;

pub(super) fn write(writer: Element<'_>, meaning: &Meaning) -> Json {
    let writer = if let Element::Wrapper(scalar) = writer { Element::Scalar(scalar) } else { writer };
    match (writer, meaning) {
        (Element::Enum(of), Meaning::Int(int)) => {
            let value = of.values.iter().find(|value| i128::from(value.number) == *int);
            value.map_or_else(|| Json::from(*int as i64), |value| Json::from(&*value.name))
        }
        (Element::Scalar(Scalar::Bool), Meaning::Int(int)) => Json::from(*int != 0),
        (Element::Scalar(scalar), Meaning::Int(int)) => {
            let wide = limits(scalar).is_some_and(|(min, max)| max > i128::from(u32::MAX) || min < i128::from(i32::MIN));
            if wide { Json::from(int.to_string()) } else { Json::from(*int as i64) }
        }
        (Element::Scalar(Scalar::Bytes), Meaning::Text(bytes)) => Json::from(base64(bytes)),
        (_, Meaning::Text(bytes)) => Json::from(String::from_utf8_lossy(bytes)),
        (_, Meaning::Float(float)) => Json::from(*float),
        (_, Meaning::Int(int)) => Json::from(*int as i64),
        (_, Meaning::Message) => Json::Object(serde_json::Map::new()),
    }
}

/// What a reader makes of it; `None` where it refuses it.
pub(super) fn read(reader: Element<'_>, json: &Json) -> Option<Meaning> {
    let reader = if let Element::Wrapper(scalar) = reader { Element::Scalar(scalar) } else { reader };
    match reader {
        Element::Message => json.is_object().then_some(Meaning::Message),
        Element::Enum(of) => {
            let number = match json {
                Json::String(name) => of.values.iter().find(|value| &*value.name == name)?.number,
                other => i64::try_from(whole(other)?).ok()?,
            };
            let known = !of.closed || of.values.iter().any(|value| value.number == number);
            (known && i32::try_from(number).is_ok()).then_some(Meaning::Int(i128::from(number)))
        }
        Element::Scalar(Scalar::Bool) => Some(Meaning::Int(i128::from(json.as_bool()?))),
        Element::Scalar(Scalar::String) => Some(Meaning::Text(json.as_str()?.as_bytes().to_vec())),
        Element::Scalar(Scalar::Bytes) => unbase64(json.as_str()?).map(Meaning::Text),
        Element::Scalar(Scalar::Double) => number(json).map(Meaning::Float),
        Element::Scalar(Scalar::Float) => {
            number(json).filter(|float| float.abs() <= f64::from(f32::MAX)).map(|float| Meaning::Float(f64::from(float as f32)))
        }
        Element::Scalar(scalar) | Element::Wrapper(scalar) => {
            let (min, max) = limits(scalar)?;
            whole(json).filter(|int| (min..=max).contains(int)).map(Meaning::Int)
        }
    }
}

/// A whole number, written as a number or as a text.
fn whole(json: &Json) -> Option<i128> {
    match json {
        Json::String(text) => text.parse().ok(),
        Json::Number(number) => {
            number.to_string().parse().ok().or_else(|| number.as_f64().filter(|float| float.fract() == 0.0).map(|float| float as i128))
        }
        _ => None,
    }
}

fn number(json: &Json) -> Option<f64> {
    match json {
        Json::String(text) => text.parse().ok(),
        Json::Number(number) => number.as_f64(),
        _ => None,
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let six = (bits >> (18 - 6 * digit)) as usize & 63;
            text.push(if digit > chunk.len() { '=' } else { char::from(DIGITS[six]) });
        }
    }
    text
}

/// Both alphabets, with or without padding.
fn unbase64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=').bytes().map(|byte| match byte {
        b'-' => Some(62),
        b'_' => Some(63),
        byte => DIGITS.iter().position(|digit| *digit == byte).map(|at| at as u32),
    });
    let digits: Vec<u32> = digits.collect::<Option<_>>()?;
    let mut bytes = Vec::new();
    for chunk in digits.chunks(4) {
        if chunk.len() == 1 {
            return None;
        }
        let bits = chunk.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * (4 - chunk.len()));
        bytes.extend(bits.to_be_bytes().iter().skip(1).take(chunk.len() - 1));
    }
    Some(bytes)
}
