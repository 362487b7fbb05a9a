//! Sakila and Chinook: what the dumps for different engines really differ in, table by table.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use segue_model::verify::DifferenceKind;
use segue_sim::rows::twins::{Twins, compare_all};
use segue_sim::rows::{Place, page};

use crate::servers::{mariadb, postgres};

fn data(name: &str) -> Option<String> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../../shared/data", name].iter().collect();
    let found = std::fs::read_to_string(&path).ok();
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "../shared/data is missing");
    found.map(|text| text.trim_start_matches('\u{feff}').to_owned())
}

/// `InvoiceLine` is `invoice_line`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

fn same(name: &str) -> String {
    name.to_owned()
}

#[tokio::test]
async fn chinook_on_three_engines() {
    let (Some(for_sqlite), Some(for_postgres), Some(for_mysql)) =
        (data("chinook/sqlite.sql"), data("chinook/postgresql.sql"), data("chinook/mysql.sql"))
    else {
        return;
    };
    let Some(programs) = mariadb() else { return };
    let sqlite = Place::sqlite();
    sqlite.load(&format!("begin; {for_sqlite}; commit")).await;
    let newest = Place::postgres(postgres().last().expect("some")).await;
    newest.load(&for_postgres).await;
    let mysql = Place::mariadb(&programs, &[]).await;
    mysql.load(&for_mysql).await;
    let with_postgres = compare_all(&mysql, &newest, snake).await;
    let from_sqlite = compare_all(&sqlite, &newest, snake).await;
    let with_mysql = compare_all(&sqlite, &mysql, same).await;
    let mut shown = with_postgres.section("Chinook: MariaDB with PostgreSQL");
    shown.push_str(&from_sqlite.section("Chinook: SQLite with PostgreSQL"));
    shown.push_str(&with_mysql.section("Chinook: SQLite with MariaDB"));
    // The city with a space at its end, which a constant of the type char loses.
    for twins in [&with_postgres, &from_sqlite] {
        differs(twins, "Customer", &[("City", 1)], &["54"]);
        differs(twins, "Invoice", &[("BillingCity", 7)], &["141", "152", "20", "207", "336", "359", "381"]);
    }
    // The backslash in a name, which a text constant of MariaDB takes for an escape.
    for twins in [&with_postgres, &with_mysql] {
        differs(twins, "Track", &[("Name", 4)], &["3435", "3448", "3485", "3499"]);
    }
    assert_eq!(with_postgres.different(), ["Customer", "Invoice", "Track"]);
    assert_eq!(from_sqlite.different(), ["Customer", "Invoice"]);
    assert_eq!(with_mysql.different(), ["Track"]);
    for twins in [&with_postgres, &from_sqlite, &with_mysql] {
        assert!(twins.tables.iter().all(|twin| twin.pair.not_compared.is_empty()), "every column is compared");
    }
    on_page("chinook", &shown);
}

#[tokio::test]
async fn sakila_on_two_engines() {
    let (Some(my_schema), Some(my_rows), Some(pg_schema), Some(pg_rows)) = (
        data("sakila/mysql-schema.sql"),
        data("sakila/mysql-data.sql"),
        data("sakila/postgres-schema.sql"),
        data("sakila/postgres-data.sql"),
    ) else {
        return;
    };
    let Some(programs) = mariadb() else { return };
    let mysql = Place::mariadb_called(&programs, &[], "sakila").await;
    mysql.load(&my_schema).await;
    mysql.load(&my_rows).await;
    let newest = Place::postgres(postgres().last().expect("some")).await;
    newest.load(&pg_schema).await;
    newest.load(&pg_rows).await;
    let twins = compare_all(&mysql, &newest, same).await;
    assert_eq!(twins.different(), ["address", "customer", "payment", "staff"]);
    let all = |ids: std::ops::RangeInclusive<u32>| ids.map(|id| id.to_string());
    // Two numbers were never given to an address.
    let addresses: Vec<String> = all(1..=605).filter(|id| !["257", "518"].contains(&id.as_str())).collect();
    let customers: Vec<String> = all(1..=599).collect();
    let of_address = [("address2", 599), ("district", 603), ("last_update", 603), ("phone", 603), ("postal_code", 4)];
    differs(&twins, "address", &of_address, &addresses);
    differs(&twins, "customer", &[("create_date", 599)], &customers);
    differs(&twins, "payment", &[("rental_id", 5)], &["10840", "14675", "15458", "424", "7011"]);
    differs(&twins, "staff", &[("last_update", 2), ("password", 1), ("picture", 1)], &["1", "2"]);
    on_page("sakila", &twins.section("Sakila: MariaDB with PostgreSQL"));
}

/// These rows differ in these columns, and no row is on one side alone.
fn differs<Key: AsRef<str>>(twins: &Twins, table: &str, columns: &[(&str, usize)], keys: &[Key]) {
    let twin = twins.table(table);
    assert_eq!(twin.columns(), columns.iter().copied().collect::<BTreeMap<_, _>>(), "{table}");
    let keys: BTreeSet<String> = keys.iter().map(|key| key.as_ref().to_owned()).collect();
    assert_eq!(twin.keys(DifferenceKind::Changed), keys, "{table}");
    assert_eq!((twin.compared.missing, twin.compared.extra, twin.compared.changed), (0, 0, keys.len() as u64), "{table}");
}

/// `docs/verify-twins.md` shows what was seen. `INSTA_UPDATE=always` writes it anew.
fn on_page(mark: &str, tables: &str) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../docs/verify-twins.md"].iter().collect();
    let page = std::fs::read_to_string(&path).expect("the page");
    let made = page::put(&page, mark, tables).expect("the page has a place for the tables");
    if std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        std::fs::write(&path, made).expect("the page is written");
    } else {
        assert!(page == made, "docs/verify-twins.md does not show what was seen: run this test with INSTA_UPDATE=always, and read it");
    }
}
