//! Reports of `segue check`, made by hand, one of each kind of outcome.

use std::sync::Arc;

use segue_model::check::{At, Breaks, CheckFinding, CheckReport, CheckStep, Lock, Reach, Side, SourceText, Suppressed, Verdict, Witness};
use segue_model::finding::Severity;
use serde_json::json;

const YAML: &str = "openapi: 3.0.0\npaths:\n  /orders:\n    post: {}\ncomponents:\n  schemas:\n    Order:\n      required: [currency]\n      properties:\n        currency: {type: string}\n";
const SQL: &str =
    "-- no lock_timeout\nalter table orders\n  add column note text not null default 'x';\ncreate index orders_total on orders (total);\n";

/// Texts that end lines, tags, commands and quotes, move a cursor, reorder a line, or are 63 bytes without a gap.
pub(crate) const NAMES: [&str; 9] = [
    "<script>alert(1)</script>",
    "\" onmouseover=\"x' onfocus='y",
    "]]></failure>::error::x,y%0A",
    "a\u{1b}[2J\u{202e}b\u{0}c\r\n::error file=x::d",
    "表😀é\u{301}\u{ffff}",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk",
    "users\"; drop table users;--",
    "![x](http://example.org/a.png) {0} [y](1) | `z` **w**",
    "</style></title></details><img src=x onerror=alert(1)>",
];

pub(crate) fn finding(rule: &str, severity: Severity, breaks: &[Breaks], object: &str, message: &str) -> CheckFinding {
    CheckFinding {
        rule: rule.to_owned(),
        id: format!("{rule}/{object}").bytes().fold(String::new(), |id, byte| format!("{id}{:x}", byte % 16)).chars().take(24).collect(),
        severity,
        breaks: breaks.to_vec(),
        undecided: false,
        object: object.to_owned(),
        at: None,
        message: message.to_owned(),
        why: "A client that was built against the old side fails.".to_owned(),
        fix: "Keep the old form beside the new one until its clients have moved.".to_owned(),
        reach: None,
        witness: None,
        statement: None,
        locks: None,
        rewrites: None,
        scans: None,
        safe_sql: Vec::new(),
    }
}

pub(crate) fn at(side: Side, file: &str, from: (u32, u32), to: (u32, u32)) -> At {
    At { side, file: file.to_owned(), line: from.0, column: from.1, end_line: Some(to.0), end_column: Some(to.1) }
}

fn text(side: Side, file: &str, text: &str) -> SourceText {
    SourceText { side, file: file.to_owned(), text: Arc::from(text) }
}

pub(crate) fn report(kind: &str, deploy: Verdict, rollback: Verdict, findings: Vec<CheckFinding>) -> CheckReport {
    CheckReport {
        format_version: 1,
        segue: "0.1.0".to_owned(),
        kind: kind.to_owned(),
        verdict: deploy,
        deploy,
        rollback,
        policy: "default".to_owned(),
        findings,
        ..CheckReport::default()
    }
}

