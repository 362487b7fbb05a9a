//! Express to Fastify, and mysql2 to pg: routes whose handler is known whole, the application, the pool.
//!
//! A handler that hands its request or its response on, that uses what has no equal, or that has a third parameter gets no
//! draft: what the other side does with them is not known. What `json` is given is taken for an object or a list, unless it
//! is seen to be none. Tests: `cases.rs`.

use super::super::{Language, Syntax};
use super::patch::{Patch, bare};

/// What of a request has the same name and meaning on both sides.
const REQUEST: &[&str] = &["params", "query", "body", "headers", "hostname", "ip", "ips", "method", "originalUrl", "url"];
/// What a response does, and its name on the other side.
const REPLY: &[(&str, &str)] = &[
    ("send", "send"),
    ("json", "send"),
    ("status", "code"),
    ("set", "header"),
    ("header", "header"),
    ("type", "type"),
    ("redirect", "redirect"),
];

/// `express()`.
pub(super) fn application<'r>(language: Language, node: &Syntax<'r>) -> Option<Patch<'r>> {
    let function = node.field("function")?;
    Some(Patch::of(language, node).with(&function, "fastify"))
}

/// `app.get('/a', (req, res) => …)`.
pub(super) fn route<'r>(language: Language, node: &Syntax<'r>) -> Option<Patch<'r>> {
    let arguments: Vec<_> = node.field("arguments")?.named_children().filter(|child| !child.kind().contains("comment")).collect();
    let [path, handler] = arguments.as_slice() else { return None };
    if path.kind() != "string"
        || !path_is_the_same(&bare(path))
        || !matches!(handler.kind().as_ref(), "arrow_function" | "function_expression")
    {
        return None;
    }
    let parameters: Vec<_> = handler.field("parameters")?.named_children().collect();
    let [request, response] = parameters.as_slice() else { return None };
    if request.kind() != "identifier" || response.kind() != "identifier" {
        return None;
    }
    let body = handler.field("body")?;
    let mut patch = Patch::of(language, node).keep(path).with(request, "request").with(response, "reply");
    let (request, response) = (request.text(), response.text());
    for name in body.dfs().filter(|name| name.kind() == "identifier" || name.kind().contains("shorthand_property")) {
        if name.text() == request {
            let property = member(&name)?;
            if !REQUEST.contains(&property.text().as_ref()) {
                return None;
            }
            patch = patch.with(&name, "request");
        } else if name.text() == response {
            patch = answered(patch.with(&name, "reply"), &name)?;
        } else if matches!(name.text().as_ref(), "request" | "reply") {
            // Another thing has the new name already.
            return None;
        }
    }
    Some(patch)
}

/// Express 4 and find-my-way read it in the same way: no pattern, no group, no optional part.
fn path_is_the_same(path: &str) -> bool {
    path.starts_with('/') && path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | ':' | '-' | '_' | '.'))
}

/// `b` of `a.b`, where the node is `a`.
fn member<'r>(name: &Syntax<'r>) -> Option<Syntax<'r>> {
    let parent = name.parent().filter(|parent| parent.kind() == "member_expression")?;
    (parent.field("object")?.range() == name.range()).then(|| parent.field("property")).flatten()
}

/// Follows the calls on a response: `res.status(201).json(a)`.
fn answered<'r>(mut patch: Patch<'r>, name: &Syntax<'r>) -> Option<Patch<'r>> {
    let mut at = name.clone();
    loop {
        let property = member(&at)?;
        let call = at.parent()?.parent().filter(|call| call.kind() == "call_expression")?;
        if call.field("function")?.range() != at.parent()?.range() {
            return None;
        }
        let arguments = call.field("arguments")?;
        let given: Vec<_> = arguments.named_children().collect();
        if !is_taken_alike(&property.text(), &given) {
            return None;
        }
        let given = given.len();
        match property.text().as_ref() {
            "sendStatus" if given == 1 => {
                patch = patch.with(&property, "code").range(arguments.range().end..arguments.range().end, ".send()");
            }
            "end" if given == 0 => patch = patch.with(&property, "send"),
            "set" | "header" if given != 2 => return None,
            "redirect" | "status" | "type" if given != 1 => return None,
            word => patch = patch.with(&property, REPLY.iter().find(|(old, _)| *old == word)?.1),
        }
        // Whether more is called on it, or it ends here.
        match call.parent().filter(|parent| parent.kind() == "member_expression") {
            Some(_) => at = call,
            None => return Some(patch),
        }
    }
}

/// Whether both sides make the same of such a value. Express quotes a text that `json` is given, takes a number for a status,
/// and finds the long name of a type.
fn is_taken_alike(word: &str, given: &[Syntax<'_>]) -> bool {
    let kind = |kinds: &[&str]| given.first().is_some_and(|first| kinds.contains(&first.kind().as_ref()));
    match word {
        "json" => given.len() == 1 && !kind(&["string", "template_string", "number", "null", "undefined", "true", "false"]),
        "send" => !kind(&["number", "null", "true", "false"]),
        "type" => kind(&["string"]) && given.first().is_some_and(|first| bare(first).contains('/')),
        _ => true,
    }
}

/// Keys of a connection that mean the same, and the one that has another name.
const POOL: &[(&str, &str)] =
    &[("host", "host"), ("port", "port"), ("user", "user"), ("password", "password"), ("database", "database"), ("connectionLimit", "max")];

/// `mysql.createPool({…})`.
pub(super) fn pool<'r>(language: Language, node: &Syntax<'r>) -> Option<Patch<'r>> {
    let arguments: Vec<_> = node.field("arguments")?.named_children().collect();
    let [settings] = arguments.as_slice() else { return None };
    if settings.kind() != "object" {
        return None;
    }
    let mut patch = Patch::of(language, node).with(&node.field("function")?, "new Pool");
    for pair in settings.named_children().filter(|child| !child.kind().contains("comment")) {
        let key = if pair.kind() == "shorthand_property_identifier" { pair.clone() } else { pair.field("key")? };
        let (old, new) = POOL.iter().find(|(old, _)| *old == key.text())?;
        // A password may be a number, which is shown elsewhere.
        if *old == "password" && pair.field("value").is_some_and(|value| value.kind() == "number") {
            return None;
        }
        if old != new {
            patch = if pair.kind() == "pair" { patch.with(&key, new) } else { patch.with(&key, &format!("{new}: {old}")) };
        }
    }
    Some(patch)
}
