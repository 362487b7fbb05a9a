//! From differing rows to corrections: both rows are read again in one snapshot a side, and only a row that still is
//! what was compared is corrected.
//!
//! It must never make a correction that could not be undone: what the undo file could not give back is left alone,
//! and said. It reads and never writes. Tests: `tests/it/repair.rs` of `segue-sim`.

use std::collections::{BTreeMap, BTreeSet};

use segue_engine::EngineError;
use segue_engine::rows::{Batch, Copies, Datum, Firing, Mendable, Read, ReadColumn, Snapshot, TableRows, hash, key};
use segue_model::ident::TableName;

use super::shape::{Seen, Twice};
use super::{Correction, Deed, Direction, Left, Repair, RepairError, order};
use crate::pair::TablePair;
use crate::sink::{Difference, Side, VerifyError};

/// Keys that are asked for at once.
const KEYS: usize = 256;

/// A table and its rows that differ.
pub struct Mend<'a> {
    /// What was compared.
    pub pair: &'a TablePair,
    /// What was found.
    pub differences: &'a [Difference],
}

/// Where somebody is asked what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows.
    pub max_rows: u64,
    /// Bytes of the rows, old and new together.
    pub max_bytes: u64,
    /// Rows are written also where triggers fire that cannot be left out.
    pub fire_triggers: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_rows: 1_000, max_bytes: 256 << 20, fire_triggers: false }
    }
}

