//! A value as somebody sees it who asked for values: its kind, and its text without quotes.
//!
//! [`Datum::show`] has one text for a key; here two values that differ differ in kind or text, as far as canonical bytes
//! can be read back: JSON by value and ranges too, and the form of an array. Tests: below.

use std::fmt::Write as _;

use segue_model::verify::SeenValue;

use super::canonical::{Torn, split, tag};
use super::datum::decimal;
use super::{Datum, parse};

/// What one document may nest, as where it was read.
const DEPTH_MAX: usize = 256;

/// The values of a canonical row, each as its kind and its text; `None` is NULL.
pub fn row(bytes: &[u8]) -> Result<Vec<Option<SeenValue>>, Torn> {
    let (mut rest, mut out) = (bytes, Vec::new());
    while !rest.is_empty() {
        let (value, after) = one(rest)?;
        out.push(value);
        rest = after;
    }
    Ok(out)
}

fn one(bytes: &[u8]) -> Result<(Option<SeenValue>, &[u8]), Torn> {
    let (value, rest) = split(bytes)?;
    let Some((tag, payload)) = value else { return Ok((None, rest)) };
    let (kind, text) = match tag {
        tag::JSON => {
            let mut text = String::new();
            if !json(payload, &mut text, 0)?.is_empty() {
                return Err(Torn);
            }
            ("JSON", text)
        }
        tag::RANGE => ("range", range(payload)?),
        tag::ARRAY => ("array", array(payload)?),
        _ => {
            let datum = Datum::read(tag, payload)?;
            match &datum {
                Datum::Text(bytes) | Datum::JsonText(bytes) | Datum::Own(bytes) if std::str::from_utf8(bytes).is_err() => {
                    ("bytes of a text", format!("0x{}", parse::hex(bytes)))
                }
                _ => (kind_of(&datum), datum.show()),
            }
        }
    };
    Ok((Some(SeenValue { kind: kind.to_owned(), text }), rest))
}

fn kind_of(datum: &Datum) -> &'static str {
    match datum {
        Datum::Null => "NULL",
        Datum::Boolean(_) => "boolean",
        Datum::Integer(_) => "integer",
        Datum::Decimal(_) => "decimal",
        Datum::Float(_) => "float",
        Datum::Text(_) => "text",
        Datum::Bytes(_) => "bytes",
        Datum::Date(_) => "date",
        Datum::Time(_) => "time",
        Datum::TimeZoned(..) => "time with offset",
        Datum::Timestamp(_) => "date and time",
        Datum::Instant(_) => "moment",
        Datum::Interval(..) => "interval",
        Datum::Uuid(_) => "uuid",
        Datum::JsonText(_) => "JSON text",
        Datum::Bits(..) => "bits",
        Datum::Network(_, _, true) => "network",
        Datum::Network(_, _, false) => "address",
        Datum::Set(_) => "set",
        Datum::Geometry(..) => "geometry",
        Datum::Array(..) => "array",
        Datum::Own(_) => "text of the engine",
        Datum::NoLabel => "no label",
        Datum::Compared(what) => what,
    }
}

/// `{1,NULL,"a"}`; with its bounds in front where they are not those of a plain list: `[0:1][1:2]={…}`.
fn array(payload: &[u8]) -> Result<String, Torn> {
    let (count, mut rest) = payload.split_first().ok_or(Torn)?;
    let mut bounds = Vec::new();
    for _ in 0..*count {
        let (length, after) = rest.split_first_chunk::<4>().ok_or(Torn)?;
        let (lower, after) = after.split_first_chunk::<4>().ok_or(Torn)?;
        bounds.push((i64::from(i32::from_be_bytes(*lower)), i64::from(i32::from_be_bytes(*length))));
        rest = after;
    }
    let mut out = String::new();
    if bounds.len() > 1 || bounds.iter().any(|(lower, _)| *lower != 1) {
        for (lower, length) in &bounds {
            let _ = write!(out, "[{lower}:{}]", lower + length - 1);
        }
        out.push('=');
    }
    let elements: Vec<String> = row(rest)?.into_iter().map(element).collect();
    let _ = write!(out, "{{{}}}", elements.join(","));
    Ok(out)
}

fn element(value: Option<SeenValue>) -> String {
    match value {
        None => "NULL".to_owned(),
        Some(value) if value.is_text() || value.kind == "JSON" => format!("\"{}\"", value.text.replace('\\', "\\\\").replace('"', "\\\"")),
        Some(value) => value.text,
    }
}

fn range(payload: &[u8]) -> Result<String, Torn> {
    let mut rest = match payload {
        [0] => return Ok("empty".to_owned()),
        [1, rest @ ..] => rest,
        _ => return Err(Torn),
    };
    let mut out = String::new();
    for (open, closed) in [('(', '['), (')', ']')] {
        let (how, after) = rest.split_first().ok_or(Torn)?;
        let (bound, after) = if *how == 0 { (String::new(), after) } else { one(after).map(|(value, after)| (element(value), after))? };
        rest = after;
        let bracket = if *how == 2 { closed } else { open };
        if out.is_empty() {
            let _ = write!(out, "{bracket}{bound},");
        } else {
            let _ = write!(out, "{bound}{bracket}");
        }
    }
    if rest.is_empty() { Ok(out) } else { Err(Torn) }
}

