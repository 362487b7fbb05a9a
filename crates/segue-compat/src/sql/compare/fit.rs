//! Two types related: does every old value fit the new type, and back, with a value that proves it where one does not.
//!
//! A value "fits" when the server takes it and gives the same value back: a number that it rounds or a text that it cuts
//! does not fit. Witnesses are put to servers in `tests/it/sql/compare.rs` (SQLite) and in the engines' own tests.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::kind::Kind;
use crate::policy::Relation;
use crate::shape::Number;

/// What about a type changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// How large numbers get.
    Range,
    /// Whether numbers go below zero.
    Sign,
    /// How long texts and bytes get.
    Length,
    /// Digits that are kept.
    Precision,
    /// Exact or floating point.
    Exactness,
    /// Filled up or not.
    Padding,
    /// A moment or a local time.
    Zone,
    /// `json` or `jsonb`.
    JsonForm,
    /// Labels of an enum or set.
    Labels,
    /// Only the order of labels.
    LabelOrder,
    /// What SQLite converts to.
    Affinity,
    /// Something else entirely.
    Kind,
}

/// How two types relate.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// What changed.
    pub what: What,
    /// What became of the set of values.
    pub relation: Relation,
    /// A value that only the old type keeps.
    pub only_old: Option<Value>,
    /// A value that only the new type keeps.
    pub only_new: Option<Value>,
    /// An application reads the values in the same form.
    pub same_form: bool,
}

impl Fit {
    /// Rows that are there may not fit.
    pub fn loses(&self) -> bool {
        matches!(self.relation, Relation::Narrowed | Relation::Changed | Relation::Undecided) && self.only_old.is_some()
    }
}

/// Relates two kinds that are not equal.
pub fn relate(old: &Kind, new: &Kind) -> Fit {
    match (old, new) {
        (Kind::Array(a), Kind::Array(b)) => {
            let inner = relate(a, b);
            let wrap = |value: Option<Value>| value.map(|value| json!([value]));
            Fit { only_old: wrap(inner.only_old), only_new: wrap(inner.only_new), ..inner }
        }
        (Kind::Enum(a), Kind::Enum(b)) | (Kind::Set(a), Kind::Set(b)) => labels(a, b),
        (Kind::Affinity(_), _) | (_, Kind::Affinity(_)) => affinities(old, new),
        _ => {
            let (what, same_form) = what(old, new);
            let (only_old, only_new) = (outside(old, new), outside(new, old));
            let relation = match (&only_old, &only_new) {
                (Out::Nothing, Out::Nothing) => Relation::Equal,
                (Out::Unknown, _) | (_, Out::Unknown) => Relation::Undecided,
                (_, Out::Nothing) => Relation::Narrowed,
                (Out::Nothing, _) => Relation::Widened,
                _ => Relation::Changed,
            };
            Fit { what, relation, only_old: only_old.value(), only_new: only_new.value(), same_form }
        }
    }
}

/// What one type keeps and the other does not.
enum Out {
    Nothing,
    Some(Value),
    /// There may be something.
    Unknown,
}

impl Out {
    fn value(self) -> Option<Value> {
        match self {
            Self::Some(value) => Some(value),
            Self::Nothing | Self::Unknown => None,
        }
    }

    fn when(is: bool, value: impl FnOnce() -> Value) -> Self {
        if is { Self::Some(value()) } else { Self::Nothing }
    }
}

fn what(old: &Kind, new: &Kind) -> (What, bool) {
    use Kind::{Bytes, Date, Decimal, Enum, Float, Integer, Json, Set, Text, Time, Timestamp};
    match (old, new) {
        (Integer { min: a, .. }, Integer { min: b, .. }) => (if (*a < 0) == (*b < 0) { What::Range } else { What::Sign }, true),
        (Decimal { unsigned: a, .. }, Decimal { unsigned: b, .. }) if a != b => (What::Sign, true),
        (Decimal { .. }, Decimal { .. }) | (Float { .. }, Float { .. }) => (What::Precision, true),
        (Decimal { .. } | Integer { .. }, Float { .. }) | (Float { .. }, Decimal { .. } | Integer { .. }) => (What::Exactness, false),
        (Integer { .. }, Decimal { .. }) | (Decimal { .. }, Integer { .. }) | (Date, Timestamp { .. }) | (Timestamp { .. }, Date) => {
            (What::Precision, false)
        }
        (Text { padded: a, .. }, Text { padded: b, .. }) | (Bytes { padded: a, .. }, Bytes { padded: b, .. }) => {
            (if a == b { What::Length } else { What::Padding }, true)
        }
        (Text { .. }, Enum(_) | Set(_)) | (Enum(_) | Set(_), Text { .. }) => (What::Labels, true),
        (Timestamp { zone: a, .. }, Timestamp { zone: b, .. }) | (Time { zone: a, .. }, Time { zone: b, .. }) => {
            if a == b {
                (What::Precision, true)
            } else {
                (What::Zone, false)
            }
        }
        (Json { .. }, Json { .. }) => (What::JsonForm, true),
        _ => (What::Kind, false),
    }
}

