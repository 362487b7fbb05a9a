//! The steps of a change of sign-in, one function a step.
//!
//! No step carries a password, a hash or a token in a command: exports and imports go by the providers' own channels.
//! Tests: `tests/it/project_recipes_code.rs`.

use std::collections::BTreeMap;

use segue_model::spec::program::Auth;

use super::build::{self, StepDraft};
use super::ground::Ground;

/// Something that signs in there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Application {
    name: String,
    kind: String,
    owner: Option<String>,
    blocking: bool,
}

/// Applications that the spec names or the assessment saw.
pub(crate) fn applications(ground: &Ground<'_>) -> Vec<Application> {
    let stated = ground.spec.program.about.values().flat_map(|about| &about.dependencies);
    let mut all: Vec<Application> = stated
        .map(|one| Application { name: one.name.clone(), kind: one.kind.clone(), owner: one.owner.clone(), blocking: one.blocking })
        .collect();
    let auth = ground.spec.program.auth.as_ref().and_then(|auth| auth.from.as_deref()).unwrap_or_default().to_ascii_lowercase();
    let seen = ground.assessment.map_or(&[][..], |assessment| &assessment.dependencies);
    let there = seen.iter().filter(|one| !auth.is_empty() && one.on.to_ascii_lowercase().contains(&auth));
    all.extend(there.map(|one| Application { name: one.from.clone(), kind: one.kind.clone(), owner: None, blocking: one.blocking }));
    all.sort();
    all.dedup_by(|a, b| a.name == b.name);
    all
}

fn manual(ground: &Ground<'_>, role: &'static str, id: &str, kind: &str, what: String, why: &str, tell: &str) -> StepDraft {
    build::manual(id, kind, what, why, tell).owner(ground.role(role))
}

/// What each application reads.
pub(crate) fn inventory(ground: &Ground<'_>, old: &str) -> StepDraft {
    let what = format!(
        "Lists for each application at {old}: protocol, redirect addresses, claims, scopes, life of sessions, how it signs out; and each script and device with a key of its own"
    );
    manual(
        ground,
        "security",
        "inventory",
        "list_applications",
        what,
        "what is not on the list stops working when the old side goes",
        "the log of sign-ins of 30 days names no application that the list does not",
    )
    .reads()
    .people("review", 3)
}

/// A way in when the sign-in itself is down.
pub(crate) fn break_glass(ground: &Ground<'_>) -> StepDraft {
    let what = "Makes two accounts for emergencies that depend on neither side, with keys in two safes".to_owned();
    manual(
        ground,
        "security",
        "break-glass",
        "make_accounts",
        what,
        "when nobody can sign in, nobody can undo it either",
        "each was used once from the safe, the alert for its use came, and its key was changed after that",
    )
    .undo("delete both accounts", "0 rows", "neither lets anybody in")
    .people("identity_provider", 1)
}

/// The new side.
pub(crate) fn set_up(ground: &Ground<'_>, new: &str) -> StepDraft {
    let what = format!(
        "Sets up {new} from definitions: production and test apart, rules for passwords and second factors at least as strict, limits against guessing, logs to where the old ones go"
    );
    manual(
        ground,
        "security",
        "set-up",
        "set_up_provider",
        what,
        "a rule that is weaker on one side is the rule of both",
        "a second one was made from the same definitions, and a comparison of the rules of both sides has no weaker line",
    )
    .undo("delete the test one, then the new one; no application trusts it", "0 rows", "no application accepts a token of it")
    .people("identity_provider", 1)
}

/// Keys that turn over.
pub(crate) fn keys(ground: &Ground<'_>, new: &str) -> StepDraft {
    let what =
        format!("Turns the signing keys of {new} over once while a test signs in all the time, and checks the clocks of all services");
    manual(
        ground,
        "security",
        "keys",
        "turn_keys",
        what,
        "a service that keeps keys for a day refuses everybody for a day",
        "no sign-in of the test failed; each service read the new key within minutes; no clock is more than 5 seconds off",
    )
    .undo("turn the keys over once more", "0 rows", "the test signs in")
    .people("review", 1)
}

