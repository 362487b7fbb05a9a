//! Queries that Segue asks by itself, in SQLite's words. A name enters by the quoting door alone.
//!
//! Text is compared by its bytes, whatever collation a column has. Each is a plain SELECT that a person can run too.
//! Tests: below, and `segue-sim/tests/it/checks/`.

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
            let by: Vec<String> = columns.iter().map(|column| format!("{} collate binary", quote::name(column))).collect();
            format!(
                "select coalesce(sum(n - 1), 0) as row_count from (select count(*) as n from {}{} group by {} having count(*) > 1) as q",
                quote::table(table),
                condition(&present, filter.as_ref()),
                by.join(", ")
            )
        }
        Probe::Outside { table, column, min, max, filter } => {
            let bound = |sign: &str, value: &String| format!("{} {sign} {}", quote::name(column), literal(value));
            let outside: Vec<String> = min.iter().map(|value| bound("<", value)).chain(max.iter().map(|value| bound(">", value))).collect();
            let outside = if outside.is_empty() { "0".to_owned() } else { format!("({})", outside.join(" or ")) };
            format!("select count(*) as row_count from {}{}", quote::table(table), condition(&[outside], filter.as_ref()))
        }
        Probe::Unlike { table, column, pattern, filter } => {
            let unlike = format!("{} not glob {}", quote::name(column), quote::text(&glob(pattern)));
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

/// One measure of a term.
fn measure(of: &Measured) -> String {
    let term = if of.expression { format!("({})", of.term) } else { quote::name(&of.term) };
    match of.what {
        Measure::Count => format!("count({term})"),
        Measure::Distinct => format!("count(distinct {term} collate binary)"),
        Measure::Sum => format!("sum({term})"),
        Measure::Min => format!("min({term})"),
        Measure::Max => format!("max({term})"),
        Measure::Bytes | Measure::Octets => format!("coalesce(sum(length(cast({term} as blob))), 0)"),
        Measure::True => format!("coalesce(sum({term} <> 0), 0)"),
    }
}

/// `LIKE` is blind to case here: the same pattern for `GLOB`.
fn glob(pattern: &str) -> String {
    let (mut out, mut chars) = (String::new(), pattern.chars());
    while let Some(char) = chars.next() {
        let plain = match char {
            '%' => {
                out.push('*');
                continue;
            }
            '_' => {
                out.push('?');
                continue;
            }
            '!' => chars.next().unwrap_or('!'),
            other => other,
        };
        if matches!(plain, '*' | '?' | '[') {
            out.push_str(&format!("[{plain}]"));
        } else {
            out.push(plain);
        }
    }
    out
}

/// A number stands as it is; anything else is a text.
fn literal(value: &str) -> String {
    let number = value.parse::<f64>().is_ok_and(f64::is_finite) && value.bytes().all(|byte| byte.is_ascii_digit() || b".-".contains(&byte));
    if number { value.to_owned() } else { quote::text(value) }
}

/// A value as text, NULL as a word.
fn as_text(term: &str) -> String {
    format!("coalesce(cast({term} as text), 'NULL')")
}

/// A measure whose text is the same on every engine, as far as SQLite can: of whole numbers it is.
fn line_measure(of: &Measured) -> String {
    let plain = measure(of);
    if of.what == Measure::Sum { format!("printf('%.15f', {plain})") } else { plain }
}

/// A query with a text before its row, or the text alone.
pub(super) fn labelled(label: &str, of: Option<&Probe>) -> String {
    let label = quote::text(label);
    match of {
        Some(of) => format!("select {label} as line, q.* from ({}) as q", probe(of)),
        None => format!("select {label} as line"),
    }
}

/// The condition under which a row is not marked as deleted.
pub(super) fn kept(column: &str, class: &Class) -> Option<String> {
    match class {
        Class::Date | Class::Timestamp | Class::Instant | Class::Text => Some(format!("{} is null", quote::name(column))),
        Class::Boolean | Class::Integer => Some(format!("coalesce({}, 0) = 0", quote::name(column))),
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
    use super::*;

    #[test]
    fn a_pattern_for_glob() {
        assert_eq!(glob("a%_!%[*]"), "a*?%[[][*]]");
        assert_eq!(glob("!"), "!");
    }

    #[test]
    fn a_number_is_a_number_and_nothing_else_is() {
        assert_eq!(literal("-1.5"), "-1.5");
        for text in ["", "1e9", "NaN", "1; drop", "2026-11-21"] {
            assert!(literal(text).starts_with('\''), "{text}");
        }
    }
}
