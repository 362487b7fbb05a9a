//! Which rows are read: ranges of the first key column, and rows of given keys.
//!
//! Ranges must cut every table into parts that have no row in common and leave none out, whatever its values are. A
//! condition on keys may let more rows through, and must never leave one out: where a value has several spellings that
//! compare as one, no condition is made. Values are parameters, never text. Tests: below, and `tests/it/stream.rs`.

use mysql_async::Value as Wire;
use segue_engine::rows::parse::hex;
use segue_engine::rows::parse::{DAY_MICROS, day_parts};
use segue_engine::rows::{Class, Datum, Day, KeyRange, Moment};

use super::native::Form;

/// Something that a condition can be about: a column, or an expression of the user's.
#[derive(Debug, Clone)]
pub(crate) struct Operand {
    /// Its SQL: a quoted name, or an expression between parentheses.
    pub(crate) sql: String,
    /// Its form; `None` for an expression.
    pub(crate) form: Option<Form>,
    /// The class under which it is compared.
    pub(crate) class: Class,
}

/// SQL with its parameters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Piece {
    pub(crate) sql: String,
    pub(crate) parameters: Vec<Wire>,
}

impl Piece {
    fn bare(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), parameters: Vec::new() }
    }

    fn with(sql: impl Into<String>, parameter: Wire) -> Self {
        Self { sql: sql.into(), parameters: vec![parameter] }
    }

    /// Pieces with a word between them, in parentheses.
    fn join(pieces: Vec<Self>, between: &str) -> Self {
        let mut out = Self::default();
        let texts: Vec<String> = pieces
            .into_iter()
            .map(|piece| {
                out.parameters.extend(piece.parameters);
                piece.sql
            })
            .collect();
        out.sql = format!("({})", texts.join(between));
        out
    }
}

/// Where a bound lies.
enum Bound {
    /// Below everything that the server can hold.
    Below,
    At(Wire),
    /// Above everything.
    Above,
}

/// Rows of a range. `None`: the class has no ranges.
pub(crate) fn of_range(operand: &Operand, range: &KeyRange) -> Option<Vec<Piece>> {
    let sql = range_sql(operand)?;
    let mut out = Vec::new();
    if let Some(from) = &range.from {
        out.push(match bound(from)? {
            Bound::Below => Piece::bare(format!("{sql} IS NOT NULL")),
            Bound::At(value) => Piece::with(format!("{sql} >= ?"), value),
            Bound::Above => Piece::bare("FALSE"),
        });
    }
    if let Some(below) = &range.below {
        out.push(match (bound(below)?, range.from.is_none()) {
            (Bound::Below, true) => Piece::bare(format!("{sql} IS NULL")),
            (Bound::Below, false) => Piece::bare("FALSE"),
            // NULLs come before all values.
            (Bound::At(value), true) => Piece::with(format!("({sql} < ? OR {sql} IS NULL)"), value),
            (Bound::At(value), false) => Piece::with(format!("{sql} < ?"), value),
            (Bound::Above, true) => Piece::bare("TRUE"),
            (Bound::Above, false) => Piece::bare(format!("{sql} IS NOT NULL")),
        });
    }
    Some(out)
}

/// What the bounds are compared with. An expression is made what its class is: of what is not that, a comparison would
/// be neither true nor false, and no range would have the row; so it is a NULL, and in the first one.
pub(super) fn range_sql(operand: &Operand) -> Option<String> {
    let sql = &operand.sql;
    Some(match (&operand.class, operand.form.as_ref()) {
        (Class::Integer, Some(Form::Integer | Form::Decimal))
        | (Class::Date | Class::Timestamp | Class::Instant, Some(Form::Date | Form::Datetime | Form::Timestamp)) => sql.clone(),
        (Class::Integer, Some(Form::Year | Form::Bits(_))) => format!("({sql} + 0)"),
        (Class::Integer, _) => format!("CAST({sql} AS DECIMAL(65))"),
        (Class::Date, _) => format!("CAST({sql} AS DATE)"),
        (Class::Timestamp | Class::Instant, _) => format!("CAST({sql} AS DATETIME(6))"),
        _ => return None,
    })
}

fn bound(datum: &Datum) -> Option<Bound> {
    Some(match datum {
        Datum::Boolean(truth) => Bound::At(Wire::Int(i64::from(*truth))),
        Datum::Integer(number) => match (i64::try_from(*number), u64::try_from(*number)) {
            (Ok(number), _) => Bound::At(Wire::Int(number)),
            (_, Ok(number)) => Bound::At(Wire::UInt(number)),
            _ if *number < 0 => Bound::Below,
            _ => Bound::Above,
        },
        Datum::Date(Day::Early) | Datum::Timestamp(Moment::Early) | Datum::Instant(Moment::Early) => Bound::Below,
        Datum::Date(Day::Late) | Datum::Timestamp(Moment::Late) | Datum::Instant(Moment::Late) => Bound::Above,
        Datum::Date(day) => date(*day, 0),
        Datum::Timestamp(moment) | Datum::Instant(moment) => moment_bound(*moment),
        _ => return None,
    })
}

