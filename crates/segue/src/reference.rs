//! Resolves `env:`, `file:` and `cmd:` references, as late as a connection is made, into secrets.
//!
//! The only place that reads the environment for a value of the spec. A failure names the reference, never a value.

use std::path::Path;

use segue_model::problem::Problem;
use segue_model::secret::{Reference, Secret};

use crate::exit::Exit;
use crate::failure::Failure;

/// The value behind a reference; relative files are looked for beside the spec.
pub(crate) fn resolve(reference: &Reference, base: &Path) -> Result<Secret, Failure> {
    match reference {
        Reference::Plain(text) => Ok(Secret::new(text.clone())),
        Reference::Env(name) => match std::env::var(name) {
            Ok(value) if !value.is_empty() => Ok(Secret::new(value)),
            _ => Err(missing(
                "SG-CLI-010",
                format!("the environment variable `{name}` is not set"),
                format!("export {name}=… and run the same command again"),
            )),
        },
        Reference::File(path) => {
            let full = base.join(path);
            match std::fs::read_to_string(&full) {
                Ok(text) if !text.trim().is_empty() => Ok(Secret::new(text.trim())),
                Ok(_) => Err(missing(
                    "SG-CLI-011",
                    format!("the file `{path}` that the spec refers to is empty"),
                    "put the value into it".to_owned(),
                )),
                Err(error) => Err(missing(
                    "SG-CLI-011",
                    format!("the file `{path}` that the spec refers to cannot be read: {}", crate::show::why(&error)),
                    "look at its name and permissions".to_owned(),
                )),
            }
        }
        Reference::Cmd(command) => {
            let output =
                std::process::Command::new("sh").arg("-c").arg(command).current_dir(base).stdin(std::process::Stdio::null()).output();
            match output {
                Ok(output) if output.status.success() && !output.stdout.trim_ascii().is_empty() => {
                    Ok(Secret::new(String::from_utf8_lossy(output.stdout.trim_ascii()).into_owned()))
                }
                Ok(output) => Err(missing(
                    "SG-CLI-012",
                    format!("the command of a `cmd:` reference gave no value ({})", output.status),
                    "run it by hand and look at what it says".to_owned(),
                )),
                Err(error) => Err(missing(
                    "SG-CLI-012",
                    format!("the command of a `cmd:` reference cannot be run: {}", error.kind()),
                    "is `sh` there?".to_owned(),
                )),
            }
        }
    }
}

fn missing(code: &str, message: String, help: String) -> Failure {
    Failure::new(Exit::Connection, Problem::new(code, message).safe("no connection was made").help(help))
}
