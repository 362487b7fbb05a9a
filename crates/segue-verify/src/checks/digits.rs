//! Numbers of a JSON text that its reader would round: what was rounded must never be called equal.
//!
//! The reader keeps whole numbers of 64 bits and doubles. A number beyond them (a key of 23 digits, `1.00000000000000001`) is
//! found here in the text, and who reads the text says so. Tests: below.

use serde_json::Number;

use super::Exact;

/// How many numbers of the text the reader does not hold as they are written. The text must be JSON.
pub(super) fn rounded(json: &[u8]) -> usize {
    let mut count = 0;
    let mut at = 0;
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => at = behind_text(json, at + 1),
            b'-' | b'0'..=b'9' => {
                let length = json[at..].iter().take_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')).count();
                count += usize::from(!is_held(&json[at..at + length]));
                at += length;
            }
            _ => at += 1,
        }
    }
    count
}

fn behind_text(json: &[u8], mut at: usize) -> usize {
    while let Some(byte) = json.get(at) {
        at += 1;
        match byte {
            b'\\' => at += 1,
            b'"' => break,
            _ => {}
        }
    }
    at
}

fn is_held(token: &[u8]) -> bool {
    // Whole numbers of 18 digits are held by 64 bits, and are nearly all that there are.
    if token.len() <= 18 && token.iter().all(u8::is_ascii_digit) {
        return true;
    }
    let Ok(text) = std::str::from_utf8(token) else { return false };
    let Ok(number) = serde_json::from_str::<Number>(text) else { return false };
    let written = Exact::parse(text);
    written.is_some() && written == Exact::parse(&number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_not_counted_and_what_is_not_is() {
        for text in [
            "{}",
            "[0, -0, 1, -1.5, 1e3, 1.50, 0.1, 18446744073709551615, -9223372036854775808, 1e-300]",
            "{\"a 123456789012345678901234567890\": \"1.00000000000000001 \\\" 99999999999999999999999\"}",
        ] {
            assert_eq!(rounded(text.as_bytes()), 0, "{text}");
        }
        for (text, count) in [
            ("12345678901234567890123", 1),
            ("{\"a\": [1.00000000000000001, 18446744073709551616, 2], \"b\": -9223372036854775809}", 3),
            ("[1e400, 123456789.12345678901234]", 2),
        ] {
            assert_eq!(rounded(text.as_bytes()), count, "{text}");
        }
    }
}