/// Reads the differing rows again and says how one side becomes as the other is. Nothing is written.
pub async fn gather(
    source: &dyn Mendable,
    target: &dyn Mendable,
    tables: &[Mend<'_>],
    direction: Direction,
    limits: Limits,
) -> Result<Repair, RepairError> {
    refuse_many(tables, direction, limits)?;
    let (truth, written) = match direction {
        Direction::SourceToTarget => (source, target),
        Direction::TargetToSource => (target, source),
    };
    let (truth_side, written_side) = (direction.truth(), direction.written());
    let at = |side: Side| move |error: EngineError| VerifyError::Side { side, error };
    let truth_now = truth.snapshot(1).await.map_err(at(truth_side))?;
    let written_now = written.snapshot(1).await.map_err(at(written_side))?;
    let mut all = Gathered { repair: Repair::default(), bytes: 0, limits };
    for mend in tables.iter().filter(|mend| !mend.differences.is_empty()) {
        let (truth_read, written_read) = match direction {
            Direction::SourceToTarget => (&mend.pair.source, &mend.pair.target),
            Direction::TargetToSource => (&mend.pair.target, &mend.pair.source),
        };
        if let Some(why) = written.unmendable(&written_read.table).await.map_err(at(written_side))? {
            all.leave(&written_read.table, mend.differences.iter().map(|difference| difference.count.max(1)).sum(), why);
            continue;
        }
        let own = truth.describe(&truth_read.table).await.map_err(at(truth_side))?;
        let described = written.describe(&written_read.table).await.map_err(at(written_side))?;
        let mut table = match Table::new((truth, truth_read, &own), (written, written_read, &described)) {
            Ok(table) => table,
            Err(why) => {
                all.leave(&written_read.table, mend.differences.iter().map(|difference| difference.count.max(1)).sum(), why);
                continue;
            }
        };
        all.repair.warnings.extend(written.warnings(&written_read.table).await.map_err(at(written_side))?);
        let acting = written.acting(&written_read.table).await.map_err(at(written_side))?;
        all.repair.acting.insert(written_read.table.clone(), acting);
        let uniques = written.uniques(&written_read.table).await.map_err(at(written_side))?;
        all.repair.uniques.insert(written_read.table.clone(), uniques);
        table.firing = written.firing(&written_read.table).await.map_err(at(written_side))?;
        table.half = half(mend.pair, &described);
        all.name_firing(&table);
        let sides = Sides { direction, truth: truth_now.as_ref(), written: written_now.as_ref() };
        if written_read.key.is_empty() { all.multiset(&sides, &table, mend).await? } else { all.keyed(&sides, &table, mend).await? }
    }
    truth_now.close().await.map_err(at(truth_side))?;
    written_now.close().await.map_err(at(written_side))?;
    let references = written.references().await.map_err(at(written_side))?;
    let mut repair = all.repair;
    sort(&mut repair, &references);
    Ok(repair)
}

/// Why a row that comes would be half of one: columns that both sides have were not compared, and are not known here.
fn half(pair: &TablePair, written: &TableRows) -> Option<String> {
    let alone = |name: &String| pair.only_in_source.contains(name) || pair.only_in_target.contains(name);
    let computed = |name: &String| written.columns.iter().any(|column| column.name == *name && column.generated);
    let gaps = pair.not_compared.iter().map(|gap| &gap.column).filter(|name| !name.is_empty() && !alone(name) && !computed(name));
    let names = gaps.map(String::as_str).collect::<Vec<_>>().join(", ");
    (!names.is_empty()).then(|| format!("a row that comes would be without columns that were not compared: {names}"))
}

fn refuse_many(tables: &[Mend<'_>], direction: Direction, limits: Limits) -> Result<(), RepairError> {
    let counts: BTreeMap<String, u64> = tables
        .iter()
        .map(|mend| {
            let read = if direction == Direction::SourceToTarget { &mend.pair.target } else { &mend.pair.source };
            (read.table.to_string(), mend.differences.iter().map(|difference| difference.count.max(1)).sum())
        })
        .filter(|(_, rows)| *rows > 0)
        .collect();
    let rows = counts.values().sum();
    if rows > limits.max_rows {
        let tables = counts.iter().map(|(table, rows)| format!("{rows} of {table}")).collect::<Vec<_>>().join(", ");
        return Err(RepairError::TooMany { rows, max: limits.max_rows, tables });
    }
    Ok(())
}

/// Rows that go, children first; then changes and rows that come, parents first. In each, by the key.
fn sort(repair: &mut Repair, references: &[(TableName, TableName)]) {
    let names: BTreeSet<TableName> = repair.shapes.iter().map(|shape| shape.table.clone()).collect();
    let order = order::parents_first(&names.into_iter().collect::<Vec<_>>(), references);
    let place = |correction: &Correction| {
        let table = &repair.shapes[correction.shape].table;
        let at = order.iter().position(|name| name == table).unwrap_or(0);
        if correction.deed() == Deed::Delete { (0, order.len() - at) } else { (1, at) }
    };
    let mut places: Vec<_> = repair.corrections.iter().enumerate().map(|(at, correction)| (place(correction), at)).collect();
    // Shapes of a table stay apart within its place, so that a batch has one.
    places.sort_by(|(one, a), (other, b)| {
        let of = |at: &usize| (repair.corrections[*at].shape, &repair.corrections[*at].key, repair.corrections[*at].after);
        one.cmp(other).then_with(|| of(a).cmp(&of(b)))
    });
    repair.corrections = places.into_iter().map(|(_, at)| repair.corrections[at].clone()).collect();
    repair.warnings.sort();
    repair.warnings.dedup();
}

struct Sides<'a> {
    direction: Direction,
    truth: &'a dyn Snapshot,
    written: &'a dyn Snapshot,
}

/// How a table is read on both sides, and which of its columns are written.
struct Table {
    name: TableName,
    /// Columns that are compared: how many.
    compared: usize,
    truth: Twice,
    /// The compared columns, then those that this side alone has.
    written: Twice,
    /// Positions of the columns that can be written, among all of `written`.
    columns: Vec<usize>,
    /// Rows that are there: all columns that can be written.
    whole: Read,
    /// Rows that come: the compared ones of them.
    new: Read,
    /// Why a row that goes could not be given back.
    lossy: Option<String>,
    /// Why no row can come.
    half: Option<String>,
    /// What fires when rows are written.
    firing: Firing,
}

type SideOf<'a> = (&'a dyn Mendable, &'a Read, &'a TableRows);

