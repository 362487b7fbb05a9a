//! What a change does to whom: the effect that a rule states, and the severity that follows by the policy. Tests: below.

use segue_model::check::Breaks;
use segue_model::finding::Severity;

use crate::policy::{Asks, Policy, Relation, Role};

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Operations of old clients name something that is no longer there.
    Gone,
    /// Operations of new clients may name something that the old server does not have.
    Came,
    /// Each side's operations fail on the other.
    Both,
    /// The set of values at a place changed.
    Values(Role, Relation),
    /// The set of values changed, and a tolerant client would not notice.
    Tolerated(Role, Relation),
    /// Nothing fails, but somebody should know.
    Note(Severity),
}

/// The severity of what only new clients notice on the old server: small, unless the policy asks for that way as well.
fn came(policy: &Policy) -> Severity {
    if policy.asks == Asks::Deploy { policy.rollback.min(Severity::Low) } else { policy.rollback }
}

/// Severity and breaks of all effects together.
pub(super) fn judge(policy: &Policy, effects: &[Effect]) -> (Severity, Vec<Breaks>) {
    let mut severity = Severity::Info;
    let mut breaks = Vec::new();
    for effect in effects {
        let (one, broken) = match *effect {
            Effect::Gone => (policy.deploy, vec![Breaks::Deploy, Breaks::Rolling]),
            Effect::Came | Effect::Values(Role::Request, Relation::Widened) => (came(policy), vec![Breaks::Rollback, Breaks::Rolling]),
            Effect::Both => (policy.deploy.max(policy.rollback), vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling]),
            Effect::Values(role, relation) => policy.judge(role, relation, false),
            Effect::Tolerated(role, relation) => policy.judge(role, relation, true),
            Effect::Note(severity) => (severity, Vec::new()),
        };
        severity = severity.max(one);
        breaks.extend(broken);
    }
    breaks.sort_unstable();
    breaks.dedup();
    (severity, breaks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::DEFAULT;

    #[test]
    fn what_came_is_small_unless_the_way_back_is_asked_for() {
        assert_eq!(judge(&DEFAULT, &[Effect::Came]), (Severity::Low, vec![Breaks::Rollback, Breaks::Rolling]));
        let full = Policy::named("full").expect("it is there");
        assert_eq!(judge(full, &[Effect::Came]).0, Severity::High);
        let backward = Policy::named("backward").expect("it is there");
        assert_eq!(judge(backward, &[Effect::Came]).0, Severity::Info);
    }

    #[test]
    fn effects_add_up() {
        let effects = [Effect::Tolerated(Role::Response, Relation::Widened), Effect::Came];
        assert_eq!(judge(&DEFAULT, &effects), (Severity::Medium, vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling]));
    }
}
