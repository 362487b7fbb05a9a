//! Whether two values of two engines are the same: by their value, under the stricter of their two kinds.
//!
//! Numbers are numbers whatever type a server gives them, a moment is a moment, JSON is JSON by value; anything else
//! is the same only byte for byte. A text is read as another kind only where the other side has that kind. It must
//! never say *same* of two values because it could not read one of them. Tests: below.

use segue_engine::rows::canonical::write;
use segue_engine::rows::{Class, Datum, Decimal, Value};
use segue_model::spec::program::Tolerance;

use super::number::Exact;

/// Whether they are.
pub(super) fn same(source: &Datum, target: &Datum, tolerance: Option<Tolerance>) -> bool {
    if matches!(source, Datum::Null) || matches!(target, Datum::Null) {
        return source == target;
    }
    if is_number(source) || is_number(target) {
        return match (number(source), number(target)) {
            (Some(source), Some(target)) => Exact::within(&source, &target, tolerance),
            // NaN, infinities, what is no number: only itself.
            _ => written(source, &Class::Decimal).is_some_and(|bytes| Some(bytes) == written(target, &Class::Decimal)),
        };
    }
    let class = strictest(source, target);
    match (written(source, &class), written(target, &class)) {
        (Some(source), Some(target)) => source == target,
        _ => false,
    }
}

/// One of them says its zone and the other does not: they are compared as if both were of UTC.
pub(super) fn assumes_utc(source: &Datum, target: &Datum) -> bool {
    let (zoned, clock) = (|v: &Datum| matches!(v, Datum::Instant(_)), |v: &Datum| matches!(v, Datum::Timestamp(_) | Datum::Text(_)));
    (zoned(source) && clock(target)) || (clock(source) && zoned(target))
}

/// It is one of the kinds that are numbers.
pub(super) fn is_number(value: &Datum) -> bool {
    matches!(value, Datum::Integer(_) | Datum::Decimal(_) | Datum::Float(_))
}

/// Its value, where it is a finite number, a truth, or the text of a number.
pub(super) fn number(value: &Datum) -> Option<Exact> {
    match value {
        Datum::Boolean(truth) => Some(Exact::from(u64::from(*truth))),
        Datum::Integer(number) => Exact::parse(&number.to_string()),
        Datum::Decimal(text) => Exact::parse(text),
        Datum::Float(number) => Exact::parse(&number.to_string()),
        Datum::Text(bytes) => std::str::from_utf8(bytes).ok().and_then(Exact::parse),
        _ => None,
    }
}

/// A value that sorts rows of an answer: of the same values, whatever their kinds, the same bytes.
pub(super) fn sort_key(value: &Datum) -> Vec<u8> {
    if matches!(value, Datum::Null) {
        return vec![0];
    }
    if let Some(number) = number(value) {
        let mut out = vec![1];
        write(&mut out, &Value::Decimal(Decimal::Text(&number.show())), &Class::Decimal);
        return out;
    }
    let bytes = match value {
        // A text sorts as what it says: the other side may have it as a moment, a UUID, an address, a document.
        Datum::Text(text) => {
            let document = text.starts_with(b"{") || text.starts_with(b"[");
            let classes = [Class::Timestamp, Class::Uuid, Class::Network].into_iter().chain(document.then_some(Class::Json));
            let plain = written(value, &Class::Text);
            classes.map(|class| written(value, &class)).find(|bytes| *bytes != plain).unwrap_or(plain)
        }
        // A day is the same as its midnight on the other side.
        Datum::Date(_) | Datum::Timestamp(_) | Datum::Instant(_) => written(value, &Class::Timestamp),
        Datum::JsonText(_) => written(value, &Class::Json),
        _ => written(value, &own(value)),
    };
    [vec![2], bytes.unwrap_or_default()].concat()
}

/// The class under which two values that are no numbers are compared.
fn strictest(source: &Datum, target: &Datum) -> Class {
    let either = |is: fn(&Datum) -> bool| is(source) || is(target);
    if either(|value| matches!(value, Datum::Instant(_))) {
        Class::Instant
    } else if either(|value| matches!(value, Datum::Timestamp(_))) {
        Class::Timestamp
    } else if either(|value| matches!(value, Datum::Date(_))) {
        Class::Date
    } else if either(|value| matches!(value, Datum::Time(_))) {
        Class::Time
    } else if either(|value| matches!(value, Datum::Uuid(_))) {
        Class::Uuid
    } else if either(|value| matches!(value, Datum::JsonText(_))) {
        Class::Json
    } else if either(|value| matches!(value, Datum::Network(..))) {
        Class::Network
    } else if source.same_kind(target) {
        own(source)
    } else {
        Class::Own("two kinds".to_owned())
    }
}

