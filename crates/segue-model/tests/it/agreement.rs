//! The JSON Schema accepts what the reader accepts, and the tables hold the keys of the types.
//!
//! Every value of some full specs is replaced by each of a row of others, left out, or joined by an unknown key;
//! both must agree on each of the thousands of documents. The checker below knows exactly the keywords that the
//! schema uses and panics at any other.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use segue_model::change;
use segue_model::spec;
use serde_json::{Value, json};

/// A checker for the part of JSON Schema that `schema()` uses.
#[derive(Default)]
struct Checker {
    patterns: BTreeMap<String, Regex>,
}

impl Checker {
    fn matches(&mut self, pattern: &str, text: &str) -> bool {
        let regex = self.patterns.entry(pattern.to_owned()).or_insert_with(|| Regex::new(pattern).expect("a pattern"));
        regex.is_match(text)
    }

    fn valid(&mut self, schema: &Value, value: &Value) -> bool {
        let schema = match schema {
            Value::Bool(verdict) => return *verdict,
            Value::Object(schema) => schema,
            other => panic!("not a schema: {other}"),
        };
        schema.iter().all(|(keyword, rule)| match keyword.as_str() {
            "$schema" | "$comment" | "title" | "description" | "then" => true,
            "type" => match rule {
                Value::Array(types) => types.iter().any(|name| is(name, value)),
                name => is(name, value),
            },
            "const" => rule == value,
            "enum" => rule.as_array().expect("values").contains(value),
            "pattern" => value.as_str().is_none_or(|text| self.matches(rule.as_str().expect("a pattern"), text)),
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().expect("a number")),
            "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().expect("a number")),
            "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= rule.as_u64().expect("a count")),
            "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= rule.as_u64().expect("a count")),
            "minProperties" => value.as_object().is_none_or(|map| map.len() as u64 >= rule.as_u64().expect("a count")),
            "required" => value
                .as_object()
                .is_none_or(|map| rule.as_array().expect("keys").iter().all(|key| map.contains_key(key.as_str().expect("a key")))),
            "items" => value.as_array().is_none_or(|items| items.iter().all(|item| self.valid(rule, item))),
            "properties" => value.as_object().is_none_or(|map| {
                rule.as_object().expect("properties").iter().all(|(key, rule)| map.get(key).is_none_or(|value| self.valid(rule, value)))
            }),
            "additionalProperties" => value.as_object().is_none_or(|map| {
                let known = schema.get("properties").and_then(Value::as_object);
                map.iter().filter(|(key, _)| known.is_none_or(|known| !known.contains_key(*key))).all(|(_, value)| self.valid(rule, value))
            }),
            "propertyNames" => value.as_object().is_none_or(|map| map.keys().all(|key| self.valid(rule, &json!(key)))),
            "not" => !self.valid(rule, value),
            "allOf" => rule.as_array().expect("schemas").iter().all(|rule| self.valid(rule, value)),
            "anyOf" => rule.as_array().expect("schemas").iter().any(|rule| self.valid(rule, value)),
            "oneOf" => rule.as_array().expect("schemas").iter().filter(|rule| self.valid(rule, value)).count() == 1,
            "if" => !self.valid(rule, value) || self.valid(&schema["then"], value),
            other => panic!("the checker does not know `{other}`"),
        })
    }
}

fn is(name: &Value, value: &Value) -> bool {
    match name.as_str().expect("a type") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        other => panic!("the checker does not know the type `{other}`"),
    }
}

/// What a schema cannot say: a password in a URL, a name that is not that of a system, counts of two lists, who measures
/// a metric, days that do not exist, orders, ranges of numbers with units, names that stand twice or lack a part.
const READER_ONLY: [&str; 8] =
    ["SG-SPEC-024", "SG-SPEC-028", "SG-SPEC-029", "SG-SPEC-033", "SG-SPEC-034", "SG-SPEC-035", "SG-SPEC-036", "SG-SPEC-037"];

struct Both {
    checker: Checker,
    schema: Value,
    right: usize,
    wrong: usize,
    /// Documents that only the reader refuses.
    beyond: usize,
}

impl Both {
    fn new() -> Self {
        Self { checker: Checker::default(), schema: spec::schema(), right: 0, wrong: 0, beyond: 0 }
    }

