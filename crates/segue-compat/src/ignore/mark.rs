//! Marks in the files themselves: `segue-ignore RULE until=2027-01-31: reason` in a comment, or the same as the text of
//! a key `x-segue-ignore` where a format has no comments.
//!
//! Found by their words alone, whatever the format: `#`, `//`, `--` and `/*` begin a comment in all that is read. A mark
//! in a comment of its own holds for the next line that is none; behind something, for its own line; as a key, for the
//! lines beside it. Tests: below, `tests/it/ignore.rs`.

use segue_model::check::{Side, SourceText};

use super::read::day;

const WORD: &str = "segue-ignore";

/// A comment of more lines than this between a mark and what it is about is none.
const LINES_MAX: usize = 20;

/// A mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) side: Side,
    pub(super) file: String,
    /// Where it stands, from 1.
    pub(super) line: u32,
    pub(super) column: u32,
    /// The lines for which it holds.
    pub(super) holds: Vec<u32>,
    /// What it says; nothing when it cannot be read.
    pub(super) said: Option<Said>,
}

/// What a mark says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) rules: Vec<String>,
    pub(super) reason: String,
    pub(super) until: Option<String>,
}

/// Marks that are read, over all files. A file of nothing but marks is not written by a person.
pub(super) const MARKS_MAX: usize = 10_000;

/// The marks of the texts, in order, at most [`MARKS_MAX`].
pub(super) fn marks(sources: &[SourceText]) -> Vec<Mark> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| source.text.contains(WORD)) {
        of_text(source, &mut found);
    }
    found
}

fn of_text(source: &SourceText, found: &mut Vec<Mark>) {
    let lines: Vec<&str> = source.text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        if found.len() >= MARKS_MAX {
            return;
        }
        let Some(place) = line.find(WORD) else { continue };
        let (before, after) = (line.get(..place).unwrap_or_default(), line.get(place + WORD.len()..).unwrap_or_default());
        let Some((alone, text)) = kind(before, after) else { continue };
        let number = number(at);
        let holds = match alone {
            Place::Key => vec![number.saturating_sub(1), number + 1],
            Place::Behind => vec![number],
            Place::Alone => next(&lines, at).map(|next| vec![next]).unwrap_or_default(),
        };
        let column = number_of(before.chars().count());
        found.push(Mark { side: source.side, file: source.file.clone(), line: number, column, holds, said: said(text) });
    }
}

enum Place {
    /// A comment of its own.
    Alone,
    /// A comment behind something.
    Behind,
    /// A key of the document.
    Key,
}

/// What stands before the word says whether it is a mark; the text is cut where the mark ends.
fn kind<'a>(before: &str, after: &'a str) -> Option<(Place, &'a str)> {
    if let Some(before) = before.strip_suffix("x-") {
        let quote = before.chars().next_back().filter(|c| matches!(c, '"' | '\''));
        let bare = before.trim_end_matches(['"', '\'']);
        let begins = bare.is_empty() || bare.ends_with([' ', '\t', '{', ',']);
        let after = quote.map_or(Some(after), |quote| after.strip_prefix(quote))?;
        let text = after.trim_start().strip_prefix(':')?.trim();
        let text = text.trim_end_matches([',', '}', ']', ' ']);
        let text = text.strip_prefix(['"', '\'']).map_or(text, |text| text.trim_end_matches(['"', '\'']));
        return begins.then_some((Place::Key, text));
    }
    let lead = ["#", "//", "--", "/*", "*"].into_iter().find_map(|lead| before.trim_end().strip_suffix(lead))?;
    let place = if lead.trim_matches(['#', '/', '-', '*', ' ', '\t']).is_empty() { Place::Alone } else { Place::Behind };
    Some((place, after.trim_end().trim_end_matches("*/").trim_end()))
}

/// The next line that is no comment and not empty.
fn next(lines: &[&str], at: usize) -> Option<u32> {
    let comment = |line: &str| ["#", "//", "--", "/*", "*"].iter().any(|lead| line.starts_with(lead));
    let rest = lines.iter().enumerate().skip(at + 1).take(LINES_MAX);
    rest.map(|(at, line)| (at, line.trim_start())).find(|(_, line)| !line.is_empty() && !comment(line)).map(|(at, _)| number(at))
}

/// ` RULE[,RULE] [until=DAY]: reason`.
fn said(text: &str) -> Option<Said> {
    let (head, reason) = text.split_once(": ")?;
    let reason = reason.trim();
    let mut words = head.split_whitespace();
    let rules: Vec<String> = words.next()?.split(',').filter(|rule| !rule.is_empty()).map(str::to_owned).collect();
    let until = match words.next() {
        None => None,
        Some(word) => Some(word.strip_prefix("until=").filter(|text| day(text).is_some())?.to_owned()),
    };
    (words.next().is_none() && !rules.is_empty() && !reason.is_empty()).then(|| Said { rules, reason: reason.to_owned(), until })
}

fn number(at: usize) -> u32 {
    number_of(at)
}

fn number_of(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX - 2) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<(u32, Vec<u32>, Option<Said>)> {
        let source = SourceText { side: Side::New, file: "a".to_owned(), text: text.into() };
        marks(&[source]).into_iter().map(|mark| (mark.line, mark.holds, mark.said)).collect()
    }

    fn rule(rules: &[&str], until: Option<&str>, reason: &str) -> Said {
        let rules = rules.iter().map(|rule| (*rule).to_owned()).collect();
        Said { rules, reason: reason.to_owned(), until: until.map(str::to_owned) }
    }

    #[test]
    fn comments_of_every_kind_are_marks() {
        let said = Some(rule(&["a-b"], Some("2027-01-31"), "agreed: with all"));
        for text in [
            "# segue-ignore a-b until=2027-01-31: agreed: with all\nx",
            "  // segue-ignore a-b until=2027-01-31: agreed: with all\nx",
            "-- segue-ignore a-b until=2027-01-31: agreed: with all\nx",
            "/* segue-ignore a-b until=2027-01-31: agreed: with all */\nx",
        ] {
            assert_eq!(of(text), [(1, vec![2], said.clone())], "{text}");
        }
    }

    #[test]
    fn a_mark_holds_for_what_follows_its_comment() {
        assert_eq!(of("# segue-ignore r: why\n# more\n\ntable:\n")[0].1, [4]);
        assert_eq!(of("a: 1 # segue-ignore r: why\nb: 2")[0].1, [1]);
        assert_eq!(of("{\n \"x-segue-ignore\": \"r,s: why\",\n \"a\": 1}"), [(2, vec![1, 3], Some(rule(&["r", "s"], None, "why")))]);
        assert_eq!(of("x-segue-ignore: 'r until=2027-01-31: why'")[0].2, Some(rule(&["r"], Some("2027-01-31"), "why")));
    }

    #[test]
    fn words_are_no_marks_and_broken_marks_say_nothing() {
        assert!(of("description: use segue-ignore r: why").is_empty());
        assert!(of("prefix-x-segue-ignore: r").is_empty());
        for broken in
            ["# segue-ignore", "# segue-ignore r", "# segue-ignore r:", "# segue-ignore r until=soon: why", "# segue-ignore r x y: why"]
        {
            assert_eq!(of(&format!("{broken}\nx"))[0].2, None, "{broken}");
        }
    }
}
