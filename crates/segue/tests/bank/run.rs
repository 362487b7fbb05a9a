//! A throw-away folder, and the binary run there as a child process.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(crate) use crate::said::Said;

/// The arguments with which a run goes on.
pub(crate) const APPLY: [&str; 6] = ["apply", "-f", "segue.yaml", "--yes", "--lease", "2s"];

pub(crate) struct Folder {
    dir: tempfile::TempDir,
    pub(crate) env: Vec<(String, String)>,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a folder"), env: Vec::new() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.file(name), text).expect("written");
    }

    pub(crate) fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap_or_default()
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_segue"));
        command.args(words).current_dir(self.path()).stdin(Stdio::null()).env("COLUMNS", "100").env("USER", "banker");
        command.envs(self.env.iter().cloned());
        command
    }

    /// Runs a verb to its end.
    pub(crate) fn segue(&self, words: &[&str]) -> Said {
        Said::of(&self.command(words).output().expect("runs"))
    }

    /// `apply` to its end, or to the end of a phase.
    pub(crate) fn apply(&self, until: Option<&str>) -> Said {
        let mut words = APPLY.to_vec();
        words.extend(until.iter().flat_map(|phase| ["--until", *phase]));
        self.segue(&words)
    }

    /// Starts a verb; what it says goes to files, so that a pipe that nobody reads cannot stop it.
    pub(crate) fn start(&self, words: &[&str], name: &str) -> Running<'_> {
        let file = |ending: &str| std::fs::File::create(self.file(&format!("{name}.{ending}"))).expect("a file");
        let child = self.command(words).stdout(file("out")).stderr(file("err")).spawn().expect("starts");
        Running { folder: self, child, name: name.to_owned() }
    }
}

/// A child at work. It is killed and waited for if the test leaves it.
pub(crate) struct Running<'a> {
    folder: &'a Folder,
    pub(crate) child: Child,
    name: String,
}

impl Running<'_> {
    pub(crate) fn pid(&self) -> nix::unistd::Pid {
        nix::unistd::Pid::from_raw(self.child.id().cast_signed())
    }

    pub(crate) fn is_over(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_some()
    }

    /// Waits, bounded, until a file of the folder holds a text; false when the child ended before.
    pub(crate) fn wait_for(&mut self, file: &str, text: &str) -> bool {
        let started = Instant::now();
        loop {
            let over = self.is_over();
            if self.folder.text(file).contains(text) {
                return true;
            }
            if over {
                return false;
            }
            assert!(started.elapsed() < Duration::from_secs(90), "`{text}` did not come into {file} in 90 s:\n{}", self.folder.text(file));
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits, bounded, for its end.
    #[track_caller]
    pub(crate) fn end(mut self, within: Duration) -> Said {
        let started = Instant::now();
        while !self.is_over() {
            assert!(
                started.elapsed() < within,
                "{} did not end in {within:?}:\n{}",
                self.name,
                self.folder.text(&format!("{}.err", self.name))
            );
            std::thread::sleep(Duration::from_millis(3));
        }
        let status = self.child.wait().expect("a child");
        Said {
            code: status.code().unwrap_or(-1),
            out: self.folder.text(&format!("{}.out", self.name)),
            err: self.folder.text(&format!("{}.err", self.name)),
        }
    }

    /// `kill -9`.
    pub(crate) fn kill9(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