/// A value of the first that the second does not keep.
fn outside(from: &Kind, to: &Kind) -> Out {
    use Kind::{Boolean, Bytes, Date, Decimal, Enum, Float, Integer, Json, Set, Text, Time, Timestamp, Uuid};
    match (from, to) {
        (Integer { min: a, max: b }, Integer { min: c, max: d }) => {
            Out::when(b > d || a < c, || number(Number::whole(if b > d { *b } else { *a })))
        }
        (Integer { min, max }, Decimal { precision, scale, unsigned }) => {
            let fits = precision.is_none_or(|p| digits_of((*max).max(min.saturating_neg())) <= p.saturating_sub(*scale));
            Out::when(!fits || (*unsigned && *min < 0), || number(Number::whole(if fits { *min } else { *max })))
        }
        (Decimal { precision, scale, unsigned }, Integer { min, max }) => {
            decimal_outside_integer((*precision, *scale, *unsigned), *min, *max)
        }
        (Decimal { .. }, Decimal { .. }) => decimals(from, to),
        (Integer { max, .. }, Float { bits }) => {
            let limit = 1_i128 << if *bits == 32 { 24 } else { 53 };
            Out::when(*max > limit, || number(Number::whole(limit + 1)))
        }
        (Decimal { precision: Some(p), scale: 0, .. }, Float { bits }) => {
            // So many digits are kept whole; 2^24 and 2^53 are the first that are not.
            let limit = 1_i128 << if *bits == 32 { 24 } else { 53 };
            Out::when(power(*p).is_none_or(|largest| largest > limit + 1), || number(Number::whole(limit + 1)))
        }
        (Decimal { .. }, Float { .. }) => Out::Some(json!(0.1)),
        (Float { bits: a }, Float { bits: b }) => Out::when(a > b, || json!(16_777_217)),
        (Float { .. }, Integer { .. }) => Out::Some(json!(0.5)),
        (Float { .. }, Decimal { precision: Some(_), .. }) => Out::Some(json!(1e-30)),
        (Text { .. }, Text { .. }) => texts(from, to),
        (Bytes { max: a, padded: p, .. }, Bytes { max: b, padded: q }) => match (a, b) {
            (_, Some(b)) if a.is_none_or(|a| a > *b) => long(*b),
            // A shorter value comes back longer.
            _ if *q && (!*p || a < b) => Out::Some(json!("a")),
            _ => Out::Nothing,
        },
        (Text { .. }, Enum(labels) | Set(labels)) => misfit(from, &[&foreign(labels, "segue"), &foreign(labels, "a")]),
        (Enum(labels), Text { .. }) => {
            labels.iter().find(|label| !text_takes(to, label)).map_or(Out::Nothing, |label| Out::Some(json!(label)))
        }
        (Set(labels), Text { .. }) => {
            let all = labels.join(",");
            Out::when(!text_takes(to, &all), || json!(all))
        }
        (Timestamp { digits: a, short: p, .. }, Timestamp { digits: b, short: q, .. }) => {
            if *q && !*p {
                Out::Some(json!("2099-12-31 23:59:59"))
            } else {
                Out::when(a > b, || json!(format!("2001-02-03 04:05:06.{}", "123456".get(..*a as usize).unwrap_or("123456"))))
            }
        }
        (Time { digits: a, .. }, Time { digits: b, .. }) => {
            Out::when(a > b, || json!(format!("04:05:06.{}", "123456".get(..*a as usize).unwrap_or("123456"))))
        }
        (Timestamp { .. }, Date) => Out::Some(json!("2001-02-03 04:05:06")),
        (Date, Timestamp { short, .. }) => Out::when(*short, || json!("2099-12-31")),
        (Json { binary: false }, Json { binary: true }) => Out::Some(json!("{\"a\": 1, \"a\": 2}")),
        (Json { binary: true }, Json { binary: false }) | (Boolean, Integer { .. }) => Out::Nothing,
        (Text { .. }, Json { .. }) => misfit(from, &["not json", "a"]),
        (Text { .. }, Uuid) => misfit(from, &["not a uuid", "a"]),
        (Text { .. }, Integer { .. } | Decimal { .. } | Float { .. } | Boolean | Date | Time { .. } | Timestamp { .. }) => {
            misfit(from, &["segue", "a"])
        }
        (Integer { .. } | Boolean | Uuid | Date | Decimal { .. }, Text { .. }) => whole_text(from, to),
        (Json { .. }, Text { max, .. }) if max.is_none_or(|max| max > 16_777_215) => Out::Nothing,
        (Integer { .. }, Boolean) => Out::Some(json!(2)),
        _ => Out::Unknown,
    }
}