/// A required property, an operation that is gone, a new one, one that is suppressed.
pub(crate) fn openapi() -> CheckReport {
    let deploy = [Breaks::Deploy, Breaks::Rolling];
    let mut required = finding(
        "request-body-property-required",
        Severity::High,
        &deploy,
        "components/schemas/Order/properties/currency",
        "the property `currency` of `Order` is now required in requests",
    );
    required.at = Some(at(Side::New, "new.yaml", (10, 9), (10, 17)));
    required.witness = Some(Witness { accepted_by: Side::Old, value: json!({"total": 1}) });
    required.reach = Some(Reach { count: 14, examples: vec!["PATCH /orders/{id}".to_owned(), "POST /orders".to_owned()] });
    let mut removed =
        finding("openapi-operation-removed", Severity::High, &deploy, "paths/~1reports/get", "the operation `GET /reports` is gone");
    removed.at = Some(at(Side::Old, "old.yaml", (4, 5), (4, 8)));
    let mut again = removed.clone();
    "paths/~1exports/get".clone_into(&mut again.object);
    "the operation `GET /exports` is gone".clone_into(&mut again.message);
    "again".clone_into(&mut again.id);
    let added = finding("openapi-operation-added", Severity::Info, &[], "paths/~1carts/get", "the operation `GET /carts` is new");
    let mut known = removed.clone();
    "known".clone_into(&mut known.id);
    let mut all = report("openapi", Verdict::Breaking, Verdict::Compatible, vec![required, removed, again, added]);
    all.suppressed = vec![
        Suppressed {
            finding: known.clone(),
            by: "segue-ignore.yaml".to_owned(),
            reason: "nobody calls it".to_owned(),
            until: Some("2027-01-31".to_owned()),
        },
        Suppressed { finding: known, by: "a comment in new.yaml, line 3".to_owned(), reason: "agreed".to_owned(), until: None },
    ];
    all.not_checked = vec!["new.yaml: `x-internal` of 3 operations has no meaning that is known".to_owned()];
    all.sources = vec![text(Side::Old, "old.yaml", YAML), text(Side::New, "new.yaml", YAML)];
    all
}

/// A script: a rewrite with a safe sequence, and a scan.
pub(crate) fn script() -> CheckReport {
    let lock = |mode: &str| vec![Lock { object: "orders".to_owned(), mode: mode.to_owned() }];
    let mut rewrite = finding(
        "sql-add-column-not-null",
        Severity::High,
        &[Breaks::Deploy],
        "orders.note",
        "the statement writes `orders` anew: 84 GiB, reads wait for about 11 min",
    );
    rewrite.at = Some(at(Side::New, "042.sql", (2, 1), (3, 44)));
    rewrite.statement = Some(0);
    (rewrite.locks, rewrite.rewrites, rewrite.scans) = (Some(lock("AccessExclusiveLock")), Some(true), Some(true));
    rewrite.safe_sql = vec!["set lock_timeout = '1s';".to_owned(), "alter table orders\n  add column note text;".to_owned()];
    let mut index = finding("sql-index-blocks-writes", Severity::Medium, &[Breaks::Deploy], "orders_total", "writes of `orders` wait");
    index.at = Some(at(Side::New, "042.sql", (4, 1), (4, 44)));
    index.statement = Some(1);
    (index.locks, index.rewrites, index.scans) = (Some(lock("ShareLock")), Some(false), Some(true));
    let mut all = report("sql", Verdict::Breaking, Verdict::Compatible, vec![rewrite, index]);
    all.sources = vec![text(Side::New, "042.sql", SQL)];
    all
}

/// Only the way back breaks.
pub(crate) fn proto() -> CheckReport {
    let mut widened =
        finding("data-field-added", Severity::Medium, &[Breaks::Rollback, Breaks::Rolling], "shop.Order.note", "field 7 `note` is new");
    widened.at = Some(at(Side::New, "shop/order.proto", (1, 1), (1, 4)));
    widened.witness = Some(Witness { accepted_by: Side::New, value: json!({"note": "表"}) });
    let mut all = report("proto", Verdict::Compatible, Verdict::Breaking, vec![widened]);
    all.sources = vec![text(Side::New, "shop/order.proto", "\tstring note = 7; // 表\n")];
    all
}

/// Nothing.
pub(crate) fn clean() -> CheckReport {
    let mut all = report("json-schema", Verdict::Compatible, Verdict::Compatible, Vec::new());
    all.sources = vec![text(Side::Old, "a.json", "{}"), text(Side::New, "b.json", "{}")];
    all
}

/// What could not be decided.
pub(crate) fn undecided() -> CheckReport {
    let mut one = finding("data-pattern-changed", Severity::Medium, &[], "Order.code", "the patterns could not be compared");
    one.undecided = true;
    let mut all = report("avro", Verdict::Undecided, Verdict::Undecided, vec![one]);
    all.undecided = true;
    all
}

