//! What the changes of a spec come to on each table.

use segue_model::catalog::{ConstraintKind, Reference, TableKind, View};
use segue_model::finding::Severity;
use segue_model::ident::TableName;
use segue_model::reshape::{ConstraintWhat, IndexSource, Role, TableChange, Value};
use segue_planner::{Observed, resolve, touched, touched_indexes};
use serde_json::{Value as Json, json};

use crate::fixture::{fine, index, observed, observed_sqlite, resolved, shop, spec, table};

/// A table change as short lines: forms, derived columns, key.
fn lines(change: &TableChange) -> Vec<String> {
    let form = |columns: &[segue_model::reshape::FormColumn]| {
        let shown = columns.iter().map(|c| if c.name == c.physical { c.name.clone() } else { format!("{}={}", c.name, c.physical) });
        shown.collect::<Vec<_>>().join(" ")
    };
    let mut out = vec![format!("old {}", form(&change.old)), format!("new {}", form(&change.new))];
    for (side, list) in [("up", &change.up), ("down", &change.down)] {
        for d in list {
            let role = match &d.role {
                Role::Added => "added".to_owned(),
                Role::Dropped => "dropped".to_owned(),
                Role::Replaced => "replaced".to_owned(),
                Role::Renamed { original, name } => format!("renamed {original}>{name}"),
                Role::Converted { original, name } => format!("converted {original}>{name}"),
            };
            out.push(format!("{side} {} in {} {role} reads [{}]", d.column, d.physical, d.reads.join(" ")));
        }
    }
    out.push(format!("key {} backfill {} stages {}", change.key.join(" "), change.backfill, change.stages.len()));
    out
}

fn check(changes: &Json, expect: &[&str]) {
    let resolved = fine(changes);
    assert_eq!(resolved.tables.len(), 1, "{changes}");
    assert_eq!(lines(&resolved.tables[0]), expect, "{changes}");
}

/// The codes of what is critical, and that each says what to do.
fn refused_by(changes: &Json, make: impl Fn(&segue_model::spec::Spec) -> Observed) -> Vec<String> {
    let spec = spec(changes);
    let (_, findings) = resolve(&spec, &make(&spec));
    let critical = findings.into_iter().filter(|finding| finding.severity == Severity::Critical);
    critical
        .map(|finding| {
            assert!(!finding.message.is_empty() && !finding.object.is_empty(), "{finding:?}");
            finding.code
        })
        .collect()
}

fn refused(changes: &Json, expect: &[&str]) {
    assert_eq!(refused_by(changes, |spec| observed(spec, shop())), expect, "{changes}");
}

#[test]
fn a_rename_keeps_the_original_and_gives_a_twin() {
    check(
        &json!([{"rename_column": {"table": "users", "from": "name", "to": "full_name"}}]),
        &[
            "old id name email age status",
            "new id full_name=name email age status",
            "up full_name in full_name renamed name>full_name reads [name]",
            "down name in name replaced reads [full_name]",
            "key id backfill true stages 1",
        ],
    );
}

#[test]
fn a_type_change_converts_on_a_twin() {
    let changes = json!([{"change_type": {"table": "orders", "column": "total", "to": "numeric(12,2)",
        "up": "total / 100.0 + user_id * 0", "down": "round(total * 100)::int"}}]);
    check(
        &changes,
        &[
            "old id user_id total note",
            "new id user_id total=total__mig_7 note",
            "up total in total__mig_7 converted total>total reads [total user_id]",
            "down total in total replaced reads [total__mig_7]",
            "key id backfill true stages 1",
        ],
    );
    let resolved = fine(&changes);
    assert_eq!(resolved.tables[0].new[2].data_type, "numeric(12,2)");
    let says = |findings: &[segue_model::finding::Finding]| findings.iter().any(|f| f.code == "SG-PLAN-023");
    assert!(!says(&resolved.findings), "PostgreSQL's survey converts the default, or refuses");
    let spec = spec(&changes);
    assert!(says(&resolve(&spec, &observed_sqlite(&spec, shop())).1), "elsewhere it stays as it stands: said");
}

#[test]
fn a_type_change_without_expressions_casts_both_ways() {
    let resolved = fine(&json!([{"change_type": {"table": "users", "column": "age", "to": "bigint"}}]));
    let stage = &resolved.tables[0].stages[0];
    assert_eq!(stage.up[3].value, Value::Cast { column: "age".to_owned(), to: "bigint".to_owned() });
    assert_eq!(stage.down[3].value, Value::Cast { column: "age".to_owned(), to: "integer".to_owned() });
}

