//! Which names say that their value is a secret, and what of a value may be shown at all.
//!
//! Shown are truth values, numbers and short words under a name that does not look secret; everything else is only named by
//! its kind. Must never err on the side of showing. Tests: below.

use crate::likeness;

/// Words that make a name secret where they stand alone in it.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "pass",
    "pwd",
    "passphrase",
    "secret",
    "secrets",
    "token",
    "tokens",
    "key",
    "keys",
    "apikey",
    "credential",
    "credentials",
    "cred",
    "creds",
    "auth",
    "authorization",
    "bearer",
    "cookie",
    "session",
    "salt",
    "pepper",
    "signature",
    "cert",
    "certificate",
    "pem",
    "private",
    "dsn",
    "hmac",
    "pin",
    "otp",
    "jwt",
    "webhook",
    "connection",
    "conn",
    "url",
    "uri",
];

/// Parts that make a name secret wherever they stand.
const PARTS: &[&str] = &["password", "passwd", "secret", "token", "apikey", "credential", "privatekey", "accesskey"];

/// The longest text that is shown.
const SHOWN_MAX: usize = 24;

/// The name looks as if its value were a secret.
pub fn looks_secret(name: &str) -> bool {
    let words = likeness::words(name);
    let whole = words.concat();
    words.iter().any(|word| WORDS.contains(&word.as_str())) || PARTS.iter().any(|part| whole.contains(part))
}

/// A text that may be shown: one short word, like a mode or a level, under a name that is no secret. Long mixtures of letters
/// and digits are never words.
pub fn may_show(name: &str, text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    !looks_secret(name) && text.len() <= SHOWN_MAX && text.chars().all(plain) && (digits <= 4 || digits == text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_by_their_names() {
        for name in ["DB_PASSWORD", "apiKey", "aws.secretAccessKey", "authToken", "dsn", "mypassword2", "DATABASE_URL"] {
            assert!(looks_secret(name), "{name}");
            assert!(!may_show(name, "x"), "{name}");
        }
        for name in ["timeout", "log_level", "monkey", "keyboard", "replicas"] {
            assert!(!looks_secret(name), "{name}");
        }
        assert!(may_show("log_level", "debug"));
        assert!(may_show("port", "8080"));
        assert!(!may_show("name", "a sentence of somebody"));
        assert!(!may_show("label", "AKIA5F7G9H2J4K6L"));
    }
}
