//! Accounts and TLS, as far as the server shows them to us.
//!
//! Accounts of other people stand in `mysql`, which most accounts may not read: then that is said. It must never read
//! a password's hash. Tests: `segue-sim/tests/it/checks/catalog.rs`.

use std::collections::BTreeMap;

use segue_engine::rows::{Controls, Role};
use segue_engine::{EngineError, ErrorKind};

use crate::session::{Flavour, Session};

const GLOBAL: &str = "SELECT GRANTEE, PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES ORDER BY 1, 2";

/// The privileges that are more than working with rows, in the words that all engines share.
const MAY: &[(&str, &str)] =
    &[("SUPER", "superuser"), ("CREATE USER", "create roles"), ("CREATE", "create databases"), ("REPLICATION SLAVE", "replication")];

/// Accounts of the server itself.
const OWN: &[&str] = &["mysql.sys", "mysql.session", "mysql.infoschema", "mariadb.sys"];

/// Reads them.
pub(super) async fn read(session: &mut Session) -> Result<Controls, EngineError> {
    let mut controls = Controls::default();
    match session.rows("SELECT 1 FROM mysql.user LIMIT 1", ()).await {
        Ok(_) => controls.roles = Some(roles(session).await?),
        Err(error) if matches!(error.kind, ErrorKind::Permission | ErrorKind::Object) => {
            controls.not_read.push("other accounts: ours may not read them".to_owned());
        }
        Err(error) => return Err(error),
    }
    let mut settings = BTreeMap::new();
    let sql = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('have_ssl', 'require_secure_transport', 'tls_version')";
    for row in session.rows(sql, ()).await? {
        settings.insert(row.text(0), row.text(1));
    }
    // MySQL 8.4 has no `have_ssl` any more; there TLS is on unless its versions are emptied.
    controls.tls_offered = match (settings.get("have_ssl"), session.flavour) {
        (Some(said), _) => Some(said == "YES"),
        (None, Flavour::MySql) => settings.get("tls_version").map(|versions| !versions.is_empty()),
        (None, Flavour::MariaDb) => None,
    };
    controls.tls_required = settings.get("require_secure_transport").map(|said| said == "ON" || said == "1");
    controls.not_read.push("in which form passwords are kept: each account has its own".to_owned());
    Ok(controls)
}

async fn roles(session: &mut Session) -> Result<Vec<Role>, EngineError> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in session.rows(GLOBAL, ()).await? {
        let name = account(&row.text(0));
        if OWN.contains(&name.as_str()) {
            continue;
        }
        let may = found.entry(name).or_default();
        let privilege = row.text(1);
        may.extend(MAY.iter().filter(|(word, _)| *word == privilege).map(|(_, may)| (*may).to_owned()));
    }
    let named = found.into_iter().filter(|(name, _)| !name.is_empty());
    Ok(named
        .map(|(name, mut may)| {
            may.push("login".to_owned());
            may.sort();
            may.dedup();
            Role { name, may, member_of: Vec::new() }
        })
        .collect())
}

/// `shop` of `'shop'@'%'`.
fn account(grantee: &str) -> String {
    let name = grantee.rsplit_once('@').map_or(grantee, |(name, _)| name);
    name.trim_matches('\'').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_without_its_host() {
        assert_eq!(account("'shop'@'%'"), "shop");
        assert_eq!(account("'a@b'@'10.0.0.1'"), "a@b");
        assert_eq!(account("''@'localhost'"), "");
    }
}
