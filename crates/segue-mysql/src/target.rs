//! Where a database is: a URL, completed by the variables that MySQL's own clients know (`MYSQL_PWD`, …).
//!
//! The environment is handed in as a map: this crate never reads the process's own. It must never put a password,
//! or any part of a URL that may hold one, into an error or a `Debug`, and never log in over the network in the clear
//! but to this machine. What it does not understand it refuses by name. Tests: below, and `tests/it/tls.rs`.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use mysql_async::{Opts, OptsBuilder, SslOpts};
use segue_engine::{EngineError, ErrorKind};
use segue_model::secret::Secret;

/// How MySQL calls the levels of transport security.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SslMode {
    /// Never TLS.
    Disabled,
    /// TLS, whoever answers.
    Required,
    /// TLS, the certificate's authority known.
    VerifyCa,
    /// TLS, the certificate's authority known and its name the host's.
    VerifyIdentity,
}

/// What a connection needs, read from a URL and an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    host: String,
    port: u16,
    socket: Option<PathBuf>,
    user: String,
    password: Option<Secret>,
    pub(crate) database: String,
    ssl_mode: Option<SslMode>,
    authority: Option<PathBuf>,
    pub(crate) connect_timeout: Duration,
}

const PARAMETERS: &[&str] = &["socket", "ssl-mode", "ssl-ca", "connect-timeout"];

/// How the bytes travel.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Transport {
    Plain,
    Tls(Verify),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verify {
    Nothing,
    Authority,
    Name,
}

