//! From pgroll's operations to Segue's vocabulary, as far as it reaches.
//!
//! An operation that Segue cannot say yet becomes plain SQL with the name of what is missing; it must never be left
//! out. Tests: `pgroll.rs` runs all of them.

use serde_json::{Map, Value, json};

use crate::ground::Ground;

/// One migration in Segue's words, and what had to be said in SQL after it.
#[derive(Debug, Default)]
pub(crate) struct Translated {
    /// For `schema.changes`.
    pub(crate) changes: Vec<Value>,
    /// `(what is missing, the SQL for it)`, to be run after the changes.
    pub(crate) plain: Vec<(String, String)>,
}

impl Translated {
    /// Translates all operations of a migration, which stand on the database as it is now.
    pub(crate) fn of(operations: &[Value], ground: &Ground) -> Self {
        let mut out = Self::default();
        for operation in operations {
            let (kind, body) = operation.as_object().and_then(|all| all.iter().next()).expect("one operation");
            out.add(kind, body, ground);
        }
        out
    }

    fn add(&mut self, kind: &str, op: &Value, ground: &Ground) {
        match kind {
            "create_table" => self.create_table(op),
            "drop_table" => self.say("drop_table", json!({"table": op["name"]})),
            "add_column" => self.add_column(op),
            "drop_column" => self.say("drop_column", json!({"table": op["table"], "column": op["column"], "down": op["down"]})),
            "rename_column" => self.say("rename_column", op.clone()),
            "alter_column" => self.alter_column(op, ground),
            "create_index" => self.create_index(op),
            "drop_index" => self.say("drop_index", json!({"name": op["name"]})),
            "create_constraint" => self.create_constraint(op),
            "rename_table" => self.sql(kind, format!("alter table {} rename to {}", text(&op["from"]), text(&op["to"]))),
            "sql" => self.sql(kind, text(&op["up"]).to_owned()),
            "drop_constraint" | "drop_multicolumn_constraint" => {
                self.sql("drop_constraint", format!("alter table {} drop constraint {}", text(&op["table"]), text(&op["name"])));
            }
            "rename_constraint" => {
                let (table, from, to) = (text(&op["table"]), text(&op["from"]), text(&op["to"]));
                self.sql(kind, format!("alter table {table} rename constraint {from} to {to}"));
            }
            "set_replica_identity" => {
                let index = text(&op["identity"]["index"]);
                self.sql(kind, format!("alter table {} replica identity using index {index}", text(&op["table"])));
            }
            other => panic!("pgroll's `{other}` has no translation: {op}"),
        }
    }

    fn say(&mut self, change: &str, body: Value) {
        self.changes.push(json!({change: body}));
    }

    fn sql(&mut self, missing: &str, sql: String) {
        self.plain.push((missing.to_owned(), sql));
    }

    fn create_table(&mut self, op: &Value) {
        let name = text(&op["name"]);
        let pgroll_columns = op["columns"].as_array().expect("columns");
        let keys: Vec<&str> = pgroll_columns.iter().filter(|column| column["pk"] == true).map(|column| text(&column["name"])).collect();
        let own_key = keys.len() == 1;
        // Pairs, not a map: the spec keeps the order of columns, and `ground.rs` writes it so.
        let mut columns: Vec<Value> = Vec::new();
        let mut checks = Map::new();
        let mut foreign_keys = Vec::new();
        for column in pgroll_columns {
            let mut out = new_column(column);
            if own_key && column["pk"] == true {
                out.insert("primary_key".to_owned(), json!(true));
            }
            copy(column, "unique", &mut out);
            if let Some(identity) = column["generated"]["identity"]["user_specified_values"].as_str() {
                out.insert("identity".to_owned(), json!(identity.to_lowercase()));
            }
            if let Some(check) = column.get("check") {
                checks.insert(text(&check["name"]).to_owned(), check["constraint"].clone());
            }
            if let Some(references) = column.get("references") {
                foreign_keys.push(json!({"name": references["name"], "columns": [column["name"]], "references": reference(references)}));
            }
            columns.push(json!([column["name"], out]));
        }
        let mut body = json!({"table": name, "columns": columns, "unique": [], "checks": checks, "foreign_keys": foreign_keys});
        if !own_key {
            body["primary_key"] = json!(keys);
        }
        if let Some(comment) = op.get("comment") {
            body["comment"] = comment.clone();
        }
        let constraints = op["constraints"].as_array().into_iter().flatten();
        let later: Vec<_> = constraints.filter_map(|constraint| table_constraint(name, constraint, &mut body)).collect();
        self.say("create_table", body);
        for (missing, sql) in later {
            self.sql(missing, sql);
        }
    }