/// Writes one JSON value; gives what follows it.
fn json<'a>(bytes: &'a [u8], out: &mut String, depth: usize) -> Result<&'a [u8], Torn> {
    let (kind, rest) = bytes.split_first().filter(|_| depth <= DEPTH_MAX).ok_or(Torn)?;
    match kind {
        0 => out.push_str("null"),
        1 => out.push_str("false"),
        2 => out.push_str("true"),
        3 => {
            let (number, rest) = rest.split_at_checked(number_length(rest)?).ok_or(Torn)?;
            out.push_str(&decimal(number, None)?);
            return Ok(rest);
        }
        4 => return quoted(rest, out),
        5 | 6 => {
            let (count, mut rest) = sized(rest)?;
            out.push(if *kind == 5 { '[' } else { '{' });
            for at in 0..count {
                out.push_str(if at > 0 { "," } else { "" });
                if *kind == 6 {
                    rest = quoted(rest, out)?;
                    out.push(':');
                }
                rest = json(rest, out, depth + 1)?;
            }
            out.push(if *kind == 5 { ']' } else { '}' });
            return Ok(rest);
        }
        _ => return Err(Torn),
    }
    Ok(rest)
}

fn sized(bytes: &[u8]) -> Result<(u32, &[u8]), Torn> {
    bytes.split_first_chunk::<4>().map(|(count, rest)| (u32::from_be_bytes(*count), rest)).ok_or(Torn)
}

fn quoted<'a>(bytes: &'a [u8], out: &mut String) -> Result<&'a [u8], Torn> {
    let (length, rest) = sized(bytes)?;
    let (text, rest) = rest.split_at_checked(length as usize).ok_or(Torn)?;
    out.push_str(&serde_json::Value::from(String::from_utf8_lossy(text)).to_string());
    Ok(rest)
}

/// Bytes of a decimal in its ordered form: kind, power of ten, pairs of digits, and the byte that ends them.
fn number_length(bytes: &[u8]) -> Result<usize, Torn> {
    let end = match bytes.first().ok_or(Torn)? {
        1 => 0xff,
        3 => 0,
        _ => return Ok(1),
    };
    let pairs = bytes.get(5..).ok_or(Torn)?;
    Ok(5 + pairs.iter().position(|byte| *byte == end).ok_or(Torn)? + 1)
}

#[cfg(test)]
mod tests {
    use super::super::canonical::write;
    use super::super::{Class, Decimal, RangeEnds, Value};
    use super::*;

    fn seen(value: Value<'_>, class: &Class) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes, &value, class);
        row(&bytes).expect("canonical").remove(0).map_or("NULL".to_owned(), |value| format!("{}: {}", value.kind, value.text))
    }

    #[test]
    fn json_by_value_reads_back() {
        let text = r#"{"b": [1, -2.50, 1e3, -0.001, true, null, ""], "a\"": {"x": {}}, "": []}"#;
        let read = r#"JSON: {"":[],"a\"":{"x":{}},"b":[1,-2.5,1000,-0.001,true,null,""]}"#;
        assert_eq!(seen(Value::Json(text.as_bytes()), &Class::Json), read);
        assert_eq!(seen(Value::Json(b"0"), &Class::Json), "JSON: 0");
    }

    #[test]
    fn ranges_read_back() {
        let (one, three) = (Value::Decimal(Decimal::Text("1")), Value::Decimal(Decimal::Text("3.5")));
        let of = Class::Range(Box::new(Class::Decimal));
        let ends = RangeEnds { lower: Some((&one, true)), upper: Some((&three, false)) };
        assert_eq!(seen(Value::Range(Some(ends)), &of), "range: [1,3.5)");
        assert_eq!(seen(Value::Range(Some(RangeEnds { lower: None, upper: None })), &of), "range: (,)");
        assert_eq!(seen(Value::Range(None), &of), "range: empty");
    }

    #[test]
    fn arrays_keep_their_form() {
        let of = Class::Array(Box::new(Class::Text));
        let (a, null) = (Value::Text(b"a\"b"), Value::Null);
        assert_eq!(seen(Value::Array(&[(2, 1)], &[a, null]), &of), r#"array: {"a\"b",NULL}"#);
        assert_eq!(seen(Value::Array(&[(1, 1)], &[Value::Text(b"NULL")]), &of), r#"array: {"NULL"}"#);
        assert_eq!(seen(Value::Array(&[(1, 1), (2, 0)], &[null, null]), &of), "array: [1:1][0:1]={NULL,NULL}");
    }

    #[test]
    fn kinds_tell_apart_what_has_one_text() {
        assert_eq!(seen(Value::Integer(1), &Class::Integer), "integer: 1");
        assert_eq!(seen(Value::Text(b"1"), &Class::Integer), "text: 1");
        assert_eq!(seen(Value::Text(&[0xff]), &Class::Text), "bytes of a text: 0xff");
        assert_eq!(seen(Value::Null, &Class::Text), "NULL");
    }

    #[test]
    fn a_torn_row_is_an_error() {
        let mut bytes = Vec::new();
        write(&mut bytes, &Value::Json(b"[1,[2,{\"a\":3}]]"), &Class::Json);
        assert!((1..bytes.len()).all(|length| row(&bytes[..length]).is_err()));
    }
}