    /// Reader and schema say the same of that document; JSON is YAML.
    #[track_caller]
    fn agree(&mut self, document: &Value, why: &str) -> bool {
        let by_schema = self.checker.valid(&self.schema, document);
        let text = document.to_string();
        let problems = spec::read(&text, "segue.yaml").err().unwrap_or_default();
        if by_schema && !problems.is_empty() && problems.iter().all(|problem| READER_ONLY.contains(&problem.code.as_str())) {
            self.beyond += 1;
            return false;
        }
        assert_eq!(problems.is_empty(), by_schema, "{why}\n{problems:#?}\n{text}");
        if by_schema {
            self.right += 1;
        } else {
            self.wrong += 1;
        }
        by_schema
    }
}

fn one() -> Value {
    json!({
        "segue": 1, "id": "MIG-1", "name": "n", "why": "w", "owners": {"dba": "d@example.org"},
        "systems": {"a": {"postgres": {"url": "env:DB"}}, "b": {"sqlite": {"path": "shop.db"}}},
        "schema": {"in": "a", "changes": [
            {"create_table": {"table": "t", "columns": {
                "id": {"type": "bigint", "primary_key": true, "identity": "always"},
                "c": {"type": "int", "null": false, "default": 0, "unique": true, "check": "c > 0", "comment": "x",
                    "references": {"table": "u", "columns": ["id"], "on_delete": "cascade", "on_update": "no action"}}},
                "primary_key": ["id"], "unique": [["id", "c"]], "checks": {"k": "c > 0"}, "comment": "y",
                "foreign_keys": [{"name": "f", "columns": ["id"], "references": {"table": "u", "columns": ["id"], "on_delete": "restrict"}}]}},
            {"drop_table": {"table": "s.t"}},
            {"add_column": {"table": "t", "column": "c", "type": "int", "null": false, "default": 1, "up": "1", "check": "c > 0", "unique": true,
                "references": {"table": "u", "columns": ["id"]}, "comment": "z"}},
            {"drop_column": {"table": "t", "column": "c", "down": "1"}},
            {"rename_column": {"table": "t", "from": "a", "to": "b"}},
            {"change_type": {"table": "t", "column": "c", "to": "int", "up": "c", "down": "c"}}]},
        "limits": {"downtime": "5s", "rollback": "wanted"}, "checks": {"a": "select 1", "b": {"sql": "select 1"}},
        "throttle": {"max_replication_lag": "5s", "max_load": {"f": 1}, "batch_target": "200ms", "ddl_lock_timeout": "1s", "max_wal": "10GiB"},
        "keep_old": "1d"
    })
}

fn two() -> Value {
    json!({
        "segue": 1, "id": "A", "systems": {"db": {"sqlite": {"path": "sqlite:a.db"}}},
        "schema": {"changes": [
            {"set_not_null": {"table": "t", "column": "c", "up": "''"}},
            {"add_column": {"table": "t", "column": "c", "type": "int", "null": false, "up": 1}},
            {"add_check": {"table": "t", "name": "n", "check": true, "up": {"c": "1"}}},
            {"add_foreign_key": {"table": "t", "name": "n", "columns": ["a"], "references": {"table": "u", "columns": ["b"]},
                "on_delete": "set null", "on_update": "set default", "deferrable": true}},
            {"add_unique": {"table": "t", "name": "n", "columns": ["a"]}},
            {"create_index": {"table": "t", "name": "n", "unique": true, "method": "gin", "where": "a", "include": ["b"], "with": {"f": 70},
                "columns": ["a", {"column": "b", "order": "asc", "nulls": "first", "operator_class": "o", "collation": "c"}, {"expression": "x"}]}},
            {"drop_index": {"name": "i"}}]}
    })
}

fn limits() -> Value {
    json!({
        "segue": 1, "id": "B", "kind": "platform-switch", "profile": "doc003", "start": "2027-01-11", "compliance": ["gdpr"],
        "limits": {"data_loss": "100 rows", "deadline": "2027-03-31", "freeze": ["2026-12-20/2027-01-04"],
            "window": [{"days": ["sat", "sun"], "from": "02:00", "to": "06:00", "zone": "Europe/Berlin"}, {"days": "mon", "from": "23:00", "to": "01:00"}],
            "budget": {"money": 20000.5, "currency": "EUR"}},
        "team": {"people": 3, "hours_per_week": 20, "rates": {"dba": 85.5}},
        "rates": {"copy": "50MiB/s", "index": "20000 rows/s", "verify": "1 rows/s"},
        "throttle": {"max_bytes_per_s": "50MiB"},
    })
}

