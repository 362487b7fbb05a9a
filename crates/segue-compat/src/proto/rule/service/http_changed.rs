//! A method has other addresses of HTTP.
//!
//! # What it checks
//! The bindings of `google.api.http`: verb, path, body and response body, those of `additional_bindings` too.
//!
//! # Why it breaks
//! Clients that speak HTTP and JSON through a gateway call these addresses. An address that is gone answers 404, and a body
//! that is read from another field is another request.
//!
//! # Safe path
//! Put the new address beside the old one with `additional_bindings`; take the old one away when nobody calls it any more.
//!
//! # Example
//! ```proto
//!  rpc GetOrder (Get) returns (Order) {
//! -  option (google.api.http) = { get: "/v1/orders/{id}" };
//! +  option (google.api.http) = { get: "/v2/orders/{id}" };
//!  }
//! ```

use std::collections::BTreeSet;

use crate::policy::Relation;
use crate::proto::context::{Context, Say};
use crate::proto::model::Method;
use crate::proto::rule::MethodPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-method-http-changed",
    title: "A method has other addresses of HTTP",
    why: "Clients that call it by HTTP and JSON meet 404 at an address that is gone, or send a body that is read otherwise.",
    fix: "Put the new address beside the old one with `additional_bindings`, and take the old one away later.",
    answers: &[],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &MethodPair<'_>) {
    let (old, new) = (bindings(pair.old), bindings(pair.new));
    if old == new {
        return;
    }
    let relation = match (old.is_subset(&new), new.is_subset(&old)) {
        (true, _) => Relation::Widened,
        (_, true) => Relation::Narrowed,
        _ => Relation::Changed,
    };
    let shown = |only: &BTreeSet<Binding>, other: &BTreeSet<Binding>| {
        only.difference(other).map(|one| format!("`{}`", one.shown())).collect::<Vec<_>>().join(", ")
    };
    let (gone, came) = (shown(&old, &new), shown(&new, &old));
    let text = match (gone.is_empty(), came.is_empty()) {
        (false, true) => format!("`{}` is no longer called at {gone}", pair.object()),
        (true, _) => format!("`{}` is called at {came} too", pair.object()),
        _ => format!("`{}` is called at {came} instead of {gone}", pair.object()),
    };
    let say = Say::new(&RULE, pair.object(), pair.new.place, format!("http {gone} -> {came}"), text);
    context.say(say.relation(relation).calls());
}

/// One address.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Binding {
    verb: String,
    path: String,
    body: String,
    response: String,
}

impl Binding {
    fn shown(&self) -> String {
        let mut text = format!("{} {}", self.verb.to_uppercase(), self.path);
        for (word, part) in [("body", &self.body), ("response_body", &self.response)] {
            if !part.is_empty() {
                text.push_str(&format!(" {word} {part}"));
            }
        }
        text
    }

    fn take(&mut self, key: &str, value: &str) {
        match key {
            "body" => value.clone_into(&mut self.body),
            "response_body" => value.clone_into(&mut self.response),
            "custom.kind" => value.clone_into(&mut self.verb),
            "custom.path" => value.clone_into(&mut self.path),
            verb => {
                verb.clone_into(&mut self.verb);
                value.clone_into(&mut self.path);
            }
        }
    }
}

/// The method's own address and the further ones; each further one begins with its verb.
fn bindings(method: &Method) -> BTreeSet<Binding> {
    let mut own = Binding::default();
    let mut more: Vec<Binding> = Vec::new();
    for (key, value) in &method.http {
        let Some(key) = key.strip_prefix("additional_bindings.") else {
            own.take(key, value);
            continue;
        };
        let full = more.last().is_none_or(|last| !last.verb.is_empty());
        if full && !matches!(key, "body" | "response_body" | "custom.path") {
            more.push(Binding::default());
        }
        if let Some(last) = more.last_mut() {
            last.take(key, value);
        }
    }
    more.push(own);
    more.into_iter().filter(|one| !one.verb.is_empty()).collect()
}