impl Target {
    /// Reads `mysql://user:password@host:port/database?parameters` (`mariadb://` too). What it does not say comes
    /// from the environment. Fails with `SG-MY-005`, without any part of the URL.
    pub fn parse(url: &str, environment: &BTreeMap<String, String>) -> Result<Self, EngineError> {
        let rest = url
            .strip_prefix("mysql://")
            .or_else(|| url.strip_prefix("mariadb://"))
            .ok_or_else(|| refused("a URL begins with mysql:// or mariadb://"))?;
        let variable = |name: &str| environment.get(name).filter(|value| !value.is_empty()).cloned();
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = place.split_once('/').unwrap_or((place, ""));
        let (login, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = login.split_once(':').map_or((login, None), |(user, password)| (user, Some(password)));
        let (host, port) = split_port(host)?;
        let mut given = parameters(query)?;
        let database = decode(database)?;
        if database.is_empty() {
            return Err(refused("no database: write mysql://user@host/database"));
        }
        let user = match decode(user)? {
            user if user.is_empty() => variable("USER").ok_or_else(|| refused("no user: write it into the URL"))?,
            user => user,
        };
        let password = match password {
            Some(password) => Some(decode(password)?).filter(|password| !password.is_empty()),
            None => variable("MYSQL_PWD"),
        };
        let port = if port.is_empty() { variable("MYSQL_TCP_PORT") } else { Some(port.to_owned()) };
        let seconds = given.remove("connect-timeout").map(|text| text.parse().map_err(|_| refused("connect-timeout is not a number")));
        Ok(Self {
            host: match decode(host)? {
                host if host.is_empty() => variable("MYSQL_HOST").unwrap_or_else(|| "localhost".to_owned()),
                host => host,
            },
            port: port.map_or(Ok(3306), |text| text.parse().map_err(|_| refused("the port is not a number that fits")))?,
            socket: given.remove("socket").map(PathBuf::from),
            user,
            password: password.map(Secret::new),
            database,
            ssl_mode: given.remove("ssl-mode").map(|mode| read_ssl_mode(&mode)).transpose()?,
            authority: given.remove("ssl-ca").map(PathBuf::from),
            connect_timeout: Duration::from_secs(seconds.transpose()?.unwrap_or(10_u64).max(2)),
        })
    }

    /// For people: `host:port/database`, without user and password.
    pub fn shown(&self) -> String {
        match &self.socket {
            Some(path) => format!("{}/{}", path.display(), self.database),
            None => format!("{}:{}/{}", self.host, self.port, self.database),
        }
    }

    fn transport(&self) -> Result<Transport, EngineError> {
        let address = self.host.parse::<IpAddr>().map(|address| address.to_canonical().is_loopback());
        let local = self.socket.is_some() || address.unwrap_or_else(|_| self.host.eq_ignore_ascii_case("localhost"));
        match self.ssl_mode {
            _ if self.socket.is_some() => Ok(Transport::Plain),
            None | Some(SslMode::Disabled) if local => Ok(Transport::Plain),
            Some(SslMode::Required) if local && self.authority.is_none() => Ok(Transport::Tls(Verify::Nothing)),
            Some(SslMode::Required | SslMode::VerifyCa) if self.authority.is_some() => Ok(Transport::Tls(Verify::Authority)),
            // REQUIRED alone would trust anybody: here it means the full check.
            None | Some(SslMode::Required | SslMode::VerifyIdentity) => Ok(Transport::Tls(Verify::Name)),
            Some(SslMode::VerifyCa) => Err(insecure("VERIFY_CA without ssl-ca trusts everybody who has a certificate of any authority")),
            Some(SslMode::Disabled) => Err(insecure("this ssl-mode sends every row in the clear to a host that is not this machine")),
        }
    }

    /// The driver's own form.
    pub(crate) fn options(&self) -> Result<Opts, EngineError> {
        let builder = OptsBuilder::default()
            .ip_or_hostname(self.host.clone())
            .tcp_port(self.port)
            .user(Some(self.user.clone()))
            .pass(self.password.as_ref().map(|password| password.expose().to_owned()))
            .db_name(Some(self.database.clone()))
            .socket(self.socket.as_ref().and_then(|path| path.to_str()).map(str::to_owned))
            // The driver would leave a loopback address for the server's own socket by itself.
            .prefer_socket(self.socket.is_some())
            .tcp_keepalive(Some(Duration::from_secs(30)))
            .stmt_cache_size(Some(0))
            .connect_attribute("program_name", "segue");
        let tls = match self.transport()? {
            Transport::Plain => None,
            Transport::Tls(Verify::Nothing) => Some(SslOpts::default().with_danger_accept_invalid_certs(true)),
            Transport::Tls(verify) => {
                let roots = self.roots()?;
                let checks =
                    SslOpts::default().with_disable_built_in_roots(true).with_root_certs(roots.into_iter().map(Into::into).collect());
                Some(checks.with_danger_skip_domain_validation(verify == Verify::Authority))
            }
        };
        Ok(builder.ssl_opts(tls).into())
    }

    /// Certificates of authorities, in PEM or DER form.
    fn roots(&self) -> Result<Vec<Vec<u8>>, EngineError> {
        let unreadable = |why: String| EngineError::new("SG-MY-003", ErrorKind::Credentials, why).help("give them with ssl-ca=FILE");
        if let Some(file) = &self.authority {
            let pem = std::fs::read(file).map_err(|error| unreadable(format!("{} could not be read: {}", file.display(), error.kind())))?;
            if !String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----") {
                return Err(unreadable(format!("{} holds no certificate in PEM form", file.display())));
            }
            return Ok(vec![pem]);
        }
        let found = rustls_native_certs::load_native_certs().certs;
        if found.is_empty() {
            return Err(unreadable("there is no authority to verify the server's certificate with".to_owned()));
        }
        Ok(found.into_iter().map(|certificate| certificate.to_vec()).collect())
    }
}

fn refused(why: &str) -> EngineError {
    EngineError::new("SG-MY-005", ErrorKind::Unsupported, format!("the connection is not understood: {why}"))
        .help("write mysql://user@host:3306/database, and the password into MYSQL_PWD or an env: reference")
}

fn insecure(why: &str) -> EngineError {
    EngineError::new("SG-MY-004", ErrorKind::Credentials, why)
        .help("write ssl-mode=VERIFY_IDENTITY, with ssl-ca=FILE for an authority of your own; or reach the server by a tunnel that ends on a loopback address")
}

fn read_ssl_mode(text: &str) -> Result<SslMode, EngineError> {
    Ok(match text.to_ascii_uppercase().as_str() {
        "DISABLED" => SslMode::Disabled,
        "REQUIRED" => SslMode::Required,
        "VERIFY_CA" => SslMode::VerifyCa,
        "VERIFY_IDENTITY" => SslMode::VerifyIdentity,
        _ => return Err(refused("ssl-mode is `DISABLED`, `REQUIRED`, `VERIFY_CA` or `VERIFY_IDENTITY`")),
    })
}

