//! Problems between keys, and the words of the newer keys.

use crate::problems::{check, says};

/// Line 4 and on.
fn with(end: &str) -> String {
    format!("segue: 1\nid: a\nkind: auth\n{end}\n")
}

/// With four systems in line 4; `end` begins in line 5.
fn on(end: &str) -> String {
    with(&format!(
        "systems: {{a: {{mysql: {{url: env:A}}}}, b: {{postgres: {{url: env:B}}}}, h: {{http: {{old: env:A, new: env:B}}}}, o: {{other: {{what: x}}}}}}\n{end}"
    ))
}

#[test]
fn names_of_systems() {
    says(&on("move: {from: a, to: c}"), "`move.to` is `c`, which is not a system of this file", "write one of `a`, `b`, `o`");
    check(&on("move: {from: a, to: c}"), &[(28, 5, 21)]);
    says(
        &on("move: {from: h, to: b}"),
        "`move.from` is `h`, which is a system of the kind `http`",
        "name a database, or one of the kind `other`",
    );
    says(&on("move: {from: a, to: a}"), "`move.from` and `move.to` are the same system", "name two systems");
    check(&on("move: {from: o, to: b, convert: {columns: {x: {to: int}, a.b: {to: int}, a..b: {to: int}}}}"), &[(37, 5, 44), (37, 5, 74)]);
    says(&with("move: {from: a, to: b}"), "`move` needs `systems`", "add `systems`");
    check(&with("move: {from: a}"), &[(15, 4, 1), (15, 4, 1)]);
    check(&on("schema: {in: h, sql: a}"), &[(28, 5, 14)]);
    check(&on("schema: {sql: a}"), &[(28, 5, 9)]);
    says(&on("rollout: {system: hh}"), "`rollout.system` is `hh`, which is not a system of this file", "write one of `h`");
    check(&on("rollout: {system: a}"), &[(28, 5, 19)]);
    check(&with("rollout: {system: a}"), &[(28, 4, 19)]);
    check(
        &with("systems: {a: {http: {old: env:A, new: env:B}}, b: {http: {old: env:A, new: env:B}}}\nrollout: {hold: 1h}"),
        &[(28, 5, 10)],
    );
    says(
        "segue: 1\nid: a\nsystems: {o: {other: {what: x}}}\nschema: {sql: a}\n",
        "`schema` needs a database, and `systems` has none",
        "add one to `systems`",
    );
}

#[test]
fn types_that_yaml_tears_in_two() {
    says(
        &on("move: {from: a, to: b, convert: {types: {decimal(10,2): numeric}}}"),
        "YAML ends a value at the comma inside `{ }` and `[ ]`, so this one is torn in two",
        "write it in double quotes: \"decimal(10,2)\": numeric",
    );
    check(
        &on("move: {from: a, to: b, convert: {types: {decimal: numeric(10,2)}, columns: {a.b: {to: numeric(1,2)}}}}"),
        &[(23, 5, 51), (23, 5, 87)],
    );
}

#[test]
fn orders() {
    says(&with("rollout: {steps: [5%, 1%, 100%]}"), "`rollout.steps` do not rise", "write each larger than the one before it");
    check(&with("rollout: {steps: [5%, 1%, 100%]}"), &[(35, 4, 23)]);
    says(&with("rollout: {steps: [5%, 50%]}"), "`rollout.steps` do not end at 100%", "add `100%` as the last");
    check(&with("rollout: {steps: [0%, 100%]}"), &[(35, 4, 19)]);
    check(&with("rollout: {steps: [5%, x, 1%]}"), &[(19, 4, 23)]);
    check(&with("rollout: {steps: []}"), &[(22, 4, 18)]);
    check(&with("phases: {p: {estimate: {best: 2h, likely: 1h, worst: 3h}}}"), &[(35, 4, 43)]);
    check(&with("phases: {p: {estimate: {best: 1h, likely: 2h}}}"), &[(15, 4, 14)]);
    let risk = "{id: R, what: w, severity: 1, occurrence: 1}";
    check(&with(&format!("risks: [{risk}, {risk}]")), &[(37, 4, 60)]);
}

