//! What a look does when it may not, cannot, or is cut off; and that it keeps secrets.

use segue_engine::ErrorKind;
use segue_engine::inspect::{Bound, Inspect, Look};

use super::Looked;

/// Stands for a password and for a value in somebody's query.
const CANARY: &str = "canary-7f3a";

pub(super) async fn few_rights_are_sentences(fixture: &dyn Looked) {
    let Some(stranger) = fixture.stranger().await else { return };
    let owner = fixture.inspect().seen(Look::default()).await.expect("a look");
    let seen = stranger.seen(Look::default()).await.expect("a lack of rights is no error");
    let keyed = seen.system.tables.iter().find(|table| table.name == fixture.table("keyed").to_string());
    assert_eq!(keyed.and_then(|keyed| keyed.rows), Some(30), "what it may read, it reads");
    assert!(seen.not_checked.len() > owner.not_checked.len(), "{:?}", seen.not_checked);
    let shut = stranger.read_sample(&fixture.table("loose"), Bound::default()).await.expect_err("it may not");
    assert!(matches!(shut.kind, ErrorKind::Permission | ErrorKind::Object), "{shut:?}");
    let catalog = stranger.catalog_all().await.expect("what it may see");
    assert!(catalog.catalog.table(&fixture.table("keyed")).is_some());
}

/// Every call at once: what each gave.
async fn call(inspect: &dyn Inspect, table: &segue_model::ident::TableName) -> Vec<Result<usize, ErrorKind>> {
    let kind = |error: segue_engine::EngineError| {
        assert!(!error.code.is_empty() && !error.message.is_empty(), "{error:?}");
        error.kind
    };
    vec![
        inspect.facts().await.map(|_| 0).map_err(kind),
        inspect.seen(Look::default()).await.map(|seen| seen.system.tables.len()).map_err(kind),
        inspect.catalog_all().await.map(|seen| seen.catalog.tables.len()).map_err(kind),
        inspect.read_sample(table, Bound::default()).await.map(|taken| taken.rows.len()).map_err(kind),
    ]
}

pub(super) async fn a_cut_connection_is_an_error(fixture: &dyn Looked) {
    let table = fixture.table("keyed");
    let whole = call(fixture.inspect(), &table).await;
    let whole_size: Vec<usize> = whole.iter().map(|result| *result.as_ref().expect("not cut")).collect();
    let (mut cut, mut uncut) = (0, 0);
    // From the first greeting to more than all four answers together.
    for bytes in [0, 1, 60, 200, 400, 700, 1_000, 1_500, 2_500, 4_000, 6_000, 9_000, 13_000, 18_000, 25_000, 1 << 24] {
        let Some(inspect) = fixture.cut_after(bytes).await else { return };
        for (at, result) in call(&*inspect, &table).await.into_iter().enumerate() {
            match result {
                // What came before the cut is whole, or it is an error.
                Ok(size) => {
                    assert_eq!(size, whole_size[at], "call {at}, cut after {bytes} bytes");
                    uncut += 1;
                }
                Err(kind) => {
                    assert_eq!(kind, ErrorKind::Connection, "call {at}, cut after {bytes} bytes");
                    cut += 1;
                }
            }
        }
    }
    assert!(cut >= 10 && uncut >= 4, "{cut} calls were cut, {uncut} were not");
}

pub(super) async fn a_wrong_password_is_not_shown(fixture: &dyn Looked) {
    let Some(impostor) = fixture.impostor(CANARY) else { return };
    let error = impostor.seen(Look::default()).await.expect_err("the door is shut");
    assert_eq!(error.kind, ErrorKind::Credentials, "{error:?}");
    let mut said = format!("{error} {error:?} {}", error.help);
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        said.push_str(&format!("{error} {error:?}"));
        cause = error.source();
    }
    assert!(!said.contains(CANARY), "{said}");
}

pub(super) async fn transactions_are_seen_without_their_text(fixture: &dyn Looked) {
    let look = Look { long_transaction_s: 0, ..Look::default() };
    let Some(held) = fixture.transaction(CANARY).await else { return };
    let prepared = fixture.prepare("the second phase").await;
    let mut seen = fixture.inspect().seen(look).await.expect("a look");
    for _ in 0..50 {
        if seen.findings.iter().any(|finding| finding.code == "SG-INS-001") {
            break;
        }
        // InnoDB shows its transactions as they were up to 100 ms ago, and longer while somebody keeps looking.
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        seen = fixture.inspect().seen(look).await.expect("a look");
    }
    assert!(seen.findings.iter().any(|finding| finding.code == "SG-INS-001"), "{:?} {:?}", seen.findings, seen.not_checked);
    if prepared {
        let finding = seen.findings.iter().find(|finding| finding.code == "SG-INS-002").expect("a prepared transaction");
        assert!(finding.object.contains("the second phase"), "{finding:?}");
        fixture.unprepare("the second phase").await;
    }
    assert!(!format!("{seen:?}").contains(CANARY), "{seen:?}");
    drop(held);
}
