//! Where a system is: URLs, paths and references to them; and that no password stands in the file.
//!
//! No message shows any part of such a text. Tests: below and `tests/it/problems.rs`.

use super::problems::{Problems, Span, code};
use crate::secret::Reference;

/// Checks a PostgreSQL URL or a reference to one.
pub(super) fn check_url(text: &str, path: &str, at: &Span, problems: &mut Problems<'_>) {
    if holds_password(text) {
        refuse_secret(path, at, problems);
    } else if !is_url(text) && !is_reference(text) {
        let message = format!("`{path}` is neither a `postgres://` URL nor `env:NAME`, `file:PATH` or `cmd:COMMAND`");
        problems.add(code::LOCATION, at, message, "such as `env:DATABASE_URL`");
    }
}

/// Checks a MySQL URL or a reference to one.
pub(super) fn check_mysql(text: &str, path: &str, at: &Span, problems: &mut Problems<'_>) {
    let right = ["mysql://", "mariadb://"].iter().any(|scheme| text.starts_with(scheme)) || is_reference(text);
    if holds_password(text) {
        refuse_secret(path, at, problems);
    } else if !right {
        let message = format!("`{path}` is neither a `mysql://` URL nor `env:NAME`, `file:PATH` or `cmd:COMMAND`");
        problems.add(code::LOCATION, at, message, "such as `env:DATABASE_URL`");
    }
}

/// Checks a web address or a reference to one.
pub(super) fn check_web(text: &str, path: &str, at: &Span, problems: &mut Problems<'_>) {
    if holds_password(text) {
        refuse_secret(path, at, problems);
    } else if !is_web(text) && !is_reference(text) {
        let message = format!("`{path}` is neither an `http://` or `https://` URL nor `env:NAME`, `file:PATH` or `cmd:COMMAND`");
        problems.add(code::LOCATION, at, message, "such as `http://127.0.0.1:8080`");
    }
}

/// Checks a file or an address: it is not blank and holds no password.
pub(super) fn check_file(text: &str, path: &str, at: &Span, problems: &mut Problems<'_>) {
    if holds_password(text) {
        refuse_secret(path, at, problems);
    } else if super::words::is_blank(text) {
        problems.add(code::EMPTY, at, format!("`{path}` is blank"), "write it, or leave the key out");
    }
}

/// A scheme and something that is no space.
fn is_web(text: &str) -> bool {
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains([' ', '\t', '\r', '\n']))
}

/// Checks a path or a reference to one.
pub(super) fn check_path(text: &str, path: &str, at: &Span, problems: &mut Problems<'_>) {
    if holds_password(text) {
        refuse_secret(path, at, problems);
    } else if !is_path(text) {
        let message = format!("`{path}` is neither a path nor `env:NAME`, `file:PATH` or `cmd:COMMAND`");
        problems.add(code::LOCATION, at, message, "such as `shop.db`");
    }
}

fn refuse_secret(path: &str, at: &Span, problems: &mut Problems<'_>) {
    let help = "put the URL into an environment variable and write `env:NAME` here, or leave a database's password to its own file, \
                such as `~/.pgpass`; change the password if this file was shared";
    problems.add(code::SECRET, at, format!("`{path}` holds a password in plain text"), help);
}

