//! Transport security: what a connection must have, and `rustls` set up to have it.
//!
//! The rule: the server's certificate is verified with its host name, except over a Unix socket or to a loopback
//! address, which may do without. What asks for less elsewhere is refused (`SG-PG-004`), never quietly done. It
//! must never use another cryptography than `ring`, and never weaken a check because the handshake failed.
//! Tests: below (the decision), `tests/it/tls.rs` (against a server with a certificate).

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use segue_engine::{EngineError, ErrorKind};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::target::{Host, SslMode, Target};

/// How the bytes travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Transport {
    /// As they are.
    Plain,
    /// Over TLS.
    Tls(Checks),
}

/// What is checked of the server's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Checks {
    /// TLS is used only if the server has it.
    pub(crate) optional: bool,
    /// How much is verified.
    verify: Verify,
    /// The authorities to trust in place of the system's.
    roots: Option<PathBuf>,
    /// Our own certificate and its key.
    client: Option<(PathBuf, PathBuf)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verify {
    /// Nothing: a loopback address.
    Nothing,
    /// The authority.
    Authority,
    /// The authority and the host's name.
    Name,
}

/// Decides how to talk to a target, or refuses to.
pub(crate) fn decide(target: &Target) -> Result<Transport, EngineError> {
    let tls = |optional, verify| {
        let (roots, client) = (target.root_certificates.clone(), target.client_certificate.clone());
        Ok(Transport::Tls(Checks { optional, verify, roots, client }))
    };
    let local = match &target.host {
        // PostgreSQL has no TLS on Unix sockets; libpq ignores sslmode there, too.
        Host::Unix(_) => return Ok(Transport::Plain),
        Host::Tcp(host, address) => is_loopback(host, *address),
    };
    let own_roots = target.root_certificates.is_some();
    match target.ssl_mode {
        Some(SslMode::Disable) if local => Ok(Transport::Plain),
        None | Some(SslMode::Allow | SslMode::Prefer) if local => tls(true, Verify::Nothing),
        Some(SslMode::Require) if local && !own_roots => tls(false, Verify::Nothing),
        // As libpq: `require` with a file of authorities checks against it.
        Some(SslMode::Require | SslMode::VerifyCa) if own_roots => tls(false, Verify::Authority),
        // `require` alone would trust anybody: here it means the full check.
        None | Some(SslMode::Require | SslMode::VerifyFull) => tls(false, Verify::Name),
        Some(SslMode::VerifyCa) => {
            Err(refused("sslmode=verify-ca with the system's authorities trusts everybody who has a certificate of any of them"))
        }
        Some(SslMode::Disable | SslMode::Allow | SslMode::Prefer) => {
            Err(refused("this sslmode may send the password and every row in the clear to a host that is not this machine"))
        }
    }
}

fn refused(why: &str) -> EngineError {
    EngineError::new("SG-PG-004", ErrorKind::Credentials, why).help("write sslmode=verify-full, with sslrootcert=FILE for an authority of your own; or reach the server by a tunnel that ends on a loopback address")
}

fn is_loopback(host: &str, address: Option<IpAddr>) -> bool {
    match address.or_else(|| host.parse().ok()) {
        Some(address) => address.to_canonical().is_loopback(),
        None => host.eq_ignore_ascii_case("localhost"),
    }
}

/// The driver's connector for these checks.
pub(crate) fn connector(checks: &Checks) -> Result<MakeRustlsConnect, EngineError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions().map_err(broken)?;
    let builder = match checks.verify {
        Verify::Nothing => {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Lenient { provider: provider.clone(), authority: None }))
        }
        Verify::Name => builder.with_root_certificates(roots(checks.roots.as_deref())?),
        Verify::Authority => {
            let store = Arc::new(roots(checks.roots.as_deref())?);
            let inner = WebPkiServerVerifier::builder_with_provider(store, provider.clone())
                .build()
                .map_err(|_| unreadable("the file of sslrootcert holds no authority"))?;
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Lenient { provider, authority: Some(inner) }))
        }
    };
    let config = match &checks.client {
        None => builder.with_no_client_auth(),
        Some((certificate, key)) => {
            let chain = certificates(certificate)?;
            let key = PrivateKeyDer::from_pem_file(key).map_err(|_| unreadable("sslkey holds no private key in PEM form"))?;
            builder.with_client_auth_cert(chain, key).map_err(broken)?
        }
    };
    Ok(MakeRustlsConnect::new(config))
}