#[test]
fn words_of_limits() {
    says(
        &with("limits: {freeze: [2027-01-04/2026-12-20]}"),
        "`limits.freeze[0]` is `2027-01-04/2026-12-20`, which is not two dates, such as `2026-12-20/2027-01-04`",
        "write the earlier day first",
    );
    check(&with("limits: {deadline: 2027-02-29, freeze: [2027-01-04]}"), &[(34, 4, 20), (34, 4, 41)]);
    check(&with("start: 11.01.2027"), &[(34, 4, 8)]);
    check(&with("limits: {window: {from: 24:00, to: 8:00}}"), &[(34, 4, 25), (34, 4, 36)]);
    check(&with("limits: {window: {days: [sun, sunday], from: 01:00, to: 08:00, zone: +02:00}}"), &[(18, 4, 31), (18, 4, 70)]);
    check(&with("limits: {window: {from: 01:00}}"), &[(15, 4, 10)]);
    check(&with("limits: {window: []}"), &[(22, 4, 18)]);
    check(&with("limits: {downtime: -5s, data_loss: 5}"), &[(19, 4, 20), (17, 4, 36)]);
    check(&with("limits: {data_loss: 5 rowz}"), &[(19, 4, 21)]);
    check(&with("limits: {budget: {money: 1.005, currency: eur}}"), &[(36, 4, 26), (18, 4, 43)]);
    check(&with("limits: {budget: {money: -1, currency: EUR}}"), &[(17, 4, 26)]);
    check(&with("limits: {budget: {money: 1e3, currency: EUR}}"), &[(36, 4, 26)]);
    check(&with("team: {people: 0, hours_per_week: 169, rates: {dba: x}}"), &[(17, 4, 16), (17, 4, 35), (17, 4, 53)]);
    check(&with("rates: {copy: 50MiB, index: 0 rows/s, verify: 5 rows}"), &[(19, 4, 15), (36, 4, 29), (19, 4, 47)]);
    check(&with("rollout: {shadow: 100.5%}"), &[(19, 4, 19)]);
    check(&with("rollout: {shadow: 0.1234%}"), &[(19, 4, 19)]);
    check(&with("rollout: {shadow: 10}"), &[(17, 4, 19)]);
}

#[test]
fn closed_lists() {
    check("segue: 1\nid: a\nkind: shard\n", &[(18, 3, 7)]);
    says(
        "segue: 1\nid: a\nkind: vm-to-container\n",
        &format!("`kind` is `vm-to-container`, which is none of {KINDS}"),
        "did you mean `vm-to-containers`?",
    );
    check(&with("profile: doc005"), &[(18, 4, 10)]);
    says(&with("comms: {exek: {every: daily}}"), "`comms` has no key `exek`", "did you mean `exec`?");
    check(&with("comms: {exec: {every: dayly}}"), &[(19, 4, 23)]);
    check(&with("rollback_when: [{when: revenue > 0, action: stop}]\nchecks: {revenue: select 1}"), &[(18, 4, 45)]);
    check(&with("risks: [{what: w, severity: 0, occurrence: 11}]"), &[(17, 4, 29), (17, 4, 44)]);
    check(&with("risks: [{what: w}]"), &[(15, 4, 9), (15, 4, 9)]);
    check(
        &with("code: {path: a, change: [{compiler: {from: a, to: b}}, {library: {from: a b, to: c@d@e}}]}"),
        &[(13, 4, 27), (18, 4, 73), (18, 4, 82)],
    );
    check(&with("auth: {change: ldap}"), &[(18, 4, 16)]);
    check(&with("checks: {a: {sql: x, on: all, tolerance: 5s}}"), &[(18, 4, 26), (19, 4, 42)]);
    check(
        &with("phases: {p: {gate: [{approve: {by: [], count: 0}}], skip: \" \", tasks: [\"\"]}}"),
        &[(22, 4, 36), (17, 4, 47), (22, 4, 59), (22, 4, 72)],
    );
}

const KINDS: &str = "`schema-change`, `data-transform`, `platform-switch`, `version-upgrade`, `sharding`, `framework`, `language`, `library`, \
    `service-extraction`, `api-version`, `auth`, `onprem-to-cloud`, `cloud-to-cloud`, `region`, `vm-to-containers`, `self-hosted-to-managed`";

#[test]
fn places_of_systems() {
    let system = |system: &str| with(&format!("systems: {{a: {{{system}}}}}"));
    for (text, code, column) in [
        ("mysql: {url: \"mysql://u:hunter2@h/db\"}", 24, 28),
        ("mysql: {url: \"mysql://u@h/db?password=hunter2\"}", 24, 28),
        ("mysql: {url: \"postgres://h/db\"}", 25, 28),
        ("prometheus: {url: \"http://u:hunter2@h\"}", 24, 33),
        ("prometheus: {url: \"http://h/?token=hunter2\"}", 24, 33),
        ("prometheus: {url: \"h:9090\"}", 25, 33),
        ("http: {old: \"http://u:hunter2@h\", new: \"ftp://h\"}", 24, 27),
        ("other: {what: \" \"}", 22, 29),
    ] {
        let text = system(text);
        let problems = segue_model::spec::read(&text, "segue.yaml").expect_err("a problem");
        assert_eq!(
            (problems[0].code.as_str(), problems[0].at.as_ref().map(|at| at.column)),
            (format!("SG-SPEC-0{code}").as_str(), Some(column)),
            "{text}"
        );
        assert!(!format!("{problems:?}").contains("hunter2") && !segue_model::spec::concealed(&text).contains("hunter2"));
    }
    check(&system("mysql: {url: env:A}, http: {old: env:A, new: env:B}"), &[(26, 4, 36)]);
    check(&system("facts: {size: 1}"), &[(26, 4, 11), (19, 4, 29)]);
    check(
        &system("facts: {production: yes, rows: -1}, other: {what: x}, dependencies: [{kind: x}]"),
        &[(17, 4, 35), (17, 4, 46), (15, 4, 84)],
    );
    check(&with("systems:\n  a:\n    mysql:\n    url: env:A"), &[(22, 6, 5)]);
}
