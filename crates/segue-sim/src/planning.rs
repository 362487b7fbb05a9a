//! From changes to a plan on any engine, by the same calls as the binary makes.
//!
//! Must never invent what the planner decides. Used by `stage` and `proof`.

use std::collections::BTreeMap;

use segue_engine::Engine;
use segue_model::change::Change;
use segue_model::finding::Finding;
use segue_model::plan::Plan;
use segue_model::secret::Reference;
use segue_model::spec::{Limits, SchemaChange, Spec, System, Throttle};
use segue_model::units::Millis;
use segue_planner::{Observed, PlanCapabilities, plan, resolve, touched, touched_indexes};

/// A spec with these changes and nothing else of note. Its tag is the id in lower case.
pub fn spec(id: &str, changes: Vec<Change>) -> Spec {
    Spec {
        segue: 1,
        id: id.to_owned(),
        name: String::new(),
        why: String::new(),
        owners: BTreeMap::new(),
        systems: BTreeMap::from([("db".to_owned(), System::Sqlite { path: Reference::Plain("sim.db".to_owned()) })]),
        schema: Some(SchemaChange { system: "db".to_owned(), changes }),
        limits: Limits { downtime: Some(Millis(60_000)), ..Limits::default() },
        checks: BTreeMap::new(),
        throttle: Throttle::default(),
        keep_old: Millis(0),
        program: segue_model::spec::Program::default(),
    }
}

/// A change from its JSON form, which is the form of `segue.yaml`.
pub fn change(json: serde_json::Value) -> Change {
    serde_json::from_value(json).expect("a change of the vocabulary")
}

/// Observes, resolves, surveys and lays out. `Err`: the plan cannot be.
pub async fn plan_on(engine: &dyn Engine, spec: &Spec) -> Result<Plan, Vec<Finding>> {
    let (mut names, mut index_tables, mut tables) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for written in touched(spec) {
        let name = engine.resolve(&written).await.expect("a name resolves");
        tables.push(name.clone());
        names.insert(written.to_string(), name);
    }
    for written in touched_indexes(spec) {
        let name = engine.resolve(&written).await.expect("a name resolves");
        if let Some(table) = engine.index_table(&name).await.expect("an index is looked up") {
            tables.push(table.clone());
            index_tables.insert(written.to_string(), table);
        }
    }
    let capabilities = engine.capabilities();
    let observed = Observed {
        engine: engine.name().to_owned(),
        version: engine.facts().await.expect("facts").version,
        names,
        index_tables,
        catalog: engine.catalog(&tables).await.expect("a catalog is read"),
        capabilities: PlanCapabilities {
            version_schemas: capabilities.version_schemas,
            concurrent_index: capabilities.concurrent_index,
            online_constraints: capabilities.online_constraints,
        },
        location: Reference::Plain("simulation".to_owned()),
        rates: Vec::new(),
    };
    let (resolved, findings) = resolve(spec, &observed);
    if findings.iter().any(|finding| finding.severity == segue_model::finding::Severity::Critical) {
        return Err(findings);
    }
    let throttle = segue_model::plan::Throttle::default();
    let mut surveys = Vec::new();
    for change in &resolved.tables {
        surveys.push(engine.reshape().survey(change, &throttle).await.expect("a survey"));
    }
    plan(spec, &observed, resolved, surveys, "0.0.0-sim")
}
