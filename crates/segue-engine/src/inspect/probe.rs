//! `assess --probe`: the real rates between two systems, on a bounded sample of real rows.
//!
//! Rows are read from the source and the same rows are written to the target, with an index after them; nothing is made up
//! to stand for them. What could not be measured is said. The source is only read. Tests: below, and `segue_sim::inspect`.

use segue_model::assessment::{MeasuredRate, SystemSeen};
use segue_model::ident::TableName;

use super::{Bound, Collect, Inspect, Sample};
use crate::EngineError;

/// A system with its name in the spec.
#[derive(Clone, Copy)]
pub struct System<'a> {
    /// The name.
    pub name: &'a str,
    /// The system.
    pub inspect: &'a dyn Inspect,
}

/// What was measured, and what was not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probed {
    /// `read` of the source, `write` and `index` of the target, `copy` between them: those that could be measured.
    pub rates: Vec<MeasuredRate>,
    /// What was not measured, and why: one sentence each.
    pub not_checked: Vec<String>,
}

/// The tables that a sample should be taken of: the largest by bytes, at most so many.
pub fn largest(seen: &SystemSeen, count: usize) -> Vec<TableName> {
    let mut tables: Vec<_> = seen.tables.iter().filter(|table| table.rows != Some(0)).collect();
    tables.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
    tables.iter().filter_map(|table| TableName::parse(&table.name).ok()).take(count).collect()
}

/// Reads a sample of each table from the source and, where there is a target, writes it there. Each table is
/// sampled within the bound. Fails only where a connection breaks.
pub async fn probe(source: System<'_>, target: Option<System<'_>>, tables: &[TableName], bound: Bound) -> Result<Probed, EngineError> {
    let mut collect = Collect::default();
    let (mut read, mut written, mut copied, mut indexed) = (Sample::default(), Sample::default(), Sample::default(), Sample::default());
    for table in tables {
        let result = source.inspect.read_sample(table, bound).await;
        let Some(taken) = collect.take(&format!("the rate of reading {table} from {}", source.name), result)? else { continue };
        if !taken.left_out.is_empty() {
            collect.say(format!("{table}: columns that have no neutral form were left out of the sample: {}", taken.left_out.join(", ")));
        }
        if taken.sample.rows == 0 || taken.columns.is_empty() {
            collect.say(format!("{table} gave no rows to measure with"));
            continue;
        }
        add(&mut read, &taken.sample);
        let Some(target) = target else { continue };
        let result = target.inspect.write_sample(&taken).await;
        let Some(sample) = collect.take(&format!("the rate of writing rows of {table} to {}", target.name), result)? else { continue };
        assert_eq!(sample.rows, taken.sample.rows, "a writer writes what it was given");
        if let Some(micros) = sample.index_micros {
            add(&mut indexed, &Sample { micros, ..sample.clone() });
        }
        add(&mut written, &sample);
        add(&mut copied, &taken.sample);
        add(&mut copied, &sample);
        copied.rows -= sample.rows;
        copied.bytes -= sample.bytes;
    }
    let mut rates = Vec::new();
    rates.extend(rate("read", source.name, "", &read));
    if let Some(target) = target {
        rates.extend(rate("write", target.name, "", &written));
        rates.extend(rate("copy", source.name, target.name, &copied));
        rates.extend(rate("index", target.name, "", &indexed));
    }
    if !rates.iter().any(|rate| rate.what == "index") {
        let why = match target {
            None => "there is no target to write a sample to",
            Some(_) => "no sample with a column that an index is tried on was written to the target",
        };
        collect.say(format!("the rate of building an index (`rates.index`): {why}"));
    }
    rates.sort();
    Ok(Probed { rates, not_checked: collect.done() })
}

fn add(sum: &mut Sample, sample: &Sample) {
    sum.rows += sample.rows;
    sum.bytes += sample.bytes;
    sum.micros += sample.micros;
    if !sample.without.is_empty() {
        sum.without.clone_from(&sample.without);
    }
}