fn number(value: Number) -> Value {
    value.json()
}

fn digits_of(value: i128) -> u32 {
    value.unsigned_abs().checked_ilog10().map_or(1, |log| log + 1)
}

fn power(digits: u32) -> Option<i128> {
    10_i128.checked_pow(digits)
}

fn decimal_outside_integer((precision, scale, unsigned): (Option<u32>, u32, bool), min: i128, max: i128) -> Out {
    let Some(precision) = precision else { return Out::Some(json!(0.5)) };
    if scale > 0 && precision >= scale {
        return Out::Some(number(Number::scaled(5, 1)));
    }
    let Some(largest) = power(precision).map(|limit| limit - 1) else { return Out::Unknown };
    if largest > max {
        return Out::Some(number(Number::whole(largest)));
    }
    Out::when(!unsigned && -largest < min, || number(Number::whole(-1)))
}

fn decimals(from: &Kind, to: &Kind) -> Out {
    let (
        Kind::Decimal { precision: had, scale: had_scale, unsigned: was_unsigned },
        Kind::Decimal { precision: has, scale: has_scale, unsigned: is_unsigned },
    ) = (from, to)
    else {
        return Out::Unknown;
    };
    let below_zero = *is_unsigned && !was_unsigned;
    let Some(has) = *has else { return Out::when(below_zero, || json!(-1)) };
    let Some(had) = *had else {
        return power(has).map_or(Out::Unknown, |limit| Out::Some(number(Number::whole(limit))));
    };
    if had_scale > has_scale {
        // One more digit behind the point than is kept.
        return i32::try_from(has_scale + 1).map_or(Out::Unknown, |scale| Out::Some(number(Number::scaled(1, scale))));
    }
    let whole = |precision: u32, scale: u32| precision.saturating_sub(scale);
    if whole(had, *had_scale) > whole(has, *has_scale) {
        return power(whole(has, *has_scale)).map_or(Out::Unknown, |limit| Out::Some(number(Number::whole(limit))));
    }
    Out::when(below_zero, || json!(-1))
}

/// A text longer than the limit; none where it would be too long to show.
fn long(limit: u64) -> Out {
    match usize::try_from(limit) {
        Ok(limit) if limit <= 70_000 => Out::Some(json!("a".repeat(limit + 1))),
        _ => Out::Unknown,
    }
}

fn texts(from: &Kind, to: &Kind) -> Out {
    let (Kind::Text { max: had, bytes: in_bytes, padded: was_padded }, Kind::Text { max: has, bytes: of_bytes, padded: is_padded }) =
        (from, to)
    else {
        return Out::Unknown;
    };
    if let Some(limit) = *has {
        // A character has four bytes at most.
        let longest = if *of_bytes && !in_bytes { had.map(|had| had.saturating_mul(4)) } else { *had };
        if longest.is_none_or(|longest| longest > limit) {
            if !*in_bytes && *of_bytes && had.is_some_and(|had| had <= limit) {
                let letters = usize::try_from(limit / 4 + 1).unwrap_or(1);
                return if letters <= 20_000 { Out::Some(json!("\u{1F600}".repeat(letters))) } else { Out::Unknown };
            }
            return long(limit);
        }
    }
    // Spaces at the end do not come back from a padded column.
    Out::when(*is_padded && !*was_padded, || json!("a "))
}

fn text_takes(kind: &Kind, text: &str) -> bool {
    match kind {
        Kind::Text { max: Some(max), bytes, .. } => {
            let length = if *bytes { text.len() } else { text.chars().count() };
            u64::try_from(length).is_ok_and(|length| length <= *max)
        }
        _ => true,
    }
}

/// A label that is none of these.
fn foreign(labels: &[String], begin: &str) -> String {
    let mut label = begin.to_owned();
    while labels.contains(&label) {
        label.push('_');
    }
    label
}

/// Whether the longest value of a kind, written as text, fits.
fn whole_text(from: &Kind, to: &Kind) -> Out {
    let longest = match from {
        Kind::Integer { min, max } => if min.to_string().len() > max.to_string().len() { min } else { max }.to_string(),
        Kind::Boolean => "false".to_owned(),
        Kind::Uuid => "00000000-0000-4000-8000-000000000000".to_owned(),
        Kind::Date => "2001-02-03".to_owned(),
        Kind::Decimal { precision: Some(precision), scale, unsigned } => longest_decimal(*precision, *scale, *unsigned),
        _ => return Out::when(matches!(to, Kind::Text { max: Some(_), .. }), || json!("9".repeat(100))),
    };
    Out::when(!text_takes(to, &longest), || json!(longest))
}

