//! A value as the text that PostgreSQL's own input functions take.
//!
//! The text is exact; what a column would round, cut or coerce is seen when the row is read again. What has no such
//! text is an error and never something near it. Tests: below, and `tests/it/repair.rs` of `segue-sim`.

use segue_engine::EngineError;
use segue_engine::rows::apply::{hex, no_form};
use segue_engine::rows::{Datum, Day, Moment, parse};

const DAY_MICROS: i64 = 86_400_000_000;

/// The text of a value for a column of this type (its bare name, where it is known); `None` is NULL.
pub(super) fn text(datum: &Datum, column: &str, type_name: Option<&str>) -> Result<Option<String>, EngineError> {
    let number = type_name.is_some_and(|name| matches!(name, "int2" | "int4" | "int8" | "numeric" | "float4" | "float8" | "oid"));
    let bits = type_name.is_some_and(|name| matches!(name, "bit" | "varbit"));
    let array = type_name.is_some_and(|name| name.starts_with('_'));
    Ok(Some(match datum {
        Datum::Null => return Ok(None),
        Datum::Boolean(truth) if number || bits => u8::from(*truth).to_string(),
        Datum::Boolean(truth) => truth.to_string(),
        Datum::Set(labels) if array => array_text(&[(i32::try_from(labels.len()).unwrap_or(i32::MAX), 1)], labels, column)?,
        Datum::Array(dimensions, elements) => array_text(dimensions, elements, column)?,
        other => plain(other, column)?,
    }))
}

fn plain(datum: &Datum, column: &str) -> Result<String, EngineError> {
    let utf8 = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok().filter(|text| !text.contains('\0')).ok_or_else(|| no_form(column));
    Ok(match datum {
        Datum::Integer(_)
        | Datum::Decimal(_)
        | Datum::Uuid(_)
        | Datum::Bits(..)
        | Datum::Network(..)
        | Datum::Boolean(_)
        | Datum::Time(_) => datum.show(),
        Datum::Float(number) if number.is_nan() => "NaN".to_owned(),
        Datum::Float(number) if number.is_infinite() => if *number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned(),
        Datum::Float(number) => format!("{number:?}"),
        Datum::Text(bytes) | Datum::JsonText(bytes) | Datum::Own(bytes) => utf8(bytes)?,
        Datum::Set(_) => utf8(datum.show().as_bytes())?,
        Datum::Bytes(bytes) => format!("\\x{}", hex(bytes)),
        Datum::Date(day) => date(*day).ok_or_else(|| no_form(column))?,
        Datum::TimeZoned(micros, west) => format!("{}{}", Datum::Time(*micros).show(), zone(*west)),
        Datum::Timestamp(at) => moment(*at, "").ok_or_else(|| no_form(column))?,
        Datum::Instant(at) => moment(*at, "+00").ok_or_else(|| no_form(column))?,
        Datum::Interval(months, days, micros) => format!("{months} mons {days} days {}", Datum::Time(*micros).show()),
        Datum::Geometry(srid, wkb) => extended(*srid, wkb).map(|wkb| hex(&wkb)).ok_or_else(|| no_form(column))?,
        Datum::Null | Datum::Array(..) | Datum::NoLabel | Datum::Compared(_) => return Err(no_form(column)),
    })
}

