//! What a recipe stands on: the spec, the assessment, the profile, and the questions that every recipe asks of them.
//!
//! What is measured wins over what is stated; what is neither is `None`, and the recipe says what it needs. Tests:
//! `tests/it/project_cases.rs`.

use std::collections::BTreeMap;

use segue_model::assessment::{Assessment, SystemSeen};
use segue_model::plan::Plan;
use segue_model::plan::program::Needed;
use segue_model::spec::program::{DataLoss, Facts, Rollout};
use segue_model::spec::{RollbackWish, Spec, System};

use crate::profile::{Ladder, Profile, Set};

/// The ground of a recipe.
pub(crate) struct Ground<'a> {
    /// What is wanted.
    pub(crate) spec: &'a Spec,
    /// What was observed.
    pub(crate) assessment: Option<&'a Assessment>,
    /// Thresholds and ladders.
    pub(crate) profile: Profile,
    /// The part that Segue runs by itself.
    pub(crate) schema: Option<&'a Plan>,
}

/// A table that moves, as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) rows: Option<u64>,
    pub(crate) bytes: Option<u64>,
    pub(crate) indexes: u32,
    pub(crate) columns: u32,
    pub(crate) keyed: bool,
    /// Somebody named it as critical.
    pub(crate) critical: bool,
    /// Where its figures come from.
    pub(crate) from: String,
}

impl Table {
    /// What the time of a copy depends on, as far as it is known.
    pub(crate) fn facts(&self) -> BTreeMap<String, u64> {
        let mut facts = BTreeMap::new();
        let mut put = |name: &str, value: Option<u64>| value.map(|value| facts.insert(name.to_owned(), value));
        put("rows", self.rows);
        put("bytes", self.bytes);
        put("indexes", (self.indexes > 0).then_some(u64::from(self.indexes)));
        put("columns", (self.columns > 0).then_some(u64::from(self.columns)));
        facts
    }
}

impl<'a> Ground<'a> {
    /// What was seen of a system.
    pub(crate) fn seen(&self, system: &str) -> Option<&'a SystemSeen> {
        self.assessment.and_then(|assessment| assessment.systems.get(system))
    }

    /// What was stated of a system.
    pub(crate) fn stated(&self, system: &str) -> Facts {
        self.spec.program.about.get(system).map(|about| about.facts.clone()).unwrap_or_default()
    }

    /// The dialect of a database of the spec.
    pub(crate) fn dialect(&self, system: &str) -> Option<&'static str> {
        self.spec.systems.get(system).map(|system| match system {
            System::Postgres { .. } => "postgres",
            System::Mysql { .. } => "mysql",
            System::Sqlite { .. } => "sqlite",
        })
    }

    /// The version of a system: measured, else stated.
    pub(crate) fn version(&self, system: &str) -> Option<String> {
        let seen = self.seen(system).map(|seen| seen.version.clone()).filter(|version| !version.is_empty());
        seen.or_else(|| self.stated(system).version)
    }

    /// Bytes of data in a system: measured, else stated.
    pub(crate) fn bytes(&self, system: &str) -> Option<(u64, &'static str)> {
        let seen = self.seen(system).and_then(|seen| seen.bytes).map(|bytes| (bytes, "measured"));
        seen.or_else(|| self.stated(system).size.map(|size| (size.0, "stated")))
    }

    /// The tables of a system: measured, else those of an old planner's document, critical ones first, then the largest.
    pub(crate) fn tables(&self, system: &str) -> Vec<Table> {
        let critical = |name: &str| self.imported_tables().any(|table| table.name == name && table.critical);
        let mut tables: Vec<Table> = match self.seen(system) {
            Some(seen) => seen
                .tables
                .iter()
                .map(|table| Table {
                    name: table.name.clone(),
                    rows: table.rows,
                    bytes: table.bytes,
                    indexes: table.indexes,
                    columns: table.columns,
                    keyed: table.keyed,
                    critical: critical(&table.name),
                    from: format!("measured in {system}"),
                })
                .collect(),
            None => self.imported_tables().collect(),
        };
        tables.sort_by(|a, b| (b.critical, b.bytes, &a.name).cmp(&(a.critical, a.bytes, &b.name)));
        tables
    }

    fn imported_tables(&self) -> impl Iterator<Item = Table> + 'a {
        let imported = self.spec.program.imported.as_ref();
        imported.into_iter().flat_map(|imported| &imported.tables).map(|table| Table {
            name: table.name.clone(),
            rows: table.rows,
            bytes: table.size.map(|size| size.0),
            keyed: true,
            critical: table.critical,
            from: "stated in tables_to_migrate".to_owned(),
            ..Table::default()
        })
    }

    /// Whether writers may not stop at all.
    pub(crate) fn no_downtime(&self) -> bool {
        self.downtime_ms() == 0
    }

    /// The longest stop of writers that the spec allows.
    pub(crate) fn downtime_ms(&self) -> u64 {
        self.spec.limits.downtime.map_or(0, |ms| ms.0)
    }

    /// Whether no acknowledged write may be lost.
    pub(crate) fn no_loss(&self) -> bool {
        self.spec.program.data_loss == DataLoss::None
    }

    /// Whether a way back is asked for.
    pub(crate) fn wants_back(&self) -> bool {
        self.spec.limits.rollback == RollbackWish::Required
    }

    /// How long the old side is kept: the spec's, else the profile's, with its source.
    pub(crate) fn keep_old(&self) -> (u64, String) {
        if self.spec.program.keep_old_given {
            return (self.spec.keep_old.0 / 1_000, "spec keep_old".to_owned());
        }
        (self.profile.keep_old_s.value, self.profile.keep_old_s.place.to_owned())
    }

    /// Shares of traffic with their hold in seconds: the spec's `rollout`, else a ladder of the profile.
    pub(crate) fn ladder(&self, profile: Set<Ladder>) -> (Vec<u64>, u64, String) {
        let rollout: Option<&Rollout> = self.spec.program.rollout.as_ref();
        let steps = rollout.filter(|rollout| !rollout.steps.is_empty()).map(|rollout| rollout.steps.clone());
        let hold = rollout.and_then(|rollout| rollout.hold).map(|hold| hold.0 / 1_000);
        match steps {
            Some(steps) => (steps, hold.unwrap_or(profile.value.hold_s), "spec rollout".to_owned()),
            None => (profile.value.steps.to_vec(), hold.unwrap_or(profile.value.hold_s), profile.place.to_owned()),
        }
    }

    /// A role: the spec's owner of it, else the lead.
    pub(crate) fn role(&self, role: &'static str) -> &'static str {
        if role == "lead" || self.spec.owners.is_empty() || self.spec.owners.contains_key(role) { role } else { "lead" }
    }
}

/// Something that nobody stated or measured.
pub(crate) fn need(what: impl Into<String>, spec_key: impl Into<String>, for_what: &[&str]) -> Needed {
    Needed { what: what.into(), spec_key: spec_key.into(), for_what: for_what.iter().map(|name| (*name).to_owned()).collect() }
}

/// `2.4 TiB`, for people.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 4] = [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    for (unit, one) in UNITS {
        if bytes >= one {
            return format!("{}.{} {unit}", bytes / one, bytes % one * 10 / one);
        }
    }
    format!("{bytes} B")
}

/// `25%`, `0.5%`.
pub(crate) fn share(milli: u64) -> String {
    let text = format!("{}.{:03}", milli / 1_000, milli % 1_000);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}
