//! `segue doctor`: looks at the machine, the spec and the database before a run. Read-only.

use std::path::PathBuf;

use clap::Args;
use segue_model::secret::Reference;
use segue_model::units::counted;

use super::{Format, Global};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show::Show;
use crate::{planning, runs, specfile};

/// Arguments of `segue doctor`.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// The spec
    #[arg(short, long, value_name = "SPEC")]
    file: Option<PathBuf>,
}

/// One thing that was looked at.
struct Look {
    what: &'static str,
    ok: bool,
    found: String,
}

impl Doctor {
    pub(crate) fn run(&self, global: &Global, show: &Show) -> Result<Exit, Failure> {
        let mut looks = vec![Look { what: "segue", ok: true, found: crate::VERSION.to_owned() }];
        looks.push(journal(global));
        let file = match specfile::read(self.file.as_deref()) {
            Ok(file) => {
                looks.push(Look {
                    what: "spec",
                    ok: true,
                    found: format!("{} with {}", file.spec.id, counted(file.spec.changes().len() as u64, "change")),
                });
                Some(file)
            }
            Err(failure) => {
                let first = failure.problems.first().map_or(String::new(), |problem| format!("{}: {}", problem.code, problem.message));
                looks.push(Look { what: "spec", ok: false, found: first });
                None
            }
        };
        if let Some(file) = &file {
            runs::block_on(async {
                match database(file).await {
                    Ok(found) => looks.extend(found),
                    Err(failure) => {
                        let first =
                            failure.problems.first().map_or(String::new(), |problem| format!("{}: {}", problem.code, problem.message));
                        looks.push(Look { what: "database", ok: false, found: first });
                    }
                }
                Ok(())
            })?;
        }
        report(&looks, show)?;
        Ok(if looks.iter().all(|look| look.ok) { Exit::Ok } else { Exit::Failed })
    }
}

fn journal(global: &Global) -> Look {
    match runs::list(global) {
        Ok(runs) => {
            Look { what: "journal", ok: true, found: format!("{} with {}", global.state_dir.display(), counted(runs as u64, "run")) }
        }
        Err(failure) => Look {
            what: "journal",
            ok: false,
            found: failure.problems.first().map_or(String::new(), |p| format!("{}: {}", p.code, p.message)),
        },
    }
}

async fn database(file: &specfile::SpecFile) -> Result<Vec<Look>, Failure> {
    let engine = planning::engine(file)?;
    let facts = engine.facts().await?;
    let mut looks = vec![Look {
        what: "database",
        ok: !facts.read_only,
        found: format!("{} {} at {}{}", facts.engine, facts.version, facts.database, if facts.read_only { ", read-only" } else { "" }),
    }];
    for warning in facts.warnings {
        looks.push(Look { what: "note", ok: true, found: warning });
    }
    let state = engine.fence().state().await?;
    if let Some((run, _, epoch)) = state.active {
        looks.push(Look { what: "control", ok: true, found: format!("run {run} holds the database, epoch {epoch}") });
    }
    if let Some((_, Reference::Plain(_))) = file.spec.schema_system().map(|(_, system)| crate::connect::place(system)) {
        looks.push(Look { what: "secrets", ok: true, found: "the location stands in the spec and holds no password".to_owned() });
    }
    for table in segue_planner::touched(&file.spec) {
        let table = engine.resolve(&table).await?;
        for blocker in engine.blockers(&table).await? {
            if blocker.transaction_age_ms > 1_000 {
                looks.push(Look {
                    what: "session",
                    ok: true,
                    found: format!(
                        "{} ({}) holds a lock on {table} for {} s",
                        blocker.session,
                        blocker.state,
                        blocker.transaction_age_ms / 1_000
                    ),
                });
            }
        }
    }
    Ok(looks)
}

fn report(looks: &[Look], show: &Show) -> Result<(), Failure> {
    if show.format == Format::Json {
        let looks: Vec<_> = looks.iter().map(|look| serde_json::json!({"what": look.what, "ok": look.ok, "found": look.found})).collect();
        return show.json(&serde_json::json!({"format_version": 1, "segue": crate::VERSION, "looks": looks}));
    }
    let mut text = String::new();
    for look in looks {
        text.push_str(&format!("{} {:<9} {}\n", if look.ok { "ok  " } else { "FAIL" }, look.what, crate::show::visible(&look.found)));
    }
    show.result(&crate::show::fold(&text, show.width, 15))
}
