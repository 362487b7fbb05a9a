//! What the declared types of several engines can hold, so far that a narrower one is found.
//!
//! It is about declarations; values themselves are compared under the classes of `mapping`. It must never call two
//! types the same that it does not know. Tests: below.

/// How a type of the target holds what a type of the source holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// The same.
    Same,
    /// All of it, and more.
    Wider,
    /// Not all of it.
    Narrower,
    /// Something else.
    Other,
    /// Nobody knows.
    Unknown,
}

/// What a type holds.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Boolean,
    /// The smallest and the largest.
    Integer(i128, i128),
    /// Digits and digits after the point; `None`: any.
    Decimal(Option<(u32, u32)>),
    /// Bits.
    Float(u32),
    /// At most so many characters.
    Text(Option<u64>),
    /// At most so many bytes.
    Bytes(Option<u64>),
    Date,
    /// Digits after the second.
    Time(u32),
    Timestamp(u32),
    Instant(u32),
    Uuid,
    Json,
    /// Bits; exactly so many.
    Bits(u32),
    Year,
    /// Labels as written.
    Labels(String),
    Set,
    /// An affinity of SQLite: it does not bind.
    Loose,
    Own(String),
}

/// Compares two types.
pub(super) fn fit(source: &str, source_family: &str, target: &str, target_family: &str) -> Fit {
    if source_family == target_family && source.eq_ignore_ascii_case(target) {
        return Fit::Same;
    }
    compare(&read(source, source_family), &read(target, target_family))
}

/// It holds truths: `boolean`, `tinyint(1)`, `bit(1)`.
pub(super) fn is_boolean(text: &str, family: &str) -> bool {
    matches!(read(text, family), Form::Boolean)
}

fn compare(source: &Form, target: &Form) -> Fit {
    use Form as F;
    let size = |left: u64, right: u64| match right.cmp(&left) {
        std::cmp::Ordering::Equal => Fit::Same,
        std::cmp::Ordering::Greater => Fit::Wider,
        std::cmp::Ordering::Less => Fit::Narrower,
    };
    let optional = |left: Option<u64>, right: Option<u64>| size(left.unwrap_or(u64::MAX), right.unwrap_or(u64::MAX));
    match (source, target) {
        (left, right) if left == right && !matches!(left, F::Loose) => Fit::Same,
        (F::Loose | F::Own(_), _)
        | (_, F::Loose | F::Own(_))
        | (F::Labels(_) | F::Uuid | F::Set, F::Text(Some(_)))
        // MariaDB keeps JSON and UUIDs as text or bytes.
        | (F::Text(_), F::Json | F::Uuid | F::Labels(_))
        | (F::Bytes(Some(16)), F::Uuid) => Fit::Unknown,
        (F::Boolean, F::Integer(..) | F::Bits(1))
        | (F::Bits(1), F::Boolean)
        | (F::Year, F::Integer(..))
        | (F::Date, F::Timestamp(_) | F::Instant(_))
        | (F::Labels(_) | F::Set | F::Json | F::Uuid, F::Text(None)) => Fit::Wider,
        (F::Timestamp(left), F::Instant(right)) | (F::Instant(left), F::Timestamp(right)) => {
            if right < left { Fit::Narrower } else { Fit::Wider }
        }
        (F::Integer(..), F::Boolean | F::Float(_))
        | (F::Decimal(_), F::Float(_) | F::Integer(..))
        | (F::Timestamp(_) | F::Instant(_), F::Date) => Fit::Narrower,
        (F::Integer(low, high), F::Integer(new_low, new_high)) => ranges((*low, *high), (*new_low, *new_high)),
        (F::Integer(low, high), F::Decimal(of)) => integer_in_decimal(*low, *high, *of),
        (F::Decimal(left), F::Decimal(right)) => decimals(*left, *right),
        (F::Text(left), F::Text(right)) | (F::Bytes(left), F::Bytes(right)) => optional(*left, *right),
        (F::Float(left), F::Float(right))
        | (F::Bits(left), F::Bits(right))
        | (F::Time(left), F::Time(right))
        | (F::Timestamp(left), F::Timestamp(right))
        | (F::Instant(left), F::Instant(right)) => size(u64::from(*left), u64::from(*right)),
        (F::Bits(count), F::Integer(_, high)) => {
            if *high >= (1_i128 << (*count).min(100)) - 1 { Fit::Wider } else { Fit::Narrower }
        }
        _ => Fit::Other,
    }
}

