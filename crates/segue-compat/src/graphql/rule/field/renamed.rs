//! A field seems to have another name
//!
//! # What it checks
//!
//! A field went and one of the same type and a like name came in the same type.
//!
//! # Why it breaks
//!
//! Old operations ask for the old name and are refused; new operations ask for the new one and are refused by the old
//! server.
//!
//! # Safe path
//!
//! Keep the old field beside the new one, deprecated with a reason that names the new one, until nobody asks for it.
//!
//! # Example
//!
//! ```graphql
//!   type User {
//! -   name: String
//! +   fullName: String
//!   }
//! ```

use segue_model::check::Side;

use crate::graphql::context::{Context, Found, Subject};
use crate::graphql::judge::Effect;
use crate::graphql::schema::{Field, TypeDef, is_deprecated};
use crate::graphql::steps::Going;
use crate::rule::Rule;

/// The card.
pub static RULE: Rule = Rule {
    id: "graphql-field-renamed",
    title: "A field seems to have another name",
    why: "Old clients ask for the old name, new clients for the new one; each is refused by the other server.",
    fix: "Serve both names; deprecate the old one with a reason that names the new one.",
    answers: &["graphql-inspector:FIELD_REMOVED", "graphql-inspector:FIELD_ADDED", "graphql-js:FIELD_REMOVED"],
};

pub(in crate::graphql) fn check<'a>(
    cx: &mut Context<'a>,
    old: &'a TypeDef<'a>,
    was: &'a Field<'a>,
    new: &'a TypeDef<'a>,
    is: &'a Field<'a>,
    confidence: u32,
) {
    let query = cx.old.writer.field(old.name, was.name);
    let subject = Subject::new(Side::Old, old.name, was.name, was.place);
    let message = format!(
        "{} seems to be {}.{} now (confidence {confidence}%: the names are alike and the type is {})",
        subject.object(),
        new.name,
        is.name,
        is.gives
    );
    let change = format!("renamed {} -> {}", was.name, is.name);
    cx.going.push(Going::renamed(&RULE, &subject.object(), &change, is_deprecated(&was.uses), is.name));
    cx.push(Found::new(&RULE, subject, Effect::Both, message).change(change).witness(Side::Old, query));
}
