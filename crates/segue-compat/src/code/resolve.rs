//! Names that a module hands on: what they stand for, within the files that are there.
//!
//! A name whose module is not among the files stays a name from elsewhere; it is compared by where it comes from. Modules with
//! a leading underscore are private once their names were handed on. Tests: `tests/it/code/`.

use super::limit::{Limit, Limits};
use super::model::{Item, Language, Surface, What};

/// Names handed on of names handed on.
const ROUNDS_MAX: usize = 8;
/// More items than any hand-written package has.
const ITEMS_MAX: usize = 400_000;

/// The path of a module with a dot behind it; nothing for the outermost.
pub(super) fn module(name: &str, root: &str, language: Language) -> String {
    let name = name.strip_prefix(root).unwrap_or(name);
    let endings: &[&str] = match language {
        Language::Python => &[".pyi", ".py"],
        Language::TypeScript => &[".d.ts", ".d.mts", ".d.cts", ".tsx", ".ts", ".mts", ".cts"],
    };
    let stem = endings.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    let index = match language {
        Language::Python => "__init__",
        Language::TypeScript => "index",
    };
    let stem = if stem == index { "" } else { stem.strip_suffix(&format!("/{index}")).unwrap_or(stem) };
    if stem.is_empty() { String::new() } else { format!("{}.", stem.replace('/', ".")) }
}

/// Puts what they stand for in the place of names from other files; then takes out private modules.
pub(super) fn imports(surface: &mut Surface, modules: &[String], language: Language) {
    for _ in 0..ROUNDS_MAX {
        let found: Vec<(String, String, u32)> = surface
            .items
            .iter()
            .filter_map(|(path, item)| match &item.what {
                What::Import(module, name) => {
                    target(path, module, name, item.at.file, modules, language).map(|to| (path.clone(), to, item.at.file))
                }
                _ => None,
            })
            .collect();
        let mut changed = false;
        for (path, to, _) in found {
            changed |= put(surface, &path, &to, modules);
        }
        if !changed || surface.items.len() > ITEMS_MAX {
            break;
        }
    }
    for (path, item) in &surface.items {
        if let What::Import(module, name) = &item.what
            && name == "*"
        {
            surface.incomplete = true;
            surface.not_checked.push(format!(
                "{}: everything of `{module}` is handed on, which is not among the files",
                path.split('*').next().unwrap_or_default()
            ));
        }
    }
    surface.items.retain(|path, item| !matches!(&item.what, What::Import(_, name) if name == "*" && path.contains('*')));
    let private: Vec<&String> =
        modules.iter().filter(|module| module.split('.').any(|part| part.starts_with('_') && part != "__main__")).collect();
    if language == Language::Python && !private.is_empty() {
        surface.items.retain(|path, _| !private.iter().any(|module| path.starts_with(module.as_str())));
    }
}

