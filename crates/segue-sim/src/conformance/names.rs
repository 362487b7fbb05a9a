//! Hostile names on tables, columns and indexes: a whole journey on each, with the engine itself as judge.

use segue_engine::memory::Side;
use segue_engine::{Piece, quote};
use segue_model::finding::Severity;
use segue_model::ident::TableName;
use segue_model::reshape::TableChange;

use super::{Fixture, backfill, base, catalog, compare, key_change, make, reshape, same, see, unmake, write};
use crate::hostile;

/// The change of [`key_change`] with a hostile name in the place of each of its names.
fn hostile_change(table: &TableName, name: &str) -> TableChange {
    let (key, value, twin) = (format!("{name}k"), name.to_owned(), format!("{name}t"));
    let up = format!("{} || '!'", quote::name(name));
    let down = format!("replace({}, '!', '')", quote::name(name));
    let mut change = key_change(table, &[("k", "bigint")], &up, &down);
    let rename = |text: &mut String| match text.as_str() {
        "k" => text.clone_from(&key),
        "v" => text.clone_from(&value),
        "v__proof" => text.clone_from(&twin),
        _ => {}
    };
    for column in change.old.iter_mut().chain(&mut change.new) {
        rename(&mut column.name);
        rename(&mut column.physical);
    }
    for assign in change.stages.iter_mut().flat_map(|stage| stage.up.iter_mut().chain(&mut stage.down)) {
        rename(&mut assign.column);
        if let segue_model::reshape::Value::Column(column) = &mut assign.value {
            rename(column);
        }
    }
    for derived in change.up.iter_mut().chain(&mut change.down) {
        rename(&mut derived.column);
        rename(&mut derived.physical);
        derived.reads.iter_mut().for_each(rename);
        if let segue_model::reshape::Role::Converted { original, name } = &mut derived.role {
            rename(original);
            rename(name);
        }
    }
    change.key.iter_mut().for_each(rename);
    change
}

pub(super) async fn hostile_names_survive(fixture: &dyn Fixture) {
    make(fixture, Piece::Control).await;
    for name in hostile::names() {
        // Two bytes are kept free for the names that are made of it here.
        if name.len() > 61 {
            continue;
        }
        let table = fixture.engine().resolve(&TableName::bare(&name)).await.expect("a name resolves");
        assert_eq!(table.name, name, "kept as it is");
        let sql = quote::table(&TableName::bare(&name));
        let (key, value) = (quote::name(&format!("{name}k")), quote::name(&name));
        let create = format!("create table {sql} ({key} bigint primary key, {value} text not null)");
        if let Err(error) = fixture.execute(Side::Base, None, &create).await {
            // Where there are no schemas, our own table has its name already.
            assert!(name.starts_with("segue_"), "{create}: {error}");
            continue;
        }
        base(fixture, &format!("insert into {sql} ({key}, {value}) values (1, 'x'), (2, 'y')")).await;
        base(fixture, &format!("create index {} on {sql} ({value})", quote::name(&format!("{name}i")))).await;
        let before = catalog(fixture, std::slice::from_ref(&table)).await;
        let plain = hostile_change(&table, &name);
        let survey = reshape(fixture).survey(&plain, &segue_model::plan::Throttle::default()).await;
        let survey = survey.unwrap_or_else(|error| panic!("{name:?}: {error}"));
        if survey.findings.iter().any(|finding| finding.severity == Severity::Critical) {
            // A name that is a helper's own is refused before anything is touched; no other is. (SQLite itself does
            // not find a quoted column "true" through a subquery.)
            let own = name.starts_with("segue_") || name.ends_with("__proof");
            assert!(own || (name == "true" && fixture.engine().name() == "sqlite"), "{name:?}: {:?}", survey.findings);
            base(fixture, &format!("drop table {sql}")).await;
            continue;
        }
        let change = TableChange { carries: survey.carries, ..plain };
        make(fixture, Piece::Expand(&change)).await;
        assert_eq!(backfill(fixture, &change, 1).await.converted, 2, "{name:?}");
        write(fixture, Side::Old, &change, &format!("update {sql} set {value} = 'z' where {key} = 2")).await;
        let twin = quote::name(&format!("{name}t"));
        let rows = see(fixture, Side::Base, &change, &format!("select {value}, {twin} from {sql} order by {key}")).await;
        assert_eq!(rows, ["x|x!", "z|z!"], "{name:?}");
        assert_eq!(compare(fixture, &change, 1).await.mismatches, 0, "{name:?}");
        unmake(fixture, Piece::Expand(&change)).await;
        same(&before, &catalog(fixture, std::slice::from_ref(&table)).await, &format!("{name:?} was unmade"));
        base(fixture, &format!("drop table {sql}")).await;
    }
}
