//! A headless Chromium that is talked to over two pipes: no port is opened, and it can reach no network.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// The longest that the browser may be silent while it is waited for.
const SILENCE: Duration = Duration::from_mins(2);

/// A browser with one tab.
pub(crate) struct Chromium {
    child: Child,
    to: File,
    from: Receiver<Value>,
    session: Option<String>,
    last: u64,
    /// What came while an answer was waited for.
    pub(crate) events: Vec<Value>,
    _folder: tempfile::TempDir,
}

/// The program's name; nothing where there is none, which a CI run does not accept.
pub(crate) fn program() -> Option<&'static str> {
    let there = |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(there);
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "Chromium is missing: `cargo xtask test` installs it");
    found
}

impl Chromium {
    /// Starts it with a fresh profile.
    pub(crate) fn start(program: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (to, from) = (folder.path().join("to"), folder.path().join("from"));
        let made = Command::new("mkfifo").args([&to, &from]).status().expect("mkfifo");
        assert!(made.success());
        let flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update \
                     --disable-sync --disable-dev-shm-usage --hide-scrollbars --remote-debugging-pipe";
        // The browser reads commands on 3 and answers on 4.
        let script =
            format!("exec \"$1\" {flags} '--host-resolver-rules=MAP * ~NOTFOUND' \"--user-data-dir=$2\" about:blank 3<\"$3\" 4>\"$4\"");
        let child = Command::new("sh")
            .args(["-c", &script, "sh", program])
            .arg(folder.path().join("profile"))
            .args([&to, &from])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let to = OpenOptions::new().write(true).open(&to).expect("it listens");
        let mut browser = Self { child, to, from: listen(&from), session: None, last: 0, events: Vec::new(), _folder: folder };
        browser.attach();
        browser
    }

    fn attach(&mut self) {
        let target = self.call("Target.createTarget", json!({"url": "about:blank"}));
        let session = self.call("Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true}));
        self.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
        self.call(
            "Network.emulateNetworkConditions",
            json!({"offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}),
        );
    }

    /// Calls a method and waits for its answer; events that come meanwhile are kept.
    pub(crate) fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.last += 1;
        let mut message = json!({"id": self.last, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect("it reads");
        loop {
            let message = self.next(method);
            if message["id"] == self.last {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    fn next(&mut self, waiting: &str) -> Value {
        let seen = self.events.len();
        self.from
            .recv_timeout(SILENCE)
            .unwrap_or_else(|_| panic!("no word from the browser, waiting for {waiting}, after {seen} events: {:?}", self.events.last()))
    }

    /// Opens a file at a width, in light or dark, and waits until it is loaded.
    pub(crate) fn open(&mut self, page: &Path, width: u32, scheme: &str) {
        self.events.clear();
        self.call("Emulation.setDeviceMetricsOverride", json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false}));
        self.call("Emulation.setEmulatedMedia", json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]}));
        self.call("Page.navigate", json!({"url": format!("file://{}", page.display())}));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let event = self.next("the page");
            self.events.push(event);
        }
    }

    /// The value of an expression in the page.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let answer = self.call("Runtime.evaluate", json!({"expression": expression, "returnByValue": true}));
        assert!(answer.get("exceptionDetails").is_none(), "{answer}");
        answer["result"]["value"].clone()
    }

    /// A picture of the whole page, as base64 of a PNG.
    pub(crate) fn picture(&mut self) -> String {
        let answer = self.call("Page.captureScreenshot", json!({"captureBeyondViewport": true}));
        answer["data"].as_str().expect("a picture").to_owned()
    }
}

/// Messages end with a zero byte; a thread of its own reads them, so that waiting can be bounded.
fn listen(from: &Path) -> Receiver<Value> {
    let file = File::open(from).expect("it talks");
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for message in BufReader::new(file).split(0).map_while(Result::ok) {
            let Ok(message) = serde_json::from_slice(&message) else { continue };
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    receiver
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It may be gone already; its profile goes with the folder.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
