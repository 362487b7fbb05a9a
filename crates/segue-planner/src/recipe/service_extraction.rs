//! Services out of a larger one, by the strangler pattern: a proxy in front, routes one group after the other, the data
//! of each service last.
//!
//! Requests of one service move at a time; the larger service keeps working with all of its routes until each share is
//! whole, and its tables follow the new owner's, so that going back loses no write. Tests: `tests/it/project_cases.rs`.

mod phases;

use std::collections::BTreeMap;

use segue_model::plan::Pattern;
use segue_model::spec::program::{Extract, Service};

use super::draft::{Draft, pattern};
use super::ground::{Ground, Table};
use super::{observed_work, retire, traffic};

/// One service with its names in the plan.
pub(super) struct Part<'a> {
    /// Its name in the spec.
    pub(super) name: &'a str,
    pub(super) extract: &'a Extract,
    /// In front of its phases; empty where there is only one service.
    pub(super) prefix: String,
    /// Its tables as far as they are known.
    pub(super) tables: Vec<Table>,
}

impl Part<'_> {
    /// A phase of this service.
    pub(super) fn phase(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

/// The part.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let nothing = Service { from: "the larger service".to_owned(), extract: BTreeMap::new() };
    let service = ground.spec.program.service.as_ref().unwrap_or(&nothing);
    let several = service.extract.len() > 1;
    let parts: Vec<Part<'_>> = service
        .extract
        .iter()
        .map(|(name, extract)| Part {
            name,
            extract,
            prefix: if several { format!("{}-", super::build::id_part(name)) } else { String::new() },
            tables: tables(ground, extract),
        })
        .collect();
    let mut draft = Draft::new("service", choose(ground, &parts));
    describe(&mut draft, ground, service, &parts);
    draft.phase(phases::prepare(ground, service, &parts));
    draft.phase(phases::intercept(ground, service, &parts));
    let mut last = "intercept".to_owned();
    if parts.is_empty() {
        draft.need("which services leave, with their routes and their tables", "service.extract", &["build", "estimate"]);
        draft.phase(phases::unnamed(ground));
        "build".clone_into(&mut last);
    }
    for part in &parts {
        last = one(&mut draft, ground, service, part, &last);
    }
    let old = retire::Old {
        what: &format!("the extracted code and tables inside {}", service.from),
        after: &[last.as_str()],
        owner: "developer",
        kept_true: "the tables of the larger service follow those of the new ones",
        archive: "the extracted tables as the larger service had them, and the last version with the old routes",
    };
    retire::retire(&mut draft, ground, &old);
    draft
}

/// The phases of one service; the name of its last one.
fn one(draft: &mut Draft, ground: &Ground<'_>, service: &Service, part: &Part<'_>, before: &str) -> String {
    draft.phase(phases::build(ground, service, part));
    let with_data = !part.tables.is_empty();
    if with_data {
        draft.phase(phases::data(ground, part));
    }
    draft.phase(phases::shadow(ground, part, before));
    let (shadow, canary, shift) = (part.phase("shadow"), part.phase("canary"), part.phase("shift"));
    let what = format!("the requests of {}", part.name);
    let division = traffic::Division {
        what: &what,
        ladder: ground.profile.service,
        after: &[shadow.as_str()],
        users: "users of these routes are served by the new service, a share at a time",
        back: "the larger service answers these routes again; both write the same tables, so that no write is missing",
    };
    let names = traffic::Names { canary: &canary, shift: &shift, proxy: part.name, routes: &part.extract.routes };
    traffic::shift_named(draft, ground, &division, &names);
    if with_data {
        draft.phase(phases::own(ground, service, part, &shift));
        return part.phase("own");
    }
    shift
}

/// What is known of a service's tables: measured, else the names alone.
fn tables(ground: &Ground<'_>, extract: &Extract) -> Vec<Table> {
    // An old document names no tables, but says how much there is.
    if let (true, Some(size)) = (extract.tables.is_empty() && ground.spec.program.imported.is_some(), ground.stated("source").size) {
        let name = "its tables".to_owned();
        return vec![Table {
            name,
            bytes: Some(size.0),
            keyed: true,
            from: "spec constraints.data_volume_gb".to_owned(),
            ..Table::default()
        }];
    }
    let seen: Vec<Table> =
        ground.assessment.map_or(Vec::new(), |assessment| assessment.systems.keys().flat_map(|system| ground.tables(system)).collect());
    let known = |name: &str| seen.iter().find(|table| table.name == name || table.name.rsplit('.').next() == Some(name)).cloned();
    extract
        .tables
        .iter()
        .map(|name| {
            known(name).unwrap_or_else(|| Table {
                name: name.clone(),
                keyed: true,
                from: "spec service.extract".to_owned(),
                ..Table::default()
            })
        })
        .collect()
}

fn choose(ground: &Ground<'_>, parts: &[Part<'_>]) -> Pattern {
    let routes: usize = parts.iter().map(|part| part.extract.routes.len()).sum();
    let downtime = if ground.no_downtime() { "`limits.downtime` is none, and " } else { "" };
    pattern(
        "strangler",
        format!(
            "{routes} routes go over one group after the other behind a proxy, each compared with the old answer first, each taken back by one setting"
        ),
        &[
            ("big-bang", format!("{downtime}a rewrite that replaces everything at once shows its mistakes to everybody at once")),
            (
                "blue-green",
                "two whole environments say nothing about which route is wrong, and both would write the same tables at once".to_owned(),
            ),
            (
                "parallel-run",
                "running both for each request doubles every side effect; it is used here for reads alone, as the shadow before each share"
                    .to_owned(),
            ),
            (
                "dual-write",
                "two writes without a common transaction drift apart; the tables have one owner at any time, and the other side follows"
                    .to_owned(),
            ),
            (
                "event-sourcing",
                "the larger service would have to write events first; an outbox for what others must know is enough".to_owned(),
            ),
        ],
    )
}

fn describe(draft: &mut Draft, ground: &Ground<'_>, service: &Service, parts: &[Part<'_>]) {
    for part in parts {
        let own = format!(
            "{} with {} and {} of its own",
            part.name,
            segue_model::units::counted(part.extract.routes.len() as u64, "route"),
            segue_model::units::counted(part.extract.tables.len() as u64, "table")
        );
        draft.aspect(part.name, format!("a part of {}", service.from), own, "routes behind a proxy, answers compared, tables handed over");
        if part.extract.routes.is_empty() {
            draft.need(
                format!("the routes of {}: without them no request can be told apart", part.name),
                format!("service.extract.{}.routes", part.name),
                &["canary", "shift"],
            );
        }
        if part.extract.tables.is_empty() {
            draft.need(
                format!("the tables that {} shall own; without any it reads and writes through the larger service", part.name),
                format!("service.extract.{}.tables", part.name),
                &["data"],
            );
        }
        for table in part.tables.iter().filter(|table| table.bytes.is_none() && table.rows.is_none()) {
            draft.not_checked.push(format!("the size of {}, which {} shall own", table.name, part.name));
        }
    }
    if ground.spec.program.rollout.as_ref().is_none_or(|rollout| rollout.system.is_none())
        && !ground.spec.program.outside.values().any(is_http)
    {
        draft.need(
            "the addresses of the old and the new side, so that requests can be sent and compared",
            "systems.app.http",
            &["intercept", "shadow"],
        );
    }
    observed_work::ends_of_life(draft, ground);
}

fn is_http(system: &segue_model::spec::program::Outside) -> bool {
    matches!(system, segue_model::spec::program::Outside::Http { .. })
}