fn systems() -> Value {
    json!({
        "segue": 1, "id": "B", "auth": null, "infra": {"from": "vm", "to": "kubernetes", "terraform": "./t", "data": "1GiB"},
        "systems": {
            "old": {"mysql": {"url": "env:OLD"}, "dependencies": [{"name": "api", "kind": "service", "blocking": true, "owner": "x"}],
                "facts": {"version": 10.11, "size": "1GiB", "rows": 1, "tables": 1, "growth_per_day": "1MB", "peak_tps": 1, "replicas": 1, "production": true}},
            "app": {"http": {"old": "http://a:1", "new": "https://b"}},
            "metrics": {"prometheus": {"url": "env:PROM", "queries": {"carts": "sum(carts)"}}}},
        "schema": {"in": "old", "desired": "a.sql"},
    })
}

fn moves() -> Value {
    json!({
        "segue": 1, "id": "B", "systems": {"old": {"mysql": {"url": "env:OLD"}}, "host": {"other": {"what": "an Oracle"}}},
        "move": {"from": "old", "to": "host", "include": ["a*"], "exclude": ["tmp_*"], "pattern": "p",
            "convert": {"types": {"tinyint(1)": "boolean"}, "zero_dates": "1970-01-01",
                "columns": {"o.s": {"to": "jsonb", "from_text": "json", "on_error": "reject"}, "o.c": {"from_epoch": "seconds", "zone": "UTC"}}}},
    })
}

fn kinds() -> Value {
    json!({
        "segue": 1, "id": "C", "systems": {"db": {"sqlite": {"path": "a"}}},
        "schema": {"sql": "a.sql"},
        "code": {"path": "./s", "change": [{"framework": {"from": "express@4", "to": "fastify@5"}}, {"driver": {"from": "mysql2", "to": "pg"}}]},
        "api": {"old": "a", "new": "b", "clients": 4},
        "service": {"from": "m", "extract": {"orders": {"tables": ["o"], "routes": ["/api/*"]}}},
        "auth": {"change": "sso", "from": "a", "to": "b", "users": 1},
    })
}

fn work() -> Value {
    json!({
        "segue": 1, "id": "C", "kind": "auth", "systems": {"app": {"http": {"old": "env:A", "new": "env:B"}}, "db": {"sqlite": {"path": "a"}}},
        "rollout": {"system": "app", "shadow": "10%", "steps": ["1%", "25%", "100%"], "hold": "30m", "sticky": "user_id"},
        "rollback_when": ["error_rate(new) > 1% for 2m", {"when": "p95(new) > 2 * p95(old) for 5m", "action": "pause"}],
        "phases": {"p": {"after": ["q"], "hold": "1h", "gate": ["mismatches == 0", {"approve": {"by": ["dba"], "count": 2}}],
            "window": {"from": "02:00", "to": "06:00"}, "skip": "r", "estimate": {"best": "1h", "likely": "2h", "worst": "4h"},
            "tasks": ["t", {"do": "u", "owner": "dba", "hours": 1.5}]}},
    })
}

fn people() -> Value {
    json!({
        "segue": 1, "id": "C", "kind": "auth",
        "checks": {"c": {"sql": "select 1", "tolerance": "0.1%", "on": "source"}, "d": {"sql": "select 1", "tolerance": 0.5}},
        "risks": [{"id": "R", "what": "w", "severity": 1, "occurrence": 2, "detection": 10, "mitigation": "m", "owner": "o", "watch": "c"}],
        "comms": {"exec": {"every": "daily", "lead_time": "4w", "to": "t", "channel": "mail", "template": "f"}, "users": null}
    })
}

/// Every place of a document.
fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                pointers(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, &format!("{at}/{index}"), out);
            }
        }
        _ => {}
    }
}

