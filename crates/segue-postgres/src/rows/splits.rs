//! Where a table is cut into ranges of its first key column: from the server's statistics, else from the ends of an
//! index and arithmetic between them.
//!
//! The cuts need not be even, they must be cheap: nothing is sorted, and no more is read than the ends of an index.
//! Tests: below, `tests/it/rows/splits.rs`.

use segue_engine::rows::{Datum, Day, Moment, Read};
use segue_engine::{EngineError, quote};
use tokio_postgres::Client;

use super::describe::estimate;
use super::kind::Wire;
use super::select::expression;
use super::snapshot::Lease;
use crate::error::db;

/// More ranges than that are no help to anybody.
const CUTS_MAX: u64 = 4096;

/// Values of the histogram as numbers: whole numbers, days from 1970, microseconds from 1970.
fn number_of(wire: &Wire, value: &str) -> Option<String> {
    Some(match wire {
        Wire::Int2 | Wire::Int4 | Wire::Int8 | Wire::Oid => format!("({value})::int8"),
        // Whole numbers of eighteen digits: beyond, a table is not cut.
        Wire::Numeric => format!("case when abs({value}) < 1e18 then ceil({value})::int8 end"),
        Wire::Date => format!("case when isfinite({value}) then ({value}) - '1970-01-01'::date end::int8"),
        Wire::Timestamp | Wire::Instant => {
            format!("case when isfinite({value}) and ({value}) < '290000-01-01' then (extract(epoch from ({value})) * 1000000)::int8 end")
        }
        _ => return None,
    })
}

fn type_of(wire: &Wire) -> &'static str {
    match wire {
        Wire::Int2 | Wire::Int4 | Wire::Int8 => "int8",
        Wire::Oid => "oid",
        Wire::Numeric => "numeric",
        Wire::Date => "date",
        Wire::Timestamp => "timestamp",
        _ => "timestamptz",
    }
}

fn datum(wire: &Wire, number: i64) -> Option<Datum> {
    Some(match wire {
        Wire::Date => Datum::Date(Day::Number(i32::try_from(number).ok()?)),
        Wire::Timestamp => Datum::Timestamp(Moment::Micros(number)),
        Wire::Instant => Datum::Instant(Moment::Micros(number)),
        _ => Datum::Integer(number.into()),
    })
}

/// Cuts a table, or a range of it. Statistics of a table that was changed since only make the ranges uneven.
pub(super) async fn of(lease: &mut Lease, read: &Read, rows: u64) -> Result<Vec<Datum>, EngineError> {
    let Some(first) = read.key.first().copied() else { return Ok(Vec::new()) };
    let learnt = lease.learn(read).await?;
    let column = &read.columns[first];
    let wire = learnt.natives[first].wire.clone();
    if !column.class.splits() || number_of(&wire, "").is_none() {
        return Ok(Vec::new());
    }
    // Of the whole: without statistics the planner only guesses what a range holds.
    let all = Read { range: None, ..read.clone() };
    let conditions = lease.select(&all, &learnt).conditions()?;
    let total = estimate(lease.client(), &read.table, &conditions).await?;
    let cuts = (total / rows.max(1)).min(CUTS_MAX);
    if cuts == 0 {
        return Ok(Vec::new());
    }
    let mut points = if column.expression.is_none() { histogram(lease.client(), read, &column.name, &wire).await? } else { Vec::new() };
    if let Some((least, most)) = ends(lease, read, first, &wire).await? {
        stretch(&mut points, least, most);
    }
    let found = cut(&points, cuts).into_iter().filter(|cut| within(read, *cut));
    Ok(found.filter_map(|number| datum(&wire, number)).collect())
}

