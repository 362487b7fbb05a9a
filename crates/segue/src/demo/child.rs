//! Runs this same binary as a child process: the migration of the demo is the real one, killable for real.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use segue_model::problem::Problem;

use crate::exit::Exit;
use crate::failure::Failure;

/// How children are run.
pub(super) struct Segue<'a> {
    pub(super) folder: &'a Path,
    pub(super) environment: Vec<(String, String)>,
}

impl Segue<'_> {
    fn command(&self, words: &[&str]) -> Result<Command, Failure> {
        // The kernel's own name for this program holds even when its file is replaced meanwhile.
        let kernels = Path::new("/proc/self/exe");
        let program = if kernels.exists() { kernels.to_owned() } else { std::env::current_exe()? };
        let mut command = Command::new(program);
        command.args(words).current_dir(self.folder).stdin(Stdio::null());
        for name in ["SEGUE_STATE_DIR", "SEGUE_RUN", "SEGUE_FORMAT", "SEGUE_OUTPUT", "SEGUE_EVENTS", "SEGUE_QUIET", "SEGUE_VERBOSE"] {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().cloned());
        Ok(command)
    }

    /// Runs a verb to its end; anything but success is the demo's failure, with what the child said.
    pub(super) fn run(&self, words: &[&str]) -> Result<String, Failure> {
        let output = self.command(words)?.output()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(Failure::new(
            Exit::Failed,
            Problem::new("SG-CLI-063", format!("`segue {}` ended with {}", words.join(" "), output.status))
                .safe("only the demo's throw-away database was touched")
                .help(said.trim()),
        ))
    }

    /// Starts a verb that writes its events to a file.
    pub(super) fn start(&self, words: &[&str]) -> Result<Child, Failure> {
        Ok(self.command(words)?.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
    }

    /// Waits until the child's event file holds a text; false when the child ended before.
    pub(super) fn wait_for(child: &mut Child, events: &Path, text: &str) -> Result<bool, Failure> {
        let started = Instant::now();
        loop {
            if std::fs::read_to_string(events).is_ok_and(|all| all.contains(text)) {
                return Ok(true);
            }
            if child.try_wait()?.is_some() {
                return Ok(false);
            }
            if started.elapsed() > Duration::from_mins(1) {
                let _ = child.kill();
                return Err(Failure::new(
                    Exit::Failed,
                    Problem::new("SG-CLI-064", "the demo's migration did not get to its backfill in 60 s")
                        .safe("only the demo's throw-away database was touched"),
                ));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
