//! What the estimation model takes: the builtin is the pattern, and one table says the range of each kind of number.
//!
//! The reader and the schema stand on the same table, so that they cannot disagree. Must never accept what the schema
//! refuses. Tests: `tests/it/estimate_model.rs`.

use std::fmt;

use segue_model::problem::Problem;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, json};

/// The longest text of the file, in characters.
const TEXT_MAX: usize = 500;
/// Points of a factor.
const POINTS_MAX: usize = 20;
/// The largest count and factor of a point.
const POINT_MAX: u64 = 1_000_000;

/// The range of a number by the end of its path.
fn range(path: &str) -> (u64, u64) {
    let last = path.rsplit('.').next().unwrap_or_default();
    match last {
        "format_version" => (1, 1),
        "best_min" | "likely_min" | "worst_min" | "best_permille" | "likely_permille" | "worst_permille" => (1, 1_000_000),
        "best_s" | "likely_s" | "worst_s" => (1, 31_536_000),
        "quickest" | "likely" | "slowest" => (1, 1_000_000_000_000),
        "permille" => (0, 1_000),
        "hours_per_week" => (1, 120),
        "chunks" => (1, 64),
        "runs" => (100, 100_000),
        "gate" | "verify" | "person" | "dashboard" | "nothing" | "critical_severity" | "critical_occurrence" => (1, 10),
        _ => (1, 1_000),
    }
}

/// Reads JSON, refusing a key that stands twice.
pub(super) fn parse(text: &str) -> Result<Value, Box<Problem>> {
    let mut reader = serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}'));
    let value = Once.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| {
        Box::new(problem(
            "SG-PLAN-101",
            format!("this is no JSON: {error}"),
            "Write one JSON object, such as {\"people\": {\"table\": {\"likely_min\": 5}}}.",
        ))
    })
}

fn problem(code: &str, message: String, help: &str) -> Problem {
    Problem::new(code, message).safe("Nothing was touched and no plan was made.").help(help)
}

/// Lays `own` over `whole`, key by key; a figure whose source is not given anew gets one that says so.
pub(super) fn lay_over(whole: &mut Value, own: &Value, path: &str, problems: &mut Vec<Problem>) {
    match (whole, own) {
        (Value::Object(whole), Value::Object(own)) => {
            for (key, value) in own {
                let at = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                match whole.get_mut(key) {
                    Some(old) => lay_over(old, value, &at, problems),
                    None => problems.push(unknown(&at, key, whole)),
                }
            }
            let figures = own.keys().any(|key| key != "from");
            if let (true, false, Some(Value::String(from))) = (figures, own.contains_key("from"), whole.get_mut("from")) {
                *from = format!("the user's model; builtin: {from}").chars().take(TEXT_MAX).collect();
            }
        }
        (whole @ Value::Number(_), Value::Number(number)) => {
            let (least, most) = range(path);
            match number.as_u64().filter(|number| (least..=most).contains(number)) {
                Some(number) => *whole = json!(number),
                None => problems.push(problem(
                    "SG-PLAN-103",
                    format!("`{path}` is {number}: it takes a whole number from {least} to {most}"),
                    "Write a number in that range.",
                )),
            }
        }
        (whole @ Value::String(_), Value::String(text)) => match text_is_wrong(path, text) {
            Some(message) => problems.push(problem("SG-PLAN-103", message, "Write a short text of one line.")),
            None => *whole = json!(text),
        },
        (whole @ Value::Array(_), Value::Array(points)) => match points_are_wrong(path, points) {
            Some(message) => problems.push(problem(
                "SG-PLAN-103",
                message,
                "Write pairs of a count and a factor in thousandths, such as [[0, 1000], [5, 3570]].",
            )),
            None => *whole = Value::Array(points.clone()),
        },
        (whole, own) => {
            let message = format!("`{}` is {}: it takes {}", shown(path), kind(own), kind(whole));
            problems.push(problem("SG-PLAN-103", message, "Write it as the builtin model does: `segue schema model` prints it."));
        }
    }
}

