//! Directives on definitions: what each stands for, and which rule judges it. Those that a document cannot show are not
//! compared. Tests: `tests/cases/graphql/{deprecation,access,hidden,limit,federation,use}-*.case`.

use std::collections::BTreeMap;

use crate::graphql::context::{Context, Subject};
use crate::graphql::rule::{access, deprecation, federation, hidden, one_of, use_changed};
use crate::graphql::schema::{TypeKind, Use, used};

/// Directives of gateways and servers that decide who may ask.
const ACCESS: &[&str] = &[
    "authenticated",
    "requiresScopes",
    "policy",
    "auth",
    "isAuthenticated",
    "hasRole",
    "hasRoles",
    "hasScope",
    "hasScopes",
    "hasPermission",
    "requiresAuth",
    "requireAuth",
    "protected",
    "guard",
    "can",
    "aws_auth",
    "aws_api_key",
    "aws_iam",
    "aws_oidc",
    "aws_cognito_user_pools",
];
/// Directives that bound how much or how often may be asked.
const LIMITS: &[&str] = &[
    "cost",
    "listSize",
    "complexity",
    "rateLimit",
    "rate_limit",
    "ratelimit",
    "throttle",
    "constraint",
    "length",
    "range",
    "pattern",
    "cacheControl",
];
/// Directives by which a gateway composes subgraphs.
const FEDERATION: &[&str] = &["key", "shareable", "external", "requires", "provides", "override", "interfaceObject", "extends"];

/// Compares the directives on one definition. `whole`: it is the schema itself.
pub(super) fn compare<'a>(cx: &mut Context<'a>, subject: &Subject<'a>, old: &'a [Use<'a>], new: &'a [Use<'a>], whole: bool) {
    if old.is_empty() && new.is_empty() {
        return;
    }
    let mut by_name: BTreeMap<&str, (Vec<&'a Use<'a>>, Vec<&'a Use<'a>>)> = BTreeMap::new();
    for one in old {
        by_name.entry(one.name).or_default().0.push(one);
    }
    for one in new {
        by_name.entry(one.name).or_default().1.push(one);
    }
    for (name, (was, is)) in by_name {
        let plain = name.strip_prefix("federation__").unwrap_or(name);
        let shows = if plain == "deprecated" && is_input(cx, subject) { "deprecated input" } else { plain };
        if !(cx.old.schema.shows(shows) && cx.new.schema.shows(shows)) {
            continue;
        }
        let texts = |uses: &[&Use<'a>]| -> Vec<String> {
            let mut texts: Vec<String> = uses.iter().map(|one| one.show()).collect();
            texts.sort();
            texts
        };
        let (was_texts, is_texts) = (texts(&was), texts(&is));
        match plain {
            "deprecated" => deprecation::check(cx, subject, used(old, name), used(new, name)),
            // The scalar's own rule compares it.
            "specifiedBy" => {}
            _ if was_texts == is_texts => {}
            "oneOf" => one_of::check(cx, subject, was.is_empty()),
            "inaccessible" => hidden::check(cx, subject, is.is_empty(), was.is_empty()),
            _ if ACCESS.contains(&plain) => access::check(cx, subject, &was_texts, &is_texts),
            _ if LIMITS.contains(&plain) => use_changed::limit::check(cx, subject, &was_texts, &is_texts),
            _ if FEDERATION.contains(&plain) && !whole => federation::check(cx, subject, plain, &was_texts, &is_texts),
            _ => use_changed::other::check(cx, subject, &was_texts, &is_texts),
        }
    }
}

/// Only arguments and input fields hide their deprecation from older introspection queries.
fn is_input(cx: &Context<'_>, subject: &Subject<'_>) -> bool {
    subject.member.contains('(') || cx.new.schema.kind(subject.owner) == Some(TypeKind::Input)
}