/// Accounts from one place.
pub(crate) fn provisioning(ground: &Ground<'_>, new: &str) -> StepDraft {
    let what = format!(
        "Lets {new} make, change and end accounts in each application (SCIM where it is spoken), from the list of the staff, groups as roles"
    );
    manual(
        ground,
        "security",
        "provisioning",
        "provision_accounts",
        what,
        "somebody who left and can still sign in is the fault that this is made against",
        "a trial person who is taken off the list is out of every application within an hour",
    )
    .undo("stop provisioning; the applications keep their accounts", "0 rows", "an account that is made by hand in an application stays")
    .people("identity_provider", 1)
}

/// Both issuers.
pub(crate) fn two_issuers(ground: &Ground<'_>) -> StepDraft {
    let what = "Lets each service accept tokens of both issuers, by an exact list of issuer and audience, each with its own keys; anything else is refused".to_owned();
    manual(
        ground,
        "developer",
        "two-issuers",
        "accept_both",
        what,
        "a user with a session of one side must not be thrown out by the other",
        "a test calls each service with a good token of either issuer (200), and with a forged, an expired and a foreign one (401)",
    )
    .undo("take the second issuer out of the list", "0 rows", "a token of the new issuer is refused, one of the old is accepted")
    .people("endpoint", 2)
}

/// Claims.
pub(crate) fn claims(ground: &Ground<'_>) -> StepDraft {
    let what =
        "Reads user, roles and tenant through one function that knows the claims of both issuers and gives the same inner identifier"
            .to_owned();
    manual(ground, "developer", "claims", "map_claims", what, "rows belong to the inner identifier, so a user finds the same data whichever side signed them in", "a test signs one user in at either side and sees the same data and the same rights; one who is not in the table of identifiers is refused and not made anew")
        .undo("revert the commit; only claims of the old issuer are read", "0 rows", "the tests are green with tokens of the old issuer")
        .people("endpoint", 2)
}

/// One application.
pub(crate) fn application(ground: &Ground<'_>, app: &Application, new: &str) -> StepDraft {
    let with = app.owner.as_ref().map_or_else(String::new, |owner| format!(", with {owner}"));
    let must = if app.blocking { "nothing shifts without it" } else { "it would be locked out when the old side goes" };
    let what = format!(
        "Registers {} ({}) at {new}{with}: exact redirect addresses, code flow with PKCE, least scopes, sign-out on both sides, a flag that chooses the side for a user",
        app.name, app.kind
    );
    let tell = format!(
        "a trial user signs in to {} at the new side and out again, then at the old side, with the same rights and the same data",
        app.name
    );
    manual(ground, "developer", &format!("app-{}", app.name), "register_application", what, must, &tell)
        .undo("turn the flag back and take the registration out", "0 rows", "a trial user signs in at the old side")
        .people("sso_app", 1)
}

/// Both stay true.
pub(crate) fn write_both(ground: &Ground<'_>, old: &str, new: &str) -> StepDraft {
    let what = format!(
        "Writes each sign-up, change of password or address, block, deletion and second factor to {old} and to {new} in the moment in which the user makes it; what fails on one side is tried again and counted"
    );
    manual(ground, "developer", "write-both", "write_both", what, "a password can only be given to the other side while it is typed: without this there is no way back that lets everybody in", "a trial user changes the password on either side and signs in on the other with it; the counter of failures is on the dashboard and stands at 0")
        .until_contract()
        .undo("write to the old side alone", "0 rows: the old side has every change", "a change on the old side works as before")
        .people("endpoint", 3)
}

/// All users at once, as far as they can be carried.
pub(crate) fn import(ground: &Ground<'_>, auth: &Auth, old: &str, new: &str) -> StepDraft {
    let facts: BTreeMap<String, u64> = auth.users.map(|users| ("rows".to_owned(), users)).into_iter().collect();
    let how_many = auth.users.map_or_else(|| "all users".to_owned(), |users| segue_model::units::counted(users, "user"));
    let from = if auth.users.is_some() { "spec auth.users" } else { "nobody stated the number of users" };
    let what = format!(
        "Imports {how_many} from {old} into {new}: identifier of the old side, verified addresses, blocks, roles, second factors where they can be carried, consents; the export is encrypted, read once and destroyed; a second run changes nothing"
    );
    manual(
        ground,
        "security",
        "import",
        "import_users",
        what,
        "who is not there cannot sign in",
        "the numbers of both sides agree by kind (active, blocked, unverified), and a second run of the import reports 0 changes",
    )
    .undo(
        "delete the imported accounts at the new side; nobody was sent there",
        "0 rows: the old side was only read",
        "the new side lists no user of production",
    )
    .machine("user_import", auth.users.unwrap_or(0), facts, from)
    .people("user_import", 1)
}