fn rate(what: &str, source: &str, target: &str, sample: &Sample) -> Option<MeasuredRate> {
    if sample.rows == 0 {
        return None;
    }
    let a_second = |count: u64| u64::try_from(u128::from(count) * 1_000_000 / u128::from(sample.micros.max(1))).unwrap_or(u64::MAX);
    let mut words = format!("{} rows, {} bytes in {} ms", sample.rows, sample.bytes, sample.micros.div_ceil(1000));
    match what {
        "copy" => words.push_str(", read and then written by one worker"),
        "index" => words.push_str(", one index of one column over rows that are there"),
        _ => {}
    }
    if !sample.without.is_empty() {
        words.push_str(", ");
        words.push_str(&sample.without);
    }
    Some(MeasuredRate {
        what: what.to_owned(),
        source: source.to_owned(),
        target: target.to_owned(),
        bytes_per_s: a_second(sample.bytes),
        rows_per_s: a_second(sample.rows),
        sample: words,
    })
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;

    use super::super::{CatalogSeen, Cell, Kind, Look, SampleColumn, Seen, Taken};
    use super::*;
    use crate::{ErrorKind, ServerFacts};

    /// A system with one table of so many rows of 10 bytes, 1 ms each; another table is not readable.
    struct Slow(u64);

    fn refused(kind: ErrorKind) -> EngineError {
        EngineError::new("SG-MEM-001", kind, "no")
    }

    #[async_trait]
    impl Inspect for Slow {
        async fn facts(&self) -> Result<ServerFacts, EngineError> {
            Err(refused(ErrorKind::Unsupported))
        }
        async fn seen(&self, _: Look) -> Result<Seen, EngineError> {
            Err(refused(ErrorKind::Unsupported))
        }
        async fn catalog_of(&self, _: &[TableName]) -> Result<CatalogSeen, EngineError> {
            Err(refused(ErrorKind::Unsupported))
        }
        async fn catalog_all(&self) -> Result<CatalogSeen, EngineError> {
            Err(refused(ErrorKind::Unsupported))
        }
        async fn read_sample(&self, table: &TableName, bound: Bound) -> Result<Taken, EngineError> {
            match table.name.as_str() {
                "shut" => return Err(refused(ErrorKind::Permission)),
                "gone" => return Err(refused(ErrorKind::Connection)),
                _ => {}
            }
            let columns = vec![SampleColumn { name: "a".to_owned(), kind: Kind::Text }];
            let mut taken = Taken { columns, left_out: vec!["place point".to_owned()], ..Taken::default() };
            for _ in 0..self.0 {
                taken.sample.micros += 1000;
                if !taken.push(vec![Cell::Text("0123456789".to_owned())], bound) {
                    break;
                }
            }
            Ok(taken)
        }
        async fn write_sample(&self, taken: &Taken) -> Result<Sample, EngineError> {
            let (micros, index_micros) = (taken.sample.micros * 3, Some(taken.sample.micros / 2));
            Ok(Sample { micros, index_micros, without: "without a log".to_owned(), ..taken.sample.clone() })
        }
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        // Nothing in here waits.
        let mut future = Box::pin(future);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match future.as_mut().poll(&mut context) {
            std::task::Poll::Ready(value) => value,
            std::task::Poll::Pending => panic!("it waits"),
        }
    }

    #[test]
    fn rates_are_what_was_measured_and_nothing_else() {
        let (source, target) = (Slow(1000), Slow(0));
        let (source, target) = (System { name: "old", inspect: &source }, System { name: "new", inspect: &target });
        let tables = [TableName::bare("t"), TableName::bare("shut")];
        let bound = Bound { max_rows: 100, max_bytes: 1 << 20 };
        let probed = run(probe(source, Some(target), &tables, bound)).expect("a rate");
        let shown: Vec<_> = probed.rates.iter().map(|r| (r.what.as_str(), r.rows_per_s, r.bytes_per_s)).collect();
        assert_eq!(shown, [("copy", 250, 2500), ("index", 2000, 20_000), ("read", 1000, 10_000), ("write", 333, 3333)]);
        assert_eq!(probed.rates[0].sample, "100 rows, 1000 bytes in 400 ms, read and then written by one worker, without a log");
        assert_eq!(
            probed.not_checked,
            ["t: columns that have no neutral form were left out of the sample: place point", "the rate of reading shut from old: no"]
        );
        let alone = run(probe(target, None, &tables[..1], bound)).expect("no rows");
        assert!(alone.rates.is_empty());
        let why = "the rate of building an index (`rates.index`): there is no target to write a sample to";
        assert!(alone.not_checked.iter().any(|sentence| sentence == why), "{:?}", alone.not_checked);
        let broken = run(probe(source, None, &[TableName::bare("gone")], bound)).expect_err("not collected");
        assert_eq!(broken.kind, ErrorKind::Connection);
    }
}
