//! Where to cut a table: by the server's own estimates of how many rows a range holds.
//!
//! An index knows cheaply about how many rows lie between two values. The span from the least to the greatest value is
//! cut until each part is small enough, so that gaps and crowds in the key do not matter, and no row is read. Cuts
//! need not be exact; they must ascend. Tests: below, and `tests/it/stream.rs`.

use segue_engine::EngineError;
use segue_engine::rows::parse::{self, DAY_MICROS};
use segue_engine::rows::{Class, Datum, Day, KeyRange, Moment, Read};

use super::condition::{self, Piece};
use super::describe::Described;
use super::reader::Lease;
use super::select;
use crate::row::Fields;

/// Questions about a table's ranges, at the most.
const QUESTIONS: usize = 4096;

/// Values that cut a table into ranges of about so many rows.
pub(super) async fn find(lease: &mut Lease, read: &Read, table: &Described, rows: u64) -> Result<Vec<Datum>, EngineError> {
    let operands = select::operands(read, table)?;
    let Some(first) = operands.first() else { return Ok(Vec::new()) };
    let (true, Some(sql)) = (first.class.splits() && first.form.is_some(), condition::range_sql(first)) else { return Ok(Vec::new()) };
    if table.rows.rows <= rows {
        return Ok(Vec::new());
    }
    let place = select::place(&read.within(KeyRange::default()), table);
    let ends = lease.ask(Piece { sql: format!("SELECT MIN({sql}), MAX({sql}) FROM {place}"), parameters: Vec::new() }).await?;
    let end = |at: usize| ends.first().and_then(|row| row.optional(at)).and_then(|text| number(&first.class, &text));
    let (Some(least), Some(most)) = (end(0), end(1)) else { return Ok(Vec::new()) };
    let most = most.saturating_add(1);
    let mut leaves = Vec::new();
    let mut asked = 0;
    // The first part is on top, so that the cuts ascend.
    let mut todo = vec![(least, most, table.rows.rows)];
    while let Some((from, below, held)) = todo.pop() {
        let parts = if below - from < 2 || asked > QUESTIONS { 1 } else { parts(held, rows) };
        if parts < 2 {
            leaves.push((from, held));
            continue;
        }
        let mut spans = Vec::new();
        for (from, below) in cut(from, below, parts) {
            asked += 1;
            spans.push((from, below, estimate(lease, &place, &sql, (datum(&first.class, from), datum(&first.class, below))).await?));
        }
        todo.extend(shared(spans, held).into_iter().rev());
    }
    Ok(gathered(&leaves, rows).into_iter().map(|cut| datum(&first.class, cut)).collect())
}

/// Where the parts begin after small neighbours were put together: a gap in the key is no part of its own.
fn gathered(leaves: &[(i128, u64)], rows: u64) -> Vec<i128> {
    let (mut cuts, mut held) = (Vec::new(), 0_u64);
    for (at, (from, more)) in leaves.iter().enumerate() {
        if at > 0 && held.saturating_add(*more) > rows.max(1) + rows / 2 {
            cuts.push(*from);
            held = 0;
        }
        held = held.saturating_add(*more);
    }
    cuts
}

/// The parts with as many rows as the whole has, in the proportion of their estimates: a server doubles an estimate that
/// it is not sure of, and of parts of one size it is equally sure.
fn shared(spans: Vec<(i128, i128, u64)>, held: u64) -> Vec<(i128, i128, u64)> {
    let all: u128 = spans.iter().map(|(_, _, rows)| u128::from(*rows)).sum();
    let share = |rows: u64| u64::try_from(u128::from(rows) * u128::from(held) / all.max(1)).unwrap_or(held);
    spans.into_iter().map(|(from, below, rows)| (from, below, share(rows))).collect()
}

/// Into how many parts a range of so many rows is cut.
fn parts(estimate: u64, rows: u64) -> u64 {
    let rows = rows.max(1);
    if estimate <= rows + rows / 2 { 1 } else { estimate.div_ceil(rows).clamp(2, 16) }
}

/// The parts of a span, none of them empty.
fn cut(from: i128, below: i128, parts: u64) -> Vec<(i128, i128)> {
    let span = below - from;
    let parts = i128::from(parts).min(span);
    (0..parts).map(|at| (from + span * at / parts, from + span * (at + 1) / parts)).collect()
}

