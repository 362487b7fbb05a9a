//! One GET of HTTP/1.1 and its answer, as RFC 9112 frames it: a length, chunks, or the connection's end.
//!
//! Only 200 gives a document; a redirect, another status, a compressed answer and anything longer than it may be do not.
//! Tests: below.

use std::io::{BufRead as _, BufReader, Read, Write};

use super::url::Url;

/// The most bytes of an answer's head.
const HEAD_MAX: u64 = 64 << 10;

/// Asks, and gives the body.
pub(super) fn get(mut stream: impl Read + Write, url: &Url, most: u64) -> Result<Vec<u8>, String> {
    let default = if url.secure { 443 } else { 80 };
    let host = if url.port == default { url.host.clone() } else { format!("{}:{}", url.host, url.port) };
    let ask = format!(
        "GET {} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\nAccept-Encoding: identity\r\nUser-Agent: segue/{}\r\nConnection: close\r\n\r\n",
        url.path,
        env!("CARGO_PKG_VERSION")
    );
    stream.write_all(ask.as_bytes()).and_then(|()| stream.flush()).map_err(|error| broken(&error))?;
    answer(BufReader::new(stream), most)
}

fn broken(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock => "it took too long".to_owned(),
        // The text of a TLS error says what is wrong with the certificate.
        std::io::ErrorKind::InvalidData => format!("the connection is not trusted: {error}"),
        kind => format!("the connection broke: {kind}"),
    }
}

fn line(reader: &mut impl std::io::BufRead, left: &mut u64) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = reader.by_ref().take(*left).read_until(b'\n', &mut bytes).map_err(|error| broken(&error))?;
    *left = left.saturating_sub(read as u64);
    if bytes.pop() != Some(b'\n') {
        return Err("its answer is no HTTP".to_owned());
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    String::from_utf8(bytes).map_err(|_| "its answer is no HTTP".to_owned())
}

fn answer(mut reader: impl std::io::BufRead, most: u64) -> Result<Vec<u8>, String> {
    let mut left = HEAD_MAX;
    let first = line(&mut reader, &mut left)?;
    let status = first.strip_prefix("HTTP/1.").and_then(|rest| rest.split(' ').nth(1)).unwrap_or_default().to_owned();
    let (mut length, mut chunked) = (None, false);
    loop {
        let header = line(&mut reader, &mut left)?;
        if header.is_empty() {
            break;
        }
        let Some((name, value)) = header.split_once(':') else { return Err("its answer is no HTTP".to_owned()) };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = Some(value.trim().parse::<u64>().map_err(|_| "its answer has no length".to_owned())?),
            "transfer-encoding" => chunked = value.trim().eq_ignore_ascii_case("chunked"),
            "content-encoding" if !value.trim().eq_ignore_ascii_case("identity") => {
                return Err("its answer is compressed, which was not asked for".to_owned());
            }
            _ => {}
        }
    }
    match status.as_str() {
        "200" => {}
        "301" | "302" | "303" | "307" | "308" => return Err("it redirects, and redirects are not followed: name where it leads".to_owned()),
        _ if status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit()) => return Err(format!("it answers {status}")),
        _ => return Err("its answer is no HTTP".to_owned()),
    }
    let long = || format!("it is larger than {} MiB", most >> 20);
    if chunked {
        return chunks(&mut reader, most, &long);
    }
    if length.is_some_and(|length| length > most) {
        return Err(long());
    }
    let mut body = Vec::new();
    reader.take(length.unwrap_or(most + 1)).read_to_end(&mut body).map_err(|error| broken(&error))?;
    match length {
        Some(length) if length != body.len() as u64 => Err("its answer was cut".to_owned()),
        None if body.len() as u64 > most => Err(long()),
        _ => Ok(body),
    }
}

fn chunks(reader: &mut impl std::io::BufRead, most: u64, long: &dyn Fn() -> String) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    loop {
        let size = line(reader, &mut 1_024)?;
        let size = size.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(size, 16).map_err(|_| "its answer is no HTTP".to_owned())?;
        if size == 0 {
            return Ok(body);
        }
        if size > most || body.len() as u64 + size > most {
            return Err(long());
        }
        let before = body.len() as u64;
        reader.by_ref().take(size).read_to_end(&mut body).map_err(|error| broken(&error))?;
        if body.len() as u64 != before + size || !line(reader, &mut 2)?.is_empty() {
            return Err("its answer was cut".to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::answer;

    fn of(text: &str) -> Result<String, String> {
        answer(text.as_bytes(), 10).map(|body| String::from_utf8(body).expect("a text"))
    }

    #[test]
    fn answers_are_framed_and_bounded() {
        let ok = |body: &str| Ok(body.to_owned());
        assert_eq!(of("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef"), ok("abc"));
        assert_eq!(of("HTTP/1.0 200 OK\r\n\r\nabc"), ok("abc"));
        assert_eq!(of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n"), ok("abc"));
        for (text, why) in [
            ("HTTP/1.1 302 Found\r\nLocation: http://x\r\n\r\n", "redirects"),
            ("HTTP/1.1 404 No\r\n\r\n", "answers 404"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n", "larger"),
            ("HTTP/1.1 200 OK\r\n\r\n01234567890", "larger"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n", "larger"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", "larger"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "cut"),
            ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nabc", "compressed"),
            ("SSH-2.0-x\r\n", "no HTTP"),
            ("HTTP/1.1 200 OK\r\nx", "no HTTP"),
        ] {
            let said = of(text).expect_err(text);
            assert!(said.contains(why), "{text}: {said}");
        }
        let endless = format!("HTTP/1.1 200 OK\r\n{}", "a: b\r\n".repeat(20_000));
        assert!(of(&endless).is_err());
    }
}
