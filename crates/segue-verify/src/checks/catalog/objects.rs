//! Triggers and views: whether they are there, and within one engine whether they are the same.
//!
//! Tests: `segue-sim/tests/it/checks/catalog.rs`.

use segue_model::catalog::Table;

use super::super::Draft;
use super::{Pairing, Side};

/// Triggers by name.
pub(super) fn triggers(pairing: &Pairing<'_>, draft: &mut Draft) {
    let place = pairing.place();
    for trigger in &pairing.source.triggers {
        let Some(other) = pairing.target.triggers.iter().find(|other| other.name.eq_ignore_ascii_case(&trigger.name)) else {
            draft.differs(format!("{place}: missing trigger `{}`", trigger.name));
            continue;
        };
        if !pairing.same_engine {
            draft.gap(format!("{place}: what trigger `{}` does", trigger.name));
        } else if essence(&trigger.definition, pairing.source) != essence(&other.definition, pairing.target) {
            draft.differs(format!("{place}: other trigger `{}`", trigger.name));
        }
    }
    for trigger in &pairing.target.triggers {
        if !pairing.source.triggers.iter().any(|other| other.name.eq_ignore_ascii_case(&trigger.name)) {
            draft.differs(format!("{place}: extra trigger `{}`", trigger.name));
        }
    }
}

/// A definition without its definer, its schema and its table's name.
fn essence(definition: &str, table: &Table) -> String {
    let mut text = definition.replace(['"', '`'], "");
    if let Some((head, rest)) = text.split_once("DEFINER=") {
        let rest = rest.split_once(' ').map_or("", |(_, rest)| rest);
        text = format!("{head}{rest}");
    }
    if !table.name.schema.is_empty() {
        text = text.replace(&format!("{}.", table.name.schema), "");
    }
    let words: Vec<&str> = text.split_whitespace().map(|word| if word == table.name.name { "?" } else { word }).collect();
    words.join(" ")
}

/// Views by name.
pub(super) fn views(source: Side<'_>, target: Side<'_>, same_engine: bool, draft: &mut Draft) {
    for view in &source.catalog.views {
        let Some(other) = target.catalog.views.iter().find(|other| other.name.name.eq_ignore_ascii_case(&view.name.name)) else {
            draft.differs(format!("missing view: {}", view.name));
            continue;
        };
        if other.materialized != view.materialized {
            draft.differs(format!("{}: only one side keeps the view's rows", view.name));
        } else if !same_engine {
            draft.gap(format!("{}: what the view selects", view.name));
        } else if view.name == other.name && view.definition != other.definition {
            draft.differs(format!("other view: {}", view.name));
        } else if view.name != other.name {
            draft.gap(format!("{}: what the view selects, because its schema has another name", view.name));
        }
    }
}