#[test]
fn one_column_in_sequence_is_one_twin_with_three_stages() {
    check(
        &json!([
            {"rename_column": {"table": "users", "from": "age", "to": "years"}},
            {"change_type": {"table": "users", "column": "years", "to": "bigint", "up": "years + 1", "down": "(years - 1)::int"}},
            {"set_not_null": {"table": "users", "column": "years", "up": "length(name)"}},
        ]),
        &[
            "old id name email age status",
            "new id name email years status",
            "up years in years converted age>years reads [age name]",
            "down age in age replaced reads [years]",
            "key id backfill true stages 3",
        ],
    );
}

#[test]
fn names_can_be_swapped() {
    check(
        &json!([
            {"rename_column": {"table": "users", "from": "name", "to": "tmp"}},
            {"rename_column": {"table": "users", "from": "email", "to": "name"}},
            {"rename_column": {"table": "users", "from": "tmp", "to": "email"}},
        ]),
        &[
            "old id name email age status",
            "new id email=name name=email age status",
            "up email in email__mig_7 renamed name>email reads [name]",
            "up name in name__mig_7 renamed email>name reads [email]",
            "down name in name replaced reads [email__mig_7]",
            "down email in email replaced reads [name__mig_7]",
            "key id backfill true stages 3",
        ],
    );
}

#[test]
fn an_added_column_can_be_renamed_and_reads_through_the_stages() {
    check(
        &json!([
            {"rename_column": {"table": "users", "from": "name", "to": "full_name"}},
            {"add_column": {"table": "users", "column": "slug", "type": "text", "null": false, "up": "lower(full_name)"}},
            {"rename_column": {"table": "users", "from": "slug", "to": "handle"}},
        ]),
        &[
            "old id name email age status",
            "new id full_name=name email age status handle",
            "up full_name in full_name renamed name>full_name reads [name]",
            "up handle in handle added reads [name]",
            "down name in name replaced reads [full_name]",
            "key id backfill true stages 3",
        ],
    );
}

#[test]
fn what_an_added_column_needs_of_old_rows() {
    let backfill = |column: Json| fine(&json!([{"add_column": column}])).tables[0].backfill;
    assert!(!backfill(json!({"table": "users", "column": "x", "type": "text"})));
    assert!(backfill(json!({"table": "users", "column": "x", "type": "text", "default": "'a'"})));
    assert!(backfill(json!({"table": "users", "column": "x", "type": "text", "up": "name"})));
    assert!(backfill(json!({"table": "users", "column": "x", "type": "text", "null": false, "default": "'a'"})));
}

#[test]
fn added_and_dropped_again_is_nothing() {
    let add = json!({"add_column": {"table": "users", "column": "x", "type": "text"}});
    let drop = json!({"drop_column": {"table": "users", "column": "x"}});
    refused(&json!([add, drop]), &["SG-PLAN-029"]);
    check(
        &json!([add, drop, {"drop_column": {"table": "users", "column": "age"}}]),
        &["old id name email age status", "new id name email status", "down age in age dropped reads []", "key id backfill false stages 3"],
    );
}

#[test]
fn a_dropped_column_is_filled_by_down_its_default_or_null() {
    let value = |column: Json| {
        let resolved = fine(&json!([{"drop_column": column}]));
        let stage = &resolved.tables[0].stages[0];
        (
            stage.down.iter().find(|a| a.column == resolved.tables[0].down[0].column).expect("the column").value.clone(),
            resolved.tables[0].down[0].reads.clone(),
        )
    };
    let (with_down, reads) = value(json!({"table": "users", "column": "name", "down": "coalesce(email, '')"}));
    assert_eq!((with_down, reads), (Value::Sql("coalesce(email, '')".to_owned()), vec!["email".to_owned()]));
    assert_eq!(value(json!({"table": "users", "column": "status"})).0, Value::Sql("'new'::text".to_owned()));
    assert_eq!(value(json!({"table": "users", "column": "age"})).0, Value::Null);
    refused(&json!([{"drop_column": {"table": "users", "column": "name"}}]), &["SG-PLAN-010"]);
}

