//! What a change of a column's type breaks, once for all rules about types. Tests: `tests/it/sql/compare.rs`.

use segue_model::check::{Side, Witness};
use segue_model::finding::Severity;

use super::fit::{Fit, What};
use super::pair::{Couple, Pair, Sides};
use super::sink::{BOTH, DEPLOY, NOTHING, ROLLBACK, Sink, column_path};
use crate::draft::Draft;
use crate::policy::Relation;
use crate::rule::Rule;

/// Reports a change of type for the rule that owns its kind.
pub(crate) fn report(rule: &'static Rule, sides: &Sides<'_>, pair: &Pair<'_>, couple: &Couple<'_>, sink: &mut Sink<'_>) {
    let Some(fit) = &couple.fit else { return };
    let (old, new) = (&couple.old.data_type, &couple.new.data_type);
    // Readers of text do not mind its length; a program that reads a number minds its range.
    let readers_mind = fit.what != What::Length;
    let breaks = match fit.relation {
        Relation::Equal if fit.same_form => NOTHING,
        Relation::Narrowed if !readers_mind => DEPLOY,
        Relation::Widened if !readers_mind => ROLLBACK,
        _ => BOTH,
    };
    let message = format!("column {} becomes {new} where it was {old}: {}", shown(pair, couple), says(fit));
    let draft = sink.add(rule, breaks, column_path(pair.new, couple.new), format!("type {old} -> {new}"), message);
    if fit.relation == Relation::Widened && fit.same_form {
        draft.severity = sides.policy.severity(breaks, true);
    }
    if fit.relation == Relation::Undecided {
        draft.not_decided();
    }
    if fit.loses() {
        draft.critical();
    }
    if fit.relation == Relation::Equal && fit.same_form {
        draft.at_least(Severity::Low);
    }
    witness(draft, fit);
}

/// `users.email`, for people.
pub(crate) fn shown(pair: &Pair<'_>, couple: &Couple<'_>) -> String {
    format!("{}.{}", pair.new.name.name, couple.new.name)
}

fn witness(draft: &mut Draft, fit: &Fit) {
    let of = |accepted_by, value: &Option<serde_json::Value>| value.clone().map(|value| Witness { accepted_by, value });
    draft.witness = of(Side::Old, &fit.only_old).or_else(|| of(Side::New, &fit.only_new));
}

fn says(fit: &Fit) -> &'static str {
    match (fit.relation, fit.loses()) {
        (Relation::Equal, _) => "every value stays, but it is kept or compared in another way",
        (Relation::Widened, _) => "it takes more values, which the old side refuses and the old version's readers do not expect",
        (Relation::Narrowed, true) => "values that are there may not fit: they are refused, cut or rounded",
        (Relation::Narrowed, false) => "it takes fewer values",
        (Relation::Changed, true) => "values of each side do not fit the other, so that some may be refused, cut or rounded",
        (Relation::Changed, false) => "applications read it in another form",
        (Relation::Undecided, _) => "whether every value keeps its meaning cannot be told from the types",
    }
}
