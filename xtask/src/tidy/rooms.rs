//! What may be done only in certain rooms: starting a process, and reading a clock where time must be
//! injected so that the simulation can own it.

use super::Violation;
use super::paths;
use super::source::Source;

/// A deed, where it may be done, and what to do elsewhere.
struct Rule {
    /// The end or the whole of a path in code.
    deeds: &'static [&'static str],
    /// Beginnings of file paths: where the rule holds…
    holds: &'static [&'static str],
    /// …and where it does not.
    except: &'static [&'static str],
    advice: &'static str,
}

const RULES: &[Rule] = &[
    Rule {
        deeds: &["process::Command", "Command::new"],
        holds: &["crates/"],
        except: &[
            // `cmd:` references, the demo's own executor, throw-away servers, `pg_dump`, and the blocks of a runbook.
            "crates/segue/src/reference.rs",
            "crates/segue/src/demo/",
            "crates/segue-engine/src/private/",
            "crates/segue-postgres/src/private_server",
            "crates/segue-postgres/src/clone.rs",
            "crates/segue-mysql/src/private_server",
            "crates/segue/src/cli/runbook.rs",
            // `git:REV:PATH`
            "crates/segue/src/check/git.rs",
        ],
        advice: "processes are started by the demo, by `cmd:` references and by private servers only",
    },
    Rule {
        deeds: &["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now"],
        holds: &["crates/segue-engine/", "crates/segue-journal/", "crates/segue-steps/"],
        except: &[],
        advice: "take the time from the session, so that the simulation owns it",
    },
];

/// Checks one file; tests, and what is for proof only, may do what they need.
pub(crate) fn check(source: &Source) -> Vec<Violation> {
    let begins = |rooms: &[&str]| rooms.iter().any(|room| source.path.starts_with(room));
    let mut found = Vec::new();
    for rule in RULES {
        if source.is_proof() || !begins(rule.holds) || begins(rule.except) {
            continue;
        }
        for path in paths::paths(&source.lexed.code) {
            let is_deed = |deed: &&str| path.path.strip_suffix(*deed).is_some_and(|rest| rest.is_empty() || rest.ends_with("::"));
            if rule.deeds.iter().any(is_deed) && !source.is_test(path.line) {
                found.push(Violation {
                    path: source.path.clone(),
                    line: path.line,
                    rule: "rooms",
                    message: format!("`{}` here; {}", path.path, rule.advice),
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deeds_stay_in_their_rooms() {
        let count = |path: &str, text: &str| check(&Source::new(path, text)).len();
        assert_eq!(count("crates/segue/src/cli/plan.rs", "use std::process::{Command, Stdio};"), 1);
        assert_eq!(count("crates/segue/src/cli/plan.rs", "std::process::Command::new(a);"), 1);
        assert_eq!(count("crates/segue/src/demo/child.rs", "use std::process::Command;"), 0);
        assert_eq!(count("crates/segue/src/cli/plan.rs", "clap::Command::name(a); SubCommand::new()"), 0);
        assert_eq!(count("crates/segue-steps/src/a.rs", "let t = Instant::now();"), 1);
        assert_eq!(count("crates/segue-postgres/src/a.rs", "let t = Instant::now();"), 0);
        assert_eq!(count("crates/segue-steps/tests/it/a.rs", "Instant::now();"), 0);
    }
}
