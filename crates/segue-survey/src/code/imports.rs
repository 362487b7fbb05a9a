//! Which module a node brings in, in each language's own words. Tests: `rules.rs`.

use super::{Language, Syntax};

/// The module that this node imports.
pub(super) fn module(language: Language, kind: &str, node: &Syntax<'_>) -> Option<String> {
    let bare = |node: Syntax<'_>| node.text().trim_matches(['"', '\'', '`']).to_owned();
    match (language, kind) {
        (Language::JavaScript | Language::TypeScript | Language::Tsx, "import_statement") => node.field("source").map(bare),
        (Language::JavaScript | Language::TypeScript | Language::Tsx, "call_expression") => {
            let function = node.field("function")?;
            matches!(function.text().as_ref(), "require" | "import").then_some(())?;
            node.field("arguments")?.children().find(|child| child.kind() == "string").map(bare)
        }
        (Language::Python, "import_from_statement") => node.field("module_name").map(bare),
        (Language::Python, "dotted_name") => {
            let parent = node.parent()?;
            let direct =
                parent.kind() == "import_statement" || (parent.kind() == "aliased_import" && parent.parent()?.kind() == "import_statement");
            direct.then(|| node.text().into_owned())
        }
        (Language::Go, "import_spec") => node.field("path").map(bare),
        (Language::Java, "import_declaration") => {
            Some(node.text().trim_start_matches("import").trim().trim_start_matches("static ").trim_end_matches(';').trim().to_owned())
        }
        (Language::Ruby, "call") => {
            let method = node.field("method")?;
            (method.text() == "require").then_some(())?;
            node.field("arguments")?.children().find(|child| child.kind() == "string").map(bare)
        }
        (Language::Php, "namespace_use_clause") => Some(node.text().trim_start_matches('\\').to_owned()),
        _ => None,
    }
}

/// Whether a module is that one or stands below it.
pub(super) fn is_of(module: &str, name: &str) -> bool {
    module.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.', '\\']) || name.ends_with(['/', '.', '\\']))
}