fn integer_in_decimal(low: i128, high: i128, of: Option<(u32, u32)>) -> Fit {
    let Some((digits, scale)) = of else { return Fit::Wider };
    let most = 10_i128.checked_pow(digits.saturating_sub(scale)).unwrap_or(i128::MAX);
    if low > -most && high < most { Fit::Wider } else { Fit::Narrower }
}

fn ranges(source: (i128, i128), target: (i128, i128)) -> Fit {
    if source == target {
        Fit::Same
    } else if target.0 <= source.0 && target.1 >= source.1 {
        Fit::Wider
    } else {
        Fit::Narrower
    }
}

fn decimals(source: Option<(u32, u32)>, target: Option<(u32, u32)>) -> Fit {
    match (source, target) {
        (None, None) => Fit::Same,
        (Some(_), None) => Fit::Wider,
        (None, Some(_)) => Fit::Narrower,
        (Some(left), Some(right)) if left == right => Fit::Same,
        (Some((digits, scale)), Some((new_digits, new_scale))) => {
            let whole = digits.saturating_sub(scale) <= new_digits.saturating_sub(new_scale);
            if whole && new_scale >= scale { Fit::Wider } else { Fit::Narrower }
        }
    }
}

/// Reads a type as an engine writes it.
fn read(text: &str, family: &str) -> Form {
    let lower = text.trim().to_lowercase();
    if family == "sqlite" {
        return Form::Loose;
    }
    let (head, inside, tail) = if let Some((head, rest)) = lower.split_once('(') {
        let (inside, tail) = rest.rsplit_once(')').unwrap_or((rest, ""));
        (head.trim(), inside, tail.trim())
    } else {
        let (head, tail) = lower.split_once(' ').unwrap_or((&lower, ""));
        // Names of several words.
        let whole = matches!(head, "character" | "double" | "bit" | "time" | "timestamp");
        if whole { (lower.as_str(), "", "") } else { (head, "", tail) }
    };
    let numbers: Vec<u32> = inside.split(',').filter_map(|number| number.trim().parse().ok()).collect();
    let first = numbers.first().copied();
    if family == "mysql" {
        let labels = text.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
        mysql(head, &numbers, tail.contains("unsigned"), labels)
    } else {
        postgres(head, &numbers, tail, first, &lower)
    }
}