/// About how many rows a range holds.
async fn estimate(lease: &mut Lease, place: &str, sql: &str, (from, below): (Datum, Datum)) -> Result<u64, EngineError> {
    let bounds = [literal(&from), literal(&below)];
    let asked = format!("EXPLAIN SELECT 1 FROM {place} WHERE {sql} >= {} AND {sql} < {}", bounds[0], bounds[1]);
    let answer = lease.session()?.named_rows(&asked).await;
    let rows: Vec<(Vec<String>, Fields)> = lease.judge(answer)?;
    let of = |(names, row): &(Vec<String>, Fields)| names.iter().position(|name| name == "rows").and_then(|at| row.number(at));
    Ok(rows.first().and_then(of).unwrap_or_default())
}

/// A bound as text: digits, and the marks of a date. It is an estimate of ours, no value of the user.
fn literal(datum: &Datum) -> String {
    match datum {
        Datum::Integer(number) => number.to_string(),
        other => segue_engine::quote::text(other.show().trim_end_matches('Z')),
    }
}

fn number(class: &Class, text: &str) -> Option<i128> {
    if *class == Class::Integer {
        return text.split('.').next()?.parse().ok();
    }
    let (Day::Number(day), clock) = parse_day(text)? else { return None };
    if *class == Class::Date { Some(i128::from(day)) } else { Some(i128::from(day) * i128::from(DAY_MICROS) + i128::from(clock)) }
}

/// `2026-11-21 12:30:15.123456`; the day alone where it is no real one, which nothing is counted from.
fn parse_day(text: &str) -> Option<(Day, i64)> {
    let (day, clock) = text.split_once(' ').unwrap_or((text, "00:00:00"));
    let mut parts = day.splitn(3, '-').map(|part| part.parse::<u16>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let number = parse::day_number(i32::from(year), u8::try_from(month).ok()?, u8::try_from(day).ok()?)?;
    let mut parts = clock.splitn(3, ':');
    let (hours, minutes) = (parts.next()?.parse::<i64>().ok()?, parts.next()?.parse::<i64>().ok()?);
    let seconds = parts.next()?.split('.').next()?.parse::<i64>().ok()?;
    Some((Day::Number(number), ((hours * 60 + minutes) * 60 + seconds) * 1_000_000))
}

fn datum(class: &Class, number: i128) -> Datum {
    let micros = i64::try_from(number).unwrap_or(i64::MAX);
    match class {
        Class::Date => Datum::Date(Day::Number(i32::try_from(number).unwrap_or(i32::MAX))),
        Class::Timestamp => Datum::Timestamp(Moment::Micros(micros)),
        Class::Instant => Datum::Instant(Moment::Micros(micros)),
        _ => Datum::Integer(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_cover_the_span_without_overlap() {
        for (from, below, wanted) in [(-5, 100, 7), (0, 3, 16), (i128::from(i64::MIN), i128::from(u64::MAX) + 1, 16)] {
            let cuts = cut(from, below, wanted);
            assert_eq!((cuts.first().map(|part| part.0), cuts.last().map(|part| part.1)), (Some(from), Some(below)));
            assert!(cuts.windows(2).all(|pair| pair[0].1 == pair[1].0));
            assert!(cuts.iter().all(|(from, below)| from < below));
        }
        assert_eq!(shared(vec![(0, 1, 30), (1, 2, 10), (2, 3, 0)], 20), [(0, 1, 15), (1, 2, 5), (2, 3, 0)]);
        assert_eq!(gathered(&[(0, 100), (10, 0), (20, 40), (30, 20), (40, 300), (50, 0)], 100), [30, 40, 50]);
        assert!(gathered(&[(0, 5)], 100).is_empty());
        assert_eq!(shared(vec![(0, 1, 0)], 20), [(0, 1, 0)]);
        assert_eq!((parts(100, 100), parts(150, 100), parts(151, 100), parts(1_000_000, 100)), (1, 1, 2, 16));
    }

    #[test]
    fn texts_of_the_server_become_numbers_and_back() {
        assert_eq!(number(&Class::Integer, "18446744073709551615"), Some(i128::from(u64::MAX)));
        assert_eq!(number(&Class::Integer, "-7"), Some(-7));
        assert_eq!(number(&Class::Date, "1970-01-02"), Some(1));
        assert_eq!(number(&Class::Date, "0000-00-00"), None);
        assert_eq!(number(&Class::Timestamp, "1970-01-01 00:00:01.500000"), Some(1_000_000));
        assert_eq!(literal(&datum(&Class::Instant, 1_000_000)), "'1970-01-01 00:00:01'");
        assert_eq!(literal(&datum(&Class::Date, 1)), "'1970-01-02'");
    }
}
