//! Queries that Segue asks by itself, in PostgreSQL's words. A name enters by the quoting door alone.
//!
//! Each is a plain SELECT that a person can run too. Tests: below, and `segue-sim/tests/it/checks/` on servers.

use segue_engine::quote;
use segue_engine::rows::{Class, Measure, Measured, Probe};

/// The query of a probe.
pub(super) fn probe(probe: &Probe) -> String {
    match probe {
        Probe::Tally { table, filter, of } => {
            let mut list = vec!["count(*) as row_count".to_owned()];
            list.extend(of.iter().enumerate().map(|(at, measured)| format!("{} as m{}", measure(measured), at + 1)));
            format!("select {} from {}{}", list.join(", "), quote::table(table), condition(&[], filter.as_ref()))
        }
        Probe::Line { table, filter, of } => {
            let mut list = vec![as_text("count(*)")];
            list.extend(of.iter().map(|measured| as_text(&line_measure(measured))));
            let list: Vec<String> = list.iter().enumerate().map(|(at, term)| format!("{term} as c{at}")).collect();
            format!("select {} from {}{}", list.join(", "), quote::table(table), condition(&[], filter.as_ref()))
        }
        Probe::Nulls { table, column, filter } => {
            let broken = format!("{} is null", quote::name(column));
            format!("select count(*) as row_count from {}{}", quote::table(table), condition(&[broken], filter.as_ref()))
        }
        Probe::Duplicates { table, columns, filter } => {
            let present: Vec<String> = columns.iter().map(|column| format!("{} is not null", quote::name(column))).collect();
            format!(
                "select coalesce(sum(n - 1), 0)::bigint as row_count from (select count(*) as n from {}{} group by {} having count(*) > 1) as q",
                quote::table(table),
                condition(&present, filter.as_ref()),
                quote::names(columns.iter().map(String::as_str))
            )
        }
        Probe::Outside { table, column, min, max, filter } => {
            let bound = |sign: &str, value: &String| format!("{} {sign} {}", quote::name(column), quote::text(value));
            let outside: Vec<String> = min.iter().map(|value| bound("<", value)).chain(max.iter().map(|value| bound(">", value))).collect();
            let outside = if outside.is_empty() { "false".to_owned() } else { format!("({})", outside.join(" or ")) };
            format!("select count(*) as row_count from {}{}", quote::table(table), condition(&[outside], filter.as_ref()))
        }
        Probe::Unlike { table, column, pattern, filter } => {
            let unlike = format!("{}::text collate \"C\" not like {} escape '!'", quote::name(column), quote::text(pattern));
            format!("select count(*) as row_count from {}{}", quote::table(table), condition(&[unlike], filter.as_ref()))
        }
        Probe::Orphans { table, columns, parent, parent_columns } => {
            let mut broken: Vec<String> = columns.iter().map(|column| format!("c.{} is not null", quote::name(column))).collect();
            let pairs = columns.iter().zip(parent_columns);
            let same: Vec<String> = pairs.map(|(child, of)| format!("p.{} = c.{}", quote::name(of), quote::name(child))).collect();
            broken.push(format!("not exists (select 1 from {} as p where {})", quote::table(parent), same.join(" and ")));
            format!("select count(*) as row_count from {} as c{}", quote::table(table), condition(&broken, None))
        }
    }
}

/// One measure of a term. The smallest and largest are given as the column's own type.
fn measure(of: &Measured) -> String {
    let term = if of.expression { format!("({})", of.term) } else { quote::name(&of.term) };
    match of.what {
        Measure::Count => format!("count({term})"),
        Measure::Distinct => format!("count(distinct {term})"),
        Measure::Sum => format!("sum({})", number(&term, &of.class)),
        Measure::Min => format!("min({})", number(&term, &of.class)),
        Measure::Max => format!("max({})", number(&term, &of.class)),
        // As the server writes it, spaces at the end of a `char(n)` included.
        Measure::Bytes => format!("coalesce(sum(octet_length(format('%s', {term}))), 0)::bigint"),
        Measure::Octets => format!("coalesce(sum(octet_length({term})), 0)::bigint"),
        Measure::True => format!("count(*) filter (where {term})"),
    }
}

/// A value as text, NULL as a word.
fn as_text(term: &str) -> String {
    format!("coalesce(({term})::text, 'NULL')")
}

/// A measure whose text is the same on every engine.
fn line_measure(of: &Measured) -> String {
    let plain = measure(of);
    if of.what == Measure::Sum { format!("({plain})::numeric(80, 15)") } else { plain }
}

/// A query with a text before its row, or the text alone.
pub(super) fn labelled(label: &str, of: Option<&Probe>) -> String {
    let label = quote::text(label);
    match of {
        Some(of) => format!("select {label} as line, q.* from ({}) as q", probe(of)),
        None => format!("select {label} as line"),
    }
}

/// A term as a number where its class is one: the column may be a truth, which is 1 and 0 there.
fn number(term: &str, class: &Class) -> String {
    match class {
        Class::Integer => format!("case {term}::text when 'true' then 1 when 'false' then 0 else {term}::text::numeric end"),
        Class::Decimal | Class::DecimalScaled => format!("{term}::numeric"),
        _ => term.to_owned(),
    }
}

/// The condition under which a row is not marked as deleted.
pub(super) fn kept(column: &str, class: &Class) -> Option<String> {
    match class {
        Class::Date | Class::Timestamp | Class::Instant => Some(format!("{} is null", quote::name(column))),
        Class::Boolean => Some(format!("{} is not true", quote::name(column))),
        Class::Integer => Some(format!("coalesce({}, 0) = 0", quote::name(column))),
        _ => None,
    }
}

fn condition(all: &[String], filter: Option<&String>) -> String {
    // The user's condition may end in a comment of its own.
    let terms: Vec<String> = all.iter().cloned().chain(filter.map(|filter| format!("({filter}\n)"))).collect();
    if terms.is_empty() { String::new() } else { format!(" where {}", terms.join(" and ")) }
}

#[cfg(test)]
mod tests {
    use segue_model::ident::TableName;

    use super::*;

    #[test]
    fn a_hostile_name_stays_a_name() {
        let table = TableName::new("s\"", "t;--");
        let sql = probe(&Probe::Nulls { table, column: "a\" or 1=1".to_owned(), filter: None });
        assert_eq!(sql, "select count(*) as row_count from \"s\"\"\".\"t;--\" where \"a\"\" or 1=1\" is null");
    }
}