fn is_url(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

fn is_path(text: &str) -> bool {
    if is_reference_scheme(text) { is_reference(text) } else { !text.is_empty() && text != "sqlite:" && text != "sqlite://" }
}

fn is_reference_scheme(text: &str) -> bool {
    ["env:", "file:", "cmd:"].iter().any(|scheme| text.starts_with(scheme))
}

/// `env:NAME`, `file:PATH` or `cmd:COMMAND`, with something behind the colon.
fn is_reference(text: &str) -> bool {
    match text.split_once(':') {
        Some(("env", name)) => {
            let first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            first && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        }
        Some(("file" | "cmd", rest)) => !super::words::is_blank(rest),
        _ => false,
    }
}

/// The reference behind a path; `sqlite:shop.db` and `sqlite:///var/shop.db` are taken too.
pub(super) fn path_reference(text: &str) -> Reference {
    let bare = text.strip_prefix("sqlite:").map_or(text, |rest| rest.strip_prefix("//").unwrap_or(rest));
    Reference::from(bare.to_owned())
}

/// Whether a password stands in a URL in plain text. In doubt it does.
pub(super) fn holds_password(text: &str) -> bool {
    // A reference names where the secret is; but a command may carry a URL of its own.
    let mut words = text.split(['?', '&', ' ', '\t', '\n']).skip(1).chain([text]);
    if !is_reference_scheme(text) && words.any(is_password_parameter) {
        return true;
    }
    let Some((_, rest)) = text.split_once("://") else { return false };
    let Some(at) = rest.rfind('@') else { return false };
    rest[..at].contains(':') && !is_clean(rest)
}

/// Parameters whose value is a secret.
const SECRETS: [&str; 9] = ["password", "sslpassword", "passwd", "pwd", "token", "access_token", "api_key", "apikey", "secret"];

/// `password=…` or another of [`SECRETS`], also percent-encoded, with something behind the sign.
fn is_password_parameter(parameter: &str) -> bool {
    let Some((key, value)) = parameter.split_once('=') else { return false };
    !value.is_empty() && SECRETS.contains(&decoded(key).trim().to_ascii_lowercase().as_str())
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = (first == b'%').then(|| after.get(..2)).flatten().and_then(|two| std::str::from_utf8(two).ok());
        if let Some(byte) = hex.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// No user before the hosts, and each port is a number: then an `@` further on is no password's end.
fn is_clean(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    !authority.contains('@')
        && authority.split(',').all(|host| {
            let port =
                host.rsplit_once(']').map_or_else(|| host.split_once(':').map(|(_, port)| port), |(_, after)| after.strip_prefix(':'));
            port.is_none_or(|port| port.bytes().all(|b| b.is_ascii_digit()))
        })
}

/// The text with every password in it covered by `*`, character for character, so that places stay right.
///
/// A byte-order mark is left out, because places do not count it.
///
/// For showing lines of a spec: a password that was refused must not appear in the message about it either.
pub fn concealed(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        conceal_line(line, &mut out);
    }
    out
}

fn conceal_line(line: &str, out: &mut String) {
    let mut hidden: Vec<Span> = Vec::new();
    for (start, _) in line.match_indices("://") {
        let from = start + 3;
        let end = line[from..].find(['"', '\'', '\n', '\r']).map_or(line.len(), |at| from + at);
        if let Some(at) = line[from..end].rfind('@')
            && let Some(colon) = line[from..from + at].find(':')
        {
            hidden.push(from + colon + 1..from + at);
        }
    }
    let lower = line.to_ascii_lowercase();
    for word in ["password", "passwd", "pwd", "%70assword", "token=", "api_key=", "apikey=", "secret="] {
        for (start, _) in lower.match_indices(word) {
            let after = &line[start + word.trim_end_matches('=').len()..];
            let lead = after.trim_start_matches(['"', '\'', ' ', '\t']);
            if let Some(value) = lead.strip_prefix([':', '=']) {
                let value = value.trim_start();
                hidden.push(line.len() - value.len()..line.trim_end().len());
            }
        }
    }
    for (at, c) in line.char_indices() {
        let covered = hidden.iter().any(|span| span.contains(&at)) && !c.is_control();
        out.push(if covered { '*' } else { c });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, password: bool) {
        assert_eq!(holds_password(text), password, "{text}");
    }

    #[test]
    fn passwords_in_urls_are_seen() {
        check("postgres://u:p@h/db", true);
        check("postgresql://u:p@h:5432/db?sslmode=require", true);
        check("postgres://u:p/a@h/db", true);
        check("postgres://u:p?a@h/db", true);
        check("postgres://u:p@ss@h/db", true);
        check("postgres://h/db?user=u&password=p", true);
        check("postgres://h/db?%70assword=p", true);
        check("host=h password=p", true);
        check("password=p host=h", true);
        check("postgres://u@h/db", false);
        check("postgres://u@h:5432/db", false);
        check("postgres://h:5432,[::1]:5433/db?options=-c%20a@b", false);
        check("postgres://h:5432/db?application_name=a@b", false);
        check("postgres:///db?host=/run/postgresql", false);
        check("cmd:curl https://u:p@vault/db", true);
        check("cmd:curl https://vault:8200/db -u me@example.org", false);
        check("cmd:vault kv get -field=password db", false);
        check("env:URL", false);
        check("shop.db", false);
    }

    #[test]
    fn what_is_shown_holds_no_password_and_keeps_its_places() {
        for line in [
            "{url: postgres://u:hunter2@h/db}",
            "password: hunter2\r\n",
            "x: \"postgres://u:a@hunter2@h/d\"\n",
            "a?password=hunter2&b",
            "🦀 pwd = hunter2",
        ] {
            let shown = concealed(line);
            assert!(!shown.contains("hunter2"), "{shown}");
            assert_eq!(shown.chars().count(), line.chars().count(), "{shown}");
        }
        assert_eq!(concealed("a: b\nc: d # x\n"), "a: b\nc: d # x\n");
    }

    #[test]
    fn paths_may_carry_the_scheme() {
        assert_eq!(path_reference("sqlite:shop.db"), Reference::Plain("shop.db".into()));
        assert_eq!(path_reference("sqlite:///var/shop.db"), Reference::Plain("/var/shop.db".into()));
        assert_eq!(path_reference("env:SHOP"), Reference::Env("SHOP".into()));
    }
}