fn roots(file: Option<&Path>) -> Result<RootCertStore, EngineError> {
    let mut store = RootCertStore::empty();
    if let Some(file) = file {
        for certificate in certificates(file)? {
            store.add(certificate).map_err(|_| unreadable("sslrootcert holds a certificate that is not understood"))?;
        }
    } else {
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if store.is_empty() {
        return Err(unreadable("there is no authority to verify the server's certificate with"));
    }
    Ok(store)
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, EngineError> {
    CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect)
        .map_err(|_| unreadable(&format!("no certificates in PEM form could be read from {}", file.display())))
}

fn unreadable(why: &str) -> EngineError {
    EngineError::new("SG-PG-003", ErrorKind::Credentials, why.to_owned()).help("give them with sslrootcert=FILE")
}

fn broken(error: rustls::Error) -> EngineError {
    EngineError::new("SG-PG-003", ErrorKind::Credentials, "TLS could not be set up").caused_by(error)
}

/// A verifier that asks less than the name: the authority, or (on a loopback address alone) nothing.
#[derive(Debug)]
struct Lenient {
    provider: Arc<CryptoProvider>,
    authority: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(authority) = &self.authority else { return Ok(ServerCertVerified::assertion()) };
        // The chain is checked before the name: a wrong name means that the chain was good.
        match authority.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(rustls::Error::InvalidCertificate(CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. })) => {
                Ok(ServerCertVerified::assertion())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn decided(url: &str) -> Result<&'static str, &'static str> {
        let target = Target::parse(url, &BTreeMap::from([("USER".to_owned(), "me".to_owned())])).expect("a good URL");
        match decide(&target) {
            Ok(Transport::Plain) => Ok("plain"),
            Ok(Transport::Tls(checks)) => Ok(match (checks.optional, checks.verify) {
                (true, Verify::Nothing) => "if there",
                (false, Verify::Nothing) => "unverified",
                (_, Verify::Authority) => "authority",
                (_, Verify::Name) => "name",
            }),
            Err(error) => Err(error.code),
        }
    }

    #[test]
    fn elsewhere_the_name_is_verified_or_nothing_is_sent() {
        for host in ["db.example", "10.0.0.1", "192.168.1.5", "[fe80::1]", "localhost.example", "127.evil.example"] {
            let at = |parameters: &str| decided(&format!("postgres://{host}/x{parameters}"));
            assert_eq!(at(""), Ok("name"), "{host}");
            assert_eq!(at("?sslmode=verify-full"), Ok("name"));
            assert_eq!(at("?sslmode=require"), Ok("name"));
            assert_eq!(at("?sslmode=verify-ca&sslrootcert=/ca.pem"), Ok("authority"));
            for weak in ["disable", "allow", "prefer", "verify-ca", "disable&sslrootcert=/ca.pem"] {
                assert_eq!(at(&format!("?sslmode={weak}")), Err("SG-PG-004"), "{host} {weak}");
            }
        }
        assert_eq!(decided("postgres://localhost/x?hostaddr=10.0.0.1&sslmode=disable"), Err("SG-PG-004"));
    }

    #[test]
    fn this_machine_may_do_without() {
        for host in ["localhost", "127.0.0.1", "127.8.8.8", "[::1]", "[::ffff:127.0.0.1]"] {
            let at = |parameters: &str| decided(&format!("postgres://{host}/x{parameters}"));
            assert_eq!(at(""), Ok("if there"), "{host}");
            assert_eq!(at("?sslmode=disable"), Ok("plain"));
            assert_eq!(at("?sslmode=require"), Ok("unverified"));
            assert_eq!(at("?sslmode=verify-full"), Ok("name"));
            assert_eq!(at("?sslmode=verify-ca&sslrootcert=/ca.pem"), Ok("authority"));
        }
        assert_eq!(decided("postgres:///x?host=/tmp&sslmode=verify-full"), Ok("plain"));
    }
}