fn others() -> Vec<Value> {
    let mut all = vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(2),
        json!(-1),
        json!(1.5),
        json!([]),
        json!({}),
        json!(["x"]),
        json!([["x"]]),
        json!(["x", "y"]),
        json!([1]),
        json!([null]),
        json!({"x": 1}),
        json!({"x": "y"}),
        json!({"": "y"}),
        json!({"x": null}),
        json!({"column": "x"}),
        json!({"table": "x"}),
        json!({"table": "x", "columns": ["y"]}),
        json!({"postgres": {"url": "env:A"}}),
        json!({"sqlite": {"path": "a"}, "postgres": null}),
        json!({"drop_table": {"table": "t"}}),
        json!([{"drop_table": {"table": "t"}}]),
        json!({"type": "int"}),
        json!({"x": {"type": "int"}}),
        json!({"sql": "x"}),
        json!({"column": "a", "expression": null}),
        json!({"column": "a", "expression": "b"}),
        json!(u64::MAX),
        json!(1e300),
    ];
    for text in [
        "",
        " ",
        "\n\t",
        "x",
        "a.b",
        "a.b.c",
        "\"a.b\"",
        "\"a",
        "a b",
        "5s",
        "5",
        "0.5h",
        "5 s",
        "5  s",
        " 5s",
        "none",
        "1GiB",
        "12345678GB",
        "1234567890s",
        ".5s",
        "5.s",
        "1.1234567890s",
        "env:A",
        "env:",
        "env:1",
        "file:a",
        "file: ",
        "cmd:",
        "postgres://u@h/d",
        "postgresql://",
        "mysql://h",
        "sqlite:",
        "sqlite://",
        "sqlite:a",
        "required",
        "not-needed",
        "asc",
        "cascade",
        "always",
        "no",
        "true",
        "1",
        "~",
        "null",
        "<<",
        "😀",
        "-",
        "a_b",
        "A-1",
        "a\u{0}b",
        "\u{85}",
        "é",
        "0123456789012345678901234567890123456789",
        "01234567890123456789012345678901234567890",
    ] {
        all.push(json!(text));
    }
    all
}

/// What else the keys beside the changes may hold.
fn others_of_a_program() -> Vec<Value> {
    let mut all = others();
    all.extend([
        json!(10),
        json!(11),
        json!(-0.5),
        json!(0.001),
        json!(0.0001),
        json!(1_000_000_000_001_u64),
        json!({"from": "a", "to": "b"}),
        json!({"from": "02:00", "to": "24:00"}),
        json!({"approve": {"by": ["x"]}}),
        json!({"when": "lag > 1s"}),
        json!({"money": 1, "currency": "EUR"}),
        json!(["1%", "100%"]),
    ]);
    for text in [
        "mariadb://h/d",
        "http://h",
        "https://",
        "https://h h",
        "http://u:p@h",
        "2027-01-11",
        "2027-02-30",
        "2027-1-11",
        "2027-01-11/2027-01-12",
        "2027-01-12/2027-01-11",
        "00:00",
        "23:60",
        "Europe/Berlin",
        "/x",
        "EUR",
        "10MiB/s",
        "0 rows/s",
        "1.5 rows/s",
        "5 rows",
        "1 row",
        "100%",
        "100.001%",
        "0.1234%",
        "7 %",
        "weekly",
        "@a/b@1",
        "a@b@c",
        "mismatches > 0",
        "lag>1s for 5m",
        "lag > 1s for 5",
        "nothing > 1",
        "p95(new) > 2.5 * p95( old )",
        "p95 > 5",
        "p95 = 5s",
        "disk_free < 9999999999999999TiB",
        "p95 > 1.12345ms",
        "p95 > 1.1234",
        "sat",
        "sso",
        "seconds",
        "json",
        "reject",
        "framework",
        "warn",
        "source",
    ] {
        all.push(json!(text));
    }
    all
}

/// Every mutation of that document; at least so many must be right and wrong.
fn agree_on_mutations(document: &Value, others: &[Value], right_min: usize, wrong_min: usize) {
    let mut both = Both::new();
    assert!(both.agree(document, "as it is"));
    let mut places = Vec::new();
    pointers(document, "", &mut places);
    for place in &places {
        for other in others {
            let mut changed = document.clone();
            *changed.pointer_mut(place).expect("a place") = other.clone();
            both.agree(&changed, &format!("{place} := {other}"));
        }
        let mut changed = document.clone();
        let (parent, key) = place.rsplit_once('/').unwrap_or(("", ""));
        match changed.pointer_mut(parent) {
            Some(Value::Object(map)) => drop(map.remove(key)),
            Some(Value::Array(items)) => drop(key.parse::<usize>().map(|index| items.remove(index))),
            _ => {}
        }
        both.agree(&changed, &format!("without {place}"));
        let mut changed = document.clone();
        if let Some(Value::Object(map)) = changed.pointer_mut(place) {
            map.insert("unheard_of".to_owned(), json!("x"));
            both.agree(&changed, &format!("one more in {place}"));
        }
    }
    assert!(both.right > right_min && both.wrong > wrong_min, "{} right, {} wrong", both.right, both.wrong);
    assert!(both.beyond < both.right, "{}", both.beyond);
}

