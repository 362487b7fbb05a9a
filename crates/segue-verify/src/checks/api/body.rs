//! Two bodies of JSON: by value, but for what the user says is to be left out or may be apart.
//!
//! A path names members and elements from the root (`/items/*/updated_at`), `*` any one of them, `~1` and `~0` as in
//! RFC 6901. Numbers are compared by value and exactly. Values are never part of a sentence. Tests: below.

use std::collections::BTreeMap;

use segue_model::spec::program::Tolerance;
use serde_json::Value;

use super::super::Exact;

/// Differences that are named.
const NAMED: usize = 10;
/// Elements of a list that are tried against each other where their order does not count.
const PAIRED: usize = 1000;

/// How answers are compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Headers that are compared, in lower case.
    pub headers: Vec<String>,
    /// Paths that are left out.
    pub ignore: Vec<String>,
    /// How far numbers may be apart.
    pub tolerance: Option<Tolerance>,
    /// Elements of arrays may come in any order.
    pub any_order: bool,
}

/// What was found in two documents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// The paths at which they differ, each with a word for how; at most a few, then how many more.
    pub(super) different: Vec<String>,
    /// What could not be told.
    pub(super) unknown: Vec<String>,
}

/// Compares two documents.
pub(super) fn differences(old: &Value, new: &Value, rules: &Rules) -> Told {
    let mut found = Told::default();
    walk(old, new, &mut Vec::new(), rules, &mut found);
    let more = found.different.len().saturating_sub(NAMED);
    found.different.truncate(NAMED);
    if more > 0 {
        found.different.push(format!("and {more} more differences"));
    }
    found
}

fn walk(old: &Value, new: &Value, at: &mut Vec<String>, rules: &Rules, found: &mut Told) {
    if rules.ignore.iter().any(|pattern| fits(pattern, at)) {
        return;
    }
    let place = |at: &[String]| if at.is_empty() { "the body".to_owned() } else { shown(at) };
    match (old, new) {
        (Value::Object(left), Value::Object(right)) => {
            let mut names: Vec<&String> = left.keys().chain(right.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                at.push(name.clone());
                match (left.get(name), right.get(name)) {
                    (Some(left), Some(right)) => walk(left, right, at, rules, found),
                    _ if rules.ignore.iter().any(|pattern| fits(pattern, at)) => {}
                    (Some(_), None) => found.different.push(format!("{} is missing at the new side", place(at))),
                    _ => found.different.push(format!("{} is at the new side alone", place(at))),
                }
                at.pop();
            }
        }
        (Value::Array(left), Value::Array(right)) => arrays(left, right, at, rules, found),
        (Value::Number(left), Value::Number(right)) => {
            let same = match (Exact::parse(&left.to_string()), Exact::parse(&right.to_string())) {
                (Some(left), Some(right)) => Exact::within(&left, &right, rules.tolerance),
                _ => left == right,
            };
            if !same {
                found.different.push(format!("{} is another number", place(at)));
            }
        }
        (left, right) if kind(left) != kind(right) => {
            found.different.push(format!("{} is {} at the old side, {} at the new", place(at), kind(left), kind(right)));
        }
        (left, right) if left != right => found.different.push(format!("{} has another value", place(at))),
        _ => {}
    }
}

fn arrays(left: &[Value], right: &[Value], at: &mut Vec<String>, rules: &Rules, found: &mut Told) {
    if left.len() != right.len() {
        let place = if at.is_empty() { "the body".to_owned() } else { shown(at) };
        found.different.push(format!("{place} has {} elements at the old side, {} at the new", left.len(), right.len()));
        return;
    }
    let pairs = if rules.any_order {
        let Some(pairs) = paired(left, right, at, rules) else {
            let place = if at.is_empty() { "the body".to_owned() } else { shown(at) };
            found.unknown.push(format!("{place} has more than {PAIRED} elements without an equal one: too many to try in any order"));
            return;
        };
        pairs
    } else {
        (0..left.len()).map(|at| (at, at)).collect()
    };
    for (here, there) in pairs {
        at.push(here.to_string());
        walk(&left[here], &right[there], at, rules, found);
        at.pop();
    }
}

