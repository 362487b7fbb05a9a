//! A field has another name in JSON.
//!
//! # What it checks
//!
//! The `json_name` of a field differs while its name is the same.
//!
//! # Why it breaks
//!
//! JSON that the one side writes has a member that the other refuses or passes over.
//!
//! # Safe path
//!
//! Leave the `json_name`; readers accept the plain name of the field as well.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  string note = 4;
//! +  string note = 4 [json_name = "remark"];
//! }
//! ```

use segue_model::check::Side;

use crate::policy::Relation;
use crate::proto::context::{Context, Say};
use crate::proto::rule::FieldPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-json-name-changed",
    title: "A field has another name in JSON",
    why: "JSON that the one side writes has a member that the other refuses or passes over.",
    fix: "Leave the `json_name`; readers accept the plain name of the field as well.",
    answers: &["buf:FIELD_SAME_JSON_NAME"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &FieldPair<'_>) {
    let (old, new) = (pair.old, pair.new);
    if old.name != new.name || old.json_name == new.json_name {
        return;
    }
    // A reader takes its `json_name` and the plain name.
    let refused = |written: &str, reader: &crate::proto::model::Field| written != &*reader.json_name && written != &*reader.name;
    let relation = match (refused(&old.json_name, new), refused(&new.json_name, old)) {
        (true, true) => Relation::Changed,
        (true, false) => Relation::Narrowed,
        (false, true) => Relation::Widened,
        (false, false) => Relation::Equal,
    };
    let text = format!("`{}` is called `{}` in JSON instead of `{}`", pair.object(), new.json_name, old.json_name);
    let say = Say::new(&RULE, pair.object(), new.place, format!("json_name {} -> {}", old.json_name, new.json_name), text);
    let say = pair.say(say.relation(relation).json());
    context.say(match relation {
        Relation::Widened => say.witness(Side::New, super::sample(context.new, new)),
        _ => say.witness(Side::Old, super::sample(context.old, old)),
    });
}
