//! The file of requests: what is sent, and how the answers are compared.
//!
//! JSON; a key that is not known is refused. A header's value may be `env:NAME`, which who calls resolves; a value
//! that looks like a secret and stands there in the clear is refused. Tests: below.

use std::collections::BTreeMap;

use segue_model::spec::program::Tolerance;
use serde::Deserialize;
use serde_json::Value;

use super::super::Exact;
use super::body::Rules;

/// Headers whose values are secrets.
const SECRET: &[&str] = &["authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-auth-token"];
const READS: &[&str] = &["GET", "HEAD", "OPTIONS"];
const METHODS: &[&str] = &["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

/// A list of requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// They are sent in this order.
    pub requests: Vec<Request>,
    /// Requests that may write are sent too.
    pub allow_writes: bool,
    rules: Rules,
}

/// A request.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`.
    pub method: String,
    /// From the base URL on, with its query: `/orders?page=1`.
    pub path: String,
    /// Headers, with secrets in their places.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// A header holds a secret.
    pub(super) has_secret: bool,
    ignore: Vec<String>,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({} {})", self.method, self.path)
    }
}

impl Request {
    /// Asks for a document, as it stands.
    pub(super) fn document(path: &str) -> Self {
        let agent = concat!("segue/", env!("CARGO_PKG_VERSION"));
        let headers = [("accept", "*/*"), ("accept-encoding", "identity"), ("user-agent", agent)];
        Self {
            method: "GET".to_owned(),
            path: path.to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
            body: Vec::new(),
            has_secret: false,
            ignore: Vec::new(),
        }
    }

    /// Its method promises to change nothing.
    pub fn only_reads(&self) -> bool {
        READS.contains(&self.method.as_str())
    }
}

impl Plan {
    pub(super) fn rules_of(&self, request: &Request) -> Rules {
        let mut rules = self.rules.clone();
        rules.ignore.extend(request.ignore.iter().cloned());
        rules
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    requests: Vec<Entry>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    compare_headers: Vec<String>,
    #[serde(default)]
    ignore: Vec<String>,
    #[serde(default)]
    any_order: bool,
    #[serde(default)]
    tolerance: Option<String>,
    #[serde(default)]
    allow_writes: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default)]
    method: Option<String>,
    path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Option<Value>,
    #[serde(default)]
    ignore: Vec<String>,
}

/// Reads a file of requests. `secret` gives what `env:NAME` stands for, or why it does not.
pub fn read(json: &[u8], secret: &dyn Fn(&str) -> Result<String, String>) -> Result<Plan, String> {
    let file: File = serde_json::from_slice(json).map_err(|error| format!("it is no file of requests: {error}"))?;
    let rules = Rules {
        headers: file.compare_headers.iter().map(|name| name.to_lowercase()).collect(),
        ignore: paths(&file.ignore)?,
        tolerance: file.tolerance.as_deref().map(tolerance).transpose()?,
        any_order: file.any_order,
    };
    let requests = file.requests.iter().map(|entry| request(entry, &file.headers, secret)).collect::<Result<Vec<_>, _>>()?;
    Ok(Plan { requests, allow_writes: file.allow_writes, rules })
}

fn request(entry: &Entry, common: &BTreeMap<String, String>, secret: &dyn Fn(&str) -> Result<String, String>) -> Result<Request, String> {
    let method = entry.method.as_deref().unwrap_or("GET").to_uppercase();
    if !METHODS.contains(&method.as_str()) {
        return Err(format!("{method} is none of {}", METHODS.join(", ")));
    }
    if !entry.path.starts_with('/') || entry.path.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(format!("the path `{}` does not begin with `/`, or has a space in it", entry.path.escape_debug()));
    }
    let (mut headers, mut has_secret) = (BTreeMap::<String, String>::new(), false);
    for (name, value) in common.iter().chain(&entry.headers) {
        let name = name.to_lowercase();
        let value = match value.strip_prefix("env:") {
            Some(variable) => {
                has_secret = true;
                secret(variable)?
            }
            None if SECRET.contains(&name.as_str()) => {
                return Err(format!("header `{name}` holds a secret in the clear: write env:NAME"));
            }
            None => value.clone(),
        };
        headers.insert(name, value);
    }
    let body = match &entry.body {
        None => Vec::new(),
        Some(Value::String(text)) => text.clone().into_bytes(),
        Some(document) => {
            headers.entry("content-type".to_owned()).or_insert_with(|| "application/json".to_owned());
            document.to_string().into_bytes()
        }
    };
    Ok(Request {
        method,
        path: entry.path.clone(),
        headers: headers.into_iter().collect(),
        body,
        has_secret,
        ignore: paths(&entry.ignore)?,
    })
}

fn paths(list: &[String]) -> Result<Vec<String>, String> {
    match list.iter().find(|path| !path.starts_with('/')) {
        Some(path) => Err(format!("`{path}` is no path into a document: it begins with `/`, as /items/*/at")),
        None => Ok(list.to_vec()),
    }
}

/// `0.5%`, or `0.01` for a difference; thousandths are the finest.
fn tolerance(text: &str) -> Result<Tolerance, String> {
    let (number, percent) = text.strip_suffix('%').map_or((text, false), |number| (number, true));
    let wrong = || format!("`{text}` is no tolerance: 1% or 0.01");
    let milli = Exact::parse(number.trim()).ok_or_else(wrong)?.times(1000).show().parse::<u64>().map_err(|_| wrong())?;
    Ok(if percent { Tolerance::PercentMilli(milli) } else { Tolerance::Milli(milli) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Result<Plan, String> {
        read(json.as_bytes(), &|name| if name == "TOKEN" { Ok("canary".to_owned()) } else { Err(format!("{name} is not set")) })
    }

    #[test]
    fn a_file_of_requests() {
        let plan = parse(
            r#"{"headers": {"Authorization": "env:TOKEN"}, "ignore": ["/id"], "tolerance": "0.5%",
                "requests": [{"path": "/orders?x=1"}, {"method": "post", "path": "/orders", "body": {"a": 1}, "ignore": ["/at"]}]}"#,
        )
        .expect("a plan");
        assert_eq!((plan.requests.len(), plan.requests[0].only_reads(), plan.requests[1].only_reads()), (2, true, false));
        assert_eq!(plan.requests[0].headers, [("authorization".to_owned(), "canary".to_owned())]);
        assert_eq!(plan.requests[1].body, b"{\"a\":1}");
        assert_eq!(plan.rules_of(&plan.requests[1]).ignore, ["/id", "/at"]);
        assert_eq!(plan.rules.tolerance, Some(Tolerance::PercentMilli(500)));
        assert!(!format!("{plan:?}").contains("canary"));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for bad in [
            r#"{"requests": [{"path": "orders"}]}"#,
            r#"{"requests": [{"path": "/a\r\nHost: x"}]}"#,
            r#"{"requests": [{"method": "TRACE", "path": "/"}]}"#,
            r#"{"requests": [{"path": "/", "headers": {"Cookie": "a=b"}}]}"#,
            r#"{"requests": [{"path": "/", "headers": {"x-key": "env:MISSING"}}]}"#,
            r#"{"requests": [], "ignore": ["id"]}"#,
            r#"{"requests": [], "tolerance": "-1"}"#,
            r#"{"requests": [], "tolerance": "0.0001"}"#,
            r#"{"request": []}"#,
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
