//! Nothing that is finished says `todo!`, prints with `dbg!`, or skips its own test.

use super::Violation;
use super::source::Source;

const MARKS: &[(&str, &str)] = &[
    ("todo!(", "finish it, or leave it out"),
    ("unimplemented!(", "finish it, or leave it out"),
    ("dbg!(", "take it out"),
    ("#[ignore", "a test that is not run proves nothing; mend or remove it"),
];

/// Checks one file, tests too.
pub(crate) fn check(source: &Source) -> Vec<Violation> {
    let mut found = Vec::new();
    for (index, line) in source.lexed.code.lines().enumerate() {
        for (mark, advice) in MARKS {
            let is_whole = |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            if line.match_indices(mark).any(|(at, _)| is_whole(at)) {
                found.push(Violation {
                    path: source.path.clone(),
                    line: index + 1,
                    rule: "unfinished",
                    message: format!("`{}`: {advice}", mark.trim_end_matches('(')),
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_unfinished_work_are_found() {
        let count = |text: &str| check(&Source::new("a.rs", text)).len();
        assert_eq!(count("fn a() { todo!() }"), 1);
        assert_eq!(count("fn a() { unimplemented!(\"x\") }"), 1);
        assert_eq!(count("#[test]\n#[ignore]\nfn a() {}"), 1);
        assert_eq!(count("// todo!()\nlet a = \"todo!(\"; my_todo!()"), 0);
    }
}
