//! The vocabulary of `schema.changes`: for each change what it takes, one table a change.
//!
//! The types are in [`crate::change`]; a test holds both to the same keys. Tests: `tests/it/agreement.rs`.

use super::shape::{Key, Record, Rule, Shape, Words, list, map, may, must};

const NAME: Shape = Shape::Text(Words::Name);
const NAMES: Shape = list(&NAME, 1);
const SQL: Shape = Shape::Text(Words::Sql);
const TEXT: Shape = Shape::Text(Words::Any);
const TYPE: Shape = Shape::Text(Words::Type);
const TABLE: Key = must("table", Shape::Text(Words::Table), "The table: `table` or `schema.table`.");
const COLUMN: Key = must("column", NAME, "The column.");
const COMMENT: Key = may("comment", TEXT, "The comment.");
const ON_DELETE: Key = may("on_delete", ACTION, "What happens to the referring row when the row there goes.");
const ON_UPDATE: Key = may("on_update", ACTION, "What happens to the referring row when the key there changes.");
const ACTION: Shape = Shape::Choice(&["no action", "restrict", "cascade", "set null", "set default"]);
const UNIQUE: Key = may("unique", Shape::Bool, "No value twice; default `false`.");

/// One of `schema.changes`.
pub(super) const CHANGE: Record = Record::new(
    "One change, by its name.",
    &[
        must("create_table", Shape::Record(&CREATE_TABLE), "A new table."),
        must("drop_table", Shape::Record(&DROP_TABLE), "A table goes; it is kept aside until `contract`."),
        must("add_column", Shape::Record(&ADD_COLUMN), "A new column."),
        must("drop_column", Shape::Record(&DROP_COLUMN), "A column goes."),
        must("rename_column", Shape::Record(&RENAME_COLUMN), "A column gets another name."),
        must("change_type", Shape::Record(&CHANGE_TYPE), "A column gets another type."),
        must("set_not_null", Shape::Record(&SET_NOT_NULL), "A column takes no NULL any more."),
        must("add_check", Shape::Record(&ADD_CHECK), "A new check constraint."),
        must("add_foreign_key", Shape::Record(&ADD_FOREIGN_KEY), "A new foreign key."),
        must("add_unique", Shape::Record(&ADD_UNIQUE), "A new unique constraint."),
        must("create_index", Shape::Record(&CREATE_INDEX), "A new index."),
        must("drop_index", Shape::Record(&DROP_INDEX), "An index goes."),
    ],
)
.later(&[
    "rename_table",
    "drop_not_null",
    "set_default",
    "drop_default",
    "drop_constraint",
    "rename_constraint",
    "rename_index",
    "set_comment",
    "change_primary_key",
    "widen_key",
    "split_column",
    "merge_columns",
    "split_table",
    "merge_tables",
    "move_column",
    "extract_lookup",
    "to_partitioned",
    "to_identity",
    "set_generated",
    "enum_add",
    "enum_rename",
    "enum_remove",
    "create_view",
    "replace_view",
    "create_function",
    "create_trigger",
    "set_policy",
    "grant",
    "set_replica_identity",
    "sql",
]);

const CREATE_TABLE: Record = Record::new(
    "A new table.",
    &[
        TABLE,
        must("columns", map("column", &Shape::Record(&NEW_COLUMN), 1), "Its columns, in the order written."),
        may("primary_key", list(&NAME, 0), "The columns of the primary key, where it is not one column's own."),
        may("unique", list(&NAMES, 0), "Unique constraints: lists of columns."),
        may("checks", map("name", &SQL, 0), "Checks by name."),
        may("foreign_keys", list(&Shape::Record(&NEW_FOREIGN_KEY), 0), "Foreign keys."),
        COMMENT,
    ],
);

const NEW_COLUMN: Record = Record::new(
    "A column of a new table.",
    &[
        must("type", TYPE, "Its type, in the engine's own words."),
        may("null", Shape::Bool, "It takes NULL; default `true`, `false` for a primary key."),
        may("default", SQL, "Its default, an SQL expression."),
        may("primary_key", Shape::Bool, "It is the primary key; default `false`."),
        may("identity", Shape::Choice(&["always", "by default"]), "How the identity column takes values from writers."),
        UNIQUE,
        may("references", Shape::Record(&COLUMN_REFERENCE), "A foreign key of this column alone."),
        may("check", SQL, "A check of this column."),
        COMMENT,
    ],
);

const COLUMN_REFERENCE: Record = Record::new(
    "What one column refers to.",
    &[TABLE, must("columns", Shape::List { of: &NAME, least: 1, most: 1 }, "The one column there."), ON_DELETE, ON_UPDATE],
);

