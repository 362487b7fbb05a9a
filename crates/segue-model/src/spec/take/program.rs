//! The keys outside of the change of form, into a [`Program`].
//!
//! Tests: `tests/it/whole.rs`.

use super::{Take, kinds, list, work};
use crate::secret::Reference;
use crate::spec::amounts;
use crate::spec::node::{Kind, Node};
use crate::spec::program::{
    About, CheckRule, CheckSide, Dependency, Facts, Freeze, Money, Outside, Program, Rates, Team, Tolerance, Window,
};

/// Everything beside the change of form.
pub(in crate::spec) fn program(take: &Take, root: &Node) -> Program {
    let nothing = Node { kind: Kind::Null, span: 0..0 };
    let part = |key: &str| root.get(key).unwrap_or(&nothing);
    let (limits, schema) = (part("limits"), part("schema"));
    Program {
        kind: take.text(root, "kind"),
        profile: take.text(root, "profile"),
        start: take.read(root, "start", amounts::date),
        compliance: list(root.get("compliance"), |item| compliance(&take.scalar(item))),
        team: team(take, part("team")),
        data_loss: take.read(limits, "data_loss", |text| amounts::loss(text).ok()).unwrap_or_default(),
        deadline: take.read(limits, "deadline", amounts::date),
        windows: list(limits.get("window"), |item| window(take, item)),
        freezes: list(limits.get("freeze"), |item| {
            let dates = amounts::dates(&take.scalar(item));
            dates.map(|(from, to)| Freeze { from, to }).or_else(|| take.wrong())
        })
        .into_iter()
        .flatten()
        .collect(),
        budget: limits.get("budget").map(|budget| Money {
            hundredths: take.read(budget, "money", |text| amounts::decimal(text, 2)).unwrap_or_else(|| take.wrong()),
            currency: take.must(budget, "currency"),
        }),
        about: take.map(root.get("systems"), |node| about(take, node)),
        outside: take.map(root.get("systems"), |node| outside(take, node)).into_iter().filter_map(|(name, it)| Some((name, it?))).collect(),
        moves: root.get("move").map(|node| kinds::moves(take, node)),
        schema_sql: take.text(schema, "sql"),
        schema_desired: take.text(schema, "desired"),
        code: root.get("code").map(|node| kinds::code(take, node)),
        api: root.get("api").map(|node| kinds::api(take, node)),
        service: root.get("service").map(|node| kinds::service(take, node)),
        auth: root.get("auth").map(|node| kinds::auth(take, node)),
        infra: root.get("infra").map(|node| kinds::infra(take, node)),
        rates: rates(take, part("rates")),
        rollout: root.get("rollout").map(|node| work::rollout(take, node, root)),
        rollback_when: list(root.get("rollback_when"), |item| work::trigger(take, item)),
        phases: take.map(root.get("phases"), |node| work::phase(take, node)),
        risks: list(root.get("risks"), |node| work::risk(take, node)),
        comms: take.map(root.get("comms"), |node| work::comms(take, node)).into_iter().filter_map(|(name, it)| Some((name, it?))).collect(),
        check_rules: take
            .map(root.get("checks"), |node| check_rule(take, node))
            .into_iter()
            .filter(|(_, rule)| *rule != CheckRule::default())
            .collect(),
        keep_old_given: root.get("keep_old").is_some(),
        imported: None,
    }
}

/// The names by which rules are known, whatever way they are written: lower case, `-` between the words.
pub(in crate::spec) fn compliance(text: &str) -> String {
    let plain = text.trim().to_lowercase().replace('_', "-");
    match plain.replace(['-', ' '], "").as_str() {
        "pcidss" | "pci" => "pci-dss".to_owned(),
        known @ ("gdpr" | "sox" | "hipaa" | "iso27001") => known.to_owned(),
        _ => plain,
    }
}

fn team(take: &Take, node: &Node) -> Team {
    Team {
        people: take.count(node, "people"),
        hours_per_week: take.count(node, "hours_per_week"),
        rates: take.map(node.get("rates"), |rate| amounts::decimal(&take.scalar(rate), 2).unwrap_or_else(|| take.wrong())),
    }
}

fn rates(take: &Take, node: &Node) -> Rates {
    let rate = |key: &str| take.read(node, key, |text| amounts::rate(text).ok());
    Rates { copy: rate("copy"), index: rate("index"), verify: rate("verify") }
}

/// One of `limits.window` and `phases.NAME.window`.
pub(super) fn window(take: &Take, node: &Node) -> Window {
    let time = |key: &str| take.read(node, key, amounts::clock).unwrap_or_else(|| take.wrong());
    Window {
        days: take.texts(node, "days"),
        from_min: time("from"),
        to_min: time("to"),
        zone: take.text(node, "zone").unwrap_or_else(|| "UTC".to_owned()),
    }
}

fn about(take: &Take, node: &Node) -> About {
    let facts = node.get("facts");
    About {
        facts: facts.map(|facts| known(take, facts)).unwrap_or_default(),
        has_facts: facts.is_some(),
        dependencies: list(node.get("dependencies"), |node| Dependency {
            name: take.must(node, "name"),
            kind: take.text(node, "kind").unwrap_or_else(|| "service".to_owned()),
            blocking: take.flag(node, "blocking").unwrap_or(false),
            owner: take.text(node, "owner"),
        }),
    }
}

fn known(take: &Take, node: &Node) -> Facts {
    Facts {
        version: take.text(node, "version"),
        size: take.size(node, "size"),
        rows: take.count(node, "rows"),
        tables: take.count(node, "tables"),
        growth_per_day: take.size(node, "growth_per_day"),
        peak_tps: take.count(node, "peak_tps"),
        replicas: take.count(node, "replicas"),
        production: take.flag(node, "production"),
    }
}

/// A system that is no database.
fn outside(take: &Take, node: &Node) -> Option<Outside> {
    if let Some(http) = node.get("http") {
        return Some(Outside::Http { old: take.must(http, "old"), new: take.must(http, "new") });
    }
    if let Some(prometheus) = node.get("prometheus") {
        let queries = take.map(prometheus.get("queries"), |query| take.scalar(query));
        return Some(Outside::Prometheus { url: Reference::from(take.must(prometheus, "url")), queries });
    }
    node.get("other").map(|other| Outside::Other { what: take.must(other, "what") })
}

fn check_rule(take: &Take, node: &Node) -> CheckRule {
    let tolerance = |text: &str| match amounts::percent(text) {
        Some(percent) => Some(Tolerance::PercentMilli(percent)),
        None => amounts::decimal(text, 3).map(Tolerance::Milli),
    };
    let on = match take.text(node, "on").as_deref() {
        None | Some("both") => CheckSide::Both,
        Some("source") => CheckSide::Source,
        Some("target") => CheckSide::Target,
        Some(_) => take.wrong(),
    };
    CheckRule { tolerance: take.read(node, "tolerance", tolerance), on }
}