fn own(value: &Datum) -> Class {
    match value {
        Datum::Boolean(_) => Class::Boolean,
        Datum::Text(_) => Class::Text,
        Datum::Bytes(_) => Class::Bytes,
        Datum::Uuid(_) => Class::Uuid,
        Datum::Network(..) => Class::Network,
        Datum::Time(_) => Class::Time,
        _ => Class::Own("own".to_owned()),
    }
}

/// The canonical bytes of a value under a class; `None` for a kind that cannot be written again.
fn written(value: &Datum, class: &Class) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let value = match value {
        Datum::Null => Value::Null,
        Datum::Boolean(truth) => Value::Boolean(*truth),
        Datum::Integer(number) => Value::Integer(*number),
        Datum::Decimal(text) => Value::Decimal(match text.as_str() {
            "NaN" => Decimal::NaN,
            "Infinity" => Decimal::Late,
            "-Infinity" => Decimal::Early,
            digits => Decimal::Text(digits),
        }),
        Datum::Float(number) => Value::Float64(*number),
        Datum::Text(bytes) => Value::Text(bytes),
        Datum::Bytes(bytes) => Value::Bytes(bytes),
        Datum::Date(day) => Value::Date(*day),
        Datum::Time(micros) => Value::Time(*micros),
        Datum::Timestamp(moment) => Value::Timestamp(*moment),
        Datum::Instant(moment) => Value::Instant(*moment),
        Datum::Uuid(uuid) => Value::Uuid(*uuid),
        Datum::JsonText(text) => Value::Json(text),
        Datum::Bits(count, bits) => Value::Bits(*count, bits),
        Datum::Network(address, prefix, network) => Value::Network(address, *prefix, *network),
        Datum::Own(text) => Value::Own(text),
        _ => return None,
    };
    write(&mut out, &value, class);
    Some(out)
}

/// Whether two values are of one kind.
trait Kind {
    fn same_kind(&self, other: &Self) -> bool;
}

impl Kind for Datum {
    fn same_kind(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

#[cfg(test)]
mod tests {
    use segue_engine::rows::{Day, Moment};

    use super::*;

    fn text(text: &str) -> Datum {
        Datum::Text(text.as_bytes().to_vec())
    }

    fn decimal(text: &str) -> Datum {
        Datum::Decimal(text.to_owned())
    }

    #[test]
    fn what_is_the_same_across_engines() {
        let midnight = Datum::Timestamp(Moment::Micros(0));
        for (a, b) in [
            (Datum::Null, Datum::Null),
            (Datum::Integer(12), decimal("12")),
            (Datum::Integer(1), Datum::Boolean(true)),
            (Datum::Float(0.1), decimal("0.1")),
            (decimal("NaN"), Datum::Float(f64::NAN)),
            (text("12.50"), decimal("12.5")),
            (Datum::Date(Day::Number(0)), midnight.clone()),
            (Datum::Date(Day::Number(0)), text("1970-01-01")),
            (midnight.clone(), Datum::Instant(Moment::Micros(0))),
            (text("1970-01-01 00:00:00"), Datum::Instant(Moment::Micros(0))),
            (Datum::JsonText(b"{\"a\":1,\"b\":2}".to_vec()), text("{\"b\": 2, \"a\": 1.0}")),
            (text("a"), text("a")),
        ] {
            assert!(same(&a, &b, None) && same(&b, &a, None), "{} {}", a.show(), b.show());
        }
    }

    #[test]
    fn what_is_not() {
        for (a, b) in [
            (Datum::Null, text("")),
            (Datum::Null, text("NULL")),
            (Datum::Integer(0), Datum::Null),
            (text("a"), text("a ")),
            (text("a"), text("A")),
            (Datum::Integer(1), text("one")),
            (decimal("NaN"), Datum::Integer(0)),
            (Datum::Bytes(b"a".to_vec()), text("a")),
            (Datum::JsonText(b"{}".to_vec()), text("{")),
            (text("{"), Datum::JsonText(b"[".to_vec())),
            (Datum::Date(Day::Number(0)), Datum::Date(Day::Number(1))),
            (Datum::Date(Day::Number(0)), text("1970-1-1")),
            (decimal("1.5"), decimal("1.51")),
        ] {
            assert!(!same(&a, &b, None) && !same(&b, &a, None), "{} {}", a.show(), b.show());
        }
    }

    #[test]
    fn the_same_values_sort_alike() {
        for (a, b) in [
            (Datum::Integer(12), decimal("12.0")),
            (text("12"), Datum::Integer(12)),
            (Datum::Date(Day::Number(0)), text("1970-01-01")),
            (text("1970-01-01 00:00:00"), Datum::Instant(Moment::Micros(0))),
            (text("{\"a\":1}"), Datum::JsonText(b"{\"a\": 1.0}".to_vec())),
            (text("00000000-0000-0000-0000-000000000000"), Datum::Uuid([0; 16])),
        ] {
            assert_eq!(sort_key(&a), sort_key(&b), "{} {}", a.show(), b.show());
        }
        assert_ne!(sort_key(&Datum::Null), sort_key(&text("")));
    }
}
