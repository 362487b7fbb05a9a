//! How a change lies on its table: which physical columns are old, new or shared, what addresses a row, which
//! names our objects have. Pure once it is read; everything else of the room asks it. Tests: `tests/it/`.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};
use segue_engine::{EngineError, ErrorKind, quote};
use segue_model::reshape::{ConstraintAdd, ConstraintWhat, Derived, FormColumn, Role, TableChange, Value};

use crate::error::{self, Doing};
use crate::sql::edit::is_constant;
use crate::sql::table::{TableText, What};
use crate::sql::token::mentions;
use crate::{affinity, control};

/// A default that no text and no number can equal: what an insert of the old side leaves in a new column. Its bytes
/// are `9e999` and [`MARK`]: what is computed from it is infinite, or holds the mark (see `unseen.rs`).
pub(crate) const SENTINEL: &str = "x'39653939391a1d1a1d'";
/// The control characters in it, as SQL: no function that changes letters changes them.
pub(crate) const MARK: &str = "char(26, 29, 26, 29)";

/// A change on its table.
pub(crate) struct Layout<'a> {
    /// The change.
    pub(crate) change: &'a TableChange,
    /// The table's name as the catalog stores it.
    pub(crate) table: String,
    /// The table before the change.
    pub(crate) before: TableText,
    /// The table as it is now.
    pub(crate) now: TableText,
    /// The name by which the row id can be read, on a table that has one.
    pub(crate) rowid: Option<&'static str>,
    /// The columns that address a row where there is no row id.
    pub(crate) key: Vec<String>,
    /// The helper column's name.
    pub(crate) helper: String,
    /// Checks of the table that stand on converted columns, as the new form must hold them.
    pub(crate) kept: Vec<ConstraintAdd>,
}

impl<'a> Layout<'a> {
    /// Reads how the change lies on its table.
    pub(crate) fn read(connection: &Connection, change: &'a TableChange) -> Result<Self, EngineError> {
        let (table, sql) = table_sql(connection, &change.table.name)?.ok_or_else(|| missing(&change.table.name))?;
        let saved = control::saved(connection, &change.tag, &table)?;
        let now = parse(&table, &sql)?;
        let before = match saved {
            Some(saved) => parse(&table, &saved)?,
            None => now.clone(),
        };
        let rowid = if before.without_rowid { None } else { rowid_name(&before) };
        let key = if before.without_rowid { primary_key(&before) } else { Vec::new() };
        if rowid.is_none() && key.is_empty() {
            let text = format!("table {table}: columns named rowid, oid and _rowid_ hide the row id");
            return Err(EngineError::new(error::UNSUPPORTED, ErrorKind::Unsupported, text));
        }
        let helper = format!("segue_side_{}", change.tag);
        let kept = kept_checks(change, &before);
        Ok(Self { change, table, before, now, rowid, key, helper, kept })
    }

    /// The table's name, quoted.
    pub(crate) fn quoted(&self) -> String {
        quote::name(&self.table)
    }

    /// New columns stand with their own definition; nothing has to be computed: every row, old or new, that does not
    /// give them has their constant default.
    pub(crate) fn plain(&self) -> bool {
        let addable = |d: &Derived| {
            let form = self.new_column(&d.column);
            let default = form.default.as_deref().map(str::trim);
            let holds = default.is_some_and(|text| !text.eq_ignore_ascii_case("null"));
            d.role == Role::Added && default.is_none_or(is_constant) && (form.nullable || holds) && self.filled_by_default(d)
        };
        self.change.down.is_empty() && self.change.up.iter().all(addable)
    }

    /// What `up` gives is what the column's default gives.
    fn filled_by_default(&self, d: &Derived) -> bool {
        let default = self.new_column(&d.column).default.as_deref();
        let mut values = self.change.stages.iter().flat_map(|stage| &stage.up).filter(|assign| assign.column == d.column);
        values.all(|assign| match &assign.value {
            Value::Column(name) => *name == d.column,
            Value::Sql(sql) => default == Some(sql.as_str()),
            Value::Null => default.is_none(),
            Value::Cast { .. } | Value::Coalesce { .. } | Value::Unless { .. } => false,
        })
    }

    /// Rows have a helper column while both forms live.
    pub(crate) fn tracked(&self) -> bool {
        !self.plain()
    }

    /// The helper column is there.
    pub(crate) fn has_helper(&self) -> bool {
        self.now.column(&self.helper).is_some()
    }

