//! Validation scripts that a person runs without Segue: one for each side, whose outputs are the same text when the
//! two sides are.
//!
//! Each line of output begins with a label: counts, exact aggregates, the digest of all rows where the servers can
//! compute the same one, orphans. What a script cannot see stands in it as a comment: a script must never look more
//! thorough than it is (traps T3, T5, T14). All SQL comes from the engines; this file only orders it. Tests:
//! `segue-sim/tests/it/checks/emit.rs` runs both scripts on servers.

use segue_engine::rows::{Ask, Class, Measure, Measured, Probe, Rows};
use segue_model::catalog::{Catalog, ConstraintKind};
use segue_model::ident::TableName;

use crate::{Side, TablePair};

/// A side that a script is written for.
pub struct Writer<'a> {
    /// Its dialect, and its queries.
    pub ask: &'a dyn Ask,
    /// Its digests.
    pub rows: &'a dyn Rows,
}

/// A reference between two tables, at both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The table that refers, its columns, the table that is referred to, its columns: at the source.
    pub source: (TableName, Vec<String>, TableName, Vec<String>),
    /// The same at the target.
    pub target: (TableName, Vec<String>, TableName, Vec<String>),
}

/// What the two scripts are called and hold.
pub struct Scripts {
    /// The name of the source's file: `verify_MIG-042_source_mysql.sql`.
    pub source_name: String,
    /// Its text.
    pub source: String,
    /// The name of the target's file.
    pub target_name: String,
    /// Its text.
    pub target: String,
}

/// Both scripts. `id`: the spec's, or any word for the file names.
pub fn scripts(id: &str, pairs: &[TablePair], references: &[Reference], source: &Writer<'_>, target: &Writer<'_>) -> Scripts {
    let word: String = id.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' }).collect();
    let names = [("source", source), ("target", target)].map(|(side, of)| format!("verify_{word}_{side}_{}.sql", of.ask.dialect()));
    let lite = source.ask.dialect() == "sqlite" || target.ask.dialect() == "sqlite";
    let write = |side: Side, of: &Writer<'_>| {
        let mut out = heading(&names, side, of.ask.dialect());
        let (begin, end) = of.ask.frame();
        out.extend(begin.iter().map(|statement| format!("{statement};")));
        for pair in pairs {
            table(pair, side, of, (source, target), lite, &mut out);
        }
        for reference in references {
            let (child, columns, parent, parent_columns) = if side == Side::Source { &reference.source } else { &reference.target };
            let probe = Probe::Orphans {
                table: child.clone(),
                columns: columns.clone(),
                parent: parent.clone(),
                parent_columns: parent_columns.clone(),
            };
            let label = format!("orphans of {} ({})", reference.source.0.name, reference.source.1.join(", "));
            out.push(String::new());
            out.push(comment("Rows that refer to a row that is not there: 0 is right."));
            out.push(format!("{};", of.ask.labelled(&label, Some(&probe))));
        }
        out.push(String::new());
        out.extend(end.iter().map(|statement| format!("{statement};")));
        out.join("\n") + "\n"
    };
    let (source_text, target_text) = (write(Side::Source, source), write(Side::Target, target));
    let [source_name, target_name] = names;
    Scripts { source_name, source: source_text, target_name, target: target_text }
}

/// The references of a catalog whose tables are all compared, by the pairs' own names.
pub fn references(pairs: &[TablePair], source: &Catalog) -> Vec<Reference> {
    let mut out = Vec::new();
    for pair in pairs {
        let Some(table) = source.tables.iter().find(|table| fits(&table.name, &pair.source.table)) else { continue };
        for key in table.constraints.iter().filter(|constraint| constraint.kind == ConstraintKind::ForeignKey) {
            let parent = key.references.as_ref().and_then(|name| pairs.iter().find(|other| fits(name, &other.source.table)));
            let (Some(parent), Some(to)) = (parent, referred(&key.definition)) else { continue };
            let here = |pair: &TablePair, names: &[String]| translated(pair, names);
            let (Some(columns), Some(parent_columns)) = (here(pair, &key.columns), here(parent, &to)) else { continue };
            if columns.len() == parent_columns.len() {
                out.push(Reference {
                    source: (pair.source.table.clone(), key.columns.clone(), parent.source.table.clone(), to),
                    target: (pair.target.table.clone(), columns, parent.target.table.clone(), parent_columns),
                });
            }
        }
    }
    out
}

fn fits(a: &TableName, b: &TableName) -> bool {
    a.name == b.name && (a.schema == b.schema || a.schema.is_empty() || b.schema.is_empty())
}

