//! `--allow-remote`: what is fetched, what is not, and that each is told.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use crate::room::Room;

/// Answers by path from a table, until the process ends; the paths that were asked for are kept.
struct Host {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Host {
    fn with(answers: &'static [(&'static str, &'static str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let mut bytes = [0; 4096];
                let read = stream.read(&mut bytes).unwrap_or(0);
                let text = String::from_utf8_lossy(&bytes[..read]).into_owned();
                let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
                let answer =
                    answers.iter().find(|(known, _)| *known == path).map_or("HTTP/1.1 404 Not Found\r\n\r\n", |(_, answer)| answer);
                kept.lock().expect("the list").push(path);
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("the list").clone()
    }
}

const INTEGER: &str = "HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{\"type\": \"integer\"}";

fn schema(reference: &str) -> String {
    format!(r#"{{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {{"a": {{"$ref": "{reference}"}}}}}}"#)
}

const PLAIN: &str = r#"{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {"a": {"type": "string"}}}"#;

#[test]
fn nothing_is_fetched_unless_it_is_allowed() {
    let host = Host::with(&[("/a.json", INTEGER)]);
    let url = format!("{}/a.json", host.url);
    let new = schema(&url);
    let room = Room::with(&[("old.json", PLAIN), ("new.json", &new)]);
    let report = room.report(&["old.json", "new.json"]);
    assert_eq!((report["deploy"].as_str(), report["rollback"].as_str()), (Some("undecided"), Some("undecided")), "{report}");
    let gaps = report["not_checked"].to_string();
    assert!(gaps.contains("was not fetched: --allow-remote fetches it"), "{gaps}");
    // Loopback is not the internet.
    let report = room.report(&["old.json", "new.json", "--allow-remote"]);
    assert_eq!(report["deploy"].as_str(), Some("undecided"));
    assert!(report["not_checked"].to_string().contains("private or loopback"), "{report}");
    room.check(&[&url, "new.json"]).expect(64).says("SG-CHK-006");
    assert_eq!(host.asked(), Vec::<String>::new(), "nobody was asked");
    // Allowed, it is read and decides.
    let report = room.report(&["old.json", "new.json", "--allow-remote=private"]);
    assert_eq!((report["deploy"].as_str(), report["not_checked"].as_array().map(Vec::len)), (Some("breaking"), Some(0)), "{report}");
    assert_eq!(host.asked(), ["/a.json"]);
    room.check(&[&url, "old.json", "--allow-remote=private", "--type", "json-schema"]).expect(0);
    room.check(&["old.json", &url, "--allow-remote=private", "--type", "json-schema"]).expect(3);
}

#[test]
fn a_document_of_the_web_leads_nowhere_else() {
    let host = Host::with(&[
        ("/moved.json", "HTTP/1.1 302 Found\r\nLocation: /a.json\r\nContent-Length: 0\r\n\r\n"),
        ("/file.json", "HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n{\"$ref\": \"/secret.json\"}"),
        ("/dir/near.json", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1a\r\n{\"$ref\": \"../other.json\" }\r\n0\r\n\r\n"),
        ("/other.json", INTEGER),
        ("/away.json", "HTTP/1.1 200 OK\r\nContent-Length: 37\r\n\r\n{\"$ref\": \"http://127.0.0.1:9/x.json\"}"),
        ("/huge.json", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{"),
    ]);
    let check = |path: &str| {
        let new = schema(&format!("{}{path}", host.url));
        let room = Room::with(&[("old.json", PLAIN), ("new.json", &new), ("secret.json", r#"{"type": "integer"}"#)]);
        room.report(&["old.json", "new.json", "--allow-remote=private"])
    };
    for (path, why) in [
        ("/moved.json", "redirects are not followed"),
        ("/none.json", "answers 404"),
        ("/huge.json", "longer than 16777216 bytes"),
        ("/away.json", "of another host"),
    ] {
        let report = check(path);
        assert!(report["not_checked"].to_string().contains(why), "{path}: {report}");
        assert_eq!(report["deploy"].as_str(), Some("undecided"), "{path}: {report}");
    }
    assert!(!host.asked().contains(&"/a.json".to_owned()), "no redirect was followed");
    // A path of a document of the web is one of its host, never of this machine.
    let report = check("/file.json");
    assert_eq!(report["deploy"].as_str(), Some("undecided"), "{report}");
    assert!(host.asked().contains(&"/secret.json".to_owned()), "{:?}", host.asked());
    let report = check("/dir/near.json");
    assert_eq!(report["deploy"].as_str(), Some("breaking"), "{report}");
}
