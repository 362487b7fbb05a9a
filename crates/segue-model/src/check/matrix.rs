//! Which versions of a contract work with which: the document of `segue check --matrix`.
//!
//! Each pair of versions was compared once, which answers both directions. Never says compatible of a pair that nobody
//! compared. Tests: segue-compat (`matrix`), segue-report (`check_matrix`).

use serde::{Deserialize, Serialize};

use super::{CheckFinding, Verdict};

/// The whole matrix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Matrix {
    /// The version of this form, 1.
    pub format_version: u32,
    /// The version of Segue.
    pub segue: String,
    /// The kind of contract.
    pub kind: String,
    /// The policy by which pairs were judged.
    pub policy: String,
    /// The worst of the pairs that the policy asks about.
    pub verdict: Verdict,
    /// The versions, the earliest first.
    pub versions: Vec<Version>,
    /// Every pair, by the position of its older and its newer version.
    pub pairs: Vec<Pair>,
    /// What the versions together break: a breaking change that no version number admits.
    pub findings: Vec<CheckFinding>,
    /// What was not compared, one sentence each.
    pub not_checked: Vec<String>,
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its file, tag or revision.
    pub name: String,
    /// The version that the contract says of itself: `1.4.0`.
    pub declared: Option<String>,
}

/// Two versions compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The position of the older in `versions`.
    pub old: usize,
    /// The position of the newer.
    pub new: usize,
    /// Old clients or data against the newer version.
    pub deploy: Verdict,
    /// New clients or data against the older version.
    pub rollback: Verdict,
    /// How many findings break the deployment.
    pub breaking: usize,
    /// How many break the way back.
    pub breaking_back: usize,
    /// The policy asks about this pair.
    pub asked: bool,
    /// The worst three, one sentence each.
    pub examples: Vec<String>,
}

impl Matrix {
    /// Does a client of one version work with a server of another? `None` for a pair that was not compared.
    pub fn works(&self, client: usize, server: usize) -> Option<Verdict> {
        if client == server {
            return Some(Verdict::Compatible);
        }
        let (old, new) = (client.min(server), client.max(server));
        let pair = self.pairs.iter().find(|pair| pair.old == old && pair.new == new)?;
        Some(if client < server { pair.deploy } else { pair.rollback })
    }
}