impl Table {
    fn new((truth, truth_read, truth_own): SideOf<'_>, (written, written_read, own): SideOf<'_>) -> Result<Self, String> {
        let find = |name: &str| own.columns.iter().find(|column| column.name == name);
        if let Some(column) = written_read.columns.iter().find(|column| column.expression.is_some()) {
            return Err(format!("column {} is compared by an expression, which has no way back", column.name));
        }
        let generated = |column: &ReadColumn| find(&column.name).is_none_or(|own| own.generated);
        if let Some(at) = written_read.key.iter().find(|at| generated(&written_read.columns[**at])) {
            return Err(format!("column {} of the key is generated", written_read.columns[*at].name));
        }
        let mut whole_read = written_read.clone();
        let mut lossy = None;
        for column in own.columns.iter().filter(|column| !column.generated) {
            if written_read.columns.iter().any(|known| known.name == column.name) {
                continue;
            }
            if let Some(why) = &column.unreadable {
                lossy = Some(format!("column {} cannot be read ({why}), so that a row that goes could not be given back", column.name));
                continue;
            }
            whole_read.columns.push(ReadColumn { name: column.name.clone(), expression: None, class: column.class.clone() });
        }
        let truth_class = |column: &ReadColumn| {
            let at = truth_read.columns.iter().position(|known| known == column)?;
            let other = written.stored_class(&find(&written_read.columns[at].name)?.class);
            let own = truth.stored_class(&truth_own.columns.iter().find(|own| own.name == column.name)?.class);
            // What both store alike is written as it is; else the class of the comparison is what both can say.
            (own == other).then_some(own)
        };
        let written_class = |column: &ReadColumn| find(&column.name).map(|own| written.stored_class(&own.class));
        let cannot = |name: String| format!("a value of column {name} cannot be read so that it could be written");
        let truth = Twice::new(truth_read, truth_class, truth).map_err(cannot)?;
        let twice = Twice::new(&whole_read, written_class, written).map_err(cannot)?;
        let columns: Vec<usize> = (0..whole_read.columns.len()).filter(|at| !generated(&whole_read.columns[*at])).collect();
        let shape = |most: usize| {
            let kept: Vec<usize> = columns.iter().copied().filter(|at| *at < most).collect();
            let key = written_read.key.iter().filter_map(|at| kept.iter().position(|kept| kept == at)).collect();
            let mut read = Read::new(written_read.table.clone(), kept.iter().map(|at| whole_read.columns[*at].clone()).collect(), key);
            if written_read.key.is_empty() {
                // Rows are counted there, and only these were.
                read.filter.clone_from(&written_read.filter);
            }
            read
        };
        let compared = written_read.columns.len();
        let (whole, new) = (shape(usize::MAX), shape(compared));
        if lossy.is_none() && written_read.key.is_empty() && whole != new {
            lossy = Some(
                "the table has no key and has columns that were not compared, so that it cannot be said which row is to go".to_owned(),
            );
        }
        Ok(Self {
            name: written_read.table.clone(),
            compared,
            truth,
            written: twice,
            columns,
            whole,
            new,
            lossy,
            half: None,
            firing: Firing::default(),
        })
    }

    /// The hash of a row under the shape of rows that are there, or of rows that come.
    fn hash_of(&self, values: &[Vec<u8>]) -> u128 {
        hash(&self.row_of(values))
    }

    /// The values of the columns that are written, as one row.
    fn row_of(&self, values: &[Vec<u8>]) -> Vec<u8> {
        self.columns.iter().filter_map(|at| values.get(*at)).flatten().copied().collect()
    }
}

struct Gathered {
    repair: Repair,
    bytes: u64,
    limits: Limits,
}

impl Gathered {
    fn leave(&mut self, table: &TableName, rows: u64, why: String) {
        if let Some(left) = self.repair.left.iter_mut().find(|left| left.table == *table && left.why == why) {
            left.rows += rows;
        } else if rows > 0 {
            self.repair.left.push(Left { table: table.clone(), rows, why });
        }
    }

    fn shape(&mut self, read: &Read) -> usize {
        let known = self.repair.shapes.iter().position(|shape| shape == read);
        known.unwrap_or_else(|| {
            self.repair.shapes.push(read.clone());
            self.repair.shapes.len() - 1
        })
    }

    /// Says what fires, where it is let.
    fn name_firing(&mut self, table: &Table) {
        let (name, firing) = (&table.name, &table.firing);
        let names = firing.names().join(", ");
        if self.limits.fire_triggers && !names.is_empty() {
            let why = &firing.why;
            self.repair.warnings.push(format!("triggers of {name} fire, because {why}; what they do is not taken back: {names}"));
        }
    }

    fn add(&mut self, table: &Table, correction: Correction) -> Result<(), RepairError> {
        let why = match correction.deed() {
            Deed::Insert => table.half.clone().or_else(|| self.fires(table, &table.firing.on_insert)),
            Deed::Update => self.fires(table, &table.firing.on_update),
            Deed::Delete => self.fires(table, &table.firing.on_delete),
        };
        if let Some(why) = why {
            self.leave(&table.name, correction.rows(), why);
            return Ok(());
        }
        let length = |row: &Option<Vec<u8>>| row.as_ref().map_or(0, |row| row.len() as u64);
        self.bytes += length(&correction.old) + length(&correction.new) + correction.key.len() as u64;
        if self.bytes > self.limits.max_bytes {
            return Err(RepairError::TooLarge { max_bytes: self.limits.max_bytes });
        }
        self.repair.corrections.push(correction);
        Ok(())
    }

