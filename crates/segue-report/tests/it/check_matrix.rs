//! The matrix in its forms.

use segue_model::check::Verdict;
use segue_model::check::matrix::{Matrix, Pair, Version};
use segue_model::finding::Severity;
use segue_report::check::matrix::{html, json, markdown, text};

use crate::check_sample as sample;

pub(crate) fn matrix(names: &[&str]) -> Matrix {
    let pair = |old: usize, new: usize| {
        let breaks = new == 2 && old < 2;
        Pair {
            old,
            new,
            deploy: if breaks { Verdict::Breaking } else { Verdict::Compatible },
            rollback: if new == 1 { Verdict::Undecided } else { Verdict::Compatible },
            breaking: usize::from(breaks),
            breaking_back: 0,
            asked: new == old + 1,
            examples: if breaks { vec![format!("the operation `{}` is gone", names[0])] } else { Vec::new() },
        }
    };
    let finding = sample::finding("semver-breaking-without-major", Severity::High, &[], names[0], "1.1.0 -> 1.2.0 breaks, and needs 2.0.0");
    Matrix {
        format_version: 1,
        segue: "0.1.0".to_owned(),
        kind: "openapi".to_owned(),
        policy: "default".to_owned(),
        verdict: Verdict::Breaking,
        versions: (0_u32..)
            .zip(names)
            .map(|(at, name)| Version { name: (*name).to_owned(), declared: (at < 3).then(|| format!("1.{at}.0")) })
            .collect(),
        pairs: (1..names.len()).flat_map(|new| (0..new).map(move |old| (old, new))).map(|(old, new)| pair(old, new)).collect(),
        findings: vec![finding],
        not_checked: vec![format!("{}: it states no version", names[names.len() - 1])],
    }
}

#[test]
fn it_reads_well_in_each_form() {
    let matrix = matrix(&["v1.yaml", "v2.yaml", "v3.yaml", "v4.yaml"]);
    insta::assert_snapshot!("check_matrix_text", text(&matrix, 80, false));
    insta::assert_snapshot!("check_matrix_markdown", markdown(&matrix));
    let read: Matrix = serde_json::from_str(&json(&matrix)).expect("it is JSON");
    assert_eq!(read, matrix);
    assert!(html(&matrix).contains("v4.yaml"));
}

#[test]
fn a_pair_that_nobody_compared_is_not_called_compatible() {
    let mut matrix = matrix(&["a", "b", "c"]);
    matrix.pairs.retain(|pair| pair.old != 0 || pair.new != 1);
    assert!(text(&matrix, 80, false).contains('·') && markdown(&matrix).contains("not compared"));
}

#[test]
fn hostile_names_stay_names() {
    let matrix = matrix(&sample::NAMES);
    let page = html(&matrix);
    assert!(!page.contains("<script") && !page.contains("<img") && page.matches("</style>").count() == 1);
    for line in markdown(&matrix).lines().filter(|line| line.starts_with('|')) {
        assert_eq!(line.replace("\\|", "").matches('|').count(), sample::NAMES.len() + 2, "{line}");
    }
    assert!(!text(&matrix, 80, false).contains(['\u{1b}', '\u{202e}']));
}