#[test]
fn reader_and_schema_agree_on_every_mutation_of_one() {
    agree_on_mutations(&one(), &others(), 1_000, 5_000);
}

#[test]
fn reader_and_schema_agree_on_every_mutation_of_two() {
    agree_on_mutations(&two(), &others(), 500, 2_000);
}

#[test]
fn reader_and_schema_agree_on_every_mutation_of_limits() {
    agree_on_mutations(&limits(), &others_of_a_program(), 200, 2_000);
}

#[test]
fn reader_and_schema_agree_on_every_mutation_of_systems() {
    agree_on_mutations(&systems(), &others_of_a_program(), 500, 2_000);
}

#[test]
fn reader_and_schema_agree_on_every_mutation_of_moves() {
    agree_on_mutations(&moves(), &others_of_a_program(), 300, 1_000);
}

#[test]
fn reader_and_schema_agree_on_every_mutation_of_kinds() {
    agree_on_mutations(&kinds(), &others_of_a_program(), 300, 1_500);
}

#[test]
fn reader_and_schema_agree_on_every_mutation_of_work() {
    agree_on_mutations(&work(), &others_of_a_program(), 500, 2_000);
}

#[test]
fn reader_and_schema_agree_on_every_mutation_of_people() {
    agree_on_mutations(&people(), &others_of_a_program(), 300, 1_000);
}

/// `path` of every key below a schema, `path!` where it is required; through `$ref`, lists and free mappings.
fn keys(schema: &Value, root: &Value, path: &str, out: &mut BTreeSet<String>) {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        keys(root.pointer(name.trim_start_matches('#')).expect("a definition"), root, path, out);
    }
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).map(|keys| keys.iter().filter_map(Value::as_str).collect()).unwrap_or_default();
    for (key, value) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let mark = if required.contains(&key.as_str()) { "!" } else { "" };
        out.insert(format!("{path}.{key}{mark}"));
        keys(value, root, &format!("{path}.{key}"), out);
    }
    for (part, sign) in [("items", "[]"), ("additionalProperties", "{}")] {
        if let Some(inner) = schema.get(part).filter(|inner| inner.is_object()) {
            keys(inner, root, &format!("{path}{sign}"), out);
        }
    }
    for alternative in schema.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
        keys(alternative, root, path, out);
    }
}

#[test]
fn tables_and_types_have_the_same_keys() {
    let schema = spec::schema();
    let changes = &schema["properties"]["schema"]["properties"]["changes"]["items"]["properties"];
    let names: BTreeSet<&str> = changes.as_object().expect("changes").keys().map(String::as_str).collect();
    assert_eq!(names, change::NAMES.into_iter().collect());
    let types = schemars::schema_for!(change::Change).to_value();
    for name in change::NAMES {
        let variants = types["oneOf"].as_array().expect("variants");
        let variant = variants.iter().find_map(|variant| variant.pointer(&format!("/properties/{name}"))).expect("a variant");
        let (mut by_type, mut by_table) = (BTreeSet::new(), BTreeSet::new());
        keys(variant, &types, name, &mut by_type);
        keys(&changes[name], &schema, name, &mut by_table);
        assert!(!by_table.is_empty());
        assert_eq!(by_table, by_type, "{name}");
    }
}

#[test]
fn every_key_has_a_description() {
    fn look(schema: &Value, path: &str) {
        for (key, value) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if value.get("type").is_some() || value.get("enum").is_some() || value.get("const").is_some() {
                assert!(value["description"].as_str().is_some_and(|text| text.ends_with('.')), "{path}.{key}");
            }
            look(value, &format!("{path}.{key}"));
        }
    }
    look(&spec::schema(), "");
}
