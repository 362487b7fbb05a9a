//! Where a database is: a URL, completed by the variables that every PostgreSQL client knows (`PGHOST`, …).
//!
//! The environment is handed in as a map: this crate never reads the process's own. It must never put a password,
//! or any part of a URL that may hold one, into an error or a `Debug`. What it does not understand it refuses by
//! name: a parameter that is silently left out may be the one that made the connection safe. Tests: below.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use segue_engine::{EngineError, ErrorKind};
use segue_model::secret::Secret;
use tokio_postgres::config::{ChannelBinding, TargetSessionAttrs};

use crate::tls::{self, Transport};

/// How libpq calls the levels of transport security.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SslMode {
    /// Never TLS.
    Disable,
    /// TLS if the server insists.
    Allow,
    /// TLS if the server has it.
    Prefer,
    /// TLS.
    Require,
    /// TLS, the certificate's authority known.
    VerifyCa,
    /// TLS, the certificate's authority known and its name the host's.
    VerifyFull,
}

/// A place of a server: a directory of its socket, or a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Host {
    /// The directory of a Unix socket.
    Unix(PathBuf),
    /// A host name or address, and the address to use in its place.
    Tcp(String, Option<IpAddr>),
}

/// What a connection needs, read from a URL and an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub(crate) host: Host,
    pub(crate) port: u16,
    pub(crate) user: String,
    pub(crate) password: Option<Secret>,
    pub(crate) database: String,
    pub(crate) ssl_mode: Option<SslMode>,
    pub(crate) root_certificates: Option<PathBuf>,
    pub(crate) client_certificate: Option<(PathBuf, PathBuf)>,
    options: Option<String>,
    pub(crate) connect_timeout: Duration,
    writable: bool,
    channel_binding: ChannelBinding,
}

