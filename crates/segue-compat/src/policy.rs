//! How a difference becomes a severity: position × direction × policy.
//!
//! The set of values that a place accepts has one side that makes values and one that reads them. In a request the client
//! makes and the server reads; in a response it is the other way round; stored data and messages are made by writers of one
//! version and read by readers of another. From that alone follows which deployment a narrower or a wider set breaks.

use segue_model::check::Breaks;
use segue_model::finding::Severity;

/// Who makes the values of a place, and who reads them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Clients make them, the server reads them: bodies and parameters of requests, inputs.
    Request,
    /// The server makes them, clients read them: bodies and headers of responses, outputs.
    Response,
    /// Writers and readers of stored data or messages: each side reads what the other wrote.
    Data,
}

/// What became of the set of values that a place accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The same values.
    Equal,
    /// The new side accepts fewer.
    Narrowed,
    /// The new side accepts more.
    Widened,
    /// Each side accepts something that the other refuses.
    Changed,
    /// It could not be decided; never safe.
    Undecided,
}

impl Relation {
    /// Both one after the other: narrowed and widened together are changed.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        use Relation::{Changed, Equal, Narrowed, Undecided, Widened};
        match (self, other) {
            (Equal, one) | (one, Equal) => one,
            (Undecided, _) | (_, Undecided) => Undecided,
            (Narrowed, Narrowed) => Narrowed,
            (Widened, Widened) => Widened,
            (Changed | Narrowed | Widened, _) => Changed,
        }
    }

    /// As seen with the sides swapped.
    #[must_use]
    pub fn swapped(self) -> Self {
        match self {
            Self::Narrowed => Self::Widened,
            Self::Widened => Self::Narrowed,
            other => other,
        }
    }
}

/// Which way the verdict is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Deploying the new side.
    Deploy,
    /// Going back.
    Rollback,
    /// Both.
    Both,
}

/// A named policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its name, as `--policy` takes it.
    pub name: &'static str,
    /// The severity of what breaks a deployment of the new side for certain.
    pub deploy: Severity,
    /// The severity of what breaks only the way back.
    pub rollback: Severity,
    /// The severity of what a tolerant reader ignores: a further enum member or field in a response.
    pub tolerated: Severity,
    /// Readers ignore properties that they do not know, and writers send only those that are declared.
    pub closed_world: bool,
    /// Which way the verdict is about.
    pub asks: Asks,
    /// Every earlier version is compared, not only the last (registries).
    pub transitive: bool,
}

/// Ours when nothing is said.
pub const DEFAULT: Policy = Policy {
    name: "default",
    deploy: Severity::High,
    rollback: Severity::Medium,
    tolerated: Severity::Medium,
    closed_world: true,
    asks: Asks::Deploy,
    transitive: false,
};

/// All policies.
pub const POLICIES: &[Policy] = &[
    DEFAULT,
    Policy { name: "strict", rollback: Severity::High, tolerated: Severity::High, closed_world: false, asks: Asks::Both, ..DEFAULT },
    Policy { name: "tolerant-reader", tolerated: Severity::Info, ..DEFAULT },
    Policy { name: "backward", rollback: Severity::Info, tolerated: Severity::High, closed_world: false, ..DEFAULT },
    Policy {
        name: "backward-transitive",
        rollback: Severity::Info,
        tolerated: Severity::High,
        closed_world: false,
        transitive: true,
        ..DEFAULT
    },
    Policy {
        name: "forward",
        deploy: Severity::Info,
        rollback: Severity::High,
        tolerated: Severity::High,
        closed_world: false,
        asks: Asks::Rollback,
        ..DEFAULT
    },
    Policy {
        name: "forward-transitive",
        deploy: Severity::Info,
        rollback: Severity::High,
        tolerated: Severity::High,
        closed_world: false,
        asks: Asks::Rollback,
        transitive: true,
    },
    Policy { name: "full", asks: Asks::Both, rollback: Severity::High, tolerated: Severity::High, closed_world: false, ..DEFAULT },
    Policy {
        name: "full-transitive",
        asks: Asks::Both,
        rollback: Severity::High,
        tolerated: Severity::High,
        closed_world: false,
        transitive: true,
        ..DEFAULT
    },
];