#[test]
fn a_down_that_reads_a_renamed_column_hears_both_of_its_names() {
    check(
        &json!([
            {"rename_column": {"table": "users", "from": "email", "to": "mail"}},
            {"drop_column": {"table": "users", "column": "name", "down": "mail"}},
        ]),
        &[
            "old id name email age status",
            "new id mail=email age status",
            "up mail in mail renamed email>mail reads [email]",
            "down name in name dropped reads [email mail]",
            "down email in email replaced reads [mail]",
            "key id backfill true stages 2",
        ],
    );
}

#[test]
fn not_null_without_up_is_a_constraint_on_the_shared_column() {
    let resolved = fine(&json!([{"set_not_null": {"table": "users", "column": "age"}}]));
    let change = &resolved.tables[0];
    assert!(change.up.is_empty() && change.down.is_empty() && !change.backfill && !change.new[3].nullable);
    assert_eq!(change.constraints[0].what, ConstraintWhat::NotNull { column: "age".to_owned() });
    assert!(resolved.findings.iter().any(|f| f.code == "SG-PLAN-022" && f.severity == Severity::Medium));
    // On a twin the new form says it, and no constraint binds old writers.
    let resolved = fine(&json!([
        {"set_not_null": {"table": "users", "column": "age"}},
        {"change_type": {"table": "users", "column": "age", "to": "bigint"}},
    ]));
    assert!(resolved.tables[0].constraints.is_empty());
    assert!(!resolved.tables[0].new[3].nullable);
}

#[test]
fn a_check_with_up_converts_and_stands_on_the_twin() {
    let changes = json!([{"add_check": {"table": "users", "name": "grown", "check": "age >= 18 and name <> ''", "up": {"age": "18"}}}]);
    let resolved = fine(&changes);
    let change = &resolved.tables[0];
    let unless = Value::Unless { column: "age".to_owned(), condition: "age >= 18 and name <> ''".to_owned(), sql: "18".to_owned() };
    assert_eq!(change.stages[0].up[3].value, unless);
    assert_eq!(change.up[0].reads, ["age", "name"]);
    let what =
        ConstraintWhat::Check { check: "age >= 18 and name <> ''".to_owned(), physical: vec![("age".to_owned(), "age__mig_7".to_owned())] };
    assert_eq!(change.constraints[0].what, what);
}

#[test]
fn inline_constraints_of_an_added_column_have_the_servers_names() {
    let resolved =
        fine(&json!([{"add_column": {"table": "orders", "column": "buyer", "type": "bigint", "check": "buyer > 0", "unique": true,
        "references": {"table": "users", "columns": ["id"], "on_delete": "cascade"}}}]));
    let names: Vec<&str> = resolved.tables[0].constraints.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["orders_buyer_check", "orders_buyer_key", "orders_buyer_fkey"]);
    assert_eq!(resolved.indexes[0].source, IndexSource::Unique(vec!["buyer".to_owned()]));
    assert_eq!(resolved.tables.len(), 1, "the referenced table does not change");
}

#[test]
fn a_foreign_key_follows_a_renamed_target() {
    let resolved = fine(&json!([
        {"rename_column": {"table": "users", "from": "email", "to": "mail"}},
        {"add_foreign_key": {"table": "orders", "name": "orders_note", "columns": ["note"], "references": {"table": "users", "columns": ["mail"]}}},
    ]));
    let key = resolved.tables.iter().flat_map(|t| &t.constraints).find(|c| c.name == "orders_note").expect("the key");
    let ConstraintWhat::ForeignKey { target_columns, target, .. } = &key.what else { panic!("{key:?}") };
    assert_eq!((target_columns.as_slice(), target), (["email".to_owned()].as_slice(), &TableName::new("public", "users")));
}

#[test]
fn indexes_stand_on_physical_columns() {
    let resolved = fine(&json!([
        {"rename_column": {"table": "users", "from": "name", "to": "full_name"}},
        {"change_type": {"table": "users", "column": "age", "to": "bigint"}},
        {"create_index": {"table": "users", "name": "users_x", "columns": ["age", {"expression": "lower(full_name)"}], "where": "status = 'a'"}},
    ]));
    let IndexSource::Define { physical, define } = &resolved.indexes[0].source else { panic!("{:?}", resolved.indexes) };
    let expect = [("age".to_owned(), "age__mig_7".to_owned()), ("full_name".to_owned(), "name".to_owned())];
    assert_eq!(physical.as_slice(), expect);
    assert_eq!(define.table, "public.users");
}