    /// What an insert of the old side leaves in a new column; `NULL` where it cannot be told from a write of NULL.
    pub(crate) fn untouched(&self) -> &'static str {
        if self.before.strict { "NULL" } else { SENTINEL }
    }

    /// A condition: the new column `value` was never given or computed. A row kept aside holds NULL there, so that
    /// several of them do not meet in a unique index.
    pub(crate) fn fresh(&self, helper: &str, value: &str) -> String {
        if self.before.strict {
            format!("{helper} IN (0, 3, 7)")
        } else {
            format!("({value} IS {SENTINEL} OR ({helper} IN (3, 7) AND {value} IS NULL))")
        }
    }

    /// The new form's column of that name.
    pub(crate) fn new_column(&self, name: &str) -> &'a FormColumn {
        self.change.new.iter().find(|column| column.name == name).expect("the planner derives columns of the new form")
    }

    /// The old form's column of that name.
    pub(crate) fn old_column(&self, name: &str) -> &'a FormColumn {
        self.change.old.iter().find(|column| column.name == name).expect("the planner derives columns of the old form")
    }

    /// The new column that holds this column of the new form.
    pub(crate) fn up_of(&self, name: &str) -> Option<&'a Derived> {
        self.change.up.iter().find(|d| d.column == name)
    }

    /// The old columns that are computed, as physical names.
    pub(crate) fn old_only(&self) -> BTreeSet<&'a str> {
        self.change.down.iter().map(|d| d.physical.as_str()).collect()
    }

    /// The new columns, as physical names.
    pub(crate) fn new_only(&self) -> BTreeSet<&'a str> {
        self.change.up.iter().map(|d| d.physical.as_str()).collect()
    }

    /// Columns of both forms that some `up` reads.
    pub(crate) fn shared_reads(&self) -> BTreeSet<&'a str> {
        let (old, new) = (self.old_only(), self.new_only());
        let reads = self.change.up.iter().flat_map(|d| &d.reads).map(String::as_str);
        reads.filter(|name| !old.contains(name) && !new.contains(name)).collect()
    }

    /// An old column that was NOT NULL without a default: writers of the new form do not give it, so it takes
    /// NULL while both forms live, and triggers demand what it demanded.
    pub(crate) fn relaxed(&self) -> Vec<&'a Derived> {
        self.change.down.iter().filter(|d| self.is_relaxed(&d.physical)).collect()
    }

    /// That old column is relaxed.
    pub(crate) fn is_relaxed(&self, physical: &str) -> bool {
        let Some(column) = self.before.column(physical) else { return false };
        let default = column.constraint(What::Default).map(|d| self.before.part(&d.body).to_owned());
        column.constraint(What::NotNull).is_some() && !self.is_key(physical) && default.is_none_or(|text| text.eq_ignore_ascii_case("null"))
    }

    /// The column is the row id itself.
    pub(crate) fn is_rowid(&self, physical: &str) -> bool {
        let key = primary_key(&self.before);
        let [only] = key.as_slice() else { return false };
        let integer = self.before.column(only).is_some_and(|c| self.before.part(&c.data_type).eq_ignore_ascii_case("integer"));
        !self.before.without_rowid && integer && only.eq_ignore_ascii_case(physical)
    }

    /// The column is part of the primary key.
    pub(crate) fn is_key(&self, physical: &str) -> bool {
        primary_key(&self.before).iter().any(|name| name.eq_ignore_ascii_case(physical))
    }

    /// A condition: the row of `NEW` is this row of the table.
    pub(crate) fn this_row(&self) -> String {
        match self.rowid {
            Some(rowid) => format!("{rowid} = NEW.{rowid}"),
            None => self.key.iter().map(|k| format!("{0} = NEW.{0}", quote::name(k))).collect::<Vec<_>>().join(" AND "),
        }
    }

    /// The columns by which rows are walked, quoted.
    pub(crate) fn walk(&self) -> Vec<String> {
        match self.rowid {
            Some(rowid) => vec![rowid.to_owned()],
            None => self.key.iter().map(|k| quote::name(k)).collect(),
        }
    }

    /// The name of a trigger of ours.
    pub(crate) fn trigger(&self, what: &str) -> String {
        format!("segue_{}_{}_{what}", self.change.tag, self.table)
    }

    /// The view by which the new side has its own names.
    pub(crate) fn view(&self) -> String {
        format!("{}_{}_new", self.table, self.change.tag)
    }

    /// The old form's columns over the table (`prefix` is empty) or over `NEW`.
    pub(crate) fn old_form(&self, prefix: &str) -> Vec<(String, &'a str)> {
        self.change.old.iter().map(|c| (format!("{prefix}{}", quote::name(&c.physical)), c.name.as_str())).collect()
    }

    /// Fails when the table's columns are not those of before and ours. A rebuild knows no others: one that somebody
    /// added meanwhile would go with all its values, and SQLite would read a missing one as a text of its name.
    pub(crate) fn demand_known_columns(&self) -> Result<(), EngineError> {
        let ours =
            |name: &str| name.eq_ignore_ascii_case(&self.helper) || self.change.up.iter().any(|d| d.physical.eq_ignore_ascii_case(name));
        let came = self.now.columns.iter().find(|column| self.before.column(&column.name).is_none() && !ours(&column.name));
        let went = self.before.columns.iter().find(|column| self.now.column(&column.name).is_none());
        let what = match (came, went) {
            (None, None) => return Ok(()),
            (Some(column), _) => format!("column {} of table {} was added during the run", column.name, self.table),
            (None, Some(column)) => format!("column {} of table {} was renamed or dropped during the run", column.name, self.table),
        };
        let text = format!("{what}, and the table's definition cannot be written without losing that");
        Err(EngineError::new(error::CHANGED, ErrorKind::Object, text)
            .help("nothing was committed. Give the table the columns back that it had, keep what you need elsewhere, then go on"))
    }

    /// A condition over values of the new form: this column's value is none that it takes.
    pub(crate) fn unfit(&self, column: &FormColumn, value: &str) -> String {
        let fits = affinity::fits(value, &column.data_type, self.before.strict);
        if column.nullable { format!("NOT {fits}") } else { format!("(({value}) IS NULL OR NOT {fits})") }
    }
}