impl Policy {
    /// The policy of that name, in any case, `_` and `-` alike.
    pub fn named(name: &str) -> Option<&'static Policy> {
        let name = name.to_ascii_lowercase().replace('_', "-");
        POLICIES.iter().find(|policy| policy.name == name)
    }

    /// What a relation at a place breaks, sorted. Undecided breaks nothing for certain.
    pub fn breaks(role: Role, relation: Relation) -> Vec<Breaks> {
        let (narrower, wider) = match role {
            Role::Request | Role::Data => (Breaks::Deploy, Breaks::Rollback),
            Role::Response => (Breaks::Rollback, Breaks::Deploy),
        };
        match relation {
            Relation::Equal | Relation::Undecided => Vec::new(),
            Relation::Narrowed => vec![narrower, Breaks::Rolling],
            Relation::Widened => vec![wider, Breaks::Rolling],
            Relation::Changed => vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling],
        }
    }

    /// Severity and what breaks, for a relation at a place. What a policy has readers tolerate entirely breaks nothing.
    pub fn judge(&self, role: Role, relation: Relation, tolerated: bool) -> (Severity, Vec<Breaks>) {
        let breaks = Self::breaks(role, relation);
        if tolerated && self.tolerated == Severity::Info {
            return (Severity::Info, Vec::new());
        }
        let severity = if relation == Relation::Undecided { Severity::Medium } else { self.severity(&breaks, tolerated) };
        (severity, breaks)
    }

    /// The severity of something that breaks these deployments. `tolerated`: a tolerant reader would not notice.
    pub fn severity(&self, breaks: &[Breaks], tolerated: bool) -> Severity {
        let by = |breaks_what: Breaks, severity: Severity| if breaks.contains(&breaks_what) { severity } else { Severity::Info };
        let whole = by(Breaks::Deploy, self.deploy).max(by(Breaks::Rollback, self.rollback));
        if tolerated { whole.min(self.tolerated) } else { whole }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn position_and_direction_decide_what_breaks() {
        let deploy = vec![Breaks::Deploy, Breaks::Rolling];
        let rollback = vec![Breaks::Rollback, Breaks::Rolling];
        assert_eq!(Policy::breaks(Role::Request, Relation::Narrowed), deploy);
        assert_eq!(Policy::breaks(Role::Request, Relation::Widened), rollback);
        assert_eq!(Policy::breaks(Role::Response, Relation::Narrowed), rollback);
        assert_eq!(Policy::breaks(Role::Response, Relation::Widened), deploy);
        assert_eq!(Policy::breaks(Role::Data, Relation::Narrowed), deploy);
        for role in [Role::Request, Role::Response, Role::Data] {
            for relation in [Relation::Equal, Relation::Narrowed, Relation::Widened, Relation::Changed, Relation::Undecided] {
                let swap = |breaks: Vec<Breaks>| {
                    let mut swapped: Vec<_> = breaks
                        .into_iter()
                        .map(|b| match b {
                            Breaks::Deploy => Breaks::Rollback,
                            Breaks::Rollback => Breaks::Deploy,
                            Breaks::Rolling => Breaks::Rolling,
                        })
                        .collect();
                    swapped.sort_unstable();
                    swapped
                };
                assert_eq!(Policy::breaks(role, relation.swapped()), swap(Policy::breaks(role, relation)));
            }
        }
    }

    #[test]
    fn policies_are_found_by_name() {
        assert_eq!(Policy::named("FULL_TRANSITIVE").map(|policy| (policy.asks, policy.transitive)), Some((Asks::Both, true)));
        assert!(Policy::named("lenient").is_none());
        let tolerant = Policy::named("tolerant-reader").expect("it is there");
        assert_eq!(tolerant.judge(Role::Response, Relation::Widened, true), (Severity::Info, Vec::new()));
        assert_eq!(DEFAULT.judge(Role::Response, Relation::Widened, false).0, Severity::High);
    }
}