    /// Why a row is not written, where triggers would fire that nobody let.
    fn fires(&self, table: &Table, names: &[String]) -> Option<String> {
        let (why, names) = (&table.firing.why, (!names.is_empty() && !self.limits.fire_triggers).then(|| names.join(", "))?);
        Some(format!("triggers would fire, because {why} ({names}): --fire-triggers lets them"))
    }

    async fn keyed(&mut self, sides: &Sides<'_>, table: &Table, mend: &Mend<'_>) -> Result<(), RepairError> {
        for some in mend.differences.chunks(KEYS) {
            let keys = some.iter().map(|difference| key::read(&difference.key)).collect::<Result<Vec<_>, _>>().map_err(torn)?;
            let truth = rows(sides.truth, sides.direction.truth(), &table.truth, Some(&keys)).await?;
            let written = rows(sides.written, sides.direction.written(), &table.written, Some(&keys)).await?;
            let in_truth = whatever_the_condition(sides.truth, sides.direction.truth(), &table.truth, &keys).await?;
            let in_written = whatever_the_condition(sides.written, sides.direction.written(), &table.written, &keys).await?;
            for difference in some {
                let rows = (truth.get(&difference.key), written.get(&difference.key));
                let key = &difference.key;
                if (rows.0.is_none() && in_truth.contains(key)) || (rows.1.is_none() && in_written.contains(key)) {
                    // One condition is true of it and the other is not: it neither comes nor goes, its values differ.
                    self.leave(&table.name, 1, "both sides have the row, and the condition is true of one of them alone".to_owned());
                    continue;
                }
                self.one(sides.direction, table, difference, rows)?;
            }
        }
        Ok(())
    }

    fn one(
        &mut self,
        direction: Direction,
        table: &Table,
        difference: &Difference,
        (truth, written): (Option<&Vec<Seen>>, Option<&Vec<Seen>>),
    ) -> Result<(), RepairError> {
        let (was_truth, was_written) = match direction {
            Direction::SourceToTarget => (difference.source, difference.target),
            Direction::TargetToSource => (difference.target, difference.source),
        };
        let single = |rows: Option<&Vec<Seen>>| rows.and_then(|rows| if let [row] = rows.as_slice() { Some(row.clone()) } else { None });
        if [truth, written].iter().any(|rows| rows.is_some_and(|rows| rows.len() > 1)) {
            self.leave(&table.name, difference.count.max(1), "the key is not unique: several rows have the same one".to_owned());
            return Ok(());
        }
        let (truth, written) = (single(truth), single(written));
        let compared = |row: &Option<Seen>| row.as_ref().map(|row| hash(&row.compared[..table.compared].concat()));
        if compared(&truth) != was_truth || compared(&written) != was_written || was_truth == was_written {
            *self.repair.moved.entry(table.name.clone()).or_default() += 1;
            return Ok(());
        }
        let key = difference.key.clone();
        let correction = match (truth, written) {
            (Some(truth), None) => {
                let shape = self.shape(&table.new);
                let (after, new) = (table.hash_of(&truth.compared), table.row_of(&truth.written));
                Correction { shape, key, before: None, after: Some(after), old: None, new: Some(new), copies: None }
            }
            (None, Some(written)) => {
                if let Some(why) = table.lossy.clone() {
                    self.leave(&table.name, 1, why);
                    return Ok(());
                }
                let shape = self.shape(&table.whole);
                let (before, old) = (table.hash_of(&written.compared), table.row_of(&written.written));
                Correction { shape, key, before: Some(before), after: None, old: Some(old), new: None, copies: None }
            }
            (Some(truth), Some(written)) => {
                let shape = self.shape(&table.whole);
                // What this side alone has stays as it is.
                let with = |truth: &[Vec<u8>], written: &[Vec<u8>]| [&truth[..table.compared], &written[table.compared..]].concat();
                let after = table.hash_of(&with(&truth.compared, &written.compared));
                let new = table.row_of(&with(&truth.written, &written.written));
                let (before, old) = (table.hash_of(&written.compared), table.row_of(&written.written));
                if before == after {
                    let why = "they differ only in columns that the server computes: what these are computed by is to be repaired";
                    self.leave(&table.name, 1, why.to_owned());
                    return Ok(());
                }
                Correction { shape, key, before: Some(before), after: Some(after), old: Some(old), new: Some(new), copies: None }
            }
            (None, None) => return Ok(()),
        };
        self.add(table, correction)
    }