/// A table's stored name and text.
pub(crate) fn table_sql(connection: &Connection, name: &str) -> Result<Option<(String, String)>, EngineError> {
    connection
        .query_row("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(?1)", [name], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()
        .doing("reading the table's definition")
}

/// The columns of the primary key.
pub(crate) fn primary_key(table: &TableText) -> Vec<String> {
    if let Some(column) = table.columns.iter().find(|column| column.constraint(What::PrimaryKey).is_some()) {
        return vec![column.name.clone()];
    }
    let key = table.constraints.iter().find(|constraint| constraint.what == What::PrimaryKey);
    key.map(|key| crate::sql::table::listed_names(table.part(&key.body))).unwrap_or_default()
}

/// Checks on a column whose values change hold in the new form too: over the twins, by their old names.
fn kept_checks(change: &TableChange, before: &TableText) -> Vec<ConstraintAdd> {
    let twins: Vec<(String, String)> = change
        .up
        .iter()
        .filter_map(|d| match &d.role {
            Role::Converted { original, .. } => Some((original.clone(), d.physical.clone())),
            _ => None,
        })
        .collect();
    let standing = before.checks().into_iter().filter(|(_, check)| twins.iter().any(|(name, _)| mentions(check, name)));
    standing
        .map(|(name, check)| {
            let named = before.columns.iter().filter(|column| mentions(&check, &column.name));
            let physical = named.map(|column| {
                let twin = twins.iter().find(|(original, _)| original.eq_ignore_ascii_case(&column.name));
                (column.name.clone(), twin.map_or_else(|| column.name.clone(), |(_, twin)| twin.clone()))
            });
            let what = ConstraintWhat::Check { physical: physical.collect(), check };
            let name = if name.is_empty() { "a check of the table".to_owned() } else { name };
            ConstraintAdd { table: change.table.clone(), tag: change.tag.clone(), name, what }
        })
        .collect()
}

fn rowid_name(table: &TableText) -> Option<&'static str> {
    ["rowid", "_rowid_", "oid"].into_iter().find(|name| table.column(name).is_none())
}

fn parse(table: &str, sql: &str) -> Result<TableText, EngineError> {
    TableText::parse(sql).ok_or_else(|| {
        let text = format!("the definition of table {table} cannot be read exactly, so it is not touched");
        EngineError::new(error::TABLE_TEXT, ErrorKind::Unsupported, text)
    })
}

/// The table is not there.
pub(crate) fn missing(table: &str) -> EngineError {
    EngineError::new(error::MISSING, ErrorKind::Object, format!("there is no table {table}"))
}
