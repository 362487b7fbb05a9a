//! The security review, and what each regulation of `compliance` asks of a migration in particular.
//!
//! A regulation that Segue has no items for becomes one item that says so. No item is legal advice; each says how to
//! tell. Tests: `tests/it/checklist_lists.rs`.

use segue_model::plan::program::{CheckItem, Checklist};

use super::evidence::{certificates, none};
use super::facts::{Facts, by_people, database_by_people};
use super::{List, Row, item};

const REVIEW: &str = "document 000, Pre-Migration Checklist: security review";

fn auth(facts: &Facts<'_>) -> bool {
    facts.is("auth")
}

fn over_the_wire(facts: &Facts<'_>) -> bool {
    by_people(facts) && (facts.traffic || facts.database)
}

fn infra(facts: &Facts<'_>) -> bool {
    facts.is("infra") || facts.is("cloud")
}

/// The security review.
pub(super) const SECURITY: List = List {
    id: "security",
    title: "Security review",
    rows: &[
        Row {
            slug: "reviewed",
            what: "Somebody who answers for security has reviewed the plan",
            owner: "security",
            must: true,
            at_min: None,
            how: "their yes, with its date",
            from: REVIEW,
            applies: by_people,
            evidence: none,
        },
        Row {
            slug: "least-rights",
            what: "The migration's roles have only the rights they need, and an end",
            owner: "security",
            must: true,
            at_min: None,
            how: "the list of their rights",
            from: REVIEW,
            applies: database_by_people,
            evidence: none,
        },
        Row {
            slug: "secrets",
            what: "No secret stands in a file, a command line or a log; those of the migration are changed afterwards",
            owner: "security",
            must: true,
            at_min: None,
            how: "the spec has only `env:`, `file:` and `cmd:`",
            from: REVIEW,
            applies: by_people,
            evidence: none,
        },
        Row {
            slug: "transport",
            what: "What goes between the sides is encrypted, and the other side is verified",
            owner: "security",
            must: true,
            at_min: None,
            how: "sslmode=verify-full, or a private link",
            from: REVIEW,
            applies: over_the_wire,
            evidence: none,
        },
        Row {
            slug: "certificates",
            what: "Certificates outlive the plan",
            owner: "security",
            must: true,
            at_min: None,
            how: "the last day of each certificate of both sides",
            from: REVIEW,
            applies: over_the_wire,
            evidence: certificates,
        },
        Row {
            slug: "at-rest",
            what: "Data, back-ups and copies are encrypted at the target as they were",
            owner: "security",
            must: true,
            at_min: None,
            how: "the settings of disks and buckets",
            from: REVIEW,
            applies: database_by_people,
            evidence: none,
        },
        Row {
            slug: "network",
            what: "Rules of the network at the target allow what is needed and nothing else",
            owner: "security",
            must: true,
            at_min: None,
            how: "a scan from outside",
            from: REVIEW,
            applies: infra,
            evidence: none,
        },
        Row {
            slug: "sessions",
            what: "What becomes of sessions, tokens and second factors is laid down and was tried",
            owner: "security",
            must: true,
            at_min: None,
            how: "a test user with each factor logged in on both sides",
            from: REVIEW,
            applies: auth,
            evidence: none,
        },
        Row {
            slug: "password-hashes",
            what: "Password hashes are carried over as they are, or users are asked to set a new one; none is ever in the clear",
            owner: "security",
            must: true,
            at_min: None,
            how: "the import's format",
            from: REVIEW,
            applies: auth,
            evidence: none,
        },
        Row {
            slug: "lockout",
            what: "An administrator can log in without the new identity provider",
            owner: "security",
            must: true,
            at_min: None,
            how: "it was tried with the provider switched off",
            from: REVIEW,
            applies: auth,
            evidence: none,
        },
    ],
};