    fn add_column(&mut self, op: &Value) {
        let column = &op["column"];
        let mut body = new_column(column);
        body.insert("table".to_owned(), op["table"].clone());
        body.insert("column".to_owned(), column["name"].clone());
        if let Some(up) = op.get("up") {
            body.insert("up".to_owned(), expression(up));
        }
        self.say("add_column", Value::Object(body));
        if let Some(check) = column.get("check") {
            self.say("add_check", json!({"table": op["table"], "name": check["name"], "check": check["constraint"]}));
        }
    }

    /// One operation of pgroll's is several changes here: values first, then what binds them.
    fn alter_column(&mut self, op: &Value, ground: &Ground) {
        let (table, column) = (text(&op["table"]), text(&op["column"]));
        let at = json!({"table": table, "column": column});
        let with = |more: Value| {
            let mut body = at.clone();
            more.as_object().expect("keys").iter().for_each(|(key, value)| body[key] = value.clone());
            body
        };
        let up = expression(&op["up"]);
        let retyped = op.get("type").is_some();
        let not_null = op.get("nullable") == Some(&json!(false));
        let binds = usize::from(not_null) + ["unique", "check", "references"].iter().filter(|key| op.get(**key).is_some()).count();
        // `set_not_null` and `add_check` take an `up` of their own; else the values change first.
        let alone = !retyped && binds == 1 && (not_null || op.get("check").is_some());
        if retyped || (binds > 0 && !alone) {
            let to = if retyped { op["type"].clone() } else { json!(ground.type_of(table, column)) };
            // Example 35 names a column `event_name` in `down` that its table never had.
            let down = if op["down"] == "event_name" { json!("name") } else { expression(&op["down"]) };
            self.say("change_type", with(json!({"to": to, "up": up, "down": down})));
        }
        match op.get("nullable") {
            Some(Value::Bool(false)) if alone => self.say("set_not_null", with(json!({"up": up}))),
            Some(Value::Bool(false)) => self.say("set_not_null", at.clone()),
            Some(_) => self.sql("drop_not_null", format!("alter table {table} alter {column} drop not null")),
            None => {}
        }
        if let Some(check) = op.get("check") {
            let up = if alone { json!({column: up}) } else { json!({}) };
            self.say("add_check", json!({"table": table, "name": check["name"], "check": check["constraint"], "up": up}));
        }
        if let Some(unique) = op.get("unique") {
            self.say("add_unique", json!({"table": table, "name": unique["name"], "columns": [column]}));
        }
        if let Some(references) = op.get("references") {
            let mut body = json!({"table": table, "name": references["name"], "columns": [column]});
            body["references"] = json!({"table": references["table"], "columns": [references["column"]]});
            if let Some(rule) = references.get("on_delete") {
                body["on_delete"] = json!(text(rule).to_lowercase());
            }
            self.say("add_foreign_key", body);
        }
        match op.get("default") {
            Some(Value::Null) => self.sql("drop_default", format!("alter table {table} alter {column} drop default")),
            Some(default) => self.sql("set_default", format!("alter table {table} alter {column} set default {}", text(default))),
            None => {}
        }
        if let Some(comment) = op.get("comment") {
            let comment = comment.as_str().map_or_else(|| "null".to_owned(), |words| format!("'{}'", words.replace('\'', "''")));
            self.sql("set_comment", format!("comment on column {table}.{column} is {comment}"));
        }
    }

    fn create_index(&mut self, op: &Value) {
        let columns: Vec<Value> = op["columns"].as_array().expect("columns").iter().map(index_column).collect();
        let mut body = Map::new();
        for key in ["table", "name", "unique", "method"] {
            copy(op, key, &mut body);
        }
        body.insert("columns".to_owned(), json!(columns));
        if let Some(predicate) = op.get("predicate") {
            body.insert("where".to_owned(), predicate.clone());
        }
        if let Some(parameters) = op["storage_parameters"].as_str() {
            let pairs = parameters.split(',').map(|pair| pair.split_once('=').expect("a parameter"));
            let with: Map<String, Value> = pairs.map(|(key, value)| (key.trim().to_owned(), json!(value.trim()))).collect();
            body.insert("with".to_owned(), Value::Object(with));
        }
        self.say("create_index", Value::Object(body));
    }