const NEW_FOREIGN_KEY: Record = Record::new(
    "A foreign key of a new table.",
    &[
        must("name", NAME, "Its name."),
        must("columns", NAMES, "The columns here."),
        must("references", Shape::Record(&KEYS_REFERENCE), "What they refer to."),
    ],
)
.rules(&[Rule::SameCount("columns")]);

const KEYS_REFERENCE: Record =
    Record::new("What some columns refer to.", &[TABLE, must("columns", NAMES, "The columns there."), ON_DELETE, ON_UPDATE]);

const DROP_TABLE: Record = Record::new("A table goes; it is kept aside until `contract`.", &[TABLE]);

const ADD_COLUMN: Record = Record::new(
    "A new column.",
    &[
        TABLE,
        COLUMN,
        must("type", TYPE, "Its type, in the engine's own words."),
        may("null", Shape::Bool, "It takes NULL; default `true`. `false` needs `default` or `up`."),
        may("default", SQL, "Its default for writers of the new form."),
        may("up", SQL, "Its value for rows of the old form, over their columns."),
        may("check", SQL, "A check of this column."),
        UNIQUE,
        may("references", Shape::Record(&COLUMN_REFERENCE), "A foreign key of this column alone."),
        COMMENT,
    ],
)
.rules(&[Rule::FalseNeeds("null", &["default", "up"])]);

const DROP_COLUMN: Record = Record::new(
    "A column goes.",
    &[TABLE, COLUMN, may("down", SQL, "Its value for rows that writers of the new form insert, over the columns that stay.")],
);

const RENAME_COLUMN: Record =
    Record::new("A column gets another name.", &[TABLE, must("from", NAME, "The old name."), must("to", NAME, "The new name.")]);

const CHANGE_TYPE: Record = Record::new(
    "A column gets another type.",
    &[
        TABLE,
        COLUMN,
        must("to", TYPE, "The new type."),
        may("up", SQL, "From the old value to the new one."),
        may("down", SQL, "From the new value to the old one."),
    ],
);

const SET_NOT_NULL: Record =
    Record::new("A column takes no NULL any more.", &[TABLE, COLUMN, may("up", SQL, "The value for rows that have none.")]);

const ADD_CHECK: Record = Record::new(
    "A new check constraint.",
    &[
        TABLE,
        must("name", NAME, "The constraint's name."),
        must("check", SQL, "The condition."),
        may("up", map("column", &SQL, 0), "Values for rows that fail it: an expression for each column."),
    ],
);

const ADD_FOREIGN_KEY: Record = Record::new(
    "A new foreign key.",
    &[
        TABLE,
        must("name", NAME, "The constraint's name."),
        must("columns", NAMES, "The columns here."),
        must("references", Shape::Record(&KEY_REFERENCE), "What they refer to."),
        ON_DELETE,
        ON_UPDATE,
        may("deferrable", Shape::Bool, "Checked at commit when a session asks for it; default `false`."),
    ],
)
.rules(&[Rule::SameCount("columns")]);

const KEY_REFERENCE: Record =
    Record::new("The table and columns that a key refers to.", &[TABLE, must("columns", NAMES, "The columns there.")]);

const ADD_UNIQUE: Record =
    Record::new("A new unique constraint.", &[TABLE, must("name", NAME, "The constraint's name."), must("columns", NAMES, "The columns.")]);

const CREATE_INDEX: Record = Record::new(
    "A new index.",
    &[
        TABLE,
        must("name", NAME, "The index's name."),
        must("columns", list(&Shape::Short(Words::Name, &INDEX_PART), 1), "What it holds, in order: column names, or mappings."),
        UNIQUE,
        may("method", NAME, "The access method; default the engine's own (`btree`)."),
        may("where", SQL, "Only rows for which this holds."),
        may("include", list(&NAME, 0), "Columns carried but not searched."),
        may("with", map("parameter", &SQL, 0), "Storage parameters."),
    ],
);

const INDEX_PART: Record = Record::new(
    "A column or an expression of an index.",
    &[
        may("column", NAME, "A column; or `expression`."),
        may("expression", SQL, "An SQL expression; or `column`."),
        may("order", Shape::Choice(&["asc", "desc"]), "The order; default `asc`."),
        may("nulls", Shape::Choice(&["first", "last"]), "Where NULLs stand."),
        may("operator_class", NAME, "The operator class."),
        may("collation", NAME, "The collation."),
    ],
)
.rules(&[Rule::ExactlyOne(&["column", "expression"])]);

const DROP_INDEX: Record =
    Record::new("An index goes.", &[must("name", Shape::Text(Words::Table), "The index, with its schema if not the default one.")]);