/// Bounds of buckets that hold the same number of rows each.
async fn histogram(client: &Client, read: &Read, column: &str, wire: &Wire) -> Result<Vec<i64>, EngineError> {
    let Some(number) = number_of(wire, "b.v") else { return Ok(Vec::new()) };
    // Named in full: the read's own path may hold anything.
    client.batch_execute("set local search_path = ''").await.map_err(db)?;
    let sql = format!(
        "select n from (select s.histogram_bounds::text::{}[] as bounds from pg_stats s where s.schemaname = $1 and s.tablename = $2 \
           and s.attname = $3 and s.histogram_bounds is not null order by s.inherited desc limit 1) h \
         cross join lateral unnest(h.bounds) as b (v) cross join lateral (select {number}) as x (n) where n is not null order by n",
        type_of(wire)
    );
    let rows = client.query(&sql, &[&read.table.schema, &read.table.name, &column]).await.map_err(db)?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// The least and the most, where an index that begins with the column gives them at once.
async fn ends(lease: &mut Lease, read: &Read, first: usize, wire: &Wire) -> Result<Option<(i64, i64)>, EngineError> {
    let column = &read.columns[first];
    if column.expression.is_some() {
        return Ok(None);
    }
    let client = lease.client();
    client.batch_execute("set local search_path = ''").await.map_err(db)?;
    let indexed: bool = client
        .query_one(
            "select exists (select from pg_index i join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam \
               join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] \
             where i.indrelid = to_regclass($1::text) and i.indisvalid and i.indpred is null and m.amname = 'btree' and a.attname = $2)",
            &[&quote::table(&read.table), &column.name],
        )
        .await
        .map_err(db)?
        .get(0);
    if !indexed {
        return Ok(None);
    }
    let (key, table) = (expression(column), quote::table(&read.table));
    let finite = match wire {
        Wire::Date | Wire::Timestamp | Wire::Instant => {
            let kind = type_of(wire);
            format!(" where {key} > '-infinity'::{kind} and {key} < 'infinity'::{kind}")
        }
        Wire::Numeric => format!(" where {key} > '-1e18'::numeric and {key} < '1e18'::numeric"),
        _ => String::new(),
    };
    let (least, most) = (number_of(wire, "e.least").unwrap_or_default(), number_of(wire, "e.most").unwrap_or_default());
    let sql = format!("select {least}, {most} from (select min({key}) as least, max({key}) as most from {table}{finite}) e");
    let row = lease.one_row(&sql).await?;
    Ok(row.get::<_, Option<i64>>(0).zip(row.get(1)))
}

/// Statistics are of some time ago: what came since lies outside of them, and buckets of the same width are put there.
fn stretch(points: &mut Vec<i64>, least: i64, most: i64) {
    if points.len() < 2 {
        *points = vec![least, most];
        return;
    }
    let (first, last) = (points[0], points[points.len() - 1]);
    let width = ((i128::from(last) - i128::from(first)) / (points.len() as i128 - 1)).max(1);
    let beyond = |far: i128| usize::try_from((far / width).clamp(0, i128::from(CUTS_MAX))).unwrap_or_default();
    let (before, after) = (i128::from(first) - i128::from(least), i128::from(most) - i128::from(last));
    let mut all: Vec<i64> = (0..beyond(before)).filter_map(|step| at(least, first, step, beyond(before))).collect();
    all.append(points);
    all.extend((1..=beyond(after)).filter_map(|step| at(last, most, step, beyond(after))));
    *points = all;
}

/// So many steps of so many on the way.
fn at(from: i64, to: i64, step: usize, of: usize) -> Option<i64> {
    let way = (i128::from(to) - i128::from(from)) * step as i128 / of.max(1) as i128;
    i64::try_from(i128::from(from) + way).ok()
}

/// So many cuts between bounds of equal buckets, with a straight line inside a bucket.
fn cut(points: &[i64], cuts: u64) -> Vec<i64> {
    if points.len() < 2 {
        return Vec::new();
    }
    let buckets = points.len() as u64 - 1;
    let mut out: Vec<i64> = (1..=cuts)
        .filter_map(|number| {
            let place = number * buckets;
            let (bucket, part) = ((place / (cuts + 1)) as usize, (place % (cuts + 1)) as usize);
            at(points[bucket], *points.get(bucket + 1)?, part, cuts as usize + 1)
        })
        .filter(|cut| *cut > points[0])
        .collect();
    out.dedup();
    out
}

/// It lies inside the range that is read. (A table is cut as a whole, so that a range has the cuts that the whole has.)
fn within(read: &Read, cut: i64) -> bool {
    let number = |end: &Option<Datum>| match end {
        Some(Datum::Integer(number)) => Some(*number),
        Some(Datum::Date(Day::Number(day))) => Some(i128::from(*day)),
        Some(Datum::Timestamp(Moment::Micros(micros)) | Datum::Instant(Moment::Micros(micros))) => Some(i128::from(*micros)),
        _ => None,
    };
    let Some(range) = &read.range else { return true };
    number(&range.from).is_none_or(|from| from < i128::from(cut)) && number(&range.below).is_none_or(|below| i128::from(cut) < below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_are_ascending_and_inside() {
        assert_eq!(cut(&[0, 100], 3), [25, 50, 75]);
        assert_eq!(cut(&[0, 10, 1000], 1), [10]);
        assert_eq!(cut(&[0, 10, 1000], 3), [5, 10, 505]);
        assert_eq!(cut(&[5, 5], 3), Vec::<i64>::new());
        assert_eq!(cut(&[1, 3], 9), [2]);
        assert_eq!(cut(&[], 3), Vec::<i64>::new());
        let far = cut(&[i64::MIN, i64::MAX], 1);
        assert_eq!(far, [-1]);
    }

    #[test]
    fn what_came_since_the_statistics_is_cut_too() {
        let mut points = vec![100, 200, 300];
        stretch(&mut points, 0, 500);
        assert_eq!(points, [0, 100, 200, 300, 400, 500]);
        let mut none = Vec::new();
        stretch(&mut none, 7, 9);
        assert_eq!(none, [7, 9]);
    }
}
