//! What a rule says of itself.
//!
//! Every rule has one file with the headings *What it checks*, *Why it breaks*, *Safe path* and *Example* in its `//!` text,
//! from which `cargo xtask docs` makes `docs/rules/`, and one static [`Rule`].

/// A rule's card.
#[derive(Debug)]
pub struct Rule {
    /// Its stable name, unique over all families: `openapi-operation-removed`.
    pub id: &'static str,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// Why a finding of it matters, one or two sentences for people.
    pub why: &'static str,
    /// What to do about it, one or two sentences.
    pub fix: &'static str,
    /// The names that peers have for it: `oasdiff:api-path-removed-without-deprecation`.
    pub answers: &'static [&'static str],
}
