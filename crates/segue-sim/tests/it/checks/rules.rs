//! Rules about data, counted by servers.

use segue_model::verify::Verdict;
use segue_verify::Side;
use segue_verify::checks::quality::{check, read};
use segue_verify::checks::queries::QueryOptions;

use super::stand::{Stand, says};

#[tokio::test]
async fn rules_are_counted_on_every_engine() {
    for stand in Stand::all().await {
        let hostile = stand.quoted("o\"; d`--");
        stand
            .run(&[
                "create table p (id int primary key)",
                &format!("create table {hostile} (id int primary key, p int, sku varchar(20), total decimal(10,2), placed date)"),
                "insert into p values (1)",
                &format!(
                    "insert into {hostile} values (1, 1, 'SKU-1', 5, '2026-11-21'), (2, 1, 'SKU-2', 9.99, '2026-11-22'), \
                     (3, null, 'sku-3', 10.01, '2025-01-01'), (4, 9, null, -1, null), (5, 9, 'SKU-2', 0, null), (6, 9, 'SKU-2', 0, null)"
                ),
            ])
            .await;
        let rules = read(
            br#"[
            {"name": "r1", "table": "\"o\"\"; d`--\"", "rule": {"not_null": {"column": "p"}}},
            {"name": "r2", "table": "\"o\"\"; d`--\"", "rule": {"unique": {"columns": ["sku"]}}},
            {"name": "r3", "table": "\"o\"\"; d`--\"", "rule": {"between": {"column": "total", "min": "0", "max": "10"}}},
            {"name": "r4", "table": "\"o\"\"; d`--\"", "rule": {"between": {"column": "placed", "min": "2026-01-01"}}},
            {"name": "r5", "table": "\"o\"\"; d`--\"", "rule": {"like": {"column": "sku", "pattern": "SKU-%"}}},
            {"name": "r6", "table": "\"o\"\"; d`--\"", "rule": {"refers_to": {"columns": ["p"], "table": "p", "to": ["id"]}}},
            {"name": "r7", "table": "\"o\"\"; d`--\"", "rule": {"not_null": {"column": "p"}}, "where": "id <> 3 -- all others"},
            {"name": "r8", "table": "\"o\"\"; d`--\"", "rule": {"not_null": {"column": "sku"}}, "at_most": 1},
            {"name": "r9", "table": "nowhere", "rule": {"not_null": {"column": "a"}}}
        ]"#,
        )
        .expect("rules");
        let report = check(&rules, Side::Target, &*stand.ask, &QueryOptions::default()).await.expect("counted");
        assert_eq!(report.verdict, Verdict::Different, "{report:#?}");
        for line in [
            "r1: 1 row breaks it",
            "r2: 2 rows break it",
            "r3: 2 rows break it",
            "r4: 1 row breaks it",
            "r5: 1 row breaks it",
            "r6: 3 rows break it",
            "r7: 0 rows break it",
            "r8: 1 rows break it, 1 may",
            "r9: the target did not answer",
        ] {
            assert!(report.evidence.iter().any(|seen| seen.starts_with(line)), "{}: {line}: {report:#?}", stand.place.shown);
        }
        says(&report, &["counted on the target"]);
    }
}
