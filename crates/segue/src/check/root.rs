//! Which file of a folder is the document that is meant, where files make one contract by referring to each other.
//!
//! An OpenAPI document is one file with what it refers to. A folder that holds several documents of their own must never be
//! answered by the first of them: it is refused with their names. Tests: below, `tests/check/folders.rs`.

use std::collections::BTreeSet;

use segue_compat::source::{File, Source};

use super::kind::Kind;
use super::refuse;
use super::side::joined;
use crate::failure::Failure;

/// How many names are told.
const NAMES_MAX: usize = 5;

/// The files of a folder with the document first. Kinds whose files are one contract together stay as they are.
pub(super) fn first(mut files: Vec<File>, kind: Kind, argument: &str) -> Result<Vec<File>, Failure> {
    if files.len() < 2 || !kind.is_one_document() {
        return Ok(files);
    }
    let referred: BTreeSet<String> = files.iter().flat_map(|file| referred(file, kind)).collect();
    let alone = |at: &usize| !referred.contains(&files[*at].name);
    let says_so: Vec<usize> = (0..files.len()).filter(|at| kind.says_so(&files[*at])).collect();
    // Where nothing says what it is, what nothing refers to; where documents refer to each other in a circle, what says so.
    let choices = [says_so.iter().copied().filter(alone).collect(), says_so, (0..files.len()).filter(alone).collect::<Vec<_>>()];
    let roots = choices.into_iter().find(|roots| !roots.is_empty()).unwrap_or_else(|| (0..files.len()).collect());
    let [root] = roots[..] else {
        let names = named(roots.iter().map(|at| files[*at].name.as_str()));
        return Err(refuse(
            "SG-CHK-002",
            format!("the folder `{argument}` holds {} documents of their own ({}): {names}", roots.len(), kind.word()),
            "compare them one by one: segue check OLD/FILE NEW/FILE; or name the one that refers to the others",
        ));
    };
    files[..=root].rotate_right(1);
    Ok(files)
}

/// What of a folder's own files was not compared, because the document leads nowhere to it: a sentence.
pub(super) fn unreached(source: &Source, own: &[String], kind: Kind, word: &str) -> Option<String> {
    let root = source.files.first().filter(|_| kind.is_one_document())?;
    let mut reached = BTreeSet::from([root.name.clone()]);
    let mut open = vec![root];
    while let Some(file) = open.pop() {
        for name in referred(file, kind) {
            if let Some(file) = source.files.iter().find(|file| file.name == name)
                && reached.insert(name)
            {
                open.push(file);
            }
        }
    }
    let left: Vec<&str> = own.iter().map(String::as_str).filter(|name| !reached.contains(*name)).collect();
    let leads = format!("`{}` leads nowhere to them", root.name);
    (!left.is_empty()).then(|| {
        format!(
            "{word}: {} of the folder: {leads}: {}",
            segue_model::units::counted(left.len() as u64, "file"),
            named(left.iter().copied())
        )
    })
}

fn referred(file: &File, kind: Kind) -> Vec<String> {
    kind.references(file).iter().filter_map(|reference| joined(&file.name, reference)).collect()
}

fn named<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let more = names.len().saturating_sub(NAMES_MAX);
    let shown: Vec<&str> = names.take(NAMES_MAX).collect();
    shown.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(kind: Kind, files: &[(&str, &str)]) -> Result<Vec<String>, String> {
        let files = files.iter().map(|(name, text)| File::text(*name, text)).collect();
        let named = |files: Vec<File>| files.into_iter().map(|file| file.name).collect();
        first(files, kind, "x").map(named).map_err(|failure| failure.problems[0].message.clone())
    }

    #[test]
    fn the_document_is_the_one_that_nothing_refers_to() {
        let root = ("v1.yaml", "openapi: 3.0.0\npaths: {/a: {$ref: 'parts/a.yaml'}}\n");
        let part = ("parts/a.yaml", "get: {responses: {'200': {$ref: '../more.yaml#/x'}}}\n");
        let more = ("more.yaml", "x: {description: ok}\n");
        assert_eq!(order(Kind::Openapi, &[more, part, root]).expect("one"), ["v1.yaml", "more.yaml", "parts/a.yaml"]);
        let other = ("v2.yaml", "openapi: 3.0.0\npaths: {}\n");
        let refused = order(Kind::Openapi, &[more, part, root, other]).expect_err("two");
        assert!(refused.contains("2 documents") && refused.contains("v1.yaml, v2.yaml"), "{refused}");
        let back = ("parts/a.yaml", "get: {responses: {'200': {$ref: '../v1.yaml#/x'}}}\n");
        assert_eq!(order(Kind::Openapi, &[back, root]).expect("what says so"), ["v1.yaml", "parts/a.yaml"]);
        assert_eq!(order(Kind::Proto, &[("b.proto", ""), ("a.proto", "")]).expect("all"), ["b.proto", "a.proto"]);
    }

    #[test]
    fn what_nothing_leads_to_is_said() {
        let files = ["v1.yaml", "a.yaml", "b.yaml", "c.yaml"]
            .map(|name| File::text(name, if name == "v1.yaml" { "x: {$ref: a.yaml}\n" } else { "{}" }));
        let source = Source { side: segue_model::check::Side::Old, files: files.into() };
        let own: Vec<String> = source.files.iter().map(|file| file.name.clone()).collect();
        let said = unreached(&source, &own, Kind::Openapi, "old").expect("two are left");
        assert_eq!(said, "old: 2 files of the folder: `v1.yaml` leads nowhere to them: b.yaml, c.yaml");
        assert!(unreached(&source, &own, Kind::Proto, "old").is_none());
        assert!(unreached(&source, &own[..2], Kind::Openapi, "old").is_none(), "what was gathered is no file of the folder");
    }
}
