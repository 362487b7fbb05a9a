//! A throw-away folder with files in it, and the binary run there.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::said::Said;

/// The folder.
pub(crate) struct Room {
    folder: tempfile::TempDir,
}

impl Room {
    /// With these files; a name may hold folders.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let room = Self { folder: tempfile::tempdir().expect("a folder") };
        for (name, text) in files {
            room.write(name, text);
        }
        room
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.file(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).expect("read")
    }

    fn command(&self, program: &str, words: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(words).current_dir(self.folder.path()).stdin(Stdio::null()).env("COLUMNS", "80").env("NO_COLOR", "1");
        command
    }

    /// `segue check` with these words.
    pub(crate) fn check(&self, words: &[&str]) -> Said {
        self.segue(&[&["check"], words].concat())
    }

    /// The binary with these words.
    pub(crate) fn segue(&self, words: &[&str]) -> Said {
        Said::of(&self.command(env!("CARGO_BIN_EXE_segue"), words).output().expect("runs"))
    }

    /// `segue check` with a text on stdin.
    pub(crate) fn check_with(&self, stdin: &str, words: &[&str]) -> Said {
        use std::io::Write as _;
        let mut command = self.command(env!("CARGO_BIN_EXE_segue"), &[&["check"], words].concat());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
        child.stdin.take().expect("stdin").write_all(stdin.as_bytes()).expect("written");
        Said::of(&child.wait_with_output().expect("ends"))
    }

    /// The report of a comparison, whatever its exit code is.
    pub(crate) fn report(&self, words: &[&str]) -> serde_json::Value {
        let said = self.check(&[words, &["--format", "json"]].concat());
        serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {}{}", said.out, said.err))
    }

    /// The same, with variables in its environment.
    pub(crate) fn report_with(&self, variables: &[(&str, &str)], words: &[&str]) -> serde_json::Value {
        let mut command = self.command(env!("CARGO_BIN_EXE_segue"), &[&["check"], words, &["--format", "json"]].concat());
        let said = Said::of(&command.envs(variables.iter().copied()).output().expect("runs"));
        serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {}{}", said.out, said.err))
    }

    fn git(&self, words: &[&str]) {
        let mut command = self.command("git", words);
        for (name, value) in [("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"), ("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z")] {
            command.env(name, value);
        }
        let output = command.output().expect("git runs");
        assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// A branch at what was committed last; `origin/main` is one that was fetched.
    pub(crate) fn branch(&self, name: &str) {
        self.git(&["update-ref", &format!("refs/remotes/{name}"), "HEAD"]);
    }

    /// A repository here, with everything in it committed under a tag.
    pub(crate) fn commit(&self, tag: &str) {
        let git = |words: &[&str]| self.git(words);
        if !self.file(".git").exists() {
            git(&["init", "--quiet"]);
        }
        git(&["add", "--all"]);
        git(&["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", tag]);
        git(&["tag", tag]);
    }
}

impl Said {
    /// Panics unless stderr holds a text.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.err.contains(text), "`{text}` is not in stderr:\n{}", self.err);
        self
    }
}
