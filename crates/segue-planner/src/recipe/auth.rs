//! Another way of signing in: a new system, a new provider, or one sign-in for all applications.
//!
//! Both ways are accepted at the same time, and what users change of themselves is written to both sides until the old
//! one goes: a password that only the new side knows is a user who is lost on the way back. Tests:
//! `tests/it/project_recipes_code.rs`.

use std::collections::BTreeMap;

use segue_model::finding::Severity;
use segue_model::spec::program::{Auth, MetricValue};
use segue_model::units::grouped;

use super::auth_step;
use super::build::{self, PhaseDraft, metric, none_of};
use super::draft::{Draft, pattern};
use super::ground::Ground;
use super::retire::{self, Old};
use super::traffic::{self, Division};
use super::{code_phase, preparation, reasons};
use crate::say;

/// What is known of a provider's password hashes.
enum Hashes {
    /// They never leave it.
    Never,
    /// On request, or with parameters that the target must take.
    Ask(&'static str),
    /// Nothing is known.
    Unknown,
}

/// The part of a plan.
pub(crate) fn draft(ground: &Ground<'_>) -> Draft {
    let auth = ground.spec.program.auth.clone().unwrap_or_default();
    let (old, new) = names(&auth);
    let mut draft = Draft::new(
        "auth",
        pattern(
            "both accepted, users in shares",
            format!(
                "every service accepts {old} and {new} at the same time; users sign in at the new side in shares, the staff first, and can sign in at the old one at any moment"
            ),
            &[
                reasons::big_bang(ground, &format!("the sign-in of {new}")),
                (
                    "passwords reset for everybody",
                    format!("every user would need a mail on the same day; {} and support could not answer", reasons::downtime(ground)),
                ),
                (
                    "blue-green",
                    format!(
                        "sessions and passwords that change after the copy exist on one side only; {}, so both must stay true",
                        reasons::back(ground)
                    ),
                ),
            ],
        ),
    );
    overview(ground, &mut draft, &auth, &old, &new);
    carried(&mut draft, &auth, &old);
    let apps = auth_step::applications(ground);
    if apps.is_empty() {
        draft.need("which applications sign in there: name them under `dependencies` of a system", "systems", &["clients", "estimate"]);
    }
    draft.need(
        "how long a session and a refresh token live: the old side must stand at least as long after the shift",
        "phases.watch.hold",
        &["watch", "retire"],
    );
    draft.phase(prepare(ground, &auth, &old));
    draft.phase(provider(ground, &auth, &new));
    draft.phase(clients(ground, &apps, &old, &new));
    let import = users(ground, &auth, &old, &new);
    draft.phase(import);
    draft.phase(prove(ground, &new));
    let division = Division {
        what: "sign-ins, the staff first",
        ladder: ground.profile.service,
        after: &["prove"],
        users: "users of the share see a new page and sign in once more",
        back: "the old side has each change of a password, a sign-up, a block and a second factor, so nobody is locked out; users of the share sign in once more",
    };
    traffic::shift(&mut draft, ground, &division);
    gates(ground, &mut draft);
    let kept_true = "each change that a user makes of themselves is written to both sides, so the old sign-in still lets everybody in";
    let archive = "the list of users and their consents without password hashes, the log of sign-ins as long as rules ask for it, the old side's settings";
    retire::retire(&mut draft, ground, &Old { what: &old, after: &["shift"], owner: "security", kept_true, archive });
    code_phase::before_last(&mut draft, "retire", auth_step::stop_accepting(ground, &old));
    code_phase::before_last(&mut draft, "retire", auth_step::stop_both(ground, &old));
    draft
}

/// What both sides are called.
fn names(auth: &Auth) -> (String, String) {
    let side = |name: &Option<String>, other: &str| name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| other.to_owned());
    match auth.change.as_str() {
        "sso" => (side(&auth.from, "the sign-in of each application"), side(&auth.to, "single sign-on")),
        "oauth_provider" => (side(&auth.from, "the old provider"), side(&auth.to, "the new provider")),
        _ => (side(&auth.from, "the old sign-in"), side(&auth.to, "the new sign-in")),
    }
}

