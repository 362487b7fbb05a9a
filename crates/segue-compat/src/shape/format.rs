//! The formats that are known: does a text fit, a text that does, and the ranges of number formats.
//!
//! A format that is not known restricts nothing here; two that differ are then *undecided*. Tests: below.

use super::Number;

/// The numbers that a format of numbers allows.
pub(super) fn range(format: &str) -> Option<(Number, Number)> {
    let whole = |low: i128, high: i128| Some((Number::whole(low), Number::whole(high)));
    match format {
        "int8" => whole(i8::MIN.into(), i8::MAX.into()),
        "int16" => whole(i16::MIN.into(), i16::MAX.into()),
        "int32" => whole(i32::MIN.into(), i32::MAX.into()),
        "int64" => whole(i64::MIN.into(), i64::MAX.into()),
        "uint8" => whole(0, u8::MAX.into()),
        "uint16" => whole(0, u16::MAX.into()),
        "uint32" => whole(0, u32::MAX.into()),
        "uint64" => whole(0, u64::MAX.into()),
        _ => None,
    }
}

/// The format says which texts fit.
pub(super) fn is_known(format: &str) -> bool {
    sample(format).is_some()
}

/// A text of the format.
pub(super) fn sample(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => "2024-02-29T12:30:00Z",
        "date" => "2024-02-29",
        "time" => "12:30:00Z",
        "email" | "idn-email" => "a@example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uuid" => "123e4567-e89b-12d3-a456-426614174000",
        "uri" | "iri" => "https://example.com/a",
        "hostname" | "idn-hostname" => "example.com",
        _ => return None,
    })
}

/// Texts of the format by which formats are told apart.
pub(super) fn samples(format: &str) -> &'static [&'static str] {
    match format {
        "email" | "idn-email" => &["a@example.com", "a@b"],
        "hostname" | "idn-hostname" => &["example.com", "a"],
        "uri" | "iri" => &["https://example.com/a", "urn:a"],
        _ => &[],
    }
}

/// The text fits; a format that is not known refuses nothing.
pub(super) fn fits(format: &str, text: &str) -> bool {
    match format {
        "date-time" => text.split_once(['T', 't']).is_some_and(|(day, time)| is_date(day) && is_time(time)),
        "date" => is_date(text),
        "time" => is_time(text),
        "email" | "idn-email" => is_email(text),
        "ipv4" => text.parse::<core::net::Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<core::net::Ipv6Addr>().is_ok(),
        "uuid" => is_uuid(text),
        "uri" | "iri" => is_uri(text),
        "hostname" | "idn-hostname" => is_hostname(text),
        _ => true,
    }
}

fn digits(text: &str, least: u32, most: u32) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse().is_ok_and(|number| (least..=most).contains(&number))
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let Ok(number) = year.parse::<u32>() else { return false };
    let leap = number % 4 == 0 && (number % 100 != 0 || number % 400 == 0);
    let last = match *month {
        "02" if leap => 29,
        "02" => 28,
        "04" | "06" | "09" | "11" => 30,
        _ => 31,
    };
    year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) && digits(month, 1, 12) && digits(day, 1, last)
}

fn is_time(text: &str) -> bool {
    let (clock, offset) = match text.find(['Z', 'z', '+', '-']) {
        Some(at) => text.split_at(at),
        None => return false,
    };
    let (clock, fraction) = clock.split_once('.').map_or((clock, None), |(clock, fraction)| (clock, Some(fraction)));
    let parts: Vec<&str> = clock.split(':').collect();
    let [hour, minute, second] = parts.as_slice() else { return false };
    let zone = match offset.get(1..) {
        Some("") => offset.eq_ignore_ascii_case("z"),
        Some(rest) => rest.split_once(':').is_some_and(|(hour, minute)| digits(hour, 0, 23) && digits(minute, 0, 59)),
        None => false,
    };
    let fraction = fraction.is_none_or(|fraction| !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit()));
    digits(hour, 0, 23) && digits(minute, 0, 59) && digits(second, 0, 59) && zone && fraction
}

fn is_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(name, host)| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-.".contains(&byte) || !byte.is_ascii();
        !name.is_empty()
            && !name.starts_with('.')
            && !name.ends_with('.')
            && !name.contains("..")
            && name.bytes().all(plain)
            && is_hostname(host)
    })
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| if matches!(at, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() })
}

fn is_uri(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
            && !rest.contains([' ', '<', '>', '"', '\\', '{', '}', '|', '^', '`'])
    })
}

fn is_hostname(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || !byte.is_ascii())
    };
    text.len() <= 253 && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_fit_their_own_format_only_where_they_should() {
        let names = ["date-time", "date", "time", "email", "ipv4", "ipv6", "uuid", "uri", "hostname"];
        for name in names {
            let text = sample(name).expect(name);
            assert!(fits(name, text), "{name}: {text}");
            assert!(!fits(name, "a b"), "{name}");
            assert!(samples(name).iter().all(|text| fits(name, text)), "{name}");
        }
        for (name, text) in [
            ("date", "2023-02-29"),
            ("date", "24-01-01"),
            ("date-time", "2024-02-29 12:00:00Z"),
            ("time", "25:00:00Z"),
            ("time", "12:00:00"),
            ("uuid", "123e4567"),
            ("email", "a@"),
        ] {
            assert!(!fits(name, text), "{name}: {text}");
        }
        assert!(fits("time", "12:00:00.5+02:00") && fits("password", "x"));
    }
}
