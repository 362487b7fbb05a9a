//! Requests to two small servers: what differs is named, what cannot be told is not.

use segue_model::verify::{CheckReport, Verdict};
use segue_verify::checks::api::{Bounds, Client, check, read};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// A server that gives these answers by path, whole as they stand; what it was sent comes back on the channel.
async fn server(answers: &'static [(&'static str, &'static str)]) -> (String, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let (sent, seen) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let sent = sent.clone();
            tokio::spawn(async move {
                let mut request = Vec::new();
                while !request.windows(4).any(|four| four == b"\r\n\r\n") {
                    if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                        return;
                    }
                }
                let text = String::from_utf8_lossy(&request).into_owned();
                let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
                let answer =
                    answers.iter().find(|(of, _)| *of == path).map_or("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", |(_, a)| a);
                let _ = sent.send(text);
                let _ = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    (base, seen)
}

async fn compared(old: &'static [(&'static str, &'static str)], new: &'static [(&'static str, &'static str)], file: &str) -> CheckReport {
    let ((old, _), (new, _)) = (server(old).await, server(new).await);
    let plan = read(file.as_bytes(), &|name| Ok(format!("secret of {name}"))).expect("a file of requests");
    check(&plan, &Client::new(Bounds { time_ms_max: 5000, bytes_max: 1000 }, Vec::new()), &old, &new).await
}

const OLD: &[(&str, &str)] = &[
    ("/a", "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 29\r\n\r\n{\"id\": 1, \"items\": [1.5, 2] }"),
    ("/chunked", "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n"),
    ("/gone", "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"),
    ("/cut", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nab"),
    ("/moved", "HTTP/1.1 301 Moved\r\nlocation: /a\r\ncontent-length: 0\r\n\r\n"),
];
const NEW: &[(&str, &str)] = &[
    ("/a", "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 25\r\n\r\n{\"items\":[1.50,2],\"id\":9}"),
    ("/chunked", "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n[1,2]"),
    ("/cut", "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nab"),
    ("/moved", "HTTP/1.1 301 Moved\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n"),
];

#[tokio::test]
async fn answers_are_compared_by_value() {
    let report = compared(OLD, NEW, r#"{"requests": [{"path": "/a", "ignore": ["/id"]}, {"path": "/chunked"}]}"#).await;
    assert_eq!(report.verdict, Verdict::Equal, "{report:?}");
    assert_eq!(report.evidence[0], "GET /a: 200 on both sides, JSON by value");
    let report = compared(OLD, NEW, r#"{"requests": [{"path": "/a"}, {"path": "/gone"}]}"#).await;
    assert_eq!(report.verdict, Verdict::Different);
    assert_eq!(report.evidence, ["GET /a: /id is another number", "GET /gone: status 200 at the old side, 404 at the new"]);
    let report = compared(OLD, NEW, r#"{"compare_headers": ["Location"], "requests": [{"path": "/moved"}]}"#).await;
    assert_eq!(report.evidence, ["GET /moved: header `location` differs"], "a redirect is an answer");
}

#[tokio::test]
async fn a_cut_answer_or_a_missing_server_decides_nothing() {
    let report = compared(OLD, NEW, r#"{"requests": [{"path": "/cut"}]}"#).await;
    assert_eq!(report.verdict, Verdict::Undecided, "{report:?}");
    assert!(report.evidence[0].contains("the connection broke in the middle"), "{report:?}");
    let long: &[(&str, &str)] = Box::leak(Box::new([(
        "/long",
        &*Box::leak(format!("HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n{}", "x".repeat(2000)).into_boxed_str()),
    )]));
    let report = compared(long, long, r#"{"requests": [{"path": "/long"}]}"#).await;
    assert_eq!(report.verdict, Verdict::Undecided);
    assert!(report.evidence[0].contains("longer than 1000 bytes"), "{report:?}");
    let plan = read(br#"{"requests": [{"path": "/a"}]}"#, &|_| Err(String::new())).expect("a file");
    let (old, _seen) = server(OLD).await;
    let report = check(&plan, &Client::new(Bounds::default(), Vec::new()), &old, "http://127.0.0.1:1").await;
    assert_eq!(report.verdict, Verdict::Undecided);
    assert!(report.evidence[0].contains("the new side: no connection"), "{report:?}");
}

#[tokio::test]
async fn nothing_is_written_unasked_and_no_secret_leaves_in_the_clear() {
    let (old, mut seen) = server(OLD).await;
    let client = Client::new(Bounds::default(), Vec::new());
    let file =
        |writes: bool| format!(r#"{{"allow_writes": {writes}, "requests": [{{"method": "POST", "path": "/a", "body": {{"x": 1}}}}]}}"#);
    let plan = |text: &str| read(text.as_bytes(), &|name| Ok(format!("canary of {name}"))).expect("a file");
    let report = check(&plan(&file(false)), &client, &old, &old).await;
    assert_eq!(report.not_compared, ["POST /a: it may write, and was not sent"]);
    assert!(seen.try_recv().is_err(), "nothing was sent");
    let report = check(&plan(&file(true)), &client, &old, &old).await;
    assert_eq!(report.verdict, Verdict::Equal, "{report:?}");
    let request = seen.recv().await.expect("it was sent");
    assert!(request.starts_with("POST /a HTTP/1.1\r\n") && request.contains("content-type: application/json"), "{request}");
    let secret = plan(r#"{"headers": {"Authorization": "env:TOKEN"}, "requests": [{"path": "/a"}]}"#);
    let report = check(&secret, &client, &old, "http://192.0.2.1").await;
    assert_eq!(report.verdict, Verdict::Undecided);
    assert!(report.evidence[0].contains("a secret is not sent in the clear to another machine"), "{report:?}");
    seen.recv().await.expect("the second post");
    assert!(seen.recv().await.expect("sent to this machine").contains("canary of TOKEN"));
    assert!(!format!("{report:?} {secret:?}").contains("canary"));
}