/// More findings than a person reads.
pub(crate) fn many() -> CheckReport {
    let severity = |at: usize| if at < 3 { Severity::High } else { Severity::Low };
    let one = |at: usize| finding("config-key-removed", severity(at), &[Breaks::Deploy], &format!("server.key{at:02}"), "the key is gone");
    let mut all = report("config", Verdict::Breaking, Verdict::Compatible, (0..70).map(one).collect());
    all.not_checked = (0..30).map(|at| format!("include {at} was not read")).collect();
    all
}

/// An older revision of the same file.
pub(crate) fn revision() -> CheckReport {
    let mut one = finding("graphql-field-removed", Severity::Critical, &[Breaks::Deploy], "Query.reports", "the field `reports` is gone");
    one.at = Some(at(Side::Old, "git:origin/main:api/schema.graphql", (2, 3), (2, 10)));
    let mut all = report("graphql", Verdict::Breaking, Verdict::Compatible, vec![one]);
    let sdl = "type Query {\n  reports: [Int]\n}\n";
    all.sources = vec![text(Side::Old, "git:origin/main:api/schema.graphql", sdl), text(Side::New, "./api/schema.graphql", sdl)];
    all
}

/// A live database: no file, but steps.
pub(crate) fn database() -> CheckReport {
    let one = finding(
        "column-removed",
        Severity::High,
        &[Breaks::Deploy],
        "public.users.name",
        "the column `name` may be renamed to `full_name`",
    );
    let mut all = report("database", Verdict::Breaking, Verdict::Undecided, vec![one]);
    all.steps = vec![CheckStep {
        id: "rename users.name".to_owned(),
        phase: "expand".to_owned(),
        what: "Answers both `name` and `full_name`".to_owned(),
        by: "run".to_owned(),
        change: Some(json!({"rename_column": {"table": "users", "from": "name", "to": "full_name"}})),
        command: None,
        finding: None,
    }];
    all
}

/// Every text is hostile, and the files and objects too.
pub(crate) fn hostile() -> CheckReport {
    let whole = NAMES.join(" ");
    let mut findings = Vec::new();
    for (at, name) in NAMES.iter().enumerate() {
        let mut one = finding(name, [Severity::High, Severity::Medium, Severity::Info][at % 3], &[Breaks::Deploy], name, &whole);
        one.at = Some(self::at(Side::New, name, (1, 1), (1, 9)));
        (one.why, one.fix) = (whole.clone(), whole.clone());
        one.reach = Some(Reach { count: 3, examples: vec![(*name).to_owned()] });
        one.witness = Some(Witness { accepted_by: Side::Old, value: json!({ *name: *name }) });
        one.statement = Some(at);
        one.locks = Some(vec![Lock { object: (*name).to_owned(), mode: (*name).to_owned() }]);
        one.safe_sql = vec![(*name).to_owned()];
        findings.push(one);
    }
    let mut all = report(NAMES[0], Verdict::Breaking, Verdict::Undecided, findings);
    NAMES[1].clone_into(&mut all.policy);
    all.not_checked = NAMES.map(str::to_owned).to_vec();
    all.suppressed = NAMES
        .iter()
        .map(|name| Suppressed {
            finding: all.findings[0].clone(),
            by: (*name).to_owned(),
            reason: whole.clone(),
            until: Some((*name).to_owned()),
        })
        .collect();
    all.sources = NAMES.iter().map(|name| text(Side::New, name, &whole)).collect();
    all
}

/// All but the hostile one, by name.
pub(crate) fn all() -> Vec<(&'static str, CheckReport)> {
    vec![
        ("openapi", openapi()),
        ("script", script()),
        ("proto", proto()),
        ("clean", clean()),
        ("undecided", undecided()),
        ("many", many()),
        ("revision", revision()),
        ("database", database()),
    ]
}