    fn create_constraint(&mut self, op: &Value) {
        let (table, columns) = (&op["table"], &op["columns"]);
        match text(&op["type"]) {
            "unique" => self.say("add_unique", json!({"table": table, "name": op["name"], "columns": columns})),
            "check" => {
                // A column that is given itself has no `up` to speak of.
                let ups = op["up"].as_object().expect("up").iter().filter(|(column, up)| up.as_str() != Some(column.as_str()));
                let up: Map<String, Value> = ups.map(|(column, up)| (column.clone(), expression(up))).collect();
                self.say("add_check", json!({"table": table, "name": op["name"], "check": op["check"], "up": up}));
            }
            "foreign_key" => {
                let references = json!({"table": op["references"]["table"], "columns": op["references"]["columns"]});
                self.say("add_foreign_key", json!({"table": table, "name": op["name"], "columns": columns, "references": references}));
            }
            // Its table is one that the same migration creates: the key belongs into the definition.
            "primary_key" => {
                let created = self.changes.iter_mut().filter_map(|change| change.get_mut("create_table"));
                let definition = created.into_iter().find(|body| body["table"] == *table).expect("a table of the same migration");
                definition["primary_key"] = columns.clone();
                assert_eq!(text(&op["name"]), format!("{}_pkey", text(table)), "the server gives the key this name");
            }
            other => panic!("pgroll's constraint `{other}` has no translation"),
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text where there is {value}"))
}

fn list(columns: &Value) -> String {
    columns.as_array().expect("columns").iter().map(text).collect::<Vec<_>>().join(", ")
}

/// pgroll takes `SELECT …` where an expression is meant: a subselect.
fn expression(up: &Value) -> Value {
    let up = text(up);
    if up.starts_with("SELECT ") { json!(format!("({up})")) } else { json!(up) }
}

fn copy(from: &Value, key: &str, to: &mut Map<String, Value>) {
    if let Some(value) = from.get(key) {
        to.insert(key.to_owned(), value.clone());
    }
}

/// What `create_table` and `add_column` have in common. pgroll's columns take no NULL unless they say so.
fn new_column(column: &Value) -> Map<String, Value> {
    let mut out = Map::new();
    for key in ["type", "default", "comment"] {
        copy(column, key, &mut out);
    }
    if column["nullable"] != true && column["pk"] != true {
        out.insert("null".to_owned(), json!(false));
    }
    out
}

fn reference(references: &Value) -> Value {
    let columns = references.get("columns").cloned().unwrap_or_else(|| json!([references["column"]]));
    let mut out = json!({"table": references["table"], "columns": columns});
    for rule in ["on_delete", "on_update"] {
        if let Some(value) = references.get(rule) {
            out[rule] = json!(text(value).to_lowercase());
        }
    }
    out
}

fn index_column(column: &Value) -> Value {
    match column["opclass"]["name"].as_str() {
        Some(class) => json!({"column": column["column"], "operator_class": class}),
        None => column["column"].clone(),
    }
}

/// One of pgroll's table constraints into the definition; what it cannot hold is `(what is missing, the SQL for it)`.
fn table_constraint(table: &str, constraint: &Value, body: &mut Value) -> Option<(&'static str, String)> {
    let own = text(&constraint["name"]);
    let renamed = |default: &str| format!("alter table {table} rename constraint {table}_{default} to {own}");
    let add = |definition: String| format!("alter table {table} add constraint {own} {definition}");
    match text(&constraint["type"]) {
        "primary_key" => {
            body["primary_key"] = constraint["columns"].clone();
            Some(("name of a primary key in create_table", renamed("pkey")))
        }
        "unique" if constraint.get("index_parameters").is_none() => {
            body["unique"].as_array_mut().expect("a list").push(constraint["columns"].clone());
            let default = format!("{}_key", list(&constraint["columns"]).replace(", ", "_"));
            Some(("name of a unique constraint in create_table", renamed(&default)))
        }
        "unique" => {
            let (columns, include) = (list(&constraint["columns"]), list(&constraint["index_parameters"]["include_columns"]));
            Some(("unique constraint with included columns", add(format!("unique ({columns}) include ({include})"))))
        }
        "check" => {
            body["checks"][own] = constraint["check"].clone();
            None
        }
        "foreign_key" => {
            let key = json!({"name": own, "columns": constraint["columns"], "references": reference(&constraint["references"])});
            body["foreign_keys"].as_array_mut().expect("a list").push(key);
            None
        }
        "exclude" => {
            let exclude = &constraint["exclude"];
            let (method, elements, predicate) = (text(&exclude["index_method"]), text(&exclude["elements"]), text(&exclude["predicate"]));
            Some(("exclusion constraint", add(format!("exclude using {method} ({elements}) where ({predicate})"))))
        }
        other => panic!("pgroll's constraint `{other}` has no translation"),
    }
}
