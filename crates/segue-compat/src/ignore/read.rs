//! Reads `segue-ignore.yaml`: a list of suppressions, a closed form. Everything that is wrong is told at once, with its
//! place.
//!
//! An unknown key is refused with the nearest one, because a suppression that is misread hides too much or too little.
//! Tests: `tests/it/ignore.rs`.

use jiff::civil::Date;
use segue_model::check::Side;

use super::{Entry, Ignore};
use crate::doc::{At, Doc};
use crate::source::{File, Refused, Span};

const KEYS: [&str; 6] = ["id", "rule", "object", "file", "reason", "until"];

/// Reads a file of suppressions.
pub fn read(file: &File) -> Result<Ignore, Vec<Refused>> {
    let mut reader = Reader { file: &file.name, wrong: Vec::new() };
    let text = match file.as_text() {
        Ok(text) => text,
        Err(at) => {
            reader.refuse("SG-CHK-070", Span::new(at, at), "the file is not text in UTF-8".to_owned(), "Save it as UTF-8.");
            return Err(reader.wrong);
        }
    };
    let entries = reader.entries(text);
    if reader.wrong.is_empty() { Ok(Ignore { file: file.name.clone(), text: text.to_owned(), entries }) } else { Err(reader.wrong) }
}

/// The day of `2027-01-31`, written exactly so.
pub(crate) fn day(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.to_string() == text).then_some(date)
}

struct Reader<'a> {
    file: &'a str,
    wrong: Vec<Refused>,
}

impl Reader<'_> {
    fn refuse(&mut self, code: &'static str, span: Span, message: String, help: &str) {
        let refused = Refused { code, side: Side::Old, file: self.file.to_owned(), span: Some(span), message, help: help.to_owned() };
        self.wrong.push(refused);
    }

    fn entries(&mut self, text: &str) -> Vec<Entry> {
        // A file of comments alone suppresses nothing.
        if text.lines().all(|line| matches!(line.trim().as_bytes().first(), None | Some(b'#'))) {
            return Vec::new();
        }
        let doc = match Doc::yaml(text) {
            Ok(doc) => doc,
            Err(stop) => {
                self.refuse(
                    "SG-CHK-070",
                    stop.at,
                    format!("the file is not YAML: {}", stop.what),
                    "Write a list: `- {rule: …, reason: …}`.",
                );
                return Vec::new();
            }
        };
        for (key, span) in doc.twice() {
            self.refuse("SG-CHK-072", *span, format!("`{key}` stands twice"), "Keep one of them.");
        }
        let root = doc.root();
        if !root.is_list() {
            let message = format!("the file must be a list of suppressions, and is {}", root.what());
            self.refuse("SG-CHK-070", root.span(), message, "Write `- {rule: …, reason: …}` for each.");
            return Vec::new();
        }
        root.items().filter_map(|item| self.entry(item)).collect()
    }

    fn entry(&mut self, item: At<'_>) -> Option<Entry> {
        if !item.is_map() {
            let message = format!("a suppression must be a map, and is {}", item.what());
            self.refuse("SG-CHK-072", item.span(), message, "Write `{rule: …, reason: …}`.");
            return None;
        }
        let before = self.wrong.len();
        for (key, span, _) in item.entries() {
            if !KEYS.contains(&key) {
                let near = nearest(key);
                self.refuse("SG-CHK-071", span, format!("there is no key `{}`", shortened(key)), &format!("Did you mean `{near}`?"));
            }
        }
        let [id, rule, object, file, reason] = ["id", "rule", "object", "file", "reason"].map(|key| self.text(item, key));
        if id.is_some() == rule.is_some() {
            let message = "a suppression names either the `id` of a finding or a `rule`".to_owned();
            self.refuse("SG-CHK-072", item.span(), message, "Take the `id` from `segue check --format json` to suppress just one.");
        }
        if reason.is_none() && item.get("reason").is_none() {
            let message = "a suppression needs a `reason`".to_owned();
            self.refuse("SG-CHK-072", item.span(), message, "Say why it is right to live with it.");
        }
        let until = self.until(item);
        let whole = self.wrong.len() == before;
        whole.then(|| Entry { id, rule, object, file, reason: reason.unwrap_or_default(), until, span: item.span() })
    }

    fn text(&mut self, item: At<'_>, key: &str) -> Option<String> {
        let at = item.get(key)?;
        // An id of digits alone reads as a number.
        let text = at.text().or_else(|| at.number().filter(|_| key == "id"));
        match text.map(str::trim) {
            Some(text) if !text.is_empty() => Some(text.to_owned()),
            _ => {
                let message = format!("`{key}` must be a text that is not empty");
                self.refuse("SG-CHK-072", at.span(), message, "Write it in quotes.");
                None
            }
        }
    }

    fn until(&mut self, item: At<'_>) -> Option<String> {
        let at = item.get("until")?;
        if let Some(text) = at.text().filter(|text| day(text).is_some()) {
            return Some(text.to_owned());
        }
        let message = "`until` must be a day".to_owned();
        self.refuse("SG-CHK-072", at.span(), message, "Write `until: 2027-01-31`, the last day on which it holds.");
        None
    }
}

fn nearest(key: &str) -> &'static str {
    let key = shortened(key).to_ascii_lowercase();
    KEYS.into_iter().min_by_key(|known| strsim::damerau_levenshtein(known, &key)).unwrap_or("rule")
}

fn shortened(key: &str) -> String {
    key.chars().take(60).collect()
}
