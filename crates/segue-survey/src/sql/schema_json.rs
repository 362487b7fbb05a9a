//! The schema files of the scripts that come with requirement document 000: two dialects of JSON.
//!
//! In one a table has `columns` with `type` and `length`, and `constraints` with everything; in the other the type holds
//! the length, and keys stand beside the columns. Every mistake is told with its place. Tests: `tests/it/schema_json.rs`.

use segue_model::assessment::Assessment;
use segue_model::problem::{Place, Problem};

use super::dialect::Dialect;
use super::dump::assess;
use super::read;
use super::schema::{Check, Column, ForeignKey, Index, Part, Schema, Table, Thing};
use super::tokens::{normal, tokens};
use crate::document::{Entry, Node, Value, json};

/// Assesses a schema JSON; `name` is the file's name as the user gave it.
pub fn schema_json(text: &str, name: &str) -> Result<Assessment, Vec<Problem>> {
    let root = json::read(text).map_err(|stop| {
        vec![Reader::problem(
            name,
            stop.line,
            "SG-SUR-010",
            format!("this is not JSON: {}", stop.what),
            "write the file anew, or let a tool write it",
        )]
    })?;
    let mut reader = Reader { name, problems: Vec::new(), schema: Schema { dialect: Dialect::Auto, ..Schema::default() } };
    reader.root(&root);
    if !reader.problems.is_empty() {
        return Err(reader.problems);
    }
    let mut assessment = assess(&reader.schema, name, "schema-json", None);
    if let Some(system) = assessment.systems.get_mut(name) {
        "schema-json".clone_into(&mut system.engine);
    }
    assessment.not_checked.push(format!("{name}: a schema file shows no data, no triggers and no users"));
    Ok(assessment)
}

struct Reader<'a> {
    name: &'a str,
    problems: Vec<Problem>,
    schema: Schema,
}

