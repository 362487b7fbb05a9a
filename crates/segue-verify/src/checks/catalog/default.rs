//! Defaults of several dialects in one spelling, as far as they mean the same.
//!
//! It must never make two different values look alike: what it does not know it leaves as it is. Tests: below.

use super::super::Exact;

/// A default in one spelling: casts, parentheses and letter case of what is no literal go; `now` has one name.
/// `truth`: the column is a truth on one of the sides, so that 0 and 1 are false and true.
pub(super) fn normal(text: &str, truth: bool) -> String {
    let mut text = unwrapped(text.trim());
    while let Some(shorter) = without_cast(text) {
        text = unwrapped(shorter);
    }
    let lower = text.to_lowercase();
    if let Some(bits) = lower.strip_prefix("b'").and_then(|rest| rest.strip_suffix('\''))
        && let Ok(number) = u64::from_str_radix(bits, 2)
    {
        return if truth { truth_of(number != 0) } else { number.to_string() };
    }
    match lower.as_str() {
        "null" => return "null".to_owned(),
        "true" | "'t'" | "'true'" if truth => return truth_of(true),
        "false" | "'f'" | "'false'" if truth => return truth_of(false),
        "true" => return "1".to_owned(),
        "false" => return "0".to_owned(),
        "current_date" | "curdate()" | "current_date()" => return "current_date".to_owned(),
        _ => {}
    }
    if is_now(&lower) {
        return "now".to_owned();
    }
    // A number may stand between quotation marks: `'0'::smallint`, `'1.50'`.
    let unquoted = quoted(text).unwrap_or_else(|| text.to_owned());
    if let Some(number) = Exact::parse(&unquoted) {
        return match (truth, number.show().as_str()) {
            (true, "0") => truth_of(false),
            (true, "1") => truth_of(true),
            (_, shown) => shown.to_owned(),
        };
    }
    match quoted(text) {
        Some(literal) => format!("'{literal}'"),
        None => lower.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

fn truth_of(truth: bool) -> String {
    if truth { "true".to_owned() } else { "false".to_owned() }
}

/// It is a value and not an expression.
pub(super) fn is_literal(normal: &str) -> bool {
    normal.starts_with('\'') || matches!(normal, "true" | "false") || Exact::parse(normal).is_some()
}

/// It takes the next value of a sequence.
pub(super) fn is_counter(default: Option<&str>) -> bool {
    default.is_some_and(|text| {
        let lower = text.to_lowercase();
        lower.starts_with("nextval(") || lower.starts_with("next value for ")
    })
}

/// Without parentheses around the whole.
fn unwrapped(mut text: &str) -> &str {
    while let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let mut depth = 0_i32;
        let closes_early = inner.chars().any(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth < 0
        });
        if closes_early {
            break;
        }
        text = inner.trim();
    }
    text
}

/// `'x'` of `'x'::text`; only where the cast ends the text.
fn without_cast(text: &str) -> Option<&str> {
    let at = text.rfind("::")?;
    let of = text[at + 2..].trim();
    let name = !of.is_empty() && of.chars().all(|c| c.is_ascii_alphanumeric() || " _.\"[](),".contains(c));
    (name && !text[..at].is_empty()).then(|| text[..at].trim())
}

fn is_now(lower: &str) -> bool {
    let word = lower.split_once('(').map_or(lower, |(word, _)| word).trim();
    let digits = lower.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')')).trim();
    matches!(word, "now" | "current_timestamp" | "localtimestamp" | "transaction_timestamp")
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The text of a literal, its doubled quotation marks made one.
fn quoted(text: &str) -> Option<String> {
    let inner = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''))?;
    let single = inner.replace("''", "");
    (!single.contains('\'')).then(|| inner.replace("''", "'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_is_written_alike() {
        for (a, b, truth) in [
            ("'open'::text", "'open'", false),
            ("'open'::character varying(10)", "'open'", false),
            ("now()", "current_timestamp(6)", false),
            ("CURRENT_TIMESTAMP", "now()", false),
            ("0", "'0'::smallint", false),
            ("1.50", "'1.5'::numeric(10,2)", false),
            ("(0)", "00000000.00", false),
            ("true", "1", true),
            ("b'1'", "true", true),
            ("'f'", "0", true),
            ("'it''s'", "'it''s'::text", false),
            ("NULL::text", "null", false),
            ("(- 1)", "(- 1)", false),
        ] {
            assert_eq!(normal(a, truth), normal(b, truth), "{a} {b}");
        }
    }

    #[test]
    fn what_does_not_stays_apart() {
        for (a, b) in
            [("'a'", "'A'"), ("'1'", "'1a'"), ("''", "null"), ("now()", "current_date"), ("' a'", "'a'"), ("1", "10"), ("'x::y'", "'x'")]
        {
            assert_ne!(normal(a, false), normal(b, false), "{a} {b}");
        }
        assert!(is_literal(&normal("'x'::text", false)) && is_literal(&normal("1.5", false)) && !is_literal(&normal("uuid()", false)));
        assert!(is_counter(Some("nextval('t_id_seq'::regclass)")) && !is_counter(Some("'nextval('")) && !is_counter(None));
    }
}