/// Seconds west of UTC as an offset east of it.
fn zone(west: i32) -> String {
    let (sign, all) = if west > 0 { ('-', west) } else { ('+', west.saturating_neg()) };
    format!("{sign}{:02}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60)
}

/// `2026-11-21`, and ` BC` behind it where the year is.
fn day(number: i32) -> (String, &'static str) {
    let (year, month, day) = parse::day_parts(number);
    let (year, era) = if year <= 0 { (1 - year, " BC") } else { (year, "") };
    (format!("{year:04}-{month:02}-{day:02}"), era)
}

fn date(at: Day) -> Option<String> {
    match at {
        Day::Early => Some("-infinity".to_owned()),
        Day::Late => Some("infinity".to_owned()),
        Day::Unreal { .. } => None,
        Day::Number(number) => Some({
            let (text, era) = day(number);
            format!("{text}{era}")
        }),
    }
}

fn moment(at: Moment, zone: &str) -> Option<String> {
    match at {
        Moment::Early => Some("-infinity".to_owned()),
        Moment::Late => Some("infinity".to_owned()),
        Moment::Unreal { .. } => None,
        Moment::Micros(micros) => {
            let (text, era) = day(i32::try_from(micros.div_euclid(DAY_MICROS)).ok()?);
            Some(format!("{text} {}{zone}{era}", Datum::Time(micros.rem_euclid(DAY_MICROS)).show()))
        }
    }
}

/// Well-known binary with its SRID in it, as PostGIS reads it.
fn extended(srid: u32, wkb: &[u8]) -> Option<Vec<u8>> {
    if srid == 0 {
        return Some(wkb.to_vec());
    }
    let (head, rest) = wkb.split_at_checked(5)?;
    let kind = <[u8; 4]>::try_from(&head[1..]).ok()?;
    let flagged = if head[0] == 1 {
        (u32::from_le_bytes(kind) | 0x2000_0000).to_le_bytes()
    } else {
        (u32::from_be_bytes(kind) | 0x2000_0000).to_be_bytes()
    };
    let srid = if head[0] == 1 { srid.to_le_bytes() } else { srid.to_be_bytes() };
    Some([&head[..1], &flagged, &srid, rest].concat())
}

/// `[0:1]={"a",NULL}`: lower bounds are part of the value.
fn array_text(dimensions: &[(i32, i32)], elements: &[Datum], column: &str) -> Result<String, EngineError> {
    if dimensions.is_empty() || elements.is_empty() {
        return Ok("{}".to_owned());
    }
    let bound = |(length, lower): &(i32, i32)| format!("[{lower}:{}]", i64::from(*lower) + i64::from(*length) - 1);
    let bounds = dimensions.iter().map(bound).collect::<Vec<_>>().concat();
    let mut texts = Vec::with_capacity(elements.len());
    for element in elements {
        texts.push(match element {
            Datum::Null => "NULL".to_owned(),
            other => format!("\"{}\"", plain(other, column)?.replace('\\', "\\\\").replace('"', "\\\"")),
        });
    }
    // The innermost dimension first: so many neighbours become one.
    for (length, _) in dimensions.iter().rev() {
        let length = usize::try_from(*length).ok().filter(|length| *length > 0).ok_or_else(|| no_form(column))?;
        texts = texts.chunks(length).map(|some| format!("{{{}}}", some.join(","))).collect();
    }
    let [whole] = texts.as_slice() else { return Err(no_form(column)) };
    Ok(format!("{bounds}={whole}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(datum: &Datum) -> String {
        text(datum, "c", None).expect("a text").expect("not null")
    }

    #[test]
    fn each_kind_has_the_text_that_the_server_reads() {
        assert_eq!(of(&Datum::Float(-0.0)), "-0.0");
        assert_eq!(of(&Datum::Float(1e300)), "1e300");
        assert_eq!(of(&Datum::Bytes(vec![0, 0xff])), "\\x00ff");
        assert_eq!(of(&Datum::Date(Day::Number(-719_529))), "0002-12-31 BC");
        assert_eq!(of(&Datum::Instant(Moment::Micros(-1))), "1969-12-31 23:59:59.999999+00");
        assert_eq!(of(&Datum::TimeZoned(0, -19_800)), "00:00:00+05:30:00");
        assert_eq!(of(&Datum::Interval(-1, 2, -1_500_000)), "-1 mons 2 days -00:00:01.5");
        assert_eq!(text(&Datum::Boolean(true), "c", Some("int2")).expect("a text"), Some("1".to_owned()));
        assert_eq!(text(&Datum::Null, "c", None).expect("null"), None);
        for datum in [Datum::Text(vec![b'a', 0]), Datum::Text(vec![0xff]), Datum::Compared("range")] {
            assert_eq!(text(&datum, "c", None).expect_err("no form").code, "SG-FIX-012");
        }
        let unreal = Moment::Unreal { year: 0, month: 0, day: 0, micros: 0 };
        assert!(text(&Datum::Timestamp(unreal), "c", None).is_err());
    }

    #[test]
    fn arrays_keep_their_bounds_and_their_quotes() {
        let texts = vec![Datum::Text(b"a\"\\,{}".to_vec()), Datum::Null, Datum::Text(b"null".to_vec()), Datum::Text(vec![])];
        assert_eq!(of(&Datum::Array(vec![(2, 1), (2, 0)], texts)), "[1:2][0:1]={{\"a\\\"\\\\,{}\",NULL},{\"null\",\"\"}}");
        assert_eq!(of(&Datum::Array(vec![], vec![])), "{}");
        assert!(text(&Datum::Array(vec![(3, 1)], vec![Datum::Null; 4]), "c", None).is_err());
    }
}