/// `(regulation, slug, what, how)`.
const ITEMS: &[(&str, &str, &str, &str)] = &[
    ("gdpr", "record", "The record of processing (Art. 30) names the new system, its place and its processors", "the entry, with its date"),
    (
        "gdpr",
        "assessment",
        "Whether an impact assessment (Art. 35) is needed was decided, and it was made if so",
        "the decision, signed by who answers for data protection",
    ),
    (
        "gdpr",
        "processor",
        "A contract with each new processor (Art. 28) is signed, and transfers out of the EU have their ground (Art. 44–46)",
        "the contracts",
    ),
    (
        "gdpr",
        "erasure",
        "Requests for access and erasure work on both sides while both hold data",
        "a test person was found and erased on both",
    ),
    (
        "gdpr",
        "retention",
        "Copies, rows kept aside and the old side have a day on which they are erased",
        "the day stands in the plan's final phase",
    ),
    ("sox", "change", "The change has its ticket, with test results and the yes of somebody who did not build it", "the ticket"),
    ("sox", "duties", "Who builds, who approves and who runs are different people", "three names on the ticket"),
    (
        "sox",
        "reconciled",
        "Balances of the financial tables agree before and after, to the cent",
        "a business rule of `checks` for each ledger",
    ),
    (
        "sox",
        "trail",
        "The log of the migration is kept unchanged as long as the audit needs it",
        "the journal is in the archive; its hash chain holds",
    ),
    ("hipaa", "agreement", "A business associate agreement with each new provider is signed", "the agreements"),
    ("hipaa", "risk-analysis", "The risk analysis (45 CFR 164.308) covers the new system and the way there", "the document, with its date"),
    ("hipaa", "access-log", "Access to health data is logged on both sides during the migration", "a test access is in both logs"),
    ("hipaa", "disposal", "Media and copies with health data are disposed of with a record (45 CFR 164.310)", "the record"),
    ("pci-dss", "scope", "The scope with the new system was drawn and confirmed (12.5.2)", "the diagram of data flows"),
    ("pci-dss", "no-live-data", "No live card numbers are in test systems and rehearsals (6.5.5)", "rehearsals ran on masked data"),
    ("pci-dss", "change", "The change control record has impact, approval, tests and the way back (6.5.1)", "the record"),
    ("pci-dss", "keys", "Keys are exchanged or moved by the procedure, with two people (3.6, 3.7)", "the minutes"),
    ("pci-dss", "scan", "Vulnerability scans of the new system are clean after the change (11.3)", "the report"),
    ("iso27001", "change", "The change went through change management (A.8.32)", "its record"),
    ("iso27001", "assets", "The inventory of assets has the new system with an owner (A.5.9)", "the entry"),
    ("iso27001", "supplier", "New suppliers were assessed (A.5.19–A.5.23 for cloud services)", "the assessment"),
    (
        "iso27001",
        "deletion",
        "Information on the old side is deleted when it is no longer needed (A.8.10)",
        "the day, and the record of deletion",
    ),
    ("iso27001", "backup", "Back-ups of the new system are made and tested by policy (A.8.13)", "the last test's date"),
];

/// The list of what `compliance` names; none where it names nothing.
pub(super) fn lists(facts: &Facts<'_>) -> Option<Checklist> {
    let mut items: Vec<CheckItem> = Vec::new();
    for name in &facts.spec.program.compliance {
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let known: Vec<_> = ITEMS.iter().filter(|(regulation, ..)| regulation.replace('-', "") == plain).collect();
        for (regulation, slug, what, how) in &known {
            items.push(made(facts, &format!("{regulation}-{slug}"), what, how, name));
        }
        if known.is_empty() {
            let what = format!("What is asked by {name} is listed and met; Segue has no items of its own for it");
            items.push(made(facts, &plain, &what, "the list, with the yes of who answers for it", name));
        }
    }
    (!items.is_empty()).then(|| Checklist { id: "compliance".to_owned(), title: "Compliance".to_owned(), items })
}

fn made(facts: &Facts<'_>, slug: &str, what: &str, how: &str, name: &str) -> CheckItem {
    let row =
        Row { slug: "", what: "", owner: "compliance", must: true, at_min: None, how: "", from: "", applies: by_people, evidence: none };
    let id = if slug.is_empty() { "other" } else { slug };
    CheckItem {
        id: format!("compliance/{id}"),
        what: what.to_owned(),
        how_to_tell: how.to_owned(),
        from: format!("spec compliance: {name}; document 000, Pre-Migration Checklist: compliance requirements verified"),
        ..item("compliance", &row, facts)
    }
}
