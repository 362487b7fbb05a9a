//! The gates of a schema change: what must hold before work goes on, each with where its threshold comes from.
//!
//! A gate that measures is never opened by an approval. Tests: `tests/it/plan.rs`.

use segue_model::ident::TableName;
use segue_model::plan::{Condition, Gate};
use segue_model::units::Millis;

/// No row of the table was kept aside.
pub(crate) fn rows_rejected(label: &str, table: &TableName) -> Gate {
    Gate {
        id: format!("backfill/{label}.rows_rejected"),
        what: format!("rows of {table} that `up` could not convert: 0"),
        condition: Condition::RowsRejected { table: table.clone() },
        from: "profile segue".to_owned(),
    }
}

/// A business rule gives the same on both forms.
pub(crate) fn check(id: &str, name: &str) -> Gate {
    Gate {
        id: format!("verify/check.{id}"),
        what: format!("the check `{name}` gives the same on both forms"),
        condition: Condition::Check { name: name.to_owned() },
        from: "spec checks".to_owned(),
    }
}

/// A person says that the new side may begin.
pub(crate) fn shift_approval() -> Gate {
    Gate {
        id: "shift/approval".to_owned(),
        what: "a person's yes: every row is converted and verified; from here on the new form is strict".to_owned(),
        condition: Condition::Approval,
        from: "profile segue".to_owned(),
    }
}

/// The old form has stayed long enough.
pub(crate) fn keep_old(since: &str, keep: Millis) -> Gate {
    Gate {
        id: "contract/keep_old".to_owned(),
        what: format!("{keep} have passed since `{since}` was over"),
        condition: Condition::Waited { since: since.to_owned(), at_least_ms: keep.0 },
        from: "spec keep_old".to_owned(),
    }
}

/// A person says that there is no way back from here.
pub(crate) fn contract_approval(destroys: bool) -> Gate {
    let what = if destroys {
        "a person's yes: nothing goes back after this, and clients that still use the old form lose it"
    } else {
        "a person's yes: after this Segue does not take the change back"
    };
    Gate { id: "contract/approval".to_owned(), what: what.to_owned(), condition: Condition::Approval, from: "profile segue".to_owned() }
}