#[test]
fn an_index_alone_changes_no_table() {
    let resolved = fine(
        &json!([{"create_index": {"table": "users", "name": "users_x", "columns": ["age"]}}, {"drop_index": {"name": "users_lower"}}]),
    );
    assert!(resolved.tables.is_empty());
    assert_eq!((resolved.indexes.len(), resolved.dropped_indexes[0].index.as_str()), (1, "users_lower"));
}

#[test]
fn changes_of_a_new_table_fold_into_it() {
    let resolved = fine(&json!([
        {"create_table": {"table": "reviews", "columns": {"id": {"type": "bigint", "primary_key": true}, "user_id": {"type": "bigint",
            "references": {"table": "users", "columns": ["id"]}}}}},
        {"add_column": {"table": "reviews", "column": "stars", "type": "int", "null": false}},
        {"add_check": {"table": "reviews", "name": "stars_range", "check": "stars between 1 and 5"}},
        {"create_index": {"table": "reviews", "name": "reviews_user", "columns": ["user_id"]}},
        {"add_column": {"table": "orders", "column": "review_id", "type": "bigint", "references": {"table": "reviews", "columns": ["id"]}}},
    ]));
    let define = &resolved.new_tables[0].define;
    assert_eq!(define.table, "public.reviews");
    assert_eq!(define.columns.0[1].1.references.as_ref().expect("kept").table, "public.users");
    assert_eq!(define.columns.0[2].1.null, Some(false));
    assert_eq!(define.checks["stars_range"], "stars between 1 and 5");
    assert_eq!(resolved.indexes[0].table, TableName::new("public", "reviews"));
    assert_eq!(resolved.tables.len(), 1);
}

#[test]
fn mistakes_are_refused_by_code() {
    for (changes, codes) in [
        (json!([{"rename_column": {"table": "user", "from": "a", "to": "b"}}]), vec!["SG-PLAN-001"]),
        (json!([{"set_not_null": {"table": "users", "column": "emial"}}]), vec!["SG-PLAN-002"]),
        (json!([{"drop_index": {"name": "users_lowr"}}]), vec!["SG-PLAN-003"]),
        (json!([{"rename_column": {"table": "users", "from": "full_name", "to": "name"}}]), vec!["SG-PLAN-004"]),
        (json!([{"add_column": {"table": "users", "column": "age", "type": "int"}}]), vec!["SG-PLAN-004"]),
        (json!([{"change_type": {"table": "users", "column": "age", "to": "int4"}}]), vec!["SG-PLAN-004"]),
        (json!([{"set_not_null": {"table": "users", "column": "name"}}]), vec!["SG-PLAN-004"]),
        (json!([{"create_table": {"table": "users", "columns": {"id": {"type": "int"}}}}]), vec!["SG-PLAN-004"]),
        (json!([{"drop_table": {"table": "gone"}}]), vec!["SG-PLAN-004"]),
        (json!([{"add_unique": {"table": "users", "name": "users_email_key", "columns": ["email"]}}]), vec!["SG-PLAN-004"]),
        (json!([{"rename_column": {"table": "users", "from": "name", "to": "email"}}]), vec!["SG-PLAN-005"]),
        (json!([{"add_column": {"table": "users", "column": "x".repeat(64), "type": "int"}}]), vec!["SG-PLAN-006"]),
        (json!([{"add_column": {"table": "users", "column": "xmin", "type": "int"}}]), vec!["SG-PLAN-006"]),
        (json!([{"change_type": {"table": "users", "column": "id", "to": "text"}}]), vec!["SG-PLAN-008"]),
        (json!([{"drop_column": {"table": "users", "column": "id", "down": "1"}}]), vec!["SG-PLAN-008"]),
        (json!([{"add_column": {"table": "users", "column": "x", "type": "int", "null": false}}]), vec!["SG-PLAN-009"]),
        (
            json!([{"rename_column": {"table": "users", "from": "age", "to": "x"}}, {"add_column": {"table": "users", "column": "age", "type": "int"}}]),
            vec!["SG-PLAN-012"],
        ),
        (
            json!([{"create_index": {"table": "users", "name": "i", "columns": ["age"]}}, {"drop_column": {"table": "users", "column": "age"}}]),
            vec!["SG-PLAN-013"],
        ),
        (
            json!([{"add_foreign_key": {"table": "orders", "name": "f", "columns": ["note"], "references": {"table": "users", "columns": ["name"]}}}]),
            vec!["SG-PLAN-014"],
        ),
        (json!([{"create_table": {"table": "t", "columns": {"id": {"type": "int"}}, "primary_key": ["di"]}}]), vec!["SG-PLAN-015"]),
        (json!([{"create_index": {"table": "users", "name": "i", "columns": []}}]), vec!["SG-PLAN-015"]),
        (
            json!([{"create_table": {"table": "t", "columns": {"id": {"type": "int"}}}}, {"rename_column": {"table": "t", "from": "id", "to": "key"}}]),
            vec!["SG-PLAN-016"],
        ),
        (json!([{"drop_table": {"table": "orders"}}, {"drop_column": {"table": "orders", "column": "note"}}]), vec!["SG-PLAN-017"]),
        (json!([{"drop_column": {"table": "orders", "column": "note"}}, {"drop_table": {"table": "orders"}}]), vec!["SG-PLAN-017"]),
        (json!([{"drop_index": {"name": "users_pkey"}}]), vec!["SG-PLAN-020"]),
        (
            json!([
                {"create_table": {"table": "t", "columns": {"e": {"type": "text", "references": {"table": "users", "columns": ["email"]}}}}},
                {"change_type": {"table": "users", "column": "email", "to": "varchar(99)"}},
            ]),
            vec!["SG-PLAN-013"],
        ),
        (
            json!([{"create_table": {"table": "t", "columns": {"e": {"type": "text", "references": {"table": "users", "columns": ["name"]}}}}}]),
            vec!["SG-PLAN-014"],
        ),
        // Everything that is wrong is said at once.
        (
            json!([{"drop_column": {"table": "users", "column": "nmae"}}, {"set_not_null": {"table": "user", "column": "x"}}]),
            vec!["SG-PLAN-002", "SG-PLAN-001"],
        ),
    ] {
        refused(&changes, &codes);
    }
}