    /// A table without a key: how many of each row there are on both sides.
    async fn multiset(&mut self, sides: &Sides<'_>, table: &Table, mend: &Mend<'_>) -> Result<(), RepairError> {
        let wanted: BTreeSet<u128> = mend.differences.iter().filter_map(|difference| difference.source.or(difference.target)).collect();
        let truth = copies(sides.truth, sides.direction.truth(), table, &table.truth, &wanted).await?;
        let written = copies(sides.written, sides.direction.written(), table, &table.written, &wanted).await?;
        for row_hash in &wanted {
            let (shall, has) = (truth.get(row_hash), written.get(row_hash));
            let count = |found: Option<&(u64, Seen)>| found.map_or(0, |(count, _)| *count);
            let copies = Copies { before: count(has), after: count(shall) };
            if copies.before == copies.after {
                *self.repair.moved.entry(table.name.clone()).or_default() += 1;
                continue;
            }
            if copies.after < copies.before && table.lossy.is_some() {
                self.leave(&table.name, copies.before - copies.after, table.lossy.clone().unwrap_or_default());
                continue;
            }
            // Rows that go are kept as they are stored, rows that come are those of the other side.
            let Some((_, row)) = (if copies.after < copies.before { has } else { shall }) else { continue };
            let values = (row.compared[..table.compared].to_vec(), row.written[..table.compared].to_vec());
            let (hash, bytes) = (table.hash_of(&values.0), table.row_of(&values.1));
            let shape = self.shape(&table.new);
            let row = Some(bytes);
            let (before, after, old) = (Some(hash), Some(hash), row.clone());
            self.add(table, Correction { shape, key: Vec::new(), before, after, old, new: row, copies: Some(copies) })?;
        }
        Ok(())
    }
}

fn torn(_: segue_engine::rows::canonical::Torn) -> RepairError {
    RepairError::Verify(VerifyError::Cannot("a key of a differing row is torn".to_owned()))
}

/// Rows by their key bytes.
async fn rows(
    now: &dyn Snapshot,
    side: Side,
    twice: &Twice,
    keys: Option<&[Vec<Datum>]>,
) -> Result<BTreeMap<Vec<u8>, Vec<Seen>>, RepairError> {
    let read = keys.map_or_else(|| twice.read.clone(), |keys| twice.read.of_keys(keys.to_vec()));
    let mut out: BTreeMap<Vec<u8>, Vec<Seen>> = BTreeMap::new();
    each(now, side, &read, |key, row| {
        out.entry(key.to_vec()).or_default().push(twice.split(row).map_err(torn)?);
        Ok(())
    })
    .await?;
    Ok(out)
}

/// Which of these keys a side has, where there is a condition: a row of which it is not true is there all the same.
async fn whatever_the_condition(
    now: &dyn Snapshot,
    side: Side,
    twice: &Twice,
    keys: &[Vec<Datum>],
) -> Result<BTreeSet<Vec<u8>>, RepairError> {
    let mut out = BTreeSet::new();
    if twice.read.filter.is_some() {
        each(now, side, &Read { filter: None, ..twice.read.of_keys(keys.to_vec()) }, |key, _| {
            out.insert(key.to_vec());
            Ok(())
        })
        .await?;
    }
    Ok(out)
}

/// How many rows of each hash there are, and one of them.
async fn copies(
    now: &dyn Snapshot,
    side: Side,
    table: &Table,
    twice: &Twice,
    wanted: &BTreeSet<u128>,
) -> Result<BTreeMap<u128, (u64, Seen)>, RepairError> {
    let mut out: BTreeMap<u128, (u64, Seen)> = BTreeMap::new();
    each(now, side, &twice.read, |_, row| {
        let seen = twice.split(row).map_err(torn)?;
        let found = hash(&seen.compared[..table.compared].concat());
        if wanted.contains(&found) {
            out.entry(found).or_insert((0, seen)).0 += 1;
        }
        Ok(())
    })
    .await?;
    Ok(out)
}

async fn each(
    now: &dyn Snapshot,
    side: Side,
    read: &Read,
    mut take: impl FnMut(&[u8], &[u8]) -> Result<(), RepairError> + Send,
) -> Result<(), RepairError> {
    let at = |error: EngineError| VerifyError::Side { side, error };
    let mut stream = now.stream(read).await.map_err(at)?;
    let mut batch = Batch::default();
    loop {
        let more = stream.next(&mut batch).await.map_err(at)?;
        for (key, row) in batch.iter() {
            take(key, row)?;
        }
        if !more {
            return Ok(());
        }
    }
}