/// Passwords that no import carries.
pub(crate) fn at_sign_in(ground: &Ground<'_>, old: &str, new: &str) -> StepDraft {
    let what = format!(
        "Lets {new} ask {old} once, at the first sign-in of a user whose password it does not have, over a private way, with the limits against guessing of both"
    );
    manual(
        ground,
        "developer",
        "at-sign-in",
        "carry_at_sign_in",
        what,
        "a password that cannot be exported is carried in the moment in which its user types it",
        "a trial user without a password at the new side signs in there with the old one, and a second time with the old side out of reach",
    )
    .undo("turn it off; users without a password at the new side are sent to the old one", "0 rows", "such a user signs in at the old side")
    .people("endpoint", 2)
}

/// Both sides, compared.
pub(crate) fn compare(ground: &Ground<'_>, facts: BTreeMap<String, u64>) -> StepDraft {
    let what =
        "Compares users of both sides by identifier: there or not, blocked, verified, roles, second factors; never a hash".to_owned();
    manual(
        ground,
        "security",
        "compare",
        "verify_users",
        what,
        "one blocked user who can sign in again is worse than a hundred who must write to support",
        "0 only here, 0 only there, 0 different, twice with an hour between",
    )
    .reads()
    .machine("verify", 0, facts, "spec auth.users")
}

/// What is tried before users come.
pub(crate) fn trials(ground: &Ground<'_>, new: &str, factor: u64) -> Vec<StepDraft> {
    let journeys = "Goes each way of a user on both sides: sign-up, sign-in, wrong password, forgotten password, second factor and its loss, change of address, sign-out everywhere, blocked, deleted".to_owned();
    let attack = format!(
        "Attacks {new}: guessing, foreign redirect addresses, replayed codes, forged and swapped tokens, fixed sessions, linking by an address that is not verified"
    );
    let load = format!("Signs in {factor} times the busiest minute's users at {new}, with its limits against guessing turned on");
    vec![
        manual(
            ground,
            "developer",
            "journeys",
            "try_journeys",
            journeys,
            "sign-in is rarely what fails; recovery is",
            "each way ends as it does on the old side, in each language and on a telephone",
        )
        .reads()
        .people("load_test", 1),
        manual(
            ground,
            "security",
            "attack",
            "attack_test",
            attack,
            "what stands at the door is tried by others from the first day",
            "no way in; each finding is mended or accepted by name",
        )
        .reads()
        .people("review", 6),
        manual(
            ground,
            "oncall",
            "load",
            "load_test",
            load,
            "on the day of the shift everybody signs in once more",
            "p95 and error rate stay within the gates of the canary, and no real user is taken for an attacker",
        )
        .reads()
        .people("load_test", 1),
    ]
}

/// No token of the old side any more.
pub(crate) fn stop_accepting(ground: &Ground<'_>, old: &str) -> StepDraft {
    let what = format!("Takes {old} out of the list of accepted issuers, service by service");
    manual(
        ground,
        "security",
        "one-issuer",
        "accept_one",
        what,
        "an issuer that nobody watches any more is a way in",
        "a token of the old issuer is refused by each service, and the log of a week before shows none",
    )
    .undo("put it back into the list; the old side still stands", "0 rows", "a token of the old issuer is accepted")
    .people("endpoint", 1)
}

/// No second write any more.
pub(crate) fn stop_both(ground: &Ground<'_>, old: &str) -> StepDraft {
    let what = format!("Resets the passwords of those who never signed in since the shift, tells them how, and stops writing to {old}");
    manual(
        ground,
        "security",
        "write-one",
        "write_one",
        what,
        "from here on the old side no longer knows every password: it is the last step before it goes",
        "the number of users without a password at the new side is 0, and the counter of writes to the old side stands still",
    )
    .until_contract()
    .undo(
        "write to both again; users who changed their password in between must set it once more on the old side",
        "the passwords that were changed in between, on the old side",
        "a trial user's change works on both sides",
    )
    .people("communication", 2)
}