/// The columns of `… REFERENCES t (a, b) …`.
fn referred(definition: &str) -> Option<Vec<String>> {
    let at = definition.to_lowercase().find("references")?;
    let (_, rest) = definition.get(at..)?.split_once('(')?;
    let (inside, _) = rest.split_once(')')?;
    Some(inside.split(',').map(|name| name.trim().trim_matches(['"', '`', '[', ']']).to_owned()).collect())
}

/// The target's names of columns of the source; `None` where one is not compared as it is.
fn translated(pair: &TablePair, names: &[String]) -> Option<Vec<String>> {
    names
        .iter()
        .map(|name| {
            let at = pair.source.columns.iter().position(|column| column.name == *name && column.expression.is_none())?;
            Some(pair.target.columns[at].name.clone())
        })
        .collect()
}

fn heading(names: &[String; 2], side: Side, dialect: &str) -> Vec<String> {
    let here = if side == Side::Source { &names[0] } else { &names[1] };
    let run = match dialect {
        "postgres" => format!("psql -X -q -A -t -F \"$(printf '\\t')\" -v ON_ERROR_STOP=1 -f {here} URL > {here}.txt"),
        "sqlite" => format!("sqlite3 -bail -tabs FILE < {here} > {here}.txt"),
        _ => format!("mysql -N -B DATABASE < {here} > {here}.txt"),
    };
    [
        "Written by segue verify --emit sql. It only reads.".to_owned(),
        format!("Run it:  {run}"),
        format!("Compare: diff {}.txt {}.txt", names[0], names[1]),
        "No difference: what the lines say is the same on both sides. Stop the writers, or expect what they wrote.".to_owned(),
        "A line is a label, then what was computed. Counts and aggregates alone are no proof: values may be swapped between".to_owned(),
        "rows, and a lost row be made up for by another. The line `digest of` is of whole rows, and sees both.".to_owned(),
    ]
    .iter()
    .map(|line| comment(line))
    .collect()
}

fn table(pair: &TablePair, side: Side, of: &Writer<'_>, both: (&Writer<'_>, &Writer<'_>), lite: bool, out: &mut Vec<String>) {
    let read = if side == Side::Source { &pair.source } else { &pair.target };
    let name = &pair.source.table.name;
    let mut measures = Vec::new();
    for (at, column) in pair.source.columns.iter().enumerate() {
        let all = Measure::of(&column.class).iter().filter(|what| said_alike(&column.class, **what, lite));
        measures.extend(all.map(|what| (at, *what)));
    }
    out.push(String::new());
    out.push(comment(&format!("Table {name}")));
    for gap in &pair.not_compared {
        let column = if gap.column.is_empty() { "the table".to_owned() } else { format!("column {}", gap.column) };
        out.push(comment(&format!("not compared: {column}: {}", gap.reason)));
    }
    let parts: Vec<&[(usize, Measure)]> = if measures.is_empty() { vec![&[]] } else { measures.chunks(60).collect() };
    for part in parts {
        let words: Vec<String> = part.iter().map(|(at, what)| format!("{}: {}", pair.names[*at], what.word())).collect();
        out.push(comment(&format!("rows{}{}", if words.is_empty() { "" } else { "; " }, words.join("; "))));
        let list = part.iter().map(|(at, what)| Measured::of(&read.columns[*at], *what)).collect();
        let probe = Probe::Line { table: read.table.clone(), filter: read.filter.clone(), of: list };
        out.push(format!("{};", of.ask.labelled(&format!("aggregates of {name}"), Some(&probe))));
    }
    // Only where both servers can: else the outputs could never be the same.
    match (both.0.rows.digest_sql(&pair.source), both.1.rows.digest_sql(&pair.target)) {
        (Some(left), Some(right)) => {
            let sql = if side == Side::Source { left } else { right };
            out.push(comment("rows, and a digest of all their values: it differs if any value of any row does"));
            out.push(format!("{};", of.ask.labelled(&format!("digest of {name}, in the next line"), None)));
            out.push(format!("{sql};"));
        }
        _ => out.push(comment("NOT SEEN: whether values belong to the right rows; these servers have no common digest of these types")),
    }
}

/// The measure has one text on all engines, and is no value of a row: the output is a file that lives on.
fn said_alike(class: &Class, what: Measure, lite: bool) -> bool {
    match what {
        Measure::Min | Measure::Max => false,
        Measure::Sum => !lite,
        Measure::Distinct if lite => *class == Class::Integer,
        _ => true,
    }
}

/// A comment that nothing in a name can end.
fn comment(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect();
    format!("-- {line}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_one_line() {
        assert_eq!(comment("a\ndrop table b"), "-- a drop table b");
    }

    #[test]
    fn referred_columns() {
        assert_eq!(referred("FOREIGN KEY (a) REFERENCES `p` (`x`, `y`) ON DELETE CASCADE"), Some(vec!["x".to_owned(), "y".to_owned()]));
        assert_eq!(referred("references p"), None);
    }
}
