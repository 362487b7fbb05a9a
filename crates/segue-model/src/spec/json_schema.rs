//! The JSON Schema of `segue.yaml`, printed from the tables that the reader walks by.
//!
//! What a schema cannot say is told in its `$comment`. Must never say more or less than the reader takes.
//! Tests: `tests/it/agreement.rs`.

use serde_json::{Map, Value, json};

use super::amounts::DECIMAL_MAX;
use super::read;
use super::shape::{Key, Record, Rule, Shape, Words};

/// Some text without NUL.
const ANY: &str = r"^[^\u0000]*$";
/// Some text without NUL, not empty.
const NAME: &str = r"^[^\u0000]+$";
/// Some text without NUL, not blank.
const FILLED: &str = r"^[^\u0000]*[^ \t\r\n\u0000][^\u0000]*$";
const TABLE: &str = r#"^("([^"\u0000]|"")+"|[^."\u0000][^.\u0000]*)(\.("([^"\u0000]|"")+"|[^."\u0000][^.\u0000]*))?$"#;
const ID: &str = "^[A-Za-z0-9-]{1,40}$";
const REFERENCE: &str = r"^(env:[A-Za-z_][A-Za-z0-9_]*|(file|cmd):[^\u0000]*[^ \t\r\n\u0000][^\u0000]*)$";
const URL: &str = r"^(env:[A-Za-z_][A-Za-z0-9_]*|(file|cmd):[^\u0000]*[^ \t\r\n\u0000][^\u0000]*|postgres(ql)?://[^\u0000]*)$";
const NO_PATH: &str = "^((env|file|cmd):|sqlite:(//)?$)";
const DURATION: &str = r"^[0-9]{1,9}(\.[0-9]{1,9})? ?(ms|s|m|h|d|w)$";
const DURATION_OR_NONE: &str = r"^(none|[0-9]{1,9}(\.[0-9]{1,9})? ?(ms|s|m|h|d|w))$";
const SIZE: &str = r"^([0-9]{1,12}(\.[0-9]{1,9})? ?(B|KB|KiB|MB|MiB)|[0-9]{1,7}(\.[0-9]{1,9})? ?(GB|GiB|TB|TiB))$";
const MYSQL: &str = r"^(env:[A-Za-z_][A-Za-z0-9_]*|(file|cmd):[^\u0000]*[^ \t\r\n\u0000][^\u0000]*|(mysql|mariadb)://[^\u0000]*)$";
const WEB: &str = r"^(env:[A-Za-z_][A-Za-z0-9_]*|(file|cmd):[^\u0000]*[^ \t\r\n\u0000][^\u0000]*|https?://[^ \t\r\n\u0000]+)$";
const DATE: &str = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
const DATE_OR_NULL: &str = "^(null|[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))$";
const DATES: &str = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])/[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
const CLOCK: &str = "^([01][0-9]|2[0-3]):[0-5][0-9]$";
const ZONE: &str = "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,3}$";
const RATE: &str = r"^(([0-9]{1,12}(\.[0-9]{1,9})? ?(B|KB|KiB|MB|MiB)|[0-9]{1,7}(\.[0-9]{1,9})? ?(GB|GiB|TB|TiB))|[0-9]{1,15} ?rows)/s$";
const PERCENT: &str = r"^(100(\.0{1,3})?|[0-9]{1,2}(\.[0-9]{1,3})?) ?%$";
const LOSS: &str = r"^(none|[0-9]{1,9}(\.[0-9]{1,9})? ?(ms|s|m|h|d|w)|[0-9]{1,15} ?rows?)$";
const EVERY: &str = r"^(hourly|daily|weekly|monthly|[0-9]{1,9}(\.[0-9]{1,9})? ?(ms|s|m|h|d|w))$";
const MODULE: &str = r"^@?[^@ \t\r\n\u0000]+(@[^@ \t\r\n\u0000]+)?$";
/// `METRIC[(SIDE)] OP VALUE [for DURATION]`.
const CONDITION: &str = concat!(
    r"^ *[A-Za-z_][A-Za-z0-9_-]*( *\( *(old|new|source|target) *\))? *(<=|>=|==|<|>) *",
    r"([0-9]{1,16}(\.[0-9]{1,3})?( ?%| *\* *[A-Za-z_][A-Za-z0-9_-]*( *\( *(old|new|source|target) *\))?)?",
    r"|[0-9]{1,16}(\.[0-9]{1,9})? ?(ms|s|m|h|d|w|B|KB|KiB|MB|MiB|GB|GiB|TB|TiB))",
    r"( +for +[0-9]{1,16}(\.[0-9]{1,9})? ?(ms|s|m|h|d|w))? *$",
);
const COMMENT: &str = "The reader also refuses what a schema cannot say: YAML anchors, aliases, tags and duplicate keys, \
    a password in a URL, names that are not those of a system that fits, a condition whose metric nothing in the file measures, \
    days that do not exist, orders that do not rise, numbers with too many decimals, ids that stand twice, and foreign keys that \
    name more columns on one side than on the other.";

/// The JSON Schema (2020-12) of what [`read()`](super::read()) accepts.
pub fn schema() -> Value {
    let mut schema = record(read::record());
    if let Value::Object(map) = &mut schema {
        map.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
        map.insert("$comment".into(), json!(COMMENT));
        map.insert("title".into(), json!("segue.yaml"));
    }
    schema
}

fn of(shape: &Shape) -> Value {
    match shape {
        Shape::Text(words) => text(*words),
        Shape::Bool => json!({"type": "boolean"}),
        Shape::Count => json!({"type": "integer", "minimum": 0, "maximum": u64::MAX}),
        Shape::Range { least, most } => json!({"type": "integer", "minimum": least, "maximum": most}),
        Shape::Decimal { .. } => json!({"type": "number", "minimum": 0, "maximum": DECIMAL_MAX}),
        Shape::Format => json!({"const": 1}),
        Shape::Duration { none } => json!({"type": "string", "pattern": if *none { DURATION_OR_NONE } else { DURATION }}),
        Shape::Size => json!({"type": "string", "pattern": SIZE}),
        Shape::Choice(words) => json!({"enum": words}),
        Shape::List { of: item, least, most } => {
            let mut list = json!({"type": "array", "items": of(item), "minItems": least});
            if *most < usize::MAX {
                list["maxItems"] = json!(most);
            }
            list
        }
        Shape::OneOrList(one) => json!({"anyOf": [of(one), {"type": "array", "items": of(one), "minItems": 1}]}),
        Shape::Map { of: value, least, .. } => {
            json!({"type": "object", "additionalProperties": of(value), "propertyNames": {"pattern": NAME}, "minProperties": least})
        }
        Shape::Record(shape) => record(shape),
        Shape::Tagged(shape) => tagged(shape),
        Shape::Short(words, shape) => json!({"anyOf": [text(*words), record(shape)]}),
    }
}

fn text(words: Words) -> Value {
    let pattern = match words {
        Words::Any => ANY,
        Words::Name => NAME,
        Words::Table => TABLE,
        Words::Type | Words::Line | Words::File => FILLED,
        Words::Id => ID,
        Words::Url => URL,
        Words::MysqlUrl => MYSQL,
        Words::Web => WEB,
        Words::Date => DATE,
        Words::ZeroDates => DATE_OR_NULL,
        Words::Dates => DATES,
        Words::Clock => CLOCK,
        Words::Zone => ZONE,
        Words::Currency => "^[A-Z]{3}$",
        Words::Rate => RATE,
        Words::Percent => PERCENT,
        Words::Loss => LOSS,
        Words::Every => EVERY,
        Words::Module => MODULE,
        Words::Condition => CONDITION,
        Words::Version => return json!({"type": ["string", "number"], "pattern": FILLED}),
        Words::Tolerance => return json!({"type": ["string", "number"], "pattern": PERCENT, "minimum": 0, "maximum": DECIMAL_MAX}),
        Words::Sql => return json!({"type": ["string", "number", "boolean"], "pattern": FILLED}),
        Words::Path => {
            let path = json!({"pattern": NAME, "not": {"pattern": NO_PATH}});
            return json!({"type": "string", "anyOf": [{"pattern": REFERENCE}, path]});
        }
    };
    json!({"type": "string", "pattern": pattern})
}

/// The key is there and not null.
fn present(key: &str) -> Value {
    json!({"required": [key], "properties": {key: {"not": {"type": "null"}}}})
}

fn properties(keys: &[Key], nullable: bool) -> Value {
    let mut properties = Map::new();
    for key in keys {
        let mut value = if nullable || !key.required { or_null(of(&key.shape)) } else { of(&key.shape) };
        value["description"] = json!(key.about);
        properties.insert(key.name.to_owned(), value);
    }
    Value::Object(properties)
}

/// The same, or null, which is as good as leaving the key out.
fn or_null(mut schema: Value) -> Value {
    match schema.get_mut("type") {
        Some(Value::Array(types)) => types.push(json!("null")),
        Some(one) => *one = json!([one.clone(), "null"]),
        None => match schema.get_mut("enum") {
            Some(Value::Array(values)) => values.push(Value::Null),
            _ => return json!({"anyOf": [schema, {"type": "null"}]}),
        },
    }
    schema
}

fn record(record: &Record) -> Value {
    let required: Vec<&str> = record.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    let mut schema = json!({
        "type": "object",
        "description": record.about,
        "properties": properties(record.keys, false),
        "required": required,
        "additionalProperties": false,
    });
    let rules: Vec<Value> = record.rules.iter().filter_map(rule).collect();
    if !rules.is_empty() {
        schema["allOf"] = Value::Array(rules);
    }
    schema
}

fn tagged(record: &Record) -> Value {
    let each: Vec<Value> = record.keys.iter().map(|key| present(key.name)).collect();
    json!({
        "type": "object",
        "description": record.about,
        "properties": properties(record.keys, true),
        "additionalProperties": false,
        "oneOf": each,
    })
}

fn rule(rule: &Rule) -> Option<Value> {
    match rule {
        // Where the record may be null, the rule binds only what is there.
        Rule::ExactlyOne(keys) => {
            let each: Vec<Value> = keys.iter().map(|key| present(key)).collect();
            Some(json!({"if": {"type": "object"}, "then": {"oneOf": each}}))
        }
        Rule::AtLeastOne(keys) => Some(json!({"anyOf": keys.iter().map(|key| present(key)).collect::<Vec<_>>()})),
        Rule::Needs(key, need) => Some(json!({"if": present(key), "then": present(need)})),
        Rule::FalseNeeds(key, needs) => {
            let when = json!({"required": [key], "properties": {*key: {"const": false}}});
            Some(json!({"if": when, "then": {"anyOf": needs.iter().map(|key| present(key)).collect::<Vec<_>>()}}))
        }
        Rule::SameCount(_) => None,
    }
}