impl Reader<'_> {
    fn problem(name: &str, line: u32, code: &str, message: String, help: &str) -> Problem {
        Problem::new(code, message)
            .at(Place { file: name.to_owned(), line, column: 1, length: 1 })
            .safe("nothing was touched: the file was only read")
            .help(help)
    }

    fn wrong(&mut self, node: &Node, what: &str, wanted: &str) {
        let message = format!("{what} is {}, not {wanted}", node.kind());
        self.problems.push(Self::problem(
            self.name,
            node.line,
            "SG-SUR-011",
            message,
            "write it in the form of the samples, or leave it out",
        ));
    }

    fn map<'n>(&mut self, node: Option<&'n Node>, what: &str) -> &'n [Entry] {
        match node {
            Some(Node { value: Value::Map(entries), .. }) => entries,
            Some(node) => {
                self.wrong(node, what, "an object");
                &[]
            }
            None => &[],
        }
    }

    fn list<'n>(&mut self, node: Option<&'n Node>, what: &str) -> &'n [Node] {
        match node {
            Some(Node { value: Value::List(items), .. }) => items,
            Some(node) => {
                self.wrong(node, what, "a list");
                &[]
            }
            None => &[],
        }
    }

    fn text(&mut self, node: &Node, what: &str) -> String {
        if let Value::Text(text) = &node.value {
            return text.clone();
        }
        self.wrong(node, what, "a text");
        String::new()
    }

    fn names(&mut self, node: Option<&Node>, what: &str) -> Vec<String> {
        self.list(node, what).iter().map(|item| self.text(item, what)).collect()
    }

    fn truth(&mut self, node: Option<&Node>, what: &str, otherwise: bool) -> bool {
        match node {
            Some(Node { value: Value::Bool(yes), .. }) => *yes,
            Some(node) => {
                self.wrong(node, what, "true or false");
                otherwise
            }
            None => otherwise,
        }
    }

    fn root(&mut self, root: &Node) {
        let Some(tables) = root.get("tables") else {
            let message = "there is no `tables`".to_owned();
            self.problems.push(Self::problem(
                self.name,
                root.line,
                "SG-SUR-011",
                message,
                "a schema file has `tables`, each with `columns`",
            ));
            return;
        };
        for entry in self.map(Some(tables), "`tables`") {
            self.table(entry);
        }
        for entry in self.map(root.get("views"), "`views`") {
            let definition = entry.node.get("definition").map(|d| self.text(d, "a view's `definition`")).unwrap_or_default();
            self.thing("view", &entry.key, entry.node.line, &definition);
        }
        for item in self.list(root.get("procedures"), "`procedures`") {
            let name = item.get("name").map(|n| self.text(n, "a procedure's `name`")).unwrap_or_default();
            let definition = item.get("definition").map(|d| self.text(d, "a procedure's `definition`")).unwrap_or_default();
            self.thing("procedure", &name, item.line, &definition);
        }
    }

    fn thing(&mut self, kind: &str, name: &str, line: u32, definition: &str) {
        let words = normal(&tokens(definition, line, Dialect::Postgres).0);
        self.schema.things.push(Thing { kind: kind.to_owned(), name: name.to_owned(), line, words, length: definition.len() });
    }

    fn table(&mut self, entry: &Entry) {
        let mut table = Table { name: entry.key.clone(), line: entry.node.line, ..Table::default() };
        let what = format!("`{}.columns`", entry.key);
        if entry.node.get("columns").is_none() {
            let message = format!("table `{}` has no `columns`", entry.key);
            self.problems.push(Self::problem(
                self.name,
                entry.node.line,
                "SG-SUR-011",
                message,
                "a table has `columns`, each with a `type`",
            ));
        }
        for column in self.map(entry.node.get("columns"), &what) {
            self.column(column, &mut table);
        }
        let beside = &entry.node;
        let within = entry.node.get("constraints").unwrap_or(beside);
        let primary = self.names(within.get("primary_key"), "`primary_key`");
        if !primary.is_empty() {
            add_index(&mut table, "PRIMARY", entry.node.line, &primary, true, true);
            table.primary = primary;
        }
        for key in ["unique", "unique_constraints"] {
            for item in self.list(within.get(key), "`unique`") {
                let columns = if matches!(item.value, Value::List(_)) {
                    self.names(Some(item), "`unique`")
                } else {
                    vec![self.text(item, "`unique`")]
                };
                add_index(&mut table, &columns.join("_"), item.line, &columns, true, false);
            }
        }
        for item in self.list(within.get("foreign_key"), "`foreign_key`") {
            let columns = self.names(item.get("columns"), "`foreign_key.columns`");
            let to = item.get("references").map(|r| self.text(r, "`references`")).unwrap_or_default();
            let on_delete = item.get("on_delete").map(|r| self.text(r, "`on_delete`")).unwrap_or_default().to_lowercase();
            add_key(&mut table, columns, &to, &on_delete, item.line);
        }
        self.checks(within, &mut table);
        for item in self.list(entry.node.get("indexes"), "`indexes`") {
            let columns = self.names(item.get("columns"), "`indexes.columns`");
            let name = item.get("name").map(|n| self.text(n, "an index's `name`")).unwrap_or_default();
            let unique = self.truth(item.get("unique"), "`unique`", false);
            add_index(&mut table, &name, item.line, &columns, unique, false);
        }
        self.schema.tables.push(table);
    }

    fn checks(&mut self, within: &Node, table: &mut Table) {
        for item in self.list(within.get("check"), "`check`") {
            self.text(item, "`check`");
            table.checks.push(Check { line: item.line, ..Check::default() });
        }
        for entry in self.map(within.get("check_constraints"), "`check_constraints`") {
            table.checks.push(Check { name: entry.key.clone(), line: entry.node.line, ..Check::default() });
        }
    }

    fn column(&mut self, entry: &Entry, table: &mut Table) {
        let owner = table.name.clone();
        let what = |key: &str| format!("`{owner}.{}.{key}`", entry.key);
        let mut column = Column { name: entry.key.clone(), line: entry.node.line, ..Column::default() };
        if let Some(node) = entry.node.get("type") {
            let text = self.text(node, &what("type"));
            read::type_of_catalog(&mut column, &text, Dialect::Postgres);
        } else {
            let message = format!("column `{}.{}` has no `type`", table.name, entry.key);
            self.problems.push(Self::problem(self.name, entry.node.line, "SG-SUR-011", message, "say its type as SQL does"));
        }
        match entry.node.get("length") {
            Some(Node { value: Value::Number(n), .. }) if n.parse::<u32>().is_ok() => column.args = vec![n.clone()],
            Some(node) => self.wrong(node, &what("length"), "a whole number"),
            None => {}
        }
        column.not_null = !self.truth(entry.node.get("nullable"), &what("nullable"), true);
        column.auto_increment = self.truth(entry.node.get("auto_increment"), &what("auto_increment"), false);
        column.on_update =
            matches!(entry.node.get("default"), Some(Node { value: Value::Text(t), .. }) if t.to_lowercase().contains("on update"));
        if self.truth(entry.node.get("unique"), &what("unique"), false) {
            add_index(table, &entry.key, entry.node.line, std::slice::from_ref(&entry.key), true, false);
        }
        if self.truth(entry.node.get("primary_key"), &what("primary_key"), false) && table.primary.is_empty() {
            table.primary = vec![entry.key.clone()];
        }
        if let Some(node) = entry.node.get("foreign_key") {
            let to = self.text(node, &what("foreign_key"));
            add_key(table, vec![entry.key.clone()], &to, "", node.line);
        }
        table.columns.push(column);
    }
}

/// One index a set of columns: the samples name the same one several times.
fn add_index(table: &mut Table, name: &str, line: u32, columns: &[String], unique: bool, primary: bool) {
    let same = |index: &Index| index.unique == unique && index.parts.iter().map(|p| &p.column).eq(columns.iter());
    if table.indexes.iter().any(same) {
        return;
    }
    let parts = columns.iter().map(|column| Part { column: column.clone(), ..Part::default() }).collect();
    let kind = if primary { "primary".to_owned() } else { String::new() };
    table.indexes.push(Index { name: name.to_owned(), line, unique, kind, parts, ..Index::default() });
}

/// `users(id)` or `users.id`.
fn add_key(table: &mut Table, columns: Vec<String>, to: &str, on_delete: &str, line: u32) {
    let parent = to.split(['(', '.']).next().unwrap_or_default().trim().to_owned();
    table.foreign_keys.push(ForeignKey { line, columns, table: parent, on_delete: on_delete.to_owned(), ..ForeignKey::default() });
}