fn signed(bits: u32) -> Form {
    Form::Integer(-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
}

fn mysql(head: &str, numbers: &[u32], unsigned: bool, labels: &str) -> Form {
    let first = numbers.first().copied();
    let integer = |bits: u32| if unsigned { Form::Integer(0, (1 << bits) - 1) } else { signed(bits) };
    match head {
        "tinyint" if first == Some(1) && !unsigned => Form::Boolean,
        "bool" | "boolean" => Form::Boolean,
        "bit" if first.unwrap_or(1) == 1 => Form::Boolean,
        "bit" => Form::Bits(first.unwrap_or(1)),
        "tinyint" => integer(8),
        "smallint" => integer(16),
        "mediumint" => integer(24),
        "int" | "integer" => integer(32),
        "bigint" => integer(64),
        "decimal" | "numeric" => Form::Decimal(Some((first.unwrap_or(10), numbers.get(1).copied().unwrap_or(0)))),
        "float" => Form::Float(32),
        "double" | "real" | "double precision" => Form::Float(64),
        "char" | "varchar" => Form::Text(Some(u64::from(first.unwrap_or(1)))),
        // Bytes, of at most four a character: a text of the same bytes fits all.
        "tinytext" => Form::Text(Some(255)),
        "text" | "mediumtext" | "longtext" => Form::Text(None),
        "binary" | "varbinary" => Form::Bytes(Some(u64::from(first.unwrap_or(1)))),
        "tinyblob" => Form::Bytes(Some(255)),
        "blob" | "mediumblob" | "longblob" => Form::Bytes(None),
        "date" => Form::Date,
        "time" => Form::Time(first.unwrap_or(0)),
        "datetime" => Form::Timestamp(first.unwrap_or(0)),
        "timestamp" => Form::Instant(first.unwrap_or(0)),
        "year" => Form::Year,
        "uuid" => Form::Uuid,
        "json" => Form::Json,
        "enum" => Form::Labels(labels.to_owned()),
        "set" => Form::Set,
        other => Form::Own(other.to_owned()),
    }
}

fn postgres(head: &str, numbers: &[u32], tail: &str, first: Option<u32>, whole: &str) -> Form {
    let zoned = whole.ends_with("with time zone") && !whole.ends_with("without time zone");
    if whole.ends_with("[]") {
        return Form::Own(whole.to_owned());
    }
    match head {
        "boolean" => Form::Boolean,
        "smallint" => signed(16),
        "integer" => signed(32),
        "bigint" => signed(64),
        "numeric" => Form::Decimal(first.map(|digits| (digits, numbers.get(1).copied().unwrap_or(0)))),
        "real" => Form::Float(32),
        "double precision" => Form::Float(64),
        "text" | "citext" => Form::Text(None),
        "character varying" => Form::Text(first.map(u64::from)),
        "character" => Form::Text(Some(u64::from(first.unwrap_or(1)))),
        "bytea" => Form::Bytes(None),
        "date" => Form::Date,
        "uuid" => Form::Uuid,
        "json" | "jsonb" => Form::Json,
        "bit" => Form::Bits(first.unwrap_or(1)),
        _ if head.starts_with("timestamp") && (zoned || tail == "with time zone") => Form::Instant(first.unwrap_or(6)),
        _ if head.starts_with("timestamp") => Form::Timestamp(first.unwrap_or(6)),
        _ if head.starts_with("time") && !zoned => Form::Time(first.unwrap_or(6)),
        _ => Form::Own(whole.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_engines() {
        for (mysql, postgres, expected) in [
            ("int(11)", "integer", Fit::Same),
            ("int(10) unsigned", "integer", Fit::Narrower),
            ("int(10) unsigned", "bigint", Fit::Wider),
            ("bigint(20) unsigned", "bigint", Fit::Narrower),
            ("bigint(20) unsigned", "numeric(20,0)", Fit::Wider),
            ("tinyint(1)", "boolean", Fit::Same),
            ("tinyint(1)", "smallint", Fit::Wider),
            ("tinyint(4)", "smallint", Fit::Wider),
            ("bit(1)", "boolean", Fit::Same),
            ("decimal(10,2)", "numeric(10,2)", Fit::Same),
            ("decimal(10,2)", "numeric(9,2)", Fit::Narrower),
            ("decimal(10,2)", "numeric(12,1)", Fit::Narrower),
            ("decimal(10,2)", "numeric", Fit::Wider),
            ("decimal(10,2)", "double precision", Fit::Narrower),
            ("varchar(50)", "character varying(50)", Fit::Same),
            ("varchar(50)", "character varying(40)", Fit::Narrower),
            ("varchar(50)", "text", Fit::Wider),
            ("datetime", "timestamp without time zone", Fit::Wider),
            ("datetime(6)", "timestamp without time zone", Fit::Same),
            ("datetime(6)", "timestamp(3) without time zone", Fit::Narrower),
            ("datetime(6)", "timestamp with time zone", Fit::Wider),
            ("timestamp(6)", "timestamp with time zone", Fit::Same),
            ("time(6)", "time without time zone", Fit::Same),
            ("date", "timestamp with time zone", Fit::Wider),
            ("datetime", "date", Fit::Narrower),
            ("longblob", "bytea", Fit::Same),
            ("enum('a','b')", "text", Fit::Wider),
            ("enum('a','b')", "mood", Fit::Unknown),
            ("longtext", "jsonb", Fit::Unknown),
            ("varchar(10)", "integer", Fit::Other),
            ("geometry", "text", Fit::Unknown),
            ("double", "real", Fit::Narrower),
            ("year(4)", "smallint", Fit::Wider),
        ] {
            assert_eq!(fit(mysql, "mysql", postgres, "postgres"), expected, "{mysql} {postgres}");
        }
    }

    #[test]
    fn within_one_engine() {
        assert_eq!(fit("integer", "postgres", "bigint", "postgres"), Fit::Wider);
        assert_eq!(fit("mood", "postgres", "mood", "postgres"), Fit::Same);
        assert_eq!(fit("integer[]", "postgres", "bigint[]", "postgres"), Fit::Unknown);
        assert_eq!(fit("enum('a','b')", "mysql", "enum('a','c')", "mysql"), Fit::Other);
        assert_eq!(fit("INTEGER", "sqlite", "integer", "postgres"), Fit::Unknown);
        assert_eq!(fit("int", "sqlite", "INT", "sqlite"), Fit::Same);
        assert!(is_boolean("tinyint(1)", "mysql") && is_boolean("boolean", "postgres") && !is_boolean("int", "mysql"));
    }
}
