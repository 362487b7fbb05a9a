//! A value as MySQL and MariaDB take it: bound to a statement, and as a literal of their SQL.
//!
//! What has no such form is an error and never something near it; what a column would round or cut is seen when the
//! row is read again. Tests: below, and `tests/it/repair.rs` of `segue-sim`.

use mysql_async::Value as Wire;
use segue_engine::EngineError;
use segue_engine::quote;
use segue_engine::rows::apply::{hex, no_form};
use segue_engine::rows::{Datum, Day, Moment, parse};

use crate::rows::Form;

/// What stands in a statement for a value, and what is bound to it, if anything is.
pub(super) fn bound(datum: &Datum, column: &str, form: Option<&Form>) -> Result<(String, Option<Wire>), EngineError> {
    let wire = match (datum, form) {
        (Datum::Null, _) => Wire::NULL,
        (Datum::Boolean(truth), _) => Wire::Int(i64::from(*truth)),
        (Datum::Integer(number), _) => match (i64::try_from(*number), u64::try_from(*number)) {
            (Ok(number), _) => Wire::Int(number),
            (_, Ok(number)) => Wire::UInt(number),
            _ => Wire::Bytes(number.to_string().into_bytes()),
        },
        (Datum::Float(number), _) if number.is_finite() => Wire::Double(*number),
        (Datum::Uuid(uuid), Some(Form::Bytes | Form::FixedBytes(_))) => Wire::Bytes(uuid.to_vec()),
        (Datum::Bits(count, bits), _) => Wire::UInt(number_of(*count, bits).ok_or_else(|| no_form(column))?),
        (Datum::Bytes(bytes), _) => Wire::Bytes(bytes.clone()),
        // A parameter would be a text, and a geometry is not made of one.
        (Datum::Geometry(..), _) => return Ok((literal(datum, column)?, None)),
        (other, _) => Wire::Bytes(text(other, column)?.into_bytes()),
    };
    Ok(("?".to_owned(), Some(wire)))
}

fn number_of(count: u32, bits: &[u8]) -> Option<u64> {
    if count > 64 { None } else { u64::try_from(parse_bits(count, bits)).ok() }
}

/// The number of so many bits, the first the highest of the first byte.
fn parse_bits(count: u32, bits: &[u8]) -> u128 {
    (0..count as usize).fold(0, |sum, at| (sum << 1) | u128::from(bits.get(at / 8).is_some_and(|byte| byte & (0x80 >> (at % 8)) != 0)))
}

/// The text of a value that goes as one.
fn text(datum: &Datum, column: &str) -> Result<String, EngineError> {
    let utf8 = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| no_form(column));
    // Years that the server has.
    let in_calendar = |day: i64| {
        let (year, ..) = parse::day_parts(i32::try_from(day).unwrap_or(i32::MAX));
        (0..=9999).contains(&year)
    };
    match datum {
        Datum::Text(bytes) | Datum::JsonText(bytes) | Datum::Own(bytes) => utf8(bytes),
        Datum::Decimal(number) if number.bytes().any(|byte| byte.is_ascii_digit()) => Ok(number.clone()),
        Datum::Date(Day::Number(day)) if in_calendar(i64::from(*day)) => Ok(datum.show()),
        Datum::Timestamp(Moment::Micros(micros)) | Datum::Instant(Moment::Micros(micros))
            if in_calendar(micros.div_euclid(parse::DAY_MICROS)) =>
        {
            Ok(datum.show().trim_end_matches('Z').to_owned())
        }
        Datum::Timestamp(Moment::Unreal { .. }) | Datum::Instant(Moment::Unreal { .. }) => {
            Ok(datum.show().trim_end_matches('Z').to_owned())
        }
        Datum::Date(Day::Unreal { .. }) | Datum::Time(_) | Datum::Uuid(_) => Ok(datum.show()),
        // The set of the empty label alone has no text of its own: it would be written as the empty set.
        Datum::Set(labels) if !matches!(&labels[..], [Datum::Text(label)] if label.is_empty()) => {
            utf8(labels.iter().map(Datum::show).collect::<Vec<_>>().join(",").as_bytes())
        }
        // Its types of addresses have no prefix.
        Datum::Network(address, prefix, false) if usize::from(*prefix) == address.len() * 8 => {
            Ok(datum.show().split('/').next().unwrap_or_default().to_owned())
        }
        _ => Err(no_form(column)),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    format!("X'{}'", hex(bytes))
}

