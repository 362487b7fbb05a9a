//! Every code of the planner has its page, with the parts that `segue explain` shows.

use std::path::{Path, PathBuf};

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, out);
        } else {
            out.push(path);
        }
    }
}

/// Numbers given to `refuse(` and `finding(`.
fn numbers(text: &str) -> Vec<u16> {
    let calls = ["refuse(", "finding("].iter().flat_map(|call| text.match_indices(call).map(move |(at, _)| at + call.len()));
    let number = |at: usize| text[at..].trim_start().split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok());
    calls.filter_map(number).collect()
}

#[test]
fn every_code_has_a_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    let mut codes: Vec<u16> = files.iter().flat_map(|file| numbers(&std::fs::read_to_string(file).expect("a source"))).collect();
    codes.sort_unstable();
    codes.dedup();
    assert!(codes.len() > 25, "only {} codes were found in the sources", codes.len());
    for code in codes {
        let path = root.join(format!("../../docs/codes/SG-PLAN-{code:03}.md"));
        let page = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(page.starts_with(&format!("# SG-PLAN-{code:03}: ")), "no page for SG-PLAN-{code:03}");
        for part in ["## Cause", "## What is safe now", "## What to do"] {
            assert!(page.contains(part), "SG-PLAN-{code:03} lacks {part}");
        }
    }
}