fn overview(ground: &Ground<'_>, draft: &mut Draft, auth: &Auth, old: &str, new: &str) {
    let change = match auth.change.as_str() {
        "sso" => "applications trust one provider; accounts are made and ended from one place",
        "oauth_provider" => "issuer, keys, scopes, redirect addresses, subject identifiers, consents",
        _ => "where passwords, sessions and second factors are kept and checked",
    };
    draft.aspect("Sign-in", old, new, change);
    match auth.users {
        Some(users) => {
            draft.aspect(
                "Users",
                format!("{} at {old}", grouped(users)),
                format!("{} at {new}", grouped(users)),
                "accounts, links between identities, second factors, consents",
            );
            draft.figure("users", users.to_string(), "spec auth.users");
        }
        None => draft.need("how many users sign in", "auth.users", &["import", "estimate"]),
    }
    if auth.to.as_deref().unwrap_or_default().is_empty() {
        draft.need("which sign-in it shall be", "auth.to", &["provider"]);
    }
    for list in &ground.spec.program.compliance {
        draft.aspect(
            &format!("Rules: {}", list.to_uppercase()),
            "evidence for the old side",
            "evidence for both sides until the old one goes",
            "contract, place of data, who may see what, how long",
        );
    }
}

/// What a provider lets out of its passwords.
fn hashes(name: &str) -> Hashes {
    let name = name.to_ascii_lowercase();
    let any = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if any(&["cognito", "okta", "entra", "azure", "adfs", "active directory", "google", "onelogin", "ping"]) {
        return Hashes::Never;
    }
    if name.contains("auth0") {
        return Hashes::Ask("they are given out on request to its support only, for some plans only, as bcrypt");
    }
    if name.contains("firebase") {
        return Hashes::Ask("they are exported in a form of scrypt of its own with the project's parameters, which few targets take");
    }
    if name.contains("keycloak") {
        return Hashes::Ask("they are in its database, PBKDF2 or Argon2 by version and setting, which the target must take as they are");
    }
    Hashes::Unknown
}

/// Whether passwords can be carried over, and what follows when they cannot.
fn carried(draft: &mut Draft, auth: &Auth, old: &str) {
    let fix = "Users are carried at their next sign-in: the new side asks the old one once. Keep the old side until the rest is few, then reset those.";
    match hashes(old) {
        Hashes::Never => {
            let message = "it never gives out password hashes: no import can carry passwords".to_owned();
            draft.findings.push(say::finding(51, Severity::High, format!("auth {old}"), message, fix));
        }
        Hashes::Ask(how) => {
            let message = format!("whether passwords can be carried must be known first: {how}");
            draft.findings.push(say::finding(51, Severity::Medium, format!("auth {old}"), message, fix));
        }
        Hashes::Unknown if auth.change != "sso" => draft.need(
            format!("in which form {old} keeps passwords (algorithm and parameters), and whether the new side takes that form"),
            "auth.from",
            &["import"],
        ),
        Hashes::Unknown => {}
    }
    if auth.change != "auth_system" {
        let message = "the new issuer gives each user another subject identifier; accounts are linked by a table of both, and by mail address only where both sides have verified it".to_owned();
        draft.findings.push(say::finding(
            52,
            Severity::Medium,
            "auth identities",
            message,
            "An address that one side never verified lets a stranger into an account: such users confirm it before they are linked.",
        ));
    }
}

fn prepare(ground: &Ground<'_>, auth: &Auth, old: &str) -> PhaseDraft {
    let security = ground.role("security");
    let mut phase = preparation::prepare(ground, "who signs in where, with what, and what each application reads from a token is known")
        .deliver("the list of applications: protocol, redirect addresses, claims and scopes that they read, life of their sessions, owner")
        .deliver("the list of users by kind: password, second factor, linked identities, blocked, never signed in")
        .task("Words for users: what changes, when, what no mail of ours will ever ask for", ground.role("support"), "communication", 2)
        .step(auth_step::inventory(ground, old))
        .step(auth_step::break_glass(ground));
    if auth.change != "sso" {
        phase = phase.task(format!("Ask {old} for an export, and read what is in it and what is not"), security, "review", 1);
    }
    phase
}

fn provider(ground: &Ground<'_>, auth: &Auth, new: &str) -> PhaseDraft {
    let security = ground.role("security");
    let mut phase = build::phase(
        "provider",
        &format!("{new} stands, from definitions, with its own keys, and no user of production is in it"),
    )
    .after(&["prepare"])
    .owner(security)
    .back("take the provider's settings back; no application trusts it yet", "none", "no application accepts a token of it")
    .deliver("settings of the provider in version control: clients, scopes, claims, life of tokens, rules for passwords and second factors")
    .deliver("keys that turn over by themselves, and the proof that services notice")
    .step(auth_step::set_up(ground, new))
    .step(auth_step::keys(ground, new));
    if auth.change == "sso" {
        phase = phase.step(auth_step::provisioning(ground, new));
    }
    phase.gate("healthy", "no health check fails", none_of("health_checks_failing"), "Segue's own")
}

