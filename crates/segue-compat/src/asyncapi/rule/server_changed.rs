//! A server is gone, new, or another.
//!
//! # What it checks
//! Servers by name: address, protocol, and whether they are there at all.
//!
//! # Why it breaks
//! Clients connect to what the old document says.
//!
//! # Safe path
//! Keep the old address answering until every client has the new document.
//!
//! # Example
//! ```text
//! old: broker.example:9092 kafka
//! new: broker.example:9093 kafka-secure
//! ```

use segue_model::check::Side;
use segue_model::finding::Severity;

use crate::asyncapi::context::{Context, both, gained, lost};
use crate::draft::{Draft, Drafts};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "asyncapi-server-changed",
    title: "A server is gone, new, or another",
    why: "Clients connect to what the old document says.",
    fix: "Keep the old address answering until every client has the new document.",
    answers: &["asyncapi-diff:/servers/* remove", "asyncapi-diff:/servers/*/url edit", "asyncapi-diff:/servers/*/protocol edit"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for (name, old) in &context.old.servers {
        let object = format!("servers/{name}");
        let Some(new) = context.new.servers.get(name) else {
            let elsewhere = context.new.servers.values().any(|other| other.address == old.address && other.protocol == old.protocol);
            if !elsewhere {
                out.push(Draft::new(&RULE, context.policy, lost(), object, format!("the server `{name}` is gone")).at(Side::Old, old.at));
            }
            continue;
        };
        if old.protocol != new.protocol {
            let text = format!("the server `{name}` spoke `{}` and speaks `{}`", old.protocol, new.protocol);
            out.push(Draft::new(&RULE, context.policy, both(), object, text).at(Side::New, new.at));
        } else if old.address != new.address {
            out.push(
                Draft::new(&RULE, context.policy, both(), object, format!("the server `{name}` has another address")).at(Side::New, new.at),
            );
        }
    }
    for (name, new) in context.new.servers.iter().filter(|(name, _)| !context.old.servers.contains_key(*name)) {
        let elsewhere = context.old.servers.values().any(|other| other.address == new.address && other.protocol == new.protocol);
        if !elsewhere {
            let draft = Draft::new(&RULE, context.policy, gained(), format!("servers/{name}"), format!("the server `{name}` is new"));
            let severity = draft.severity.min(Severity::Low);
            out.push(draft.severity(severity).at(Side::New, new.at));
        }
    }
}
