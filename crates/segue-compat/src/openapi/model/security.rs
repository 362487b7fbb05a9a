//! Who may call: security schemes and requirements.
//!
//! Names, kinds and addresses only; a document holds no secret and none is looked for. Tests: `tests/it/openapi/`.

use std::collections::{BTreeMap, BTreeSet};

use super::Anchor;

/// Schemes that must be met together, with the scopes of each; empty: nobody is asked.
pub(in crate::openapi) type Requirement = BTreeMap<String, BTreeSet<String>>;

/// What an operation asks for: one of the alternatives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::openapi) struct Security {
    pub(in crate::openapi) anchor: Anchor,
    /// Sorted; empty: nobody is asked.
    pub(in crate::openapi) alternatives: BTreeSet<Requirement>,
}

impl Security {
    /// Somebody without credentials may call.
    pub(in crate::openapi) fn is_open(&self) -> bool {
        self.alternatives.is_empty() || self.alternatives.iter().any(BTreeMap::is_empty)
    }
}

/// How a caller proves who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::openapi) struct Scheme {
    pub(in crate::openapi) anchor: Anchor,
    /// `apiKey`, `http`, `oauth2`, `openIdConnect`, `mutualTLS`.
    pub(in crate::openapi) kind: String,
    /// What else says how credentials are sent: place and name of a key, the HTTP scheme.
    pub(in crate::openapi) details: BTreeMap<&'static str, String>,
    pub(in crate::openapi) flows: BTreeMap<String, Flow>,
}

/// One flow of OAuth 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::openapi) struct Flow {
    /// `tokenUrl`, `authorizationUrl`, `refreshUrl`.
    pub(in crate::openapi) addresses: BTreeMap<&'static str, String>,
    pub(in crate::openapi) scopes: BTreeSet<String>,
}