#[test]
fn a_mistake_names_the_nearest() {
    let (_, findings) = resolved(&json!([{"set_not_null": {"table": "users", "column": "emial"}}]));
    assert_eq!(findings[0].fix, "Did you mean `email`?");
    assert_eq!(findings[0].object, "column `emial` of public.users");
}

#[test]
fn tables_that_cannot_be_walked_or_changed_are_refused() {
    let with = |changes: &Json, change: fn(&mut segue_model::catalog::Table)| {
        refused_by(changes, |spec| {
            let mut tables = shop();
            change(&mut tables[1]);
            observed(spec, tables)
        })
    };
    let rename = json!([{"rename_column": {"table": "users", "from": "name", "to": "full_name"}}]);
    assert_eq!(
        with(&rename, |t| {
            t.constraints.clear();
            t.indexes.clear();
        }),
        ["SG-PLAN-007"]
    );
    assert_eq!(with(&rename, |t| t.columns[1].generated = Some("upper(email)".to_owned())), ["SG-PLAN-011"]);
    assert_eq!(with(&rename, |t| t.kind = TableKind::Foreign), ["SG-PLAN-018"]);
    assert_eq!(with(&rename, |t| t.kind = TableKind::Partition), ["SG-PLAN-018"]);
    assert_eq!(with(&rename, |t| t.columns.push(crate::fixture::column("segue_side_other smallint"))), ["SG-PLAN-021"]);
    let drop = json!([{"drop_column": {"table": "users", "column": "age"}}]);
    assert_eq!(with(&drop, |t| t.columns[3].identity = Some("by default".to_owned())), ["SG-PLAN-011"]);
    assert_eq!(with(&drop, |t| t.columns.retain(|c| c.name == "age")), ["SG-PLAN-027"]);
    let index = json!([{"create_index": {"table": "users", "name": "i", "columns": ["age"]}}]);
    assert_eq!(with(&index, |t| t.kind = TableKind::Partitioned), ["SG-PLAN-019"]);
    let gone = json!([{"drop_table": {"table": "users"}}]);
    let reference = |t: &mut segue_model::catalog::Table| {
        t.referenced_by =
            vec![Reference { table: TableName::new("public", "other"), constraint: "fk".to_owned(), columns: vec!["id".to_owned()] }];
    };
    assert_eq!(with(&gone, reference), ["SG-PLAN-017"]);
    let view = |spec: &segue_model::spec::Spec| {
        let mut out = observed(spec, shop());
        let reads = vec![(TableName::new("public", "users"), Vec::new())];
        out.catalog.views = vec![View { name: TableName::new("public", "v"), definition: String::new(), materialized: false, reads }];
        out
    };
    assert_eq!(refused_by(&gone, view), ["SG-PLAN-017"]);
}

