//! A spec with every key reads as every value of the types.

use std::collections::BTreeMap;

use segue_model::secret::Reference;
use segue_model::spec::program::*;
use segue_model::spec::{self, Spec, System};
use segue_model::units::{Bytes, Millis};

#[track_caller]
fn read(text: &str) -> Spec {
    spec::read(text, "segue.yaml").unwrap_or_else(|problems| panic!("{problems:#?}\n{text}"))
}

fn date(text: &str) -> Date {
    Date(text.parse().expect("a date"))
}

/// The example of the product's description, as it stands there.
pub(crate) const EXAMPLE: &str = r#"# yaml-language-server: $schema=./segue.schema.json
segue: 1
id: MIG-042
name: shop-mariadb-to-postgres
why: MariaDB 10.11 leaves support; we want jsonb and partitions
owners: {lead: ana@shop.example, dba: raj@shop.example}

limits: {downtime: 5s, data_loss: none, deadline: 2027-03-31, freeze: [2026-12-20/2027-01-04]}
team: {people: 3, hours_per_week: 20}
start: 2027-01-11

systems:
  old: {mysql: {url: env:OLD_URL}}
  new: {postgres: {url: env:NEW_URL}}
  app: {http: {old: http://127.0.0.1:8080, new: http://127.0.0.1:8081}}
  metrics: {prometheus: {url: http://127.0.0.1:9090}}

move:                             # a whole database from one system to another
  from: old
  to: new
  exclude: [tmp_*]
  convert:
    types: {tinyint(1): boolean}
    zero_dates: null
    columns:
      orders.settings: {to: jsonb, from_text: json, on_error: reject}
      orders.created_at: {to: timestamptz, from_epoch: seconds, zone: UTC}

schema:                           # or, and: a change of form inside one system
  in: new
  changes:
    - rename_column: {table: users, from: name, to: full_name}
    - change_type: {table: orders, column: total, to: "numeric(12,2)", up: total / 100.0, down: round(total * 100)::int}

code:    {path: ./service, change: [{framework: {from: express@4, to: fastify@5}}, {runtime: {from: node@14, to: node@22}}, {library: {from: moment, to: date-fns}}, {driver: {from: mysql2, to: pg}}]}
api:     {old: openapi-v1.yaml, new: openapi-v2.yaml, clients: 400}
service: {from: monolith, extract: {orders: {tables: [orders, order_items], routes: ["/api/orders/*"]}}}
auth:    {change: oauth_provider, from: auth0, to: keycloak, users: 120000}      # or auth_system, sso
infra:   {from: aws/eu-west-1, to: gcp/europe-west1, terraform: ./infra, data: 2500GiB}

checks:                           # business rules that must agree on both sides
  revenue_by_day: select date(created_at) d, sum(total) t from orders group by 1

throttle: {max_replication_lag: 5s, max_load: {threads_running: 40}, batch_target: 200ms, ddl_lock_timeout: 1s}

rollout: {system: app, shadow: 10%, steps: [1%, 5%, 25%, 50%, 100%], hold: 30m, sticky: user_id}
rollback_when:
  - error_rate(new) > 1% for 2m
  - p95(new) > 2 * p95(old) for 5m
  - mismatches > 0

keep_old: 30d
phases: {}                        # optional: change, add or order what the recipe lays out
risks: []                         # optional: the team's own rows join the computed ones
comms: {exec: {every: daily}, users: {lead_time: 4w}}
"#;

#[test]
fn the_example_of_the_product_reads() {
    let spec = read(EXAMPLE);
    let program = &spec.program;
    assert_eq!(spec.systems["old"], System::Mysql { url: Reference::Env("OLD_URL".into()) });
    assert_eq!(spec.systems.keys().collect::<Vec<_>>(), ["new", "old"]);
    assert_eq!(program.outside.keys().collect::<Vec<_>>(), ["app", "metrics"]);
    assert_eq!((program.start, program.deadline), (Some(date("2027-01-11")), Some(date("2027-03-31"))));
    assert_eq!(program.freezes, [Freeze { from: date("2026-12-20"), to: date("2027-01-04") }]);
    let moves = program.moves.as_ref().expect("a move");
    assert_eq!((moves.from.as_str(), moves.to.as_str(), moves.exclude.as_slice()), ("old", "new", ["tmp_*".to_owned()].as_slice()));
    assert_eq!((moves.types["tinyint(1)"].as_str(), moves.zero_dates.as_deref()), ("boolean", Some("null")));
    assert_eq!(moves.columns["orders.created_at"].from_epoch.as_deref(), Some("seconds"));
    assert_eq!(spec.schema_system().map(|(name, _)| name), Some("new"));
    assert_eq!(spec.changes().len(), 2);
    let code = program.code.as_ref().expect("code");
    assert_eq!(code.change.iter().map(|change| change.what.as_str()).collect::<Vec<_>>(), ["framework", "runtime", "library", "driver"]);
    assert_eq!(program.api.as_ref().and_then(|api| api.clients), Some(400));
    assert_eq!(program.service.as_ref().map(|service| service.extract["orders"].tables.len()), Some(2));
    assert_eq!(program.auth.as_ref().and_then(|auth| auth.users), Some(120_000));
    assert_eq!(program.infra.as_ref().and_then(|infra| infra.data), Some(Bytes(2_500 << 30)));
    let rollout = program.rollout.as_ref().expect("a rollout");
    assert_eq!((rollout.shadow_ppm10, rollout.steps.as_slice()), (Some(10_000), [1_000, 5_000, 25_000, 50_000, 100_000].as_slice()));
    let when: Vec<String> = program.rollback_when.iter().map(|trigger| trigger.when.to_string()).collect();
    assert_eq!(when, ["error_rate(new) > 1% for 2m", "p95(new) > 2 * p95(old) for 5m", "mismatches > 0"]);
    assert_eq!(program.comms["users"].lead_time, Some(Millis(4 * 7 * 86_400_000)));
    assert!(program.keep_old_given && spec.keep_old == Millis(30 * 86_400_000));
}

/// What the example does not show.
pub(crate) const REST: &str = r#"
segue: 1
id: A
kind: version-upgrade
profile: doc002
compliance: [GDPR, PCI_DSS, "ISO 27001", Our own]
limits:
  downtime: none
  data_loss: 100 rows
  rollback: wanted
  window:
    - {days: [sat, sun], from: 02:00, to: 06:30, zone: Europe/Berlin}
    - {days: mon, from: "23:00", to: "01:00"}
  budget: {money: 20000.5, currency: EUR}
team: {rates: {dba: 85.50, dev: 70}}
systems:
  old:
    mysql: {url: "mariadb://app@db.example:3306/shop"}
    facts: {version: 10.10, size: 1GiB, rows: 5, tables: 6, growth_per_day: 10MB, peak_tps: 7, replicas: 0, production: true}
    dependencies:
      - {name: reports, kind: report, blocking: true, owner: eve}
      - {name: mail}
  metrics: {prometheus: {url: env:PROM, queries: {carts: sum(carts)}}}
  app: {http: {old: env:OLD_APP, new: https://new.example}}
  host: {other: {what: an Oracle}}
move: {from: old, to: host, include: [a, b*], pattern: dual-write}
rates: {copy: 50MiB/s, index: 20000 rows/s}
checks:
  a: {sql: select 1, tolerance: 0.1%, on: source}
  b: {sql: select 1, tolerance: 0.005}
  c: {sql: select 1}
throttle: {max_bytes_per_s: 50MiB}
rollout: {steps: [0.5%, 100%]}
rollback_when:
  - {when: carts < 5.5, action: pause}
  - a == 0
  - {when: disk_free(target) < 10GiB}
phases:
  pilot:
    after: []
    hold: 2h
    gate: [lag < 1s for 1h, {approve: {by: [dba, lead], count: 2}}, {approve: {by: [dba]}}]
    window: {from: "00:00", to: "00:00"}
    estimate: {best: 1h, likely: 1.5s, worst: 2s}
    tasks: [call them, {do: look, owner: eve, hours: 0.51}]
  cutover: {skip: no traffic moves}
risks:
  - {id: T1, what: w, severity: 10, occurrence: 1, detection: 3, mitigation: m, owner: o, watch: a}
  - {what: v, severity: 1, occurrence: 2}
comms:
  partners: {every: 3d, to: "partners@example.org", channel: mail, template: partners.md}
  users:
"#;

#[test]
fn every_other_key_reads() {
    let spec = read(&REST.replace("best: 1h, likely: 1.5s", "best: 1s, likely: 1.5s"));
    let program = &spec.program;
    assert_eq!((program.kind.as_deref(), program.profile.as_deref()), (Some("version-upgrade"), Some("doc002")));
    assert_eq!(program.compliance, ["gdpr", "pci-dss", "iso27001", "our own"]);
    assert_eq!(program.data_loss, DataLoss::Rows(100));
    let window = |days: &[&str], from_min, to_min, zone: &str| Window {
        days: days.iter().map(|day| (*day).to_owned()).collect(),
        from_min,
        to_min,
        zone: zone.to_owned(),
    };
    assert_eq!(program.windows, [window(&["sat", "sun"], 120, 390, "Europe/Berlin"), window(&["mon"], 1_380, 60, "UTC")]);
    assert_eq!(program.budget, Some(Money { hundredths: 2_000_050, currency: "EUR".into() }));
    assert_eq!(
        program.team,
        Team { people: None, hours_per_week: None, rates: BTreeMap::from([("dba".into(), 8_550), ("dev".into(), 7_000)]) }
    );
    assert_eq!(
        program.about["old"],
        About {
            facts: Facts {
                version: Some("10.10".into()),
                size: Some(Bytes(1 << 30)),
                rows: Some(5),
                tables: Some(6),
                growth_per_day: Some(Bytes(10_000_000)),
                peak_tps: Some(7),
                replicas: Some(0),
                production: Some(true),
            },
            has_facts: true,
            dependencies: vec![
                Dependency { name: "reports".into(), kind: "report".into(), blocking: true, owner: Some("eve".into()) },
                Dependency { name: "mail".into(), kind: "service".into(), blocking: false, owner: None },
            ],
        }
    );
    assert!(!program.about["host"].has_facts);
    assert_eq!(program.outside["host"], Outside::Other { what: "an Oracle".into() });
    let Outside::Prometheus { url, queries } = &program.outside["metrics"] else { panic!("prometheus") };
    assert_eq!((url, queries["carts"].as_str()), (&Reference::Env("PROM".into()), "sum(carts)"));
    assert_eq!(program.outside["app"], Outside::Http { old: "env:OLD_APP".into(), new: "https://new.example".into() });
    let moves = program.moves.as_ref().expect("a move");
    assert_eq!((moves.include.len(), moves.pattern.as_deref(), moves.zero_dates.as_deref()), (2, Some("dual-write"), None));
    assert_eq!(program.rates, Rates { copy: Some(Rate::BytesPerS(50 << 20)), index: Some(Rate::RowsPerS(20_000)), verify: None });
    let rule = |tolerance, on| CheckRule { tolerance: Some(tolerance), on };
    assert_eq!(program.check_rules["a"], rule(Tolerance::PercentMilli(100), CheckSide::Source));
    assert_eq!(program.check_rules["b"], rule(Tolerance::Milli(5), CheckSide::Both));
    assert_eq!((program.check_rules.len(), spec.checks.len()), (2, 3));
    assert_eq!(spec.throttle.max_bytes_per_s, Some(Bytes(50 << 20)));
    assert_eq!(program.rollout.as_ref().and_then(|rollout| rollout.system.as_deref()), Some("app"), "the only one");
    let actions: Vec<(String, &str)> =
        program.rollback_when.iter().map(|trigger| (trigger.when.to_string(), trigger.action.as_str())).collect();
    assert_eq!(
        actions,
        [("carts < 5.5".to_owned(), "pause"), ("a == 0".to_owned(), "rollback"), ("disk_free(target) < 10GiB".to_owned(), "rollback")]
    );
    assert!(!program.keep_old_given && spec.keep_old == Millis(30 * 86_400_000), "the default of a move");
    people(program);
}

fn people(program: &Program) {
    let pilot = &program.phases["pilot"];
    assert_eq!((pilot.after.as_deref(), pilot.hold), (Some(&[][..]), Some(Millis(7_200_000))));
    let approve = |by: &[&str], count| GateWish::Approve { by: by.iter().map(|role| (*role).to_owned()).collect(), count };
    assert_eq!(pilot.gate[1..], [approve(&["dba", "lead"], 2), approve(&["dba"], 1)]);
    let GateWish::Metric(lag) = &pilot.gate[0] else { panic!("a condition") };
    assert_eq!((lag.value.clone(), lag.for_ms), (MetricValue::Ms(1_000), 3_600_000));
    assert_eq!((pilot.window.len(), pilot.estimate, pilot.skip.as_deref()), (1, Some((1, 2, 2)), None), "seconds, rounded up");
    assert_eq!(
        pilot.tasks,
        [
            TaskWish { what: "call them".into(), owner: None, minutes: None },
            TaskWish { what: "look".into(), owner: Some("eve".into()), minutes: Some(31) },
        ]
    );
    assert_eq!((program.phases["cutover"].skip.as_deref(), program.phases["cutover"].after.as_ref()), (Some("no traffic moves"), None));
    assert_eq!((program.risks[0].severity, program.risks[0].detection, program.risks[1].id.as_deref()), (10, Some(3), None));
    assert_eq!(program.comms.keys().collect::<Vec<_>>(), ["partners"]);
    assert_eq!(program.comms["partners"].every.as_deref(), Some("3d"));
}

#[test]
fn each_key_alone_is_enough_and_keep_old_follows_the_kind() {
    for key in [
        "kind: sharding",
        "code: {path: a, change: [{language: {from: js, to: ts}}]}",
        "api: {old: a, new: b}",
        "service: {from: a, extract: {b: {}}}",
        "auth: {change: sso}",
        "infra: {from: vm, to: kubernetes}",
        "systems: {a: {sqlite: {path: a}}}\nschema: {desired: a.sql}",
    ] {
        let spec = read(&format!("segue: 1\nid: a\n{key}\n"));
        assert!(spec.keep_old == Millis(0) && !spec.program.keep_old_given, "{key}");
    }
    let spec =
        read("segue: 1\nid: a\nsystems: {a: {sqlite: {path: a}}, b: {prometheus: {url: env:A}}}\nschema: {sql: a.sql}\nkeep_old: 0s\n");
    assert_eq!(
        (spec.schema_system().map(|(name, _)| name), spec.program.schema_sql.as_deref()),
        (Some("a"), Some("a.sql")),
        "the only database"
    );
    assert!(spec.program.keep_old_given && spec.changes().is_empty());
}

#[test]
fn the_digest_knows_the_move_and_the_files() {
    let digest = |end: &str| {
        let text = format!("segue: 1\nid: a\nsystems: {{a: {{sqlite: {{path: a}}}}, b: {{sqlite: {{path: b}}}}}}\n{end}\n");
        spec::digest(&read(&text)).expect("a digest")
    };
    let all =
        ["schema: {in: a, sql: x}", "schema: {in: a, desired: x}", "move: {from: a, to: b}", "move: {from: b, to: a}", "kind: region"];
    let digests: std::collections::BTreeSet<String> = all.iter().map(|end| digest(end)).collect();
    assert_eq!(digests.len(), all.len());
}
