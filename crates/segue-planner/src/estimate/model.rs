//! The estimation model: every figure that turns work into time, each with its source, in one versioned file.
//!
//! The builtin is `model/segue-1.json`; a file of the user's is laid over it, whole or in part. Closed like the spec:
//! an unknown key is refused with the nearest one, a value out of range with its path. Must never open a file; what
//! the keys take stands in [`super::model_shape`], and [`Model::schema`] prints the same table. Tests:
//! `tests/it/estimate_model.rs`.

use std::collections::BTreeMap;

use segue_model::canonical;
use segue_model::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::model_shape;

/// The builtin model's text.
const BUILTIN: &str = include_str!("../../model/segue-1.json");

/// The figures. Made by [`Model::builtin`] or [`Model::read`] only, so that each is complete and in range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// Always 1.
    pub format_version: u32,
    /// `segue-1`; a changed model has another name, so that no two models have the same one by accident.
    pub name: String,
    /// People's work by unit.
    pub people: BTreeMap<String, PeopleWork>,
    /// Machine work that has a rate.
    pub machine: BTreeMap<String, MachineWork>,
    /// Machine work that has a time for each.
    pub each: BTreeMap<String, EachWork>,
    /// Waits.
    pub wait: BTreeMap<String, WaitRule>,
    /// What lengthens a copy: `index`, `column`.
    pub factors: BTreeMap<String, Factor>,
    /// How wide a figure is, by where it comes from.
    pub spread: BTreeMap<String, SpreadRule>,
    /// How much one team's figures go together.
    pub correlation: Correlation,
    /// Who works when, where the spec does not say.
    pub calendar: WorkCalendar,
    /// FMEA detection by what is configured.
    pub detection: DetectionScale,
    /// Risk levels by RPN.
    pub levels: LevelScale,
    /// The simulation.
    pub simulation: Simulation,
}

/// People's work for one unit, in minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleWork {
    /// What one unit is: `a table`.
    pub unit: String,
    /// Who usually does it.
    pub role: String,
    /// P5.
    pub best_min: u64,
    /// P50.
    pub likely_min: u64,
    /// P95.
    pub worst_min: u64,
    /// Source.
    pub from: String,
}

/// Machine work with a rate. The range is what peers were measured at: it widens a plan whose rate nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineWork {
    /// What `Load.amount` counts where `facts` has neither: `bytes` or `rows`.
    pub unit: String,
    /// The name under which an assessment measures it.
    pub measured_as: String,
    /// The spec's key that states it; empty where there is none.
    pub stated_as: String,
    /// Bytes a second.
    pub bytes_per_s: RateRange,
    /// Rows a second.
    pub rows_per_s: RateRange,
    /// Source of the range.
    pub from: String,
}

/// A range of rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateRange {
    /// The quickest that was measured.
    pub quickest: u64,
    /// The middle.
    pub likely: u64,
    /// The slowest.
    pub slowest: u64,
}

/// Machine work with a time for each, in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EachWork {
    /// What one is.
    pub unit: String,
    /// P5.
    pub best_s: u64,
    /// P50.
    pub likely_s: u64,
    /// P95.
    pub worst_s: u64,
    /// Source.
    pub from: String,
}

/// How a wait differs from what was decided, in thousandths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitRule {
    /// P5.
    pub best_permille: u64,
    /// P50.
    pub likely_permille: u64,
    /// P95.
    pub worst_permille: u64,
    /// Source.
    pub from: String,
}

/// A factor on machine time by a count, between the points a straight line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Factor {
    /// Count and factor in thousandths, both rising.
    pub points: Vec<(u64, u64)>,
    /// Source.
    pub from: String,
}

/// How wide a figure is around its middle, in thousandths of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpreadRule {
    /// P5.
    pub best_permille: u64,
    /// P95.
    pub worst_permille: u64,
    /// Source.
    pub from: String,
}

/// See [`Model::correlation`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correlation {
    /// Correlation of the logarithms of two figures of one team, in thousandths.
    pub permille: u64,
    /// Source.
    pub from: String,
}

/// See [`Model::calendar`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkCalendar {
    /// People.
    pub people: u64,
    /// Hours a week of each.
    pub hours_per_week: u64,
    /// How many people may share one load of several units.
    pub chunks: u64,
    /// Source.
    pub from: String,
}

/// See [`Model::detection`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectionScale {
    /// An automatic gate.
    pub gate: u8,
    /// A verify step.
    pub verify: u8,
    /// A gate at which a person measures.
    pub person: u8,
    /// A dashboard.
    pub dashboard: u8,
    /// Nothing.
    pub nothing: u8,
    /// Source.
    pub from: String,
}

/// See [`Model::levels`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelScale {
    /// RPN from which a risk is critical.
    pub critical: u32,
    /// RPN from which it is high.
    pub high: u32,
    /// RPN from which it is medium.
    pub medium: u32,
    /// Severity that makes it critical by itself …
    pub critical_severity: u8,
    /// … together with this occurrence.
    pub critical_occurrence: u8,
    /// Source.
    pub from: String,
}

/// See [`Model::simulation`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Simulation {
    /// Runs.
    pub runs: u64,
    /// Source.
    pub from: String,
}

impl Model {
    /// The model that Segue brings.
    pub fn builtin() -> Self {
        serde_json::from_str(BUILTIN).expect("the builtin model is whole: its own test reads it")
    }

    /// The builtin model's text, as `--model` takes it.
    pub fn builtin_text() -> &'static str {
        BUILTIN
    }

    /// Reads a user's model, whole or in part, laid over the builtin. Every problem at once.
    pub fn read(text: &str) -> Result<Self, Vec<Problem>> {
        let mut whole = builtin_value();
        let own: Value = model_shape::parse(text).map_err(|problem| vec![*problem])?;
        let mut problems = Vec::new();
        model_shape::lay_over(&mut whole, &own, "", &mut problems);
        if problems.is_empty() {
            model_shape::check_order(&whole, &mut problems);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut model: Self = serde_json::from_value(whole)
            .map_err(|error| vec![Problem::new("SG-PLAN-101", format!("this is no estimation model: {error}"))])?;
        model.rename(&own);
        Ok(model)
    }

    /// The JSON Schema of a user's file: no key is required, each has the builtin's value as its default.
    pub fn schema() -> Value {
        model_shape::schema(&builtin_value())
    }

    /// A model that differs from the builtin never carries its name.
    fn rename(&mut self, own: &Value) {
        let builtin = Self::builtin();
        let named = own.get("name").is_some();
        let mut bare = self.clone();
        bare.name.clone_from(&builtin.name);
        if bare == builtin {
            self.name = builtin.name;
        } else if !named || self.name == builtin.name {
            let digest = canonical::digest(&bare).unwrap_or_default();
            self.name = format!("{}+{}", builtin.name, digest.get(..8).unwrap_or("changed"));
        }
    }

    /// The level of a risk with these figures.
    pub fn level(&self, severity: u8, occurrence: u8, rpn: u32) -> &'static str {
        let scale = &self.levels;
        let by_itself = severity >= scale.critical_severity && occurrence >= scale.critical_occurrence;
        if rpn >= scale.critical || by_itself {
            "critical"
        } else if rpn >= scale.high {
            "high"
        } else if rpn >= scale.medium {
            "medium"
        } else {
            "low"
        }
    }
}

fn builtin_value() -> Value {
    serde_json::from_str(BUILTIN).expect("the builtin model is JSON: its own test reads it")
}