#[test]
fn a_unique_index_serves_as_key_where_there_is_none() {
    let spec = spec(&json!([{"rename_column": {"table": "t", "from": "v", "to": "w"}}]));
    let mut plain = table("t", &["a int", "b int?", "v text?"]);
    plain.constraints.clear();
    plain.indexes = vec![index("t_b", &["b"], true, None), index("t_a", &["a"], true, None)];
    let (resolved, findings) = resolve(&spec, &observed(&spec, vec![plain]));
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(resolved.tables[0].key, ["a"]);
}

#[test]
fn a_renamed_key_column_is_walked_by_its_original() {
    let resolved = fine(&json!([{"rename_column": {"table": "users", "from": "id", "to": "user_id"}}]));
    assert_eq!(resolved.tables[0].key, ["id"]);
}

#[test]
fn sqlite_walks_by_rowid_and_ignores_case() {
    let spec = spec(&json!([{"rename_column": {"table": "T", "from": "V", "to": "w"}}]));
    let mut plain = table("t", &["id text?", "v text?", "rowid text?"]);
    let (resolved, findings) = resolve(&spec, &observed_sqlite(&spec, vec![plain.clone()]));
    assert!(findings.is_empty(), "{findings:?}");
    assert_eq!(resolved.tables[0].key, ["_rowid_"], "a nullable key may hold NULL twice, and rowid is a column");
    plain.columns[0].nullable = false;
    let (resolved, _) = resolve(&spec, &observed_sqlite(&spec, vec![plain]));
    assert_eq!(resolved.tables[0].key, ["id"]);
    assert_eq!(resolved.tables[0].new[1].physical, "v");
}

#[test]
fn sqlite_refuses_what_its_indexes_lack() {
    let changes = json!([{"create_index": {"table": "users", "name": "i", "columns": [{"column": "age", "nulls": "last"}], "method": "gin", "include": ["name"]}}]);
    assert_eq!(refused_by(&changes, |spec| observed_sqlite(spec, shop())), ["SG-PLAN-019"]);
}

#[test]
fn what_must_be_looked_at() {
    let spec = spec(&json!([
        {"create_table": {"table": "s.\"we.ird\"", "columns": {"id": {"type": "int", "references": {"table": "a", "columns": ["id"]}}}}},
        {"add_foreign_key": {"table": "orders", "name": "f", "columns": ["x"], "references": {"table": "users", "columns": ["id"]}}},
        {"add_column": {"table": "orders", "column": "y", "type": "int", "references": {"table": "b", "columns": ["id"]}}},
        {"drop_index": {"name": "s.i"}},
    ]));
    let names: Vec<String> = touched(&spec).iter().map(ToString::to_string).collect();
    assert_eq!(names, ["s.\"we.ird\"", "a", "orders", "users", "b"]);
    assert_eq!(touched_indexes(&spec), [TableName::new("s", "i")]);
}

#[test]
fn long_names_are_cut_and_stay_distinct() {
    let long = "c".repeat(60);
    let spec = spec(&json!([{"change_type": {"table": "t", "column": long, "to": "bigint"}}]));
    let plain = table("t", &["id int", &format!("{long} int")]);
    let (resolved, findings) = resolve(&spec, &observed(&spec, vec![plain]));
    assert!(findings.is_empty(), "{findings:?}");
    let twin = &resolved.tables[0].up[0].physical;
    assert!(twin.len() <= 63 && *twin != long, "{twin}");
}

#[test]
fn a_constraint_kind_that_is_there_is_not_added_twice() {
    let changes = json!([{"add_check": {"table": "users", "name": "c", "check": "age > 0"}}, {"add_check": {"table": "users", "name": "c", "check": "age > 1"}}]);
    refused(&changes, &["SG-PLAN-005"]);
    let there = json!([{"add_check": {"table": "users", "name": "c", "check": "age > 0"}}]);
    let make = |spec: &segue_model::spec::Spec| {
        let mut tables = shop();
        tables[1].constraints.push(crate::fixture::constraint("c", ConstraintKind::Check, &["age"]));
        observed(spec, tables)
    };
    assert_eq!(refused_by(&there, make), ["SG-PLAN-004"]);
}