fn clients(ground: &Ground<'_>, apps: &[auth_step::Application], old: &str, new: &str) -> PhaseDraft {
    let developer = ground.role("developer");
    let mut phase = build::phase("clients", &format!("every service accepts {old} and {new}, and nobody is sent to the new one"))
        .after(&["provider"])
        .owner(developer)
        .back(
            "take the second issuer out of each service; nobody has a token of it",
            "none",
            "a token of the new issuer is refused, one of the old issuer is accepted",
        )
        .deliver("a test that calls each service with a token of either issuer, and with a forged one")
        .step(auth_step::two_issuers(ground))
        .step(auth_step::claims(ground));
    phase = phase.steps(apps.iter().map(|app| auth_step::application(ground, app, new)));
    phase.gate(
        "features",
        "no critical feature fails",
        none_of("critical_features_failing"),
        "document 002, Success Criteria: all critical features working",
    )
}

/// Users, and that both sides stay true from here on.
fn users(ground: &Ground<'_>, auth: &Auth, old: &str, new: &str) -> PhaseDraft {
    let phase = build::phase("import", &format!("{new} knows every user of {old}, and what a user changes is written to both"))
        .after(&["clients"])
        .owner(ground.role("security"))
        .back(
            "stop writing to both, delete the accounts at the new side; the old side has every change",
            "none",
            "the new side lists no user of production, and sign-ins at the old side have the baseline's error rate",
        )
        .deliver("the table of both identifiers of each user")
        .deliver("the comparison: users only here, only there, different in state")
        .step(auth_step::write_both(ground, old, new))
        .step(auth_step::import(ground, auth, old, new));
    let phase = if matches!(hashes(old), Hashes::Ask(_) | Hashes::Unknown) && auth.change == "sso" {
        phase
    } else {
        phase.step(auth_step::at_sign_in(ground, old, new))
    };
    let count: BTreeMap<String, u64> = auth.users.map(|users| ("rows".to_owned(), users)).into_iter().collect();
    phase.step(auth_step::compare(ground, count)).gate(
        "equal",
        "both sides have the same users in the same state",
        none_of("mismatches"),
        "Segue's own: a blocked user who can sign in again is an incident",
    )
}

fn prove(ground: &Ground<'_>, new: &str) -> PhaseDraft {
    let factor = ground.profile.load_factor.value;
    build::phase("prove", "sign-in, sign-out, recovery and refusal work on both sides, also under load and under attack")
        .after(&["import"])
        .owner(ground.role("security"))
        .back("nothing to undo: it only tried", "none", "the trial accounts are deleted on both sides")
        .deliver("the report of the attack test, each finding mended or accepted by name")
        .steps(auth_step::trials(ground, new, factor))
        .gate(
            "features",
            "no critical feature fails",
            none_of("critical_features_failing"),
            "document 002, Success Criteria: all critical features working",
        )
}

/// What the shift of sign-ins must show beside errors and p95.
fn gates(ground: &Ground<'_>, draft: &mut Draft) {
    let available = MetricValue::Times { factor_milli: 1_000, metric: "availability".to_owned(), side: Some("old".to_owned()) };
    for phase in draft.phases.iter_mut().filter(|phase| matches!(phase.name.as_str(), "canary" | "shift")) {
        let drafted = PhaseDraft(std::mem::take(phase))
            .gate(
                "sign-ins",
                "sign-ins at the new side succeed as often as at the old one",
                metric("availability", Some("new"), ">=", available.clone(), 3_600),
                "Segue's own",
            )
            .gate("same-users", "both sides have the same users in the same state", none_of("mismatches"), "Segue's own");
        *phase = drafted.0;
    }
    // Before a sign-in there is no user by whom a proxy could divide.
    code_phase::by_setting(
        draft,
        "the log of sign-ins shows the share, chosen by a stable hash of the name that is typed, the staff first",
    );
    let support = ground.role("support");
    if let Some(shift) = draft.phases.iter_mut().find(|phase| phase.name == "shift") {
        let drafted = PhaseDraft(std::mem::take(shift)).task(
            "Somebody who can let a locked-out user in again, for as long as shares grow",
            support,
            "cutover",
            1,
        );
        *shift = drafted.0;
    }
}
