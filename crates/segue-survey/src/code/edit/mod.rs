//! What a place in code would become: drafts that a plan shows beside the place, for a person who decides on each.
//!
//! Never applied. Each is made from the syntax tree, and only where what is there is known whole: where a draft would have to
//! guess (an object that is handed on, a value whose type decides), there is none. Texts of a program stand as `…`, except
//! modules, routes, patterns of dates, and SQL, whose own texts stand as `…`. Tests: `cases.rs`.

#[cfg(test)]
mod cases;
mod dates;
mod express;
mod newer;
mod patch;
mod sql;

use segue_model::assessment::Edit;

use super::{Language, Syntax};
use patch::Patch;

/// A place that is longer is not shown: nobody reads it there.
const LINES_MAX: usize = 30;
/// So many bytes at most.
const BYTES_MAX: usize = 2_000;

/// The drafts for a place that the rule found; `sql` is the statement where the rule is about one.
pub(super) fn drafts(rule: &str, language: Language, node: &Syntax<'_>, sql: Option<&str>) -> Vec<Edit> {
    let draft = match (rule, sql) {
        (_, Some(text)) => sql::draft(rule, language, text).map(|(before, after)| edit("postgres", before, after)),
        ("js.framework.express", _) => bring_in(node, "express", "fastify", "fastify").and_then(|patch| shown("fastify", &patch)),
        ("js.framework.express.app", _) => express::application(language, node).and_then(|patch| shown("fastify", &patch)),
        ("js.route", _) => express::route(language, node).and_then(|patch| shown("fastify", &patch)),
        ("js.driver.mysql", _) => bring_in(node, "", "pg", "{ Pool }").and_then(|patch| shown("pg", &patch)),
        ("js.driver.mysql.connect", _) => express::pool(language, node).and_then(|patch| shown("pg", &patch)),
        ("js.old.library", _) => bring_in(node, "moment", "date-fns", "* as dateFns").and_then(|patch| shown("date-fns", &patch)),
        ("js.moment.value", _) => dates::value(language, node).and_then(|patch| shown("date-fns", &patch)),
        _ => newer::draft(rule, language, node).and_then(|patch| shown("newer", &patch)),
    };
    draft.into_iter().filter(|edit| fits(&edit.before) && fits(&edit.after) && edit.before != edit.after).collect()
}

fn edit(to: &str, before: String, after: String) -> Edit {
    Edit { to: to.to_owned(), before, after }
}

fn shown(to: &str, patch: &Patch<'_>) -> Option<Edit> {
    let (before, after) = patch.texts()?;
    Some(edit(to, before, after))
}

fn fits(text: &str) -> bool {
    !text.is_empty() && text.len() <= BYTES_MAX && text.lines().count() <= LINES_MAX
}

/// A module of JavaScript under another name: `const a = require('b')`, `import a from 'b'`. `only` is the one module for
/// which it is right, where the rule knows several. What is taken out of a module by name is not known on the other side.
fn bring_in<'r>(node: &Syntax<'r>, only: &str, module: &str, name: &str) -> Option<Patch<'r>> {
    let language = Language::JavaScript;
    if node.kind() == "import_statement" {
        let source = node.field("source")?;
        let text = patch::bare(&source);
        let clause = node.children().find(|child| child.kind() == "import_clause")?;
        let names: Vec<_> = clause.named_children().collect();
        let whole = matches!(names.as_slice(), [one] if one.kind() == "identifier" || one.kind() == "namespace_import");
        if !whole || (!only.is_empty() && text != only) {
            return None;
        }
        return Some(Patch::of(language, node).keep(&source).with(&clause, name).with(&source, &format!("'{module}'")));
    }
    let argument = node.field("arguments")?.named_children().next()?;
    let declarator = node.parent().filter(|parent| parent.kind() == "variable_declarator")?;
    let statement = declarator.parent()?;
    let declared = declarator.field("name")?;
    if declared.kind() != "identifier" || (!only.is_empty() && patch::bare(&argument) != only) || statement.named_children().count() != 1 {
        return None;
    }
    let name = name.strip_prefix("* as ").unwrap_or(name);
    Some(Patch::of(language, &statement).keep(&argument).with(&declared, name).with(&argument, &format!("'{module}'")))
}