/// The path that a name handed on stands for; for everything of a module its path with `*`.
fn target(path: &str, module: &str, name: &str, file: u32, modules: &[String], language: Language) -> Option<String> {
    let own = modules.get(file as usize)?;
    if module.is_empty() {
        let prefix = path.rsplit_once('.').map_or("", |(prefix, _)| prefix);
        return Some(if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") });
    }
    let prefix = match language {
        Language::Python => python(module, own, modules)?,
        Language::TypeScript => typescript(module, own, modules)?,
    };
    Some(format!("{prefix}{name}"))
}

fn python(module: &str, own: &str, modules: &[String]) -> Option<String> {
    let dots = module.bytes().take_while(|byte| *byte == b'.').count();
    let rest = &module[dots..];
    if dots == 0 {
        let whole = format!("{rest}.");
        // The folder that all files stand in may be the package's name.
        let inner = whole.split_once('.').map(|(_, inner)| inner.to_owned()).unwrap_or_default();
        return [whole, inner].into_iter().find(|prefix| modules.contains(prefix));
    }
    let mut parts: Vec<&str> = own.trim_end_matches('.').split('.').filter(|part| !part.is_empty()).collect();
    let is_package = modules.iter().any(|other| other != own && other.starts_with(own)) || own.is_empty();
    for _ in 0..dots - usize::from(is_package) {
        parts.pop();
    }
    parts.extend(rest.split('.').filter(|part| !part.is_empty()));
    let prefix = if parts.is_empty() { String::new() } else { format!("{}.", parts.join(".")) };
    modules.contains(&prefix).then_some(prefix)
}

fn typescript(module: &str, own: &str, modules: &[String]) -> Option<String> {
    if !module.starts_with('.') {
        return None;
    }
    let stem = [".js", ".mjs", ".ts", ".d.ts", ".tsx"].iter().find_map(|ending| module.strip_suffix(ending)).unwrap_or(module);
    // `./x` of an index file stands beside it, and of any other file too.
    for is_index in [false, true] {
        let mut parts: Vec<&str> = own.trim_end_matches('.').split('.').filter(|part| !part.is_empty()).collect();
        if !is_index {
            parts.pop();
        }
        for part in stem.split('/') {
            match part {
                "." | "" => {}
                ".." => {
                    parts.pop();
                }
                other => parts.push(other),
            }
        }
        let joined = parts.join(".");
        let prefix = if joined.is_empty() { String::new() } else { format!("{}.", joined.strip_suffix(".index").unwrap_or(&joined)) };
        if prefix != *own && modules.contains(&prefix) {
            return Some(prefix);
        }
    }
    None
}

fn put(surface: &mut Surface, path: &str, to: &str, modules: &[String]) -> bool {
    if path == to {
        return false;
    }
    if let Some(module) = to.strip_suffix('*') {
        return put_all(surface, path, module, modules);
    }
    let Some(mut found) = surface.items.get(to).cloned() else { return false };
    if matches!(found.what, What::Import(..)) {
        return false;
    }
    let inside = format!("{to}.");
    let below: Vec<(String, Item)> = surface
        .items
        .range(inside.clone()..)
        .take_while(|(member, _)| member.starts_with(&inside))
        .map(|(member, item)| (format!("{path}.{}", &member[inside.len()..]), item.clone()))
        .collect();
    // `export type { C } from` hands on no more than the type.
    if surface.items.get(path).is_some_and(|handed_on| handed_on.limits.contains(&Limit::TypeOnly)) {
        found.limits.insert(Limit::TypeOnly);
    }
    if let Some(form) = surface.unwritten.get(to).cloned() {
        surface.unwritten.insert(path.to_owned(), form);
    }
    surface.items.insert(path.to_owned(), found);
    for (member, item) in below {
        surface.items.entry(member).or_insert(item);
    }
    true
}

/// Everything of a module under the path before the star.
fn put_all(surface: &mut Surface, path: &str, module: &str, modules: &[String]) -> bool {
    if !modules.iter().any(|known| known == module) {
        return false;
    }
    let shown = path.split('*').next().unwrap_or_default().to_owned();
    let name = path.contains('*');
    let found: Vec<(String, Item)> = surface
        .items
        .iter()
        .filter(|(inner, _)| inner.starts_with(module) && !inner.contains('*'))
        .filter(|(inner, _)| !modules.iter().any(|deeper| deeper.len() > module.len() && inner.starts_with(deeper.as_str())))
        .map(|(inner, item)| {
            (if name { format!("{shown}{}", &inner[module.len()..]) } else { format!("{shown}.{}", &inner[module.len()..]) }, item.clone())
        })
        .collect();
    surface.items.remove(path);
    if !name {
        let at = found.first().map(|(_, item)| item.at).unwrap_or_default();
        surface.items.insert(path.to_owned(), Item { what: What::Module, at, deprecated: false, inherited: false, limits: Limits::new() });
    }
    for (member, item) in found {
        surface.items.entry(member).or_insert(item);
    }
    true
}
