//! The same language in a newer version: calls and modules that have another name now and do the same.
//!
//! Tests: `cases.rs`.

use super::super::{Language, Syntax};
use super::patch::Patch;

/// Modules of Python 2 and where they are now.
const PYTHON3: &[(&str, &str)] = &[
    ("ConfigParser", "configparser"),
    ("cPickle", "pickle"),
    ("Queue", "queue"),
    ("httplib", "http.client"),
    ("urlparse", "urllib.parse"),
    ("StringIO", "io"),
];

/// The draft.
pub(super) fn draft<'r>(rule: &str, language: Language, node: &Syntax<'r>) -> Option<Patch<'r>> {
    let patch = Patch::of(language, node);
    match rule {
        "js.old.buffer" => buffer(patch, node),
        "js.old.substr" => substr(patch, node),
        "py.old.python2" => python2(language, node),
        "py.old.utcnow" => {
            let function = node.field("function")?;
            (function.field("attribute")?.text() == "utcnow").then_some(())?;
            match function.text().as_ref() {
                "datetime.utcnow" => Some(patch.range(node.range(), "datetime.now(timezone.utc)")),
                "datetime.datetime.utcnow" => Some(patch.range(node.range(), "datetime.datetime.now(datetime.timezone.utc)")),
                _ => None,
            }
        }
        "py.old.collections" => Some(patch.with(&node.field("object")?, "collections.abc")),
        "java.old.boxing" => {
            let kind = node.field("type")?.text().into_owned();
            let arguments = node.field("arguments")?;
            let to = arguments.range().start;
            Some(patch.range(node.range().start..to, &format!("{kind}.valueOf")))
        }
        "ruby.old" if matches!(node.text().as_ref(), "Fixnum" | "Bignum") => Some(patch.range(node.range(), "Integer")),
        "ruby.old" => Some(patch.with(&node.field("method")?, "exist?")),
        _ => None,
    }
}

/// `new Buffer('a')`: a number makes a buffer of that size, a text one with that content.
fn buffer<'r>(patch: Patch<'r>, node: &Syntax<'r>) -> Option<Patch<'r>> {
    let arguments = node.field("arguments")?;
    let first = arguments.named_children().next()?;
    let call = match first.kind().as_ref() {
        "string" | "template_string" | "array" => "Buffer.from",
        "number" => "Buffer.alloc",
        _ => return None,
    };
    Some(patch.range(node.range().start..arguments.range().start, call))
}

/// `a.substr(2)`, `a.substr(1, 2)`: a length becomes an end, which is known where both are numbers.
fn substr<'r>(patch: Patch<'r>, node: &Syntax<'r>) -> Option<Patch<'r>> {
    let property = node.field("function")?.field("property")?;
    let arguments: Vec<_> = node.field("arguments")?.named_children().collect();
    let patch = patch.with(&property, "slice");
    match arguments.as_slice() {
        [_] => Some(patch),
        [start, length] => {
            let number = |node: &Syntax<'r>| node.text().parse::<u32>().ok();
            let end = number(start)?.checked_add(number(length)?)?;
            Some(patch.with(length, &end.to_string()))
        }
        _ => None,
    }
}

/// `import Queue`, `from Queue import Empty`: uses keep their name.
fn python2<'r>(language: Language, node: &Syntax<'r>) -> Option<Patch<'r>> {
    if node.kind() == "import_from_statement" {
        let module = node.field("module_name")?;
        let (_, new) = PYTHON3.iter().find(|(old, _)| *old == module.text())?;
        return Some(Patch::of(language, node).with(&module, new));
    }
    let statement = node.parent().filter(|parent| parent.kind() == "import_statement")?;
    let (old, new) = PYTHON3.iter().find(|(old, _)| *old == node.text())?;
    Some(Patch::of(language, &statement).with(node, &format!("{new} as {old}")))
}