/// Each element with one that is the same; what is left over, in its order. `None`: too many to try.
fn paired(left: &[Value], right: &[Value], at: &mut Vec<String>, rules: &Rules) -> Option<Vec<(usize, usize)>> {
    // Those that are equal to the letter find each other at once.
    let mut waiting: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (there, element) in right.iter().enumerate().rev() {
        waiting.entry(element.to_string()).or_default().push(there);
    }
    let (mut pairs, mut open) = (Vec::new(), Vec::new());
    for (here, element) in left.iter().enumerate() {
        match waiting.get_mut(&element.to_string()).and_then(Vec::pop) {
            Some(there) => pairs.push((here, there)),
            None => open.push(here),
        }
    }
    if open.len() > PAIRED {
        return None;
    }
    let mut free: Vec<usize> = waiting.into_values().flatten().collect();
    free.sort_unstable();
    let mut alone = Vec::new();
    for here in open {
        at.push(here.to_string());
        let partner = free.iter().position(|there| {
            let mut found = Told::default();
            walk(&left[here], &right[*there], at, rules, &mut found);
            found == Told::default()
        });
        at.pop();
        match partner {
            Some(place) => pairs.push((here, free.remove(place))),
            None => alone.push(here),
        }
    }
    pairs.extend(alone.into_iter().zip(free));
    pairs.sort_unstable();
    Some(pairs)
}

/// `/items/0/a~1b`.
fn shown(at: &[String]) -> String {
    at.iter().fold(String::new(), |path, part| path + "/" + &part.replace('~', "~0").replace('/', "~1"))
}

/// The pattern names this place, or one above it.
fn fits(pattern: &str, at: &[String]) -> bool {
    let parts: Vec<String> = pattern.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect();
    !parts.is_empty() && parts.len() == at.len() && parts.iter().zip(at).all(|(part, here)| part == "*" || part == here)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(old: Value, new: Value, rules: &Rules) -> Vec<String> {
        differences(&old, &new, rules).different
    }

    #[test]
    fn values_and_not_texts_are_compared() {
        let plain = Rules::default();
        assert_eq!(found(json!({"a": 1, "b": [1, 2]}), json!({"b": [1.0, 2], "a": 1}), &plain), Vec::<String>::new());
        assert_eq!(found(json!({"a": 1}), json!({"a": "1"}), &plain), ["/a is a number at the old side, a text at the new"]);
        assert_eq!(found(json!({"a": null}), json!({}), &plain), ["/a is missing at the new side"]);
        assert_eq!(found(json!({}), json!({"x/y": 1}), &plain), ["/x~1y is at the new side alone"]);
        assert_eq!(found(json!([1, 2]), json!([2, 1]), &plain).len(), 2);
        assert_eq!(found(json!([1]), json!([1, 1]), &plain), ["the body has 1 elements at the old side, 2 at the new"]);
        let canary = found(json!({"a": "canary"}), json!({"a": "bird"}), &plain);
        assert_eq!(canary, ["/a has another value"]);
    }

    #[test]
    fn what_is_left_out_is_left_out_and_nothing_else() {
        let rules = Rules { ignore: vec!["/items/*/at".to_owned(), "/id".to_owned()], ..Rules::default() };
        let old = json!({"id": 1, "items": [{"at": 1, "n": 1}, {"at": 2, "n": 2}]});
        let new = json!({"items": [{"at": 9, "n": 1}, {"n": 2}]});
        assert_eq!(found(old.clone(), new, &rules), Vec::<String>::new());
        let new = json!({"items": [{"n": 1}, {"n": 3}]});
        assert_eq!(found(old, new, &rules), ["/items/1/n is another number"]);
        assert!(!fits("", &[]) && !fits("/", &["a".to_owned()]));
    }

    #[test]
    fn order_and_distance_by_rule() {
        let rules = Rules { any_order: true, tolerance: Some(Tolerance::Milli(10)), ..Rules::default() };
        assert_eq!(found(json!([{"a": 1}, {"a": 2}]), json!([{"a": 2.01}, {"a": 1}]), &rules), Vec::<String>::new());
        assert_eq!(found(json!([1, 1, 2]), json!([1, 2, 2]), &rules).len(), 1, "a multiset, not a set");
        assert_eq!(found(json!(1), json!(1.02), &rules), ["the body is another number"]);
    }

    #[test]
    fn too_many_to_try_is_not_known() {
        let rules = Rules { any_order: true, ..Rules::default() };
        let all = |offset: u64| Value::from((0..2000).map(|n| n + offset).collect::<Vec<u64>>());
        assert_eq!(differences(&all(0), &all(0), &rules), Told::default());
        assert_eq!(differences(&all(0), &all(1), &rules).different.len(), 1);
        let found = differences(&all(0), &all(5000), &rules);
        assert_eq!((found.different.len(), found.unknown.len()), (0, 1), "{found:?}");
    }

    #[test]
    fn many_differences_are_few_words() {
        let all = |offset: u64| Value::from((0..100).map(|n| n + offset).collect::<Vec<u64>>());
        let found = found(all(0), all(1), &Rules::default());
        assert_eq!((found.len(), found.last().map(String::as_str)), (11, Some("and 90 more differences")));
    }
}
