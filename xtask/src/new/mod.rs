//! `cargo xtask new KIND NAME`: a step, rule, report, verb or engine from one command.
//!
//! Each kind is a list of files to create and rows to add ([`kinds`]). Nothing is written unless all
//! of it can be: an existing file or a missing marker is an error before the first byte. What is
//! generated compiles and comes with a check that fails until its author has said what is right; a
//! generated check that passes would prove nothing.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use crate::shell::{self, Workshop};

mod kinds;

use kinds::{Anchor, KINDS, Kind};

/// The verb.
pub(crate) fn run(workshop: &Workshop, arguments: &[String]) -> Result<ExitCode> {
    let [kind, name] = arguments else {
        bail!("usage: cargo xtask new <{}> NAME", known().join("|"));
    };
    let kind = find(kind)?;
    for line in create(&workshop.root, kind, name)? {
        println!("{line}");
    }
    // Only for looks: a tree that is broken elsewhere cannot be formatted, and the files are made all the same.
    let _ = shell::read(&mut workshop.cargo(&["fmt", "--all"]));
    println!("next: {}", kind.next);
    Ok(ExitCode::SUCCESS)
}

fn known() -> Vec<&'static str> {
    KINDS.iter().map(|kind| kind.name).collect()
}

fn find(name: &str) -> Result<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name).with_context(|| format!("there is no kind `{name}`; there are {}", known().join(", ")))
}

/// Writes everything of one kind below a root and tells what it did.
fn create(root: &Path, kind: &Kind, name: &str) -> Result<Vec<String>> {
    check_name(name)?;
    let mut writes: Vec<(String, String)> = Vec::new();
    for (path, template) in kind.rooms {
        let path = fill(path, name);
        if !root.join(&path).exists() {
            writes.push((path, fill(template, name)));
        }
    }
    for (path, template) in kind.files {
        let path = fill(path, name);
        if root.join(&path).exists() {
            bail!("{path} exists already");
        }
        writes.push((path, fill(template, name)));
    }
    for row in kind.rows {
        let path = fill(row.file, name);
        let planned = writes.iter_mut().find(|(planned, _)| *planned == path);
        if let Some((_, text)) = planned {
            *text = insert(text, &row.anchor, &fill(row.text, name)).with_context(|| path.clone())?;
        } else {
            let text = fs::read_to_string(root.join(&path)).with_context(|| path.clone())?;
            let text = insert(&text, &row.anchor, &fill(row.text, name)).with_context(|| path.clone())?;
            writes.push((path, text));
        }
    }
    let mut told = Vec::new();
    for (path, text) in writes {
        let file = root.join(&path);
        let word = if file.exists() { "changed" } else { "created" };
        let folder = file.parent().context("a file stands in a folder")?;
        fs::create_dir_all(folder).with_context(|| path.clone())?;
        fs::write(&file, text).with_context(|| path.clone())?;
        told.push(format!("{word} {path}"));
    }
    Ok(told)
}

/// Names are modules, so they are written `like_this`.
fn check_name(name: &str) -> Result<()> {
    let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
    let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !starts || !name.chars().all(rest) || name.ends_with('_') {
        bail!("`{name}` is not a name like `build_index`");
    }
    Ok(())
}

/// `{{name}}`, `{{Name}}` and `{{name-with-hyphens}}` in a template.
fn fill(template: &str, name: &str) -> String {
    let camel: String = name
        .split('_')
        .flat_map(|part| {
            let (first, rest) = part.split_at(part.len().min(1));
            [first.to_uppercase(), rest.to_owned()]
        })
        .collect();
    template.replace("{{name}}", name).replace("{{Name}}", &camel).replace("{{name-with-hyphens}}", &name.replace('_', "-"))
}

/// Puts a row in its place, indented like its neighbour.
fn insert(text: &str, anchor: &Anchor, row: &str) -> Result<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (mark, found) = match anchor {
        Anchor::Before(mark) => (mark, lines.iter().position(|line| line.contains(mark))),
        Anchor::AfterLast(mark) => (mark, lines.iter().rposition(|line| line.contains(mark)).map(|at| at + 1)),
    };
    let Some(at) = found else {
        bail!("there is no line with `{mark}` to put the row at");
    };
    let neighbour = match anchor {
        Anchor::Before(_) => &lines[at],
        Anchor::AfterLast(_) => &lines[at - 1],
    };
    let indent: String = neighbour.chars().take_while(|c| c.is_whitespace()).collect();
    let rows: Vec<String> = row.lines().map(|line| format!("{indent}{line}")).collect();
    lines.splice(at..at, rows);
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use kinds::Row;

    const KIND: Kind = Kind {
        name: "toy",
        rooms: &[("toys/mod.rs", "//! Toys.\n    // xtask:new toy\n")],
        files: &[("toys/{{name}}.rs", "struct {{Name}};\n")],
        rows: &[Row { file: "toys/mod.rs", anchor: Anchor::Before("// xtask:new toy"), text: "mod {{name}};" }],
        next: "",
    };

    fn in_folder(name: &str, check: impl FnOnce(&Path)) {
        let root = std::env::temp_dir().join(format!("segue-new-{name}-{}", std::process::id()));
        fs::create_dir_all(&root).expect("a folder");
        check(&root);
        fs::remove_dir_all(&root).expect("it goes");
    }

    #[test]
    fn files_and_rows_are_made_once() {
        in_folder("made", |root| {
            create(root, &KIND, "red_ball").expect("the first");
            create(root, &KIND, "car").expect("the second");
            let read = |path: &str| fs::read_to_string(root.join(path)).expect("it is there");
            assert_eq!(read("toys/red_ball.rs"), "struct RedBall;\n");
            assert_eq!(read("toys/mod.rs"), "//! Toys.\n    mod red_ball;\n    mod car;\n    // xtask:new toy\n");
            assert!(create(root, &KIND, "car").is_err());
        });
    }

    #[test]
    fn nothing_is_written_without_the_marker() {
        in_folder("marker", |root| {
            fs::create_dir_all(root.join("toys")).expect("a folder");
            fs::write(root.join("toys/mod.rs"), "//! Toys.\n").expect("a file");
            let error = create(root, &KIND, "car").expect_err("no marker");
            assert!(format!("{error:#}").contains("// xtask:new toy"), "{error:#}");
            assert!(!root.join("toys/car.rs").exists());
        });
    }

    #[test]
    fn names_are_modules() {
        for bad in ["", "Big", "a-b", "1a", "a_", "../a"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
        assert!(check_name("build_index2").is_ok());
    }

    #[test]
    fn every_row_of_the_real_kinds_finds_its_place_or_its_room() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for kind in KINDS {
            for row in kind.rows {
                let path = fill(row.file, "probe_name");
                let made = |list: &[(&str, &str)]| {
                    list.iter().find(|(made, _)| fill(made, "probe_name") == path).map(|(_, text)| fill(text, "probe_name"))
                };
                let text =
                    fs::read_to_string(root.join(&path)).ok().or_else(|| made(kind.rooms)).or_else(|| made(kind.files)).unwrap_or_default();
                insert(&text, &row.anchor, "x").unwrap_or_else(|e| panic!("{}: {path}: {e}", kind.name));
            }
        }
    }
}