fn parameters(query: &str) -> Result<BTreeMap<String, String>, EngineError> {
    let mut out = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or_else(|| refused("a parameter without `=`"))?;
        let name = decode(name)?;
        if !PARAMETERS.contains(&name.as_str()) {
            let shown: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(30).collect();
            return Err(refused(&format!("parameter `{shown}` is not known")));
        }
        let value = decode(value)?;
        if !value.is_empty() {
            out.insert(name, value);
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
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let hex: String = [bytes.next(), bytes.next()].into_iter().flatten().map(char::from).collect();
            let value = if hex.len() == 2 { u8::from_str_radix(&hex, 16).ok() } else { None };
            out.push(value.filter(|byte| *byte != 0).ok_or_else(|| refused("a `%` without two hexadecimal digits after it"))?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).map_err(|_| refused("a text that is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Target {
        Target::parse(url, &BTreeMap::from([("USER".to_owned(), "me".to_owned())])).expect("a good URL")
    }

    #[test]
    fn a_full_url_is_read() {
        let target = parse("mysql://bob:p%40ss%3Aw@db.example:6543/sh%2Fop?ssl-mode=VERIFY_IDENTITY&connect-timeout=7");
        assert_eq!((target.user.as_str(), target.shown().as_str()), ("bob", "db.example:6543/sh/op"));
        assert_eq!(target.password.as_ref().expect("a password").expose(), "p@ss:w");
        assert_eq!(target.connect_timeout, Duration::from_secs(7));
        assert!(!format!("{target:?}").contains("p@ss"));
        assert_eq!(parse("mariadb://[::1]/x").shown(), "::1:3306/x");
        assert_eq!(parse("mysql:///x?socket=/run/m.sock").shown(), "/run/m.sock/x");
    }

    #[test]
    fn the_environment_fills_what_the_url_leaves_open() {
        let pairs = [("MYSQL_PWD", "canary"), ("MYSQL_HOST", "h"), ("MYSQL_TCP_PORT", "7"), ("USER", "ann")];
        let environment = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let target = Target::parse("mysql:///shop", &environment).expect("a good URL");
        assert_eq!((target.shown().as_str(), target.user.as_str()), ("h:7/shop", "ann"));
        assert_eq!(target.password.expect("a password").expose(), "canary");
    }

    #[test]
    fn what_is_refused_shows_nothing_of_the_url() {
        for url in [
            "postgres://bob:canary@h/x",
            "mysql://bob:canary@h:99999/x",
            "mysql://bob:canary@h/x?ssl-mode=canary",
            "mysql://bob:canary@h/x?nonsense=canary",
            "mysql://bob:canary@h/",
            "mysql://bob:canary%@h/x",
            "mysql://bob:canary%00@h/x",
            "mysql://bob:canary@[::1/x",
            "mysql://bob:canary@h/x?connect-timeout=canary",
        ] {
            let error = Target::parse(url, &BTreeMap::new()).expect_err(url);
            assert_eq!(error.code, "SG-MY-005", "{url}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{url}: {error}");
        }
    }

    #[test]
    fn elsewhere_the_name_is_verified_or_nothing_is_sent() {
        let decided = |url: &str| parse(url).transport().map_err(|error| error.code);
        for host in ["db.example", "10.0.0.1", "[fe80::1]", "localhost.example", "127.evil.example"] {
            let at = |parameters: &str| decided(&format!("mysql://{host}/x{parameters}"));
            assert_eq!(at(""), Ok(Transport::Tls(Verify::Name)), "{host}");
            assert_eq!(at("?ssl-mode=REQUIRED"), Ok(Transport::Tls(Verify::Name)));
            assert_eq!(at("?ssl-mode=VERIFY_CA&ssl-ca=/ca.pem"), Ok(Transport::Tls(Verify::Authority)));
            assert_eq!(at("?ssl-mode=VERIFY_CA"), Err("SG-MY-004"));
            assert_eq!(at("?ssl-mode=DISABLED"), Err("SG-MY-004"));
        }
        for host in ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"] {
            let at = |parameters: &str| decided(&format!("mysql://{host}/x{parameters}"));
            assert_eq!(at(""), Ok(Transport::Plain), "{host}");
            assert_eq!(at("?ssl-mode=REQUIRED"), Ok(Transport::Tls(Verify::Nothing)));
            assert_eq!(at("?ssl-mode=VERIFY_IDENTITY"), Ok(Transport::Tls(Verify::Name)));
        }
        assert_eq!(decided("mysql:///x?socket=/run/m.sock&ssl-mode=VERIFY_IDENTITY"), Ok(Transport::Plain));
    }
}
