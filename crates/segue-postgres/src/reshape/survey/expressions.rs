//! The user's expressions, put to the server: understood by it, of a type that fits, the same for the same row.
//!
//! Nothing is evaluated over rows and nothing is made. Tests: `tests/reshape/refuse.rs`, `tests/reshape/judge.rs`.

use segue_engine::EngineError;
use segue_model::finding::Finding;
use segue_model::reshape::{Assign, FormColumn, Survey, TableChange, Value};

use crate::reshape::compose::{self, Source};
use crate::reshape::survey::judge::{Judge, Leaves, Type, leaf};
use crate::reshape::survey::{critical, moment};

/// The types of both forms, in the order of their columns.
pub(crate) struct Forms {
    pub(crate) old: Vec<Type>,
    pub(crate) new: Vec<Type>,
}

/// `None` when a type of the spec is none: that is a finding, and nothing more can be said.
pub(crate) async fn look(judge: &Judge<'_>, change: &TableChange, out: &mut Survey) -> Result<Option<Forms>, EngineError> {
    let mut forms = Forms { old: Vec::new(), new: Vec::new() };
    for (form, types) in [(&change.old, &mut forms.old), (&change.new, &mut forms.new)] {
        for column in form {
            match judge.data_type(&column.data_type).await? {
                Ok(of) => types.push(of),
                Err(message) => {
                    let object = format!("column {} of {}", column.name, change.table);
                    let message = format!("its type is not understood: {message}");
                    out.findings.push(critical("SG-PG-117", object, message, "write a type of this server"));
                    return Ok(None);
                }
            }
        }
    }
    for (at, stage) in change.stages.iter().enumerate() {
        for upwards in [true, false] {
            let assigns = if upwards { &stage.up } else { &stage.down };
            for assign in assigns.iter().filter(|assign| !matches!(assign.value, Value::Column(_) | Value::Null | Value::Cast { .. })) {
                if let Some(finding) = expression(judge, change, &forms, at, upwards, assign).await? {
                    out.findings.push(finding);
                }
            }
        }
    }
    Ok(Some(forms))
}

/// A form's columns as the base table knows them.
pub(crate) fn physical(form: &[FormColumn]) -> Leaves {
    form.iter().map(|column| (column.physical.clone(), column.data_type.clone())).collect()
}

async fn expression(
    judge: &Judge<'_>,
    change: &TableChange,
    forms: &Forms,
    at: usize,
    upwards: bool,
    assign: &Assign,
) -> Result<Option<Finding>, EngineError> {
    let (word, from) = if upwards { ("up", &change.old) } else { ("down", &change.new) };
    let select_of = |assign: &Assign| {
        let of_leaf = |physical: &str| format!("segue_leaf.{}", segue_engine::quote::name(physical));
        let tail = format!("from {} as segue_leaf", leaf(&physical(from)));
        compose::bare(change, at, upwards, assign, &Source { leaf: &of_leaf, tail: &tail, extra: &[] })
    };
    let select = select_of(assign);
    let object = format!("`{word}` of column {} of {}", assign.column, change.table);
    let statement = match judge.parse(&select).await? {
        Ok(statement) => statement,
        Err(error) => {
            let fix = format!("write an expression over the columns {} the change", if upwards { "before" } else { "after" });
            return Ok(Some(critical("SG-PG-117", object, format!("the server does not understand it: {error}"), fix)));
        }
    };
    // A row has one value. Of several the triggers would take the first, and a `case` takes none.
    if let Value::Sql(sql) = &assign.value {
        let value = Value::Sql(format!("case when true then (\n{sql}\n) end"));
        let one = Assign { value, ..assign.clone() };
        if judge.parse(&select_of(&one)).await?.is_err() {
            let message = "it gives several values for one row";
            return Ok(Some(critical("SG-PG-117", object, message, "take one of them in a sub-select: `(select min(x) from … x)`")));
        }
    }
    let own = |column: &&FormColumn| column.name == assign.column && column.default.is_some();
    let default = change
        .new
        .iter()
        .chain(&change.old)
        .filter(own)
        .any(|column| matches!(&assign.value, Value::Sql(sql) if column.default.as_ref() == Some(sql)));
    if let Some(finding) = moment::look(judge, &object, &select, &written(&assign.value), default).await? {
        return Ok(Some(finding));
    }
    let last = if upwards { at + 1 == change.stages.len() } else { at == 0 };
    let (form, types) = if upwards { (&change.new, &forms.new) } else { (&change.old, &forms.old) };
    let place = form.iter().zip(types).find(|(column, _)| last && column.name == assign.column);
    if let Some((column, of)) = place
        && let Err(error) = judge.fits(&select, &statement, &column.data_type, *of).await?
    {
        let message = format!("its type does not fit the column: {error}");
        return Ok(Some(critical("SG-PG-117", object, message, format!("cast it to {}", column.data_type))));
    }
    Ok(None)
}

/// The user's own words in a value.
fn written(value: &Value) -> Vec<&str> {
    match value {
        Value::Sql(sql) | Value::Coalesce { sql, .. } => vec![sql],
        Value::Unless { condition, sql, .. } => vec![condition, sql],
        Value::Column(_) | Value::Cast { .. } | Value::Null => Vec::new(),
    }
}
