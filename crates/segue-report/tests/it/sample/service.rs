//! Orders leave a monolith: phases side by side, no start, little known.

use segue_model::plan::program::{Aspect, Program};
use segue_model::plan::{Condition, NotPattern, Pattern, Phase, Plan};
use segue_model::spec::program::MetricValue;

use super::*;

/// The plan.
pub(crate) fn service() -> Plan {
    let mut route = phase(
        "route-orders",
        ("/api/orders/* is answered by the new service", "some answers come from the new service", "high"),
        &["build-orders", "copy-orders"],
        [200, 296, 340, 420],
    );
    route.steps = vec![outside(
        "route-orders/ladder",
        "route",
        ("send /api/orders/* to the new service by 10%, 50%, 100%", "errors show on few users first"),
        None,
        "the new service answers every request of the route",
        undo("send the route to the monolith", "writes since the switch, unless the reverse stream runs", 20, "the monolith answers"),
    )];
    let errors = metric("error_rate", Some("new"), "<", MetricValue::PercentMilli(100), 3_600_000);
    route.gates = vec![gate("route-orders/errors", "few requests fail", Condition::Metric { condition: errors }, "profile doc003")];
    route.project.rollback = back(
        "with-loss",
        "send the route to the monolith",
        Some(20),
        "an order of the last minutes may be missing",
        "writes of the new service that are not streamed back",
    );
    let mut remove =
        phase("remove", ("the monolith has no code of orders any more", "none", "medium"), &["route-orders"], [400, 440, 470, 520]);
    remove.project.tasks = vec![task("Remove the code paths", "developer", 960)];
    remove.project.rollback = back("no", "", None, "none", "the monolith's way of doing it");
    Plan {
        format_version: 1,
        digest: text(DIGEST),
        segue: text("0.1.0"),
        id: text("SVC-7"),
        name: text("orders out of the monolith"),
        kinds: list(&["service"]),
        pattern: Pattern {
            name: text("strangler"),
            why: text("one route after the other can be given back"),
            not: vec![NotPattern { name: text("big-bang"), why: text("no window was stated") }],
        },
        risk: text("high"),
        rollback: text("limited"),
        phases: vec![build(), copy(), route, remove],
        program: Program {
            profile: text("doc003"),
            model: text("segue-1"),
            overview: vec![Aspect {
                aspect: text("Orders"),
                current: text("a module of the monolith"),
                target: text("a service of its own"),
                change: text("2 tables and 6 routes move"),
            }],
            duration: Some(quantiles(400 * HOUR, 440 * HOUR, 470 * HOUR, 520 * HOUR)),
            risks: vec![risk(
                "R1",
                "an order is written on both sides",
                (9, 4, 9),
                108,
                "critical",
                "one writer at a time, by a flag that both read",
            )],
            needed: vec![
                needed("How many people work on it", "team", &["estimate"]),
                needed("What measures the error rate", "systems.metrics.prometheus", &["route-orders"]),
            ],
            ..Program::default()
        },
        not_checked: list(&["callers outside of the source tree"]),
        ..Plan::default()
    }
}

/// Six services, one after the other: 24 phases, as hybrids have them.
pub(crate) fn hybrid() -> Plan {
    let mut plan = service();
    let once = std::mem::take(&mut plan.phases);
    for round in 0..6_u64 {
        for phase in &once {
            let mut phase = phase.clone();
            phase.name = format!("{}-{round}", phase.name);
            phase.project.after.iter_mut().for_each(|after| *after = format!("{after}-{round}"));
            for times in [&mut phase.project.starts, &mut phase.project.ends].into_iter().flatten() {
                let later = round * 500 * HOUR;
                *times = quantiles(times.p5_s + later, times.p50_s + later, times.p80_s + later, times.p95_s + later);
            }
            plan.phases.push(phase);
        }
    }
    plan.program.duration = Some(quantiles(2_900 * HOUR, 2_940 * HOUR, 2_970 * HOUR, 3_020 * HOUR));
    plan
}

fn build() -> Phase {
    let mut phase = phase("build-orders", ("a service that answers as the monolith does", "none", "medium"), &[], [0, 160, 190, 250]);
    phase.project.owner = text("developer");
    phase.project.tasks = vec![task("Write the service", "developer", 4_800), task("Contract tests for the 6 routes", "developer", 600)];
    phase.project.rollback = back("yes", "nothing uses it yet", Some(0), "none", "0 rows");
    phase
}

fn copy() -> Phase {
    let mut phase = phase("copy-orders", ("orders and order_items are on the service's database", "none", "medium"), &[], [0, 40, 60, 90]);
    phase.steps = vec![outside(
        "copy-orders/orders",
        "copy_table",
        ("copy orders", "the service needs its own rows"),
        Some(sql("postgres", "CREATE PUBLICATION orders_out FOR TABLE orders, order_items;", "CREATE PUBLICATION")),
        "pg_publication has orders_out",
        undo("drop the publication", "0 rows", 1, "pg_publication has no orders_out"),
    )];
    phase.project.criticality_permille = 40;
    phase.project.rollback = back("yes", "drop the copy", None, "none", "0 rows");
    phase
}
