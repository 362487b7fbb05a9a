//! What a step does, as data in the plan. The registry in `segue-steps` turns each into a step.

use serde::{Deserialize, Serialize};

use crate::ident::TableName;
use crate::reshape::{ConstraintAdd, IndexBuild, NewTable};

/// A file of a repair, which lies beside the journal: its name, and the digest of what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsFile {
    /// Its name, without a folder.
    pub name: String,
    /// The SHA-256 that its last line must have.
    pub digest: String,
}

/// One step's work. Tables in transition are named; their [`crate::reshape::TableChange`] stands once in the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Action {
    /// Segue's own control table with the fence, and the table of rejected rows.
    InstallControl,
    /// A new table.
    CreateTable {
        /// The table.
        table: NewTable,
    },
    /// New columns, triggers and version views.
    ExpandTable {
        /// The base table.
        table: TableName,
    },
    /// A constraint for new writes, not yet checked against old rows.
    AddConstraint {
        /// The constraint.
        constraint: ConstraintAdd,
    },
    /// Existing rows get their new form.
    BackfillTable {
        /// The base table.
        table: TableName,
    },
    /// An index, without stopping writers.
    BuildIndex {
        /// The index.
        index: IndexBuild,
    },
    /// A constraint is checked against every row.
    ValidateConstraint {
        /// The constraint.
        constraint: ConstraintAdd,
    },
    /// Every row's two forms are compared by an independent read.
    VerifyTable {
        /// The base table.
        table: TableName,
        /// Which pass: `shift` or `contract`, the phase that it guards.
        before: String,
    },
    /// The new form becomes strict: what it forbids is refused from now on.
    ShiftTable {
        /// The base table.
        table: TableName,
    },
    /// The old form goes.
    ContractTable {
        /// The base table.
        table: TableName,
    },
    /// An index goes.
    DropIndex {
        /// Its table.
        table: TableName,
        /// The index.
        index: String,
    },
    /// A table goes.
    DropTable {
        /// The table.
        table: TableName,
    },
    /// Rows are put right by compare-and-set.
    RepairRows {
        /// The rows as they shall be.
        rows: RowsFile,
        /// The rows as they were: the way back.
        undo: RowsFile,
        /// How many rows.
        count: u64,
    },
    /// The control table remembers that this spec was applied; what only the run needed goes.
    FinishRun,
    /// Nothing that Segue does: a command or a person does it. Never reaches the registry.
    #[default]
    Outside,
}

impl Action {
    /// Whether the work is done outside of Segue.
    pub fn is_outside(&self) -> bool {
        *self == Self::Outside
    }

    /// The step kind's name, as in the journal and in `docs/steps/`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::InstallControl => "install_control",
            Self::CreateTable { .. } => "create_table",
            Self::ExpandTable { .. } => "expand_table",
            Self::AddConstraint { .. } => "add_constraint",
            Self::BackfillTable { .. } => "backfill_table",
            Self::BuildIndex { .. } => "build_index",
            Self::ValidateConstraint { .. } => "validate_constraint",
            Self::VerifyTable { .. } => "verify_table",
            Self::ShiftTable { .. } => "shift_table",
            Self::ContractTable { .. } => "contract_table",
            Self::DropIndex { .. } => "drop_index",
            Self::DropTable { .. } => "drop_table",
            Self::RepairRows { .. } => "repair_rows",
            Self::FinishRun => "finish_run",
            Self::Outside => "outside",
        }
    }
}