fn shown(path: &str) -> &str {
    if path.is_empty() { "the model" } else { path }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn unknown(at: &str, key: &str, whole: &Map<String, Value>) -> Problem {
    let near = whole.keys().map(|known| (strsim::jaro_winkler(key, known), known)).max_by(|a, b| a.0.total_cmp(&b.0));
    let help = match near {
        Some((score, near)) if score > 0.75 => format!("Did you mean `{near}`?"),
        _ => format!("Known here: {}.", whole.keys().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")),
    };
    problem("SG-PLAN-102", format!("`{at}` is no key of the model"), &help)
}

fn text_is_wrong(path: &str, text: &str) -> Option<String> {
    let known: &[&str] = match path.rsplit('.').next() {
        Some("unit") if path.starts_with("machine.") => &["bytes", "rows"],
        Some("stated_as") => &["", "rates.copy", "rates.index", "rates.verify"],
        _ => &[],
    };
    if !known.is_empty() {
        return (!known.contains(&text)).then(|| format!("`{path}` takes one of: {}", known.join(", ")));
    }
    let length = text.chars().count();
    let wrong = length == 0 || length > TEXT_MAX || text.chars().any(char::is_control);
    wrong.then(|| format!("`{path}` takes 1 to {TEXT_MAX} characters on one line"))
}

fn points_are_wrong(path: &str, points: &[Value]) -> Option<String> {
    let pair = |point: &Value| -> Option<(u64, u64)> {
        let [count, factor] = point.as_array()?.as_slice() else { return None };
        let (count, factor) = (count.as_u64()?, factor.as_u64()?);
        (count <= POINT_MAX && (1..=POINT_MAX).contains(&factor)).then_some((count, factor))
    };
    let pairs: Option<Vec<(u64, u64)>> = points.iter().map(pair).collect();
    match pairs {
        None => Some(format!("`{path}` takes pairs of whole numbers up to {POINT_MAX}")),
        Some(pairs) if pairs.is_empty() || pairs.len() > POINTS_MAX => Some(format!("`{path}` takes 1 to {POINTS_MAX} points")),
        // A factor that falls would make more data quicker.
        Some(pairs) if pairs.windows(2).any(|two| two[0].0 >= two[1].0 || two[0].1 > two[1].1) => {
            Some(format!("the points of `{path}` must rise: counts strictly, factors never down"))
        }
        Some(_) => None,
    }
}

/// What must stand in order once everything is laid over.
const ORDERS: &[&[&str]] = &[
    &["best_min", "likely_min", "worst_min"],
    &["best_s", "likely_s", "worst_s"],
    &["best_permille", "likely_permille", "worst_permille"],
    &["slowest", "likely", "quickest"],
    &["gate", "verify", "person", "dashboard", "nothing"],
    &["medium", "high", "critical"],
];

/// Whether best, likely and worst stand in that order everywhere.
pub(super) fn check_order(value: &Value, problems: &mut Vec<Problem>) {
    order_at(value, "", problems);
    let spread = value.get("spread").and_then(Value::as_object).into_iter().flatten();
    for (name, rule) in spread {
        let part = |key: &str| rule.get(key).and_then(Value::as_u64).unwrap_or(1_000);
        if part("best_permille") > 1_000 || part("worst_permille") < 1_000 {
            let message = format!("`spread.{name}`: best_permille is at most 1000 and worst_permille at least 1000");
            problems.push(problem("SG-PLAN-103", message, "The middle is 1000."));
        }
    }
}

fn order_at(value: &Value, path: &str, problems: &mut Vec<Problem>) {
    let Some(object) = value.as_object() else { return };
    for order in ORDERS {
        let numbers: Vec<u64> = order.iter().filter_map(|key| object.get(*key)?.as_u64()).collect();
        if numbers.len() > 1 && numbers.windows(2).any(|two| two[0] > two[1]) {
            let message = format!("`{path}`: {} must be in that order, from the smallest to the largest", order.join(", "));
            problems.push(problem("SG-PLAN-103", message, "Give all of them when you change one."));
        }
    }
    for (key, value) in object {
        order_at(value, &if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, problems);
    }
}

/// The JSON Schema of a file that is laid over `builtin`.
pub(super) fn schema(builtin: &Value) -> Value {
    let mut out = schema_at(builtin, "");
    out["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    out["title"] = json!("Segue's estimation model, whole or in part; what is left out is the default");
    out
}

fn schema_at(value: &Value, path: &str) -> Value {
    match value {
        Value::Object(map) => {
            let at = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            let properties: Map<String, Value> = map.iter().map(|(key, value)| (key.clone(), schema_at(value, &at(key)))).collect();
            json!({"type": "object", "additionalProperties": false, "properties": properties})
        }
        Value::Number(_) => {
            let (least, most) = range(path);
            json!({"type": "integer", "minimum": least, "maximum": most, "default": value})
        }
        Value::Array(_) => {
            let pair =
                json!([{"type": "integer", "minimum": 0, "maximum": POINT_MAX}, {"type": "integer", "minimum": 1, "maximum": POINT_MAX}]);
            let point = json!({"type": "array", "prefixItems": pair, "items": false, "minItems": 2});
            json!({"type": "array", "items": point, "minItems": 1, "maxItems": POINTS_MAX, "default": value})
        }
        _ if path.rsplit('.').next() == Some("stated_as") => {
            json!({"enum": ["", "rates.copy", "rates.index", "rates.verify"], "default": value})
        }
        _ if path.starts_with("machine.") && path.rsplit('.').next() == Some("unit") => {
            json!({"enum": ["bytes", "rows"], "default": value})
        }
        _ => {
            json!({"type": "string", "minLength": 1, "maxLength": TEXT_MAX, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", "default": value})
        }
    }
}

/// Any JSON value in which no key stands twice.
struct Once;

impl<'de> DeserializeSeed<'de> for Once {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(json!(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(json!(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(json!(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(json!(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(json!(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut out = Vec::new();
        while let Some(item) = items.next_element_seed(Once)? {
            out.push(item);
        }
        Ok(Value::Array(out))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut out = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(Once)?;
            if out.insert(key.clone(), value).is_some() {
                return Err(A::Error::custom(format!("the key `{key}` stands twice")));
            }
        }
        Ok(Value::Object(out))
    }
}
