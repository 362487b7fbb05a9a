//! Roles, TLS and passwords, as far as the catalogs show them to us.
//!
//! It must never read a password's hash: only the setting that says in which form new ones are kept. Tests:
//! `segue-sim/tests/it/checks/catalog.rs`.

use segue_engine::EngineError;
use segue_engine::rows::{Controls, Role};
use tokio_postgres::Client;

use crate::error::db;

const ROLES: &str = "
select r.rolname::text, r.rolcanlogin, r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolreplication, r.rolbypassrls,
    coalesce(array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid order by 1), '{}')
from pg_roles r where not starts_with(r.rolname::text, 'pg_') order by 1";

const MAY: [&str; 6] = ["login", "superuser", "create roles", "create databases", "replication", "bypass row security"];

/// Reads them.
pub(super) async fn read(client: &Client) -> Result<Controls, EngineError> {
    let mut controls = Controls::default();
    let mut roles = Vec::new();
    for row in client.query(ROLES, &[]).await.map_err(db)? {
        let mut may: Vec<String> =
            MAY.iter().enumerate().filter(|(at, _)| row.get::<_, bool>(at + 1)).map(|(_, word)| (*word).to_owned()).collect();
        may.sort();
        roles.push(Role { name: row.get(0), may, member_of: row.get(7) });
    }
    controls.roles = Some(roles);
    let row =
        client.query_one("select current_setting('ssl', true), current_setting('password_encryption', true)", &[]).await.map_err(db)?;
    controls.tls_offered = row.get::<_, Option<String>>(0).map(|ssl| ssl == "on");
    controls.passwords_strong = row.get::<_, Option<String>>(1).map(|form| form == "scram-sha-256");
    controls.not_read.push("whether the server refuses connections in the clear: that stands in its pg_hba.conf".to_owned());
    Ok(controls)
}
