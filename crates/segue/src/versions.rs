//! What each version of the application connects with while both forms live, without a connection.

use segue_model::plan::Plan;

/// `(old, new)` search paths; `None` on engines without version schemas.
pub(crate) fn of(plan: &Plan) -> Option<(String, String)> {
    match plan.execution.engine.as_str() {
        "postgres" => segue_postgres::version_paths(&plan.execution.tables),
        _ => None,
    }
}
