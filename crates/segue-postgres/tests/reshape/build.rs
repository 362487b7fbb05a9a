//! A change built by hand, in the order in which a spec would name its parts.

use segue_model::ident::TableName;
use segue_model::reshape::{Assign, ConstraintAdd, Derived, FormColumn, Role, Stage, TableChange, Value};

pub(crate) const TAG: &str = "tag";

struct Column {
    name: String,
    original: Option<String>,
    converted: bool,
    data_type: String,
    nullable: bool,
    default: Option<String>,
    generated: bool,
    reads: Vec<String>,
}

pub(crate) struct Build {
    table: TableName,
    old: Vec<FormColumn>,
    columns: Vec<Column>,
    stages: Vec<Stage>,
    dropped: Vec<(String, Vec<String>)>,
    key: Vec<String>,
    pub(crate) constraints: Vec<ConstraintAdd>,
}

impl Build {
    /// `columns`: `name type`, `name type not null`, `name type generated`.
    pub(crate) fn on(table: &TableName, key: &[&str], columns: &[(&str, &str)]) -> Self {
        let old: Vec<FormColumn> = columns
            .iter()
            .map(|(name, words)| {
                let generated = words.ends_with(" generated");
                let words = words.trim_end_matches(" generated");
                FormColumn {
                    name: (*name).to_owned(),
                    physical: (*name).to_owned(),
                    data_type: words.trim_end_matches(" not null").to_owned(),
                    nullable: !words.ends_with(" not null"),
                    default: None,
                    generated,
                    comment: None,
                }
            })
            .collect();
        let columns = old
            .iter()
            .map(|column| Column {
                name: column.name.clone(),
                original: Some(column.name.clone()),
                converted: false,
                data_type: column.data_type.clone(),
                nullable: column.nullable,
                default: None,
                generated: column.generated,
                reads: vec![column.name.clone()],
            })
            .collect();
        Self {
            table: table.clone(),
            old,
            columns,
            stages: Vec::new(),
            dropped: Vec::new(),
            key: key.iter().map(|key| (*key).to_owned()).collect(),
            constraints: Vec::new(),
        }
    }

    fn same(&self) -> Vec<Assign> {
        self.columns.iter().map(|c| Assign { column: c.name.clone(), value: Value::Column(c.name.clone()) }).collect()
    }

    fn at(&self, column: &str) -> usize {
        self.columns.iter().position(|c| c.name == column).expect("a column of the form")
    }

    fn stage(mut self, up: Vec<Assign>, down: Vec<Assign>) -> Self {
        self.stages.push(Stage { change: self.stages.len(), up, down });
        self
    }

    pub(crate) fn rename(mut self, from: &str, to: &str) -> Self {
        let (mut up, mut down) = (self.same(), self.same());
        let at = self.at(from);
        to.clone_into(&mut up[at].column);
        down[at].value = Value::Column(to.to_owned());
        to.clone_into(&mut self.columns[at].name);
        self.stage(up, down)
    }

    pub(crate) fn convert(self, column: &str, to: &str, up: &str, down: &str) -> Self {
        self.convert_by(column, to, Value::Sql(up.to_owned()), Value::Sql(down.to_owned()))
    }

    pub(crate) fn convert_by(mut self, column: &str, to: &str, forward: Value, back: Value) -> Self {
        let (mut up, mut down) = (self.same(), self.same());
        let at = self.at(column);
        up[at].value = forward;
        down[at].value = back;
        to.clone_into(&mut self.columns[at].data_type);
        self.columns[at].converted = true;
        self.stage(up, down)
    }

    pub(crate) fn not_null(mut self, column: &str, up: &str) -> Self {
        let (mut forward, down) = (self.same(), self.same());
        let at = self.at(column);
        forward[at].value = Value::Coalesce { column: column.to_owned(), sql: up.to_owned() };
        self.columns[at].converted = true;
        self.columns[at].nullable = false;
        self.stage(forward, down)
    }