fn quoted(text: &str) -> String {
    // A NUL would cut the statement short.
    if text.contains('\0') {
        return format!("_utf8mb4 {}", hexadecimal(text.as_bytes()));
    }
    // Line breaks are spelt out: an editor or a client might change them, and each statement is one line.
    quote::backslash_text(text).replace('\n', "\\n").replace('\r', "\\r")
}

/// As a literal.
pub(super) fn literal(datum: &Datum, column: &str) -> Result<String, EngineError> {
    Ok(match datum {
        Datum::Null => "NULL".to_owned(),
        Datum::Boolean(truth) => u8::from(*truth).to_string(),
        Datum::Integer(number) => number.to_string(),
        Datum::Float(number) if number.is_finite() => format!("{number:e}"),
        Datum::Bits(count, bits) => number_of(*count, bits).ok_or_else(|| no_form(column))?.to_string(),
        Datum::Bytes(bytes) => hexadecimal(bytes),
        Datum::Geometry(srid, wkb) => format!("ST_GeomFromWKB({}, {srid})", hexadecimal(wkb)),
        Datum::Decimal(_) => text(datum, column)?,
        other => quoted(&text(other, column)?),
    })
}

/// That a column has exactly this value. `indexed`: with a condition besides that an index can answer.
pub(super) fn has(column: &str, datum: &Datum, indexed: bool) -> Result<String, EngineError> {
    let (name, literal) = (quote::backtick(column), literal(datum, column)?);
    Ok(match datum {
        Datum::Null => format!("{name} IS NULL"),
        // By its bytes: a collation may call two texts equal.
        Datum::Text(_) | Datum::JsonText(_) | Datum::Own(_) => {
            let exact = format!("CAST(CONVERT({name} USING utf8mb4) AS BINARY) <=> CAST({literal} AS BINARY)");
            if indexed { format!("{name} <=> {literal} AND {exact}") } else { exact }
        }
        Datum::Bits(..) => format!("{name} + 0 <=> {literal}"),
        Datum::Set(labels) => {
            let mut all = vec![format!("CHAR_LENGTH({name}) = CHAR_LENGTH({literal})")];
            for label in labels {
                all.push(format!("FIND_IN_SET({}, {name}) > 0", quoted(&label.show())));
            }
            all.join(" AND ")
        }
        Datum::Geometry(_, wkb) => format!("ST_AsBinary({name}) <=> {}", hexadecimal(wkb)),
        _ => format!("{name} <=> {literal}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_cannot_say_is_an_error() {
        let unsayable = [
            Datum::Float(f64::NAN),
            Datum::Decimal("NaN".to_owned()),
            Datum::Date(Day::Late),
            Datum::Date(Day::Number(4_000_000)),
            Datum::Interval(1, 2, 3),
            Datum::Array(vec![], vec![]),
            Datum::Text(vec![0xff]),
            Datum::Network(vec![10, 0, 0, 0], 8, true),
            Datum::NoLabel,
            Datum::Set(vec![Datum::Text(Vec::new())]),
        ];
        for datum in unsayable {
            assert_eq!(literal(&datum, "c").expect_err("no form").code, "SG-FIX-012", "{}", datum.show());
            assert!(bound(&datum, "c", None).is_err());
        }
    }

    #[test]
    fn literals_are_quoted() {
        assert_eq!(literal(&Datum::Text(b"it's \\ \n".to_vec()), "c").expect("a literal"), "'it''s \\\\ \\n'");
        assert_eq!(literal(&Datum::Text(vec![b'a', 0]), "c").expect("a literal"), "_utf8mb4 X'6100'");
        assert_eq!(literal(&Datum::Bits(9, vec![0x80, 0x80]), "c").expect("a literal"), "257");
        assert_eq!(literal(&Datum::Instant(Moment::Micros(0)), "c").expect("a literal"), "'1970-01-01 00:00:00'");
        assert_eq!(has("a`b", &Datum::Integer(1), true).expect("a condition"), "`a``b` <=> 1");
    }
}