fn date(day: Day, micros: u64) -> Bound {
    let (year, month, day) = match day {
        Day::Number(number) => day_parts(number),
        Day::Unreal { year, month, day } => (i32::from(year), month, day),
        Day::Early => return Bound::Below,
        Day::Late => return Bound::Above,
    };
    match u16::try_from(year) {
        Ok(year) if year <= 9999 => Bound::At(wire_date(year, month, day, micros)),
        Err(_) if year < 0 => Bound::Below,
        _ => Bound::Above,
    }
}

fn moment_bound(moment: Moment) -> Bound {
    match moment {
        Moment::Early => Bound::Below,
        Moment::Late => Bound::Above,
        Moment::Unreal { year, month, day, micros } => Bound::At(wire_date(year, month, day, micros)),
        Moment::Micros(all) => {
            let day = i32::try_from(all.div_euclid(DAY_MICROS)).unwrap_or(i32::MAX);
            date(Day::Number(day), all.rem_euclid(DAY_MICROS).unsigned_abs())
        }
    }
}

fn wire_date(year: u16, month: u8, day: u8, micros: u64) -> Wire {
    let seconds = micros / 1_000_000;
    let part = |number: u64| u8::try_from(number).unwrap_or(0);
    let rest = u32::try_from(micros % 1_000_000).unwrap_or(0);
    Wire::Date(year, month, day, part(seconds / 3600), part(seconds / 60 % 60), part(seconds % 60), rest)
}

/// Rows of these keys, and perhaps others. `None`: all rows may be among them.
pub(crate) fn of_keys(operands: &[Operand], keys: &[Vec<Datum>]) -> Option<Piece> {
    if keys.is_empty() {
        return Some(Piece::bare("FALSE"));
    }
    let mut rows = Vec::new();
    for key in keys {
        let pieces: Vec<Piece> = operands.iter().zip(key).filter_map(|(operand, datum)| equal(operand, datum)).collect();
        if pieces.is_empty() {
            return None;
        }
        rows.push(Piece::join(pieces, " AND "));
    }
    Some(Piece::join(rows, " OR "))
}

/// The operand has this value. `None` where that cannot be asked without leaving a row out.
fn equal(operand: &Operand, datum: &Datum) -> Option<Piece> {
    let sql = &operand.sql;
    let is = |value: Wire| Some(Piece::with(format!("{sql} = ?"), value));
    let form = operand.form.as_ref()?;
    match (datum, form) {
        (Datum::Null, _) => Some(Piece::bare(format!("{sql} IS NULL"))),
        (Datum::Boolean(truth), Form::Integer) => is(Wire::Int(i64::from(*truth))),
        (Datum::Integer(_) | Datum::Boolean(_), Form::Integer | Form::Decimal | Form::Year | Form::Bits(_)) => {
            let asked = if matches!(form, Form::Year | Form::Bits(_)) { format!("({sql} + 0)") } else { sql.clone() };
            match bound(datum)? {
                Bound::At(value) => Some(Piece::with(format!("{asked} = ?"), value)),
                _ => Some(Piece::bare("FALSE")),
            }
        }
        // As a text it is compared as a float: near values come too, this one always.
        (Datum::Decimal(number), Form::Decimal | Form::Integer) => is(Wire::Bytes(number.clone().into_bytes())),
        (Datum::Float(number), Form::Float) => is(Wire::Double(*number)),
        (Datum::NoLabel, Form::Labels { many: false, .. }) => Some(Piece::bare(format!("{sql} + 0 = 0"))),
        (Datum::Text(text), Form::Text(charset) | Form::Labels { charset, many: false }) => {
            // Without its trailing spaces a value is found only where they do not count.
            let whole = operand.class == Class::Text || operand.class == Class::TextPadded && charset.pads();
            (whole && std::str::from_utf8(text).is_ok()).then(|| Piece::with(format!("{sql} = ?"), Wire::Bytes(text.clone())))
        }
        (Datum::Uuid(uuid), Form::Uuid) => is(Wire::Bytes(uuid_text(uuid, true).into_bytes())),
        (Datum::Uuid(uuid), Form::FixedBytes(16) | Form::Bytes) => Some(of_bytes(sql, uuid)),
        (Datum::Uuid(uuid), Form::Text(charset)) if charset.ignores_case() => {
            let forms = [true, false].map(|hyphens| Wire::Bytes(uuid_text(uuid, hyphens).into_bytes()));
            Some(Piece { sql: format!("{sql} IN (?, ?)"), parameters: forms.into() })
        }
        (Datum::Bytes(bytes), Form::FixedBytes(length)) if bytes.len() <= *length => {
            let mut whole = bytes.clone();
            whole.resize(*length, 0);
            Some(of_bytes(sql, &whole))
        }
        (Datum::Bytes(bytes), Form::Bytes) if operand.class == Class::Bytes => Some(of_bytes(sql, bytes)),
        (Datum::Date(_), Form::Date) | (Datum::Timestamp(_) | Datum::Instant(_), Form::Datetime | Form::Timestamp) => match bound(datum)? {
            Bound::At(value) => is(value),
            _ => Some(Piece::bare("FALSE")),
        },
        _ => None,
    }
}

