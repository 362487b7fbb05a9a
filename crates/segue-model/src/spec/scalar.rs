//! What a plain scalar means, by YAML 1.2's core schema: `no` is text, `0x10` is 16, `~` is nothing.
//!
//! Tests: below.

use super::node::Kind;

/// The meaning of a plain scalar.
pub(super) fn resolve(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
        "true" | "True" | "TRUE" => return Kind::Bool(true),
        "false" | "False" | "FALSE" => return Kind::Bool(false),
        _ => {}
    }
    whole(text).or_else(|| fraction(text)).map_or_else(|| Kind::Text(text.to_owned()), Kind::Number)
}

/// A whole number in decimal digits, whatever base it was written in.
fn whole(text: &str) -> Option<String> {
    let in_base = |digits: &str, radix: u32| {
        let all = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
        all.then(|| u128::from_str_radix(digits, radix).ok()).flatten().map(|number| number.to_string())
    };
    if let Some(digits) = text.strip_prefix("0x") {
        return in_base(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return in_base(digits, 8);
    }
    let (sign, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) => (if text.starts_with('-') { "-" } else { "" }, digits),
        None => ("", text),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let short = digits.trim_start_matches('0');
    Some(if short.is_empty() { "0".to_owned() } else { format!("{sign}{short}") })
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, as it stands; no infinity, no NaN.
fn fraction(text: &str) -> Option<String> {
    let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = rest.split_once(['e', 'E']).map_or((rest, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let mantissa_ok = digits(whole) && digits(part) && !(whole.is_empty() && part.is_empty());
    let exponent_ok = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    (mantissa_ok && exponent_ok).then(|| text.trim_start_matches('+').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let got = match resolve(text) {
            Kind::Null => "null".to_owned(),
            Kind::Bool(value) => format!("bool {value}"),
            Kind::Number(number) => format!("number {number}"),
            Kind::Text(text) => format!("text {text}"),
            other => format!("{other:?}"),
        };
        assert_eq!(got, expect, "{text:?}");
    }

    #[test]
    fn plain_scalars_by_the_core_schema() {
        check("", "null");
        check("~", "null");
        check("no", "text no");
        check("Yes", "text Yes");
        check("TRUE", "bool true");
        check("-007", "number -7");
        check("0x10", "number 16");
        check("0o17", "number 15");
        check("0b1", "text 0b1");
        check("1_000", "text 1_000");
        check("12e3", "number 12e3");
        check("-.5", "number -.5");
        check("1.", "number 1.");
        check(".", "text .");
        check("e3", "text e3");
        check("1e", "text 1e");
        check(".inf", "text .inf");
        check("12:30", "text 12:30");
        check("-", "text -");
    }
}