/// Every parameter, by libpq's name, and the variable of the environment that gives it where the URL does not.
const PARAMETERS: &[(&str, &str)] = &[
    ("host", "PGHOST"),
    ("hostaddr", "PGHOSTADDR"),
    ("port", "PGPORT"),
    ("user", "PGUSER"),
    ("password", "PGPASSWORD"),
    ("dbname", "PGDATABASE"),
    ("sslmode", "PGSSLMODE"),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("sslcert", "PGSSLCERT"),
    ("sslkey", "PGSSLKEY"),
    ("options", "PGOPTIONS"),
    ("connect_timeout", "PGCONNECT_TIMEOUT"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    ("channel_binding", "PGCHANNELBINDING"),
];

/// Parameters that change nothing that concerns us: a session of ours has its own name, encoding and time-outs.
const WITHOUT_EFFECT: &[&str] = &[
    "application_name",
    "fallback_application_name",
    "client_encoding",
    "gssencmode",
    "sslcompression",
    "sslsni",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
];

impl Target {
    /// Reads `postgres://user:password@host:port/database?parameters`; what it does not say comes from the
    /// environment, then from libpq's own defaults. Fails with `SG-PG-005`, without any part of the URL.
    pub fn parse(url: &str, environment: &BTreeMap<String, String>) -> Result<Self, EngineError> {
        let mut given = read_url(url)?;
        if !given.contains_key("host") && environment.contains_key("PGSERVICE") && !environment.contains_key("PGHOST") {
            return Err(refused("PGSERVICE is set, and Segue does not read service files: name the host in the URL"));
        }
        for (parameter, variable) in PARAMETERS {
            if let Some(value) = environment.get(*variable).filter(|value| !value.is_empty()) {
                given.entry((*parameter).to_owned()).or_insert_with(|| value.clone());
            }
        }
        let mut take = |name: &str| given.remove(name).filter(|value| !value.is_empty());
        let host = read_host(take("host"), take("hostaddr"))?;
        let user = take("user")
            .or_else(|| environment.get("USER").or_else(|| environment.get("LOGNAME")).cloned())
            .ok_or_else(|| refused("no user: write it into the URL, or set PGUSER"))?;
        let client_certificate = match (take("sslcert"), take("sslkey")) {
            (Some(certificate), Some(key)) => Some((certificate.into(), key.into())),
            (None, None) => None,
            _ => return Err(refused("sslcert and sslkey come together")),
        };
        Ok(Self {
            host,
            port: number(take("port"), "port")?.unwrap_or(5432),
            password: take("password").map(Secret::new),
            database: take("dbname").unwrap_or_else(|| user.clone()),
            user,
            ssl_mode: take("sslmode").map(|mode| read_ssl_mode(&mode)).transpose()?,
            root_certificates: take("sslrootcert").filter(|path| path != "system").map(PathBuf::from),
            client_certificate,
            options: take("options"),
            connect_timeout: Duration::from_secs(number(take("connect_timeout"), "connect_timeout")?.unwrap_or(10).max(2)),
            writable: match take("target_session_attrs").as_deref() {
                None | Some("any") => false,
                Some("read-write" | "primary") => true,
                Some(_) => return Err(refused("target_session_attrs is `any`, `read-write` or `primary`: Segue writes")),
            },
            channel_binding: match take("channel_binding").as_deref() {
                None | Some("prefer") => ChannelBinding::Prefer,
                Some("require") => ChannelBinding::Require,
                Some("disable") => ChannelBinding::Disable,
                Some(_) => return Err(refused("channel_binding is `disable`, `prefer` or `require`")),
            },
        })
    }

    /// For people: `host:port/database`, without user and password.
    pub fn shown(&self) -> String {
        match &self.host {
            Host::Unix(path) => format!("{}:{}/{}", path.display(), self.port, self.database),
            Host::Tcp(host, _) => format!("{host}:{}/{}", self.port, self.database),
        }
    }

    /// How the bytes travel, or why they must not.
    pub(crate) fn transport(&self) -> Result<Transport, EngineError> {
        tls::decide(self)
    }

    /// The driver's own form.
    pub(crate) fn config(&self) -> tokio_postgres::Config {
        let mut config = tokio_postgres::Config::new();
        config.user(&self.user).dbname(&self.database).port(self.port).connect_timeout(self.connect_timeout);
        config.application_name("segue").channel_binding(self.channel_binding);
        // A dead peer is noticed within a minute, not in two hours.
        config.keepalives_idle(Duration::from_secs(30)).keepalives_interval(Duration::from_secs(10)).keepalives_retries(3);
        match &self.host {
            Host::Unix(path) => config.host_path(path),
            Host::Tcp(host, address) => {
                if let Some(address) = address {
                    config.hostaddr(*address);
                }
                config.host(host)
            }
        };
        if let Some(password) = &self.password {
            config.password(password.expose());
        }
        if let Some(options) = &self.options {
            config.options(options);
        }
        if self.writable {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        config.ssl_mode(match self.transport() {
            Ok(Transport::Plain) | Err(_) => tokio_postgres::config::SslMode::Disable,
            Ok(Transport::Tls(checks)) if checks.optional => tokio_postgres::config::SslMode::Prefer,
            Ok(Transport::Tls(_)) => tokio_postgres::config::SslMode::Require,
        });
        config
    }
}

fn refused(why: &str) -> EngineError {
    EngineError::new("SG-PG-005", ErrorKind::Unsupported, format!("the connection is not understood: {why}"))
        .help("write postgres://user@host:5432/database, and the password into PGPASSWORD or an env: reference")
}

fn number<T: std::str::FromStr>(text: Option<String>, what: &str) -> Result<Option<T>, EngineError> {
    text.map(|text| text.parse().map_err(|_| refused(&format!("{what} is not a number that fits")))).transpose()
}

fn read_ssl_mode(text: &str) -> Result<SslMode, EngineError> {
    Ok(match text {
        "disable" => SslMode::Disable,
        "allow" => SslMode::Allow,
        "prefer" => SslMode::Prefer,
        "require" => SslMode::Require,
        "verify-ca" => SslMode::VerifyCa,
        "verify-full" => SslMode::VerifyFull,
        _ => return Err(refused("sslmode is `disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`")),
    })
}

fn read_host(host: Option<String>, address: Option<String>) -> Result<Host, EngineError> {
    let address = address.map(|text| text.parse::<IpAddr>().map_err(|_| refused("hostaddr is not an address"))).transpose()?;
    match (host, address) {
        (Some(host), _) if host.contains(',') => Err(refused("several hosts: name the one that takes writes")),
        (Some(host), _) if host.starts_with('/') => Ok(Host::Unix(host.into())),
        (Some(host), _) if host.starts_with('@') => Err(refused("an abstract socket")),
        (Some(host), address) => Ok(Host::Tcp(host, address)),
        (None, Some(address)) => Ok(Host::Tcp(address.to_string(), Some(address))),
        // As libpq is built on Debian and elsewhere: the socket, where there is one.
        (None, None) if Path::new("/var/run/postgresql").is_dir() => Ok(Host::Unix("/var/run/postgresql".into())),
        (None, None) => Ok(Host::Tcp("localhost".to_owned(), None)),
    }
}

/// The parameters that a URL gives, by libpq's names.
fn read_url(url: &str) -> Result<BTreeMap<String, String>, EngineError> {
    let rest = url
        .strip_prefix("postgres://")
        .or_else(|| url.strip_prefix("postgresql://"))
        .ok_or_else(|| refused("a URL begins with postgres:// or postgresql://"))?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, database) = place.split_once('/').unwrap_or((place, ""));
    let (login, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (user, password) = login.split_once(':').map_or((login, None), |(user, password)| (user, Some(password)));
    let (host, port) = split_port(host)?;
    let mut out = BTreeMap::new();
    for (name, value) in [("user", user), ("password", password.unwrap_or("")), ("host", host), ("port", port), ("dbname", database)] {
        if !value.is_empty() {
            out.insert(name.to_owned(), decode(value)?);
        }
    }
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or_else(|| refused("a parameter without `=`"))?;
        let name = decode(name)?;
        if PARAMETERS.iter().any(|(known, _)| *known == name) {
            out.insert(name, decode(value)?);
        } else if name == "sslnegotiation" && value == "postgres" || WITHOUT_EFFECT.contains(&name.as_str()) {
            // Nothing to do.
        } else {
            let shown: String = name.chars().filter(char::is_ascii_alphanumeric).take(30).collect();
            return Err(refused(&format!("parameter `{shown}` is not known")));
        }
    }
    Ok(out)
}

fn split_port(host: &str) -> Result<(&str, &str), EngineError> {
    if let Some(bracketed) = host.strip_prefix('[') {
        let (address, port) = bracketed.split_once(']').ok_or_else(|| refused("a `[` that does not close"))?;
        return Ok((address, port.strip_prefix(':').unwrap_or(port)));
    }
    Ok(host.rsplit_once(':').unwrap_or((host, "")))
}

fn decode(text: &str) -> Result<String, EngineError> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let hex = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
            out.push(hex.filter(|byte| *byte != 0).ok_or_else(|| refused("a `%` without two hexadecimal digits after it"))?);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(out).map_err(|_| refused("a text that is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn parse(url: &str) -> Target {
        Target::parse(url, &environment(&[("USER", "me")])).expect("a good URL")
    }

    #[test]
    fn a_full_url_is_read() {
        let target = parse("postgres://bob:p%40ss%3Aw@db.example:6543/sh%2Fop?sslmode=verify-full&connect_timeout=7");
        assert_eq!(target.host, Host::Tcp("db.example".to_owned(), None));
        assert_eq!((target.port, target.user.as_str(), target.database.as_str()), (6543, "bob", "sh/op"));
        assert_eq!(target.password.as_ref().expect("a password").expose(), "p@ss:w");
        assert_eq!(target.ssl_mode, Some(SslMode::VerifyFull));
        assert_eq!(target.connect_timeout, Duration::from_secs(7));
        assert_eq!(target.shown(), "db.example:6543/sh/op");
        assert!(!format!("{target:?}").contains("p@ss"));
    }

    #[test]
    fn sockets_and_addresses_are_read() {
        assert_eq!(parse("postgres://%2Ftmp%2Fpg:5433/x").host, Host::Unix("/tmp/pg".into()));
        assert_eq!(parse("postgres:///x?host=/tmp/pg&port=5433").host, Host::Unix("/tmp/pg".into()));
        assert_eq!(parse("postgres://[::1]:5433/x").host, Host::Tcp("::1".to_owned(), None));
        assert_eq!(parse("postgres://[::1]:5433/x").port, 5433);
        assert_eq!(parse("postgres://h").database, "me");
    }

    #[test]
    fn the_environment_fills_what_the_url_leaves_open() {
        let environment = environment(&[
            ("PGHOST", "elsewhere"),
            ("PGPORT", "7777"),
            ("PGUSER", "ann"),
            ("PGPASSWORD", "canary"),
            ("PGDATABASE", "shop"),
            ("PGSSLMODE", "require"),
        ]);
        let target = Target::parse("postgres://", &environment).expect("all from the environment");
        assert_eq!(target.shown(), "elsewhere:7777/shop");
        assert_eq!((target.user.as_str(), target.ssl_mode), ("ann", Some(SslMode::Require)));
        let target = Target::parse("postgres://bob@here:1/a", &environment).expect("the URL goes first");
        assert_eq!((target.shown().as_str(), target.user.as_str()), ("here:1/a", "bob"));
    }

    #[test]
    fn what_is_refused_shows_nothing_of_the_url() {
        for url in [
            "mysql://bob:canary@h/x",
            "postgres://bob:canary@h:99999/x",
            "postgres://bob:canary@h/x?sslmode=canary",
            "postgres://bob:canary@h/x?nonsense=canary",
            "postgres://bob:canary%zz@h/x",
            "postgres://bob:canary@h,i/x",
            "postgres://bob:canary@[::1/x",
            "postgres://bob:canary@h/x?sslcert=canary",
            "postgres://bob:canary@h/x?target_session_attrs=standby",
        ] {
            let error = Target::parse(url, &BTreeMap::new()).expect_err(url);
            assert_eq!(error.code, "SG-PG-005");
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        }
    }
}
