//! Controls of the new environment against those of the old: grants, roles, row-level security, TLS.
//!
//! More rights at the target are as wrong as fewer. What catalogs do not show (firewalls, pg_hba.conf, grants on whole
//! databases) stands under *not compared*. Tests: below, and with real servers `segue-sim/tests/it/checks/catalog.rs`.

use std::collections::{BTreeMap, BTreeSet};

use segue_engine::rows::{Ask, Controls};
use segue_model::catalog::Table;
use segue_model::verify::CheckReport;

use super::Draft;
use super::catalog::{Names, Side as Catalogued};
use crate::{Side, VerifyError};

/// Rights on tables that all servers have.
const SHARED: &[&str] = &["DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "UPDATE"];
/// Roles by which a server is set up.
const FIRST: &[&str] = &["postgres", "root", "mysql"];

/// Reads the controls of both sides and compares them, and what the catalogs say of the tables.
pub async fn check(
    names: &Names,
    source: (Catalogued<'_>, &dyn Ask),
    target: (Catalogued<'_>, &dyn Ask),
) -> Result<CheckReport, VerifyError> {
    let mut draft = Draft::new("security", "security");
    tables(names, source.0, target.0, &mut draft);
    let (left, right) = futures_util::future::join(source.1.controls(), target.1.controls()).await;
    match (left, right) {
        (Ok(left), Ok(right)) => controls(&left, &right, source.1.dialect() == target.1.dialect(), &mut draft),
        (left, right) => {
            for (side, read) in [(Side::Source, left), (Side::Target, right)] {
                if let Err(error) = read {
                    draft.unanswered(side, "", error)?;
                }
            }
        }
    }
    draft.gap("firewalls, networks, encryption on disk, audit logs: no catalog shows them");
    Ok(draft.finish())
}

fn tables(names: &Names, source: Catalogued<'_>, target: Catalogued<'_>, draft: &mut Draft) {
    let lite = source.dialect == "sqlite" || target.dialect == "sqlite";
    for (left, right) in &names.tables {
        let (Some(left), Some(right)) = (source.catalog.table(left), target.catalog.table(right)) else { continue };
        row_security(left, right, target.dialect, draft);
        if !lite {
            grants(left, right, source.dialect == target.dialect, draft);
        }
    }
    if lite {
        draft.gap("grants: a SQLite file has none");
    } else if source.dialect != "postgres" || target.dialect != "postgres" {
        draft.gap("grants on whole databases and on the server, which hold for all of their tables");
    }
    for (word, side) in [("source", source), ("target", target)] {
        for sentence in side.not_checked {
            draft.gap(format!("{word}: {sentence}"));
        }
    }
}

/// Who may what: the role and the right, with the column where it is one's alone.
fn rights(table: &Table, shared_only: bool) -> BTreeSet<(String, String)> {
    let mut out = BTreeSet::new();
    let on_columns = table.columns.iter().flat_map(|column| column.grants.iter().map(|grant| (format!(" ({})", column.name), grant)));
    for (column, grant) in table.grants.iter().map(|grant| (String::new(), grant)).chain(on_columns) {
        let Some((right, to)) = grant.split_once(" to ") else { continue };
        let (to, option) = to.strip_suffix(" with grant option").map_or((to, ""), |to| (to, " with grant option"));
        let role = to.rsplit_once("'@'").map_or(to, |(name, _)| name).trim_matches(['\'', '"', '`']).to_owned();
        let right = right.to_uppercase();
        if !shared_only || SHARED.contains(&right.as_str()) {
            out.insert((role, format!("{right}{column}{option}")));
        }
    }
    out
}

fn grants(source: &Table, target: &Table, same_engine: bool, draft: &mut Draft) {
    let (left, right) = (rights(source, !same_engine), rights(target, !same_engine));
    for (role, what) in left.difference(&right) {
        draft.differs(format!("{}: missing grant: {what} to {role}", target.name));
    }
    for (role, what) in right.difference(&left) {
        draft.differs(format!("{}: extra grant: {what} to {role}", target.name));
    }
    if left == right {
        draft.say(format!("{}: {} grants on both sides", target.name, left.len()));
    }
}

fn row_security(source: &Table, target: &Table, target_dialect: &str, draft: &mut Draft) {
    let place = &target.name;
    if source.row_security && !target.row_security {
        let why = if target_dialect == "postgres" { "it is off at the target" } else { "the target's engine has none" };
        draft.differs(format!("{place}: missing row-level security: {why}"));
    }
    if !source.row_security && target.row_security {
        draft.differs(format!("{place}: row-level security is on at the target alone: clients may see fewer rows"));
    }
    for policy in &source.policies {
        match target.policies.iter().find(|other| other.name == policy.name) {
            None => draft.differs(format!("{place}: missing policy `{}`", policy.name)),
            Some(other) if other.definition != policy.definition => draft.differs(format!("{place}: other policy `{}`", policy.name)),
            Some(_) => {}
        }
    }
    for policy in target.policies.iter().filter(|policy| !source.policies.iter().any(|other| other.name == policy.name)) {
        draft.differs(format!("{place}: extra policy `{}`", policy.name));
    }
}

fn controls(source: &Controls, target: &Controls, same_engine: bool, draft: &mut Draft) {
    for (word, side) in [("source", source), ("target", target)] {
        for sentence in &side.not_read {
            draft.gap(format!("{word}: {sentence}"));
        }
    }
    for (what, was, is) in [
        ("TLS", source.tls_offered, target.tls_offered),
        ("the demand of TLS", source.tls_required, target.tls_required),
        ("the strong form of passwords", source.passwords_strong, target.passwords_strong),
    ] {
        match (was, is) {
            (Some(true), Some(false)) => draft.differs(format!("missing control: {what}: on at the source, off at the target")),
            (Some(was), Some(is)) => draft.say(format!("{what}: {} at the source, {} at the target", on(was), on(is))),
            _ => draft.gap(format!("{what}: not both sides say")),
        }
    }
    if let (Some(left), Some(right)) = (&source.roles, &target.roles) {
        let left: BTreeMap<_, _> = left.iter().map(|role| (role.name.as_str(), role)).collect();
        for role in right.iter().filter(|role| !FIRST.contains(&role.name.as_str())) {
            let Some(old) = left.get(role.name.as_str()) else {
                if role.may.iter().any(|may| may != "login") {
                    draft.differs(format!("role `{}` is at the target alone, and may: {}", role.name, role.may.join(", ")));
                }
                continue;
            };
            for may in role.may.iter().filter(|may| !old.may.contains(may)) {
                draft.differs(format!("role `{}` may at the target, and may not at the source: {may}", role.name));
            }
            for may in old.may.iter().filter(|may| !role.may.contains(may)) {
                draft.say(format!("note: role `{}` may not at the target what it may at the source: {may}", role.name));
            }
            if same_engine && old.member_of != role.member_of {
                draft.differs(format!("role `{}` is a member of other roles", role.name));
            }
        }
        for (name, _) in left.iter().filter(|(name, _)| !FIRST.contains(name) && !right.iter().any(|role| role.name == **name)) {
            draft.say(format!("note: role `{name}` is at the source alone"));
        }
    } else {
        draft.gap("roles: not both sides show them");
    }
}

fn on(truth: bool) -> &'static str {
    if truth { "on" } else { "off" }
}

#[cfg(test)]
mod tests {
    use segue_engine::rows::Role;
    use segue_model::verify::Verdict;

    use super::*;

    fn judged(source: &Controls, target: &Controls) -> CheckReport {
        let mut draft = Draft::new("security", "security");
        controls(source, target, true, &mut draft);
        draft.finish()
    }

    #[test]
    fn less_control_or_more_rights_fail() {
        let role =
            |may: &[&str]| Role { name: "app".to_owned(), may: may.iter().map(|may| (*may).to_owned()).collect(), member_of: Vec::new() };
        let with = |tls, may: &[&str]| Controls { tls_offered: Some(tls), roles: Some(vec![role(may)]), ..Controls::default() };
        assert_eq!(judged(&with(true, &["login"]), &with(true, &["login"])).verdict, Verdict::Equal);
        assert_eq!(judged(&with(true, &["login"]), &with(false, &["login"])).verdict, Verdict::Different);
        assert_eq!(judged(&with(true, &["login"]), &with(true, &["login", "superuser"])).verdict, Verdict::Different);
        assert_eq!(judged(&with(false, &["login", "superuser"]), &with(true, &["login"])).verdict, Verdict::Equal);
        let gaps = judged(&Controls::default(), &with(true, &[])).not_compared;
        assert!(gaps.iter().any(|gap| gap.starts_with("roles")), "{gaps:?}");
    }
}