/// Bytes travel as hexadecimal digits: a parameter is a text to the server, and must be one.
fn of_bytes(sql: &str, bytes: &[u8]) -> Piece {
    Piece::with(format!("{sql} = UNHEX(?)"), Wire::Bytes(hex(bytes).into_bytes()))
}

fn uuid_text(uuid: &[u8; 16], hyphens: bool) -> String {
    let parts = [&uuid[..4], &uuid[4..6], &uuid[6..8], &uuid[8..10], &uuid[10..]].map(hex);
    parts.join(if hyphens { "-" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::native::Charset;

    fn operand(form: Option<Form>, class: Class) -> Operand {
        Operand { sql: "`k`".to_owned(), form, class }
    }

    fn range(operand: &Operand, from: Option<Datum>, below: Option<Datum>) -> String {
        let pieces = of_range(operand, &KeyRange { from, below }).expect("it has ranges");
        pieces.iter().map(|piece| piece.sql.clone()).collect::<Vec<_>>().join(" AND ")
    }

    #[test]
    fn nulls_are_in_the_first_range_and_in_no_other() {
        let integer = operand(Some(Form::Integer), Class::Integer);
        assert_eq!(range(&integer, None, Some(Datum::Integer(5))), "(`k` < ? OR `k` IS NULL)");
        assert_eq!(range(&integer, Some(Datum::Integer(5)), Some(Datum::Integer(9))), "`k` >= ? AND `k` < ?");
        assert_eq!(range(&integer, Some(Datum::Integer(9)), None), "`k` >= ?");
        assert_eq!(range(&operand(Some(Form::Year), Class::Integer), Some(Datum::Integer(70)), None), "(`k` + 0) >= ?");
    }

    #[test]
    fn bounds_beyond_the_server_leave_no_row_out() {
        let integer = operand(Some(Form::Integer), Class::Integer);
        let huge = || Some(Datum::Integer(i128::from(u64::MAX) + 1));
        assert_eq!((range(&integer, None, huge()), range(&integer, huge(), None)), ("TRUE".to_owned(), "FALSE".to_owned()));
        let date = operand(Some(Form::Date), Class::Date);
        let early = || Some(Datum::Date(Day::Early));
        assert_eq!((range(&date, None, early()), range(&date, early(), None)), ("`k` IS NULL".to_owned(), "`k` IS NOT NULL".to_owned()));
        let before = || Some(Datum::Date(Day::Number(-800_000)));
        assert_eq!((range(&date, None, before()), range(&date, before(), None)), ("`k` IS NULL".to_owned(), "`k` IS NOT NULL".to_owned()));
        assert!(of_range(&operand(Some(Form::Bytes), Class::Bytes), &KeyRange::default()).is_none());
    }

    #[test]
    fn keys_with_several_spellings_are_not_asked_for() {
        let charset = |collation: &str| Form::Text(Charset { name: "utf8mb4".to_owned(), collation: collation.to_owned() });
        let keys = |form: Form, class: Class, datum: Datum| of_keys(&[operand(Some(form), class)], &[vec![datum]]).map(|piece| piece.sql);
        let text = || Datum::Text(b"a".to_vec());
        assert_eq!(keys(charset("utf8mb4_general_ci"), Class::Text, text()).as_deref(), Some("((`k` = ?))"));
        assert_eq!(keys(charset("utf8mb4_general_ci"), Class::TextPadded, text()).as_deref(), Some("((`k` = ?))"));
        assert_eq!(keys(charset("utf8mb4_0900_ai_ci"), Class::TextPadded, text()), None);
        assert_eq!(keys(charset("utf8mb4_bin"), Class::Text, Datum::Text(vec![0xff])), None);
        assert_eq!(keys(charset("utf8mb4_bin"), Class::Uuid, Datum::Uuid([1; 16])), None);
        assert_eq!(keys(charset("utf8mb4_general_ci"), Class::Uuid, Datum::Uuid([1; 16])).as_deref(), Some("((`k` IN (?, ?)))"));
        assert_eq!(keys(Form::Bytes, Class::BytesPadded, Datum::Bytes(vec![1])), None);
        assert_eq!(of_keys(&[], &[]).map(|piece| piece.sql).as_deref(), Some("FALSE"));
        assert_eq!(uuid_text(&[0xab; 16], true), "abababab-abab-abab-abab-abababababab");
    }
}