/// The value of a decimal type that takes the most letters: below zero, and all its digits.
fn longest_decimal(precision: u32, scale: u32, unsigned: bool) -> String {
    let (precision, scale) = (precision.min(1000) as usize, scale.min(1000) as usize);
    let sign = if unsigned { "" } else { "-" };
    let whole = if precision > scale { "9".repeat(precision - scale) } else { "0".to_owned() };
    let point = if scale == 0 { "" } else { "." };
    let behind = "0".repeat(scale.saturating_sub(precision)) + &"9".repeat(precision.min(scale));
    format!("{sign}{whole}{point}{behind}")
}

/// A text that is nothing of the other kind, where the column takes one so long.
fn misfit(from: &Kind, texts: &[&str]) -> Out {
    texts.iter().find(|text| text_takes(from, text)).map_or(Out::Unknown, |text| Out::Some(json!(text)))
}

fn labels(old: &[String], new: &[String]) -> Fit {
    let missing = |a: &[String], b: &[String]| {
        let known: BTreeSet<&String> = b.iter().collect();
        a.iter().find(|label| !known.contains(label)).map(|label| json!(label))
    };
    let (only_old, only_new) = (missing(old, new), missing(new, old));
    let relation = match (&only_old, &only_new) {
        (None, None) => Relation::Equal,
        (Some(_), None) => Relation::Narrowed,
        (None, Some(_)) => Relation::Widened,
        (Some(_), Some(_)) => Relation::Changed,
    };
    let what = if relation == Relation::Equal { What::LabelOrder } else { What::Labels };
    Fit { what, relation, only_old, only_new, same_form: true }
}

/// SQLite takes anything anywhere but in STRICT tables; an affinity says what a value becomes.
fn affinities(old: &Kind, new: &Kind) -> Fit {
    let binds = |kind: &Kind| !matches!(kind, Kind::Affinity(_));
    let refused = |kind: &Kind| match kind {
        Kind::Text { .. } | Kind::Bytes { .. } | Kind::Affinity(_) => None,
        _ => Some(json!("segue")),
    };
    let (relation, only_old, only_new) = match (binds(old), binds(new)) {
        (false, true) => (Relation::Narrowed, refused(new), None),
        (true, false) => (Relation::Widened, None, refused(old)),
        _ => (Relation::Changed, None, None),
    };
    Fit { what: What::Affinity, relation, only_old, only_new, same_form: false }
}

#[cfg(test)]
mod tests {
    use super::super::super::Dialect;
    use super::*;

    #[test]
    fn every_relation_has_its_opposite() {
        let types = [
            "smallint",
            "integer",
            "bigint",
            "numeric",
            "numeric(5)",
            "numeric(12,2)",
            "numeric(12,4)",
            "numeric(8,2)",
            "real",
            "double precision",
            "boolean",
            "text",
            "varchar(10)",
            "varchar(20)",
            "char(10)",
            "date",
            "timestamp",
            "timestamp(3)",
            "timestamptz",
            "uuid",
            "json",
            "jsonb",
            "bytea",
            "money",
            "text[]",
            "integer[]",
        ];
        for a in types {
            for b in types {
                let (a, b) = (Kind::parse(a, Dialect::Postgres), Kind::parse(b, Dialect::Postgres));
                if a == b {
                    continue;
                }
                let (there, back) = (relate(&a, &b), relate(&b, &a));
                assert_eq!(there.relation, back.relation.swapped(), "{a:?} {b:?}");
                assert_eq!((&there.only_old, &there.only_new), (&back.only_new, &back.only_old));
                assert_eq!((there.what, there.same_form), (back.what, back.same_form), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn witnesses_are_at_the_edge() {
        let of = |a: &str, b: &str, dialect| {
            let fit = relate(&Kind::parse(a, dialect), &Kind::parse(b, dialect));
            (fit.relation, fit.only_old, fit.only_new)
        };
        assert_eq!(of("integer", "bigint", Dialect::Postgres), (Relation::Widened, None, Some(json!(9_223_372_036_854_775_807_i64))));
        assert_eq!(
            of("numeric(12,4)", "numeric(12,2)", Dialect::Postgres),
            (Relation::Changed, Some(json!(0.001)), Some(json!(100_000_000)))
        );
        assert_eq!(
            of("int unsigned", "int", Dialect::Mysql),
            (Relation::Changed, Some(json!(4_294_967_295_u32)), Some(json!(-2_147_483_648_i64)))
        );
        assert_eq!(of("varchar(3)", "varchar(2)", Dialect::Mysql).1, Some(json!("aaa")));
        assert_eq!(of("varchar(255)", "text", Dialect::Mysql).0, Relation::Widened);
        assert_eq!(of("varchar(255)", "tinytext", Dialect::Mysql).0, Relation::Narrowed);
    }
}
