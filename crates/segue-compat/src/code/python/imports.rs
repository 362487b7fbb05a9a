//! `__all__`, and names that a module hands on from another. Tests: `tests/it/code/`.

use std::collections::BTreeSet;

use super::Reader;
use crate::code::limit::Limits;
use crate::code::model::{Item, What};
use crate::code::syntax::{Syntax, field_text, place};

/// `__all__` as far as it is literals: assigned once, then extended by `+=`; `None` when there is none or it is computed.
pub(super) fn all(root: &Syntax<'_>) -> Option<BTreeSet<String>> {
    let mut names: Option<BTreeSet<String>> = None;
    for statement in root.children().filter(|child| child.kind() == "expression_statement") {
        for inner in statement.children() {
            if !matches!(inner.kind().as_ref(), "assignment" | "augmented_assignment")
                || field_text(&inner, "left").as_deref() != Some("__all__")
            {
                continue;
            }
            let right = inner.field("right")?;
            if !matches!(right.kind().as_ref(), "list" | "tuple") {
                return None;
            }
            let set = names.get_or_insert_default();
            for item in right.children().filter(|item| item.kind() == "string") {
                set.insert(item.text().trim_matches(['"', '\'']).to_owned());
            }
        }
    }
    names
}

impl Reader<'_> {
    /// What an import hands on to callers of this module.
    pub(super) fn import(&mut self, node: &Syntax<'_>) {
        let from = field_text(node, "module_name");
        for child in node.field_children("name") {
            let (name, alias) = match child.kind().as_ref() {
                "aliased_import" => (field_text(&child, "name").unwrap_or_default(), field_text(&child, "alias")),
                _ => (child.text().into_owned(), None),
            };
            let shown = alias.clone().unwrap_or_else(|| name.clone());
            let listed = self.all.as_ref().is_some_and(|all| all.contains(&shown));
            let relative = from.as_ref().is_some_and(|module| module.starts_with('.'));
            let handed_on = listed || alias.as_deref() == Some(name.as_str()) || self.is_package && relative && self.all.is_none();
            if handed_on && from.is_some() {
                let what = What::Import(from.clone().unwrap_or_default(), name);
                let path = format!("{}{shown}", self.prefix);
                self.put(path, Item { what, at: place(self.file, &child), deprecated: false, inherited: false, limits: Limits::new() });
            }
        }
        if node.children().any(|child| child.kind() == "wildcard_import") && (self.is_package || self.all.is_some()) {
            let module = from.unwrap_or_default();
            let path = format!("{}*{module}", self.prefix);
            let what = What::Import(module, "*".to_owned());
            self.surface
                .items
                .insert(path, Item { what, at: place(self.file, node), deprecated: false, inherited: false, limits: Limits::new() });
        }
    }
}