    /// A new column: `words` as in [`Build::on`]; `reads` are physical columns of the old form.
    pub(crate) fn add(mut self, column: &str, words: &str, default: Option<&str>, up: Option<&str>, reads: &[&str]) -> Self {
        let (mut forward, down) = (self.same(), self.same());
        let value = up.or(default).map_or(Value::Null, |sql| Value::Sql(sql.to_owned()));
        forward.push(Assign { column: column.to_owned(), value });
        self.columns.push(Column {
            name: column.to_owned(),
            original: None,
            converted: false,
            data_type: words.trim_end_matches(" not null").to_owned(),
            nullable: !words.ends_with(" not null"),
            default: default.map(ToOwned::to_owned),
            generated: false,
            reads: reads.iter().map(|read| (*read).to_owned()).collect(),
        });
        self.stage(forward, down)
    }

    pub(crate) fn drop(mut self, column: &str, down: Option<&str>) -> Self {
        let (mut up, mut back) = (self.same(), self.same());
        let at = self.at(column);
        up.remove(at);
        back[at].value = down.map_or(Value::Null, |sql| Value::Sql(sql.to_owned()));
        let gone = self.columns.remove(at);
        self.dropped.push((gone.original.expect("an old column"), Vec::new()));
        self.stage(up, back)
    }

    /// The new form takes no NULL in this column, though the old one does.
    pub(crate) fn required(mut self, column: &str) -> Self {
        let at = self.at(column);
        self.columns[at].nullable = false;
        self
    }

    pub(crate) fn reads(mut self, column: &str, reads: &[&str]) -> Self {
        let at = self.at(column);
        self.columns[at].reads = reads.iter().map(|read| (*read).to_owned()).collect();
        self
    }

    pub(crate) fn done(self) -> TableChange {
        let (mut new, mut up, mut down) = (Vec::new(), Vec::new(), Vec::new());
        for column in &self.columns {
            let renamed = column.original.as_ref().is_some_and(|original| *original != column.name);
            let physical = match &column.original {
                None => column.name.clone(),
                Some(original) if !column.converted => original.clone(),
                Some(_) if renamed => column.name.clone(),
                Some(_) => short(&format!("{}__{TAG}", column.name)),
            };
            new.push(FormColumn {
                name: column.name.clone(),
                physical: physical.clone(),
                data_type: column.data_type.clone(),
                nullable: column.nullable,
                default: column.default.clone(),
                generated: column.generated,
                comment: None,
            });
            let derived = |physical: &str, role: Role, reads: &[String]| Derived {
                column: column.name.clone(),
                physical: physical.to_owned(),
                reads: reads.to_vec(),
                role,
            };
            let Some(original) = &column.original else {
                up.push(derived(&physical, Role::Added, &column.reads));
                continue;
            };
            let twin = if column.converted {
                up.push(derived(&physical, Role::Converted { original: original.clone(), name: column.name.clone() }, &column.reads));
                physical
            } else if renamed {
                up.push(derived(&column.name, Role::Renamed { original: original.clone(), name: column.name.clone() }, &column.reads));
                column.name.clone()
            } else {
                continue;
            };
            let others = column.reads.iter().filter(|read| *read != original).cloned();
            let reads = [twin].into_iter().chain(others).collect();
            down.push(Derived { column: original.clone(), physical: original.clone(), reads, role: Role::Replaced });
        }
        for (column, reads) in &self.dropped {
            down.push(Derived { column: column.clone(), physical: column.clone(), reads: reads.clone(), role: Role::Dropped });
        }
        TableChange {
            backfill: !up.is_empty(),
            table: self.table,
            tag: TAG.to_owned(),
            old: self.old,
            new,
            stages: self.stages,
            up,
            down,
            key: self.key,
            constraints: self.constraints,
            carries: Vec::new(),
        }
    }
}

fn short(name: &str) -> String {
    if name.len() <= 63 { name.to_owned() } else { format!("{}__{TAG}", name.chars().take(20).collect::<String>()) }
}
