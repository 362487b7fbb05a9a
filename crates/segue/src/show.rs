//! How problems and results reach people and scripts: stdout is the result, stderr is talk.
//!
//! The only file of the workspace besides the demo and progress that prints. Colour is decoration: every message
//! reads the same without it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is the door through which the binary talks")]

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use segue_model::problem::Problem;
use serde_json::json;

use crate::cli::{Color, Format, Global};
use crate::exit::Exit;
use crate::failure::Failure;

/// Where and how to show things, decided once from the flags and the terminal.
#[derive(Debug, Clone)]
pub(crate) struct Show {
    /// The format of the result.
    pub(crate) format: Format,
    /// Somebody asked for that format, and not only the ending of a file.
    pub(crate) asked: bool,
    /// Colour on stdout.
    pub(crate) color: bool,
    /// Colour on stderr.
    pub(crate) color_err: bool,
    /// No talk.
    pub(crate) quiet: bool,
    /// More talk: each step.
    pub(crate) verbose: bool,
    /// Columns to fold at.
    pub(crate) width: usize,
    /// A person sits there: stdin and stderr are terminals.
    pub(crate) interactive: bool,
    /// Progress may be drawn.
    pub(crate) progress: bool,
    /// The file that takes the result instead of stdout.
    pub(crate) output: Option<std::path::PathBuf>,
}

impl Show {
    /// From the flags and the terminal.
    pub(crate) fn new(global: &Global) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let color = |terminal: bool| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && !no_color,
        };
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
        Self {
            format: global.format.or_else(|| global.output.as_deref().and_then(Format::of_ending)).unwrap_or(Format::Human),
            asked: global.format.is_some(),
            color: color(std::io::stdout().is_terminal()),
            color_err: color(std::io::stderr().is_terminal()),
            quiet: global.quiet,
            verbose: global.verbose,
            width: columns.unwrap_or_else(|| usize::from(terminal_width())).clamp(40, 200),
            interactive: std::io::stdin().is_terminal() && std::io::stderr().is_terminal(),
            progress: !global.quiet && !global.no_progress && std::io::stderr().is_terminal(),
            output: global.output.clone(),
        }
    }

    /// The line of progress, where one may be drawn.
    pub(crate) fn bar(&self) -> Option<ProgressBar> {
        self.progress.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        })
    }

    /// The same without talk or results, for work that a verb does on the way.
    pub(crate) fn hushed(&self) -> Self {
        Self { quiet: true, progress: false, format: Format::Human, ..self.clone() }
    }

    /// The result, to stdout or to `-o`.
    pub(crate) fn result(&self, text: &str) -> Result<(), Failure> {
        let text = if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
        if let Some(path) = &self.output {
            std::fs::write(path, text).map_err(|error| {
                let message = format!("the result could not be written to `{}`: {}", path.display(), why(&error));
                Failure::new(
                    Exit::Failed,
                    Problem::new("SG-CLI-001", message)
                        .safe("what the command did stands; only its result was not written")
                        .help("name a file in a folder that is there and can be written: -o FILE"),
                )
            })?;
        } else {
            let mut out = std::io::stdout().lock();
            // A closed pipe (`| head`) is the reader's choice, not a failure.
            let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        }
        Ok(())
    }

    /// A JSON document as the result.
    pub(crate) fn json(&self, value: &serde_json::Value) -> Result<(), Failure> {
        self.result(&format!("{value:#}"))
    }

    /// A result of one line: as it is for people, as `{"result": …}` for scripts.
    pub(crate) fn told(&self, line: &str) -> Result<(), Failure> {
        if self.format == Format::Json {
            return self.json(&json!({"format_version": 1, "segue": crate::VERSION, "result": line}));
        }
        self.result(line)
    }

    /// Talk: one line to stderr.
    pub(crate) fn say(&self, line: &str) {
        if !self.quiet {
            let _ = writeln!(std::io::stderr().lock(), "{line}");
        }
    }

    /// A document in its form: JSON for scripts, the text for people, or both.
    pub(crate) fn document(&self, json: impl FnOnce() -> serde_json::Value, text: impl FnOnce() -> String) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.json(&json()),
            Format::Both => {
                let (json, text) = (json(), text());
                let Some(path) = &self.output else {
                    self.say(text.trim_end());
                    return self.json(&json);
                };
                let beside = |ending: &str| Self { output: Some(PathBuf::from(format!("{}.{ending}", path.display()))), ..self.clone() };
                beside("json").json(&json)?;
                beside("txt").result(&text)
            }
            _ => self.result(&text()),
        }
    }

    /// A question to a person; `false` when nobody sits there.
    pub(crate) fn ask(&self, question: &str) -> bool {
        if !self.interactive {
            return false;
        }
        let mut err = std::io::stderr().lock();
        let _ = write!(err, "{question} [y/N] ").and_then(|()| err.flush());
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
    }

    /// A failure: a document on stdout with `--format json`, else problems on stderr.
    pub(crate) fn failure(&self, failure: &Failure) {
        if self.format == Format::Json {
            if let Some(problem) = failure.problems.first() {
                // Never into the file of the result: a script reads it from stdout.
                let stdout = Self { output: None, ..self.clone() };
                let _ = stdout.json(&problem_json(problem, &failure.problems[1..]));
            }
            return;
        }
        let mut text = String::new();
        for problem in &failure.problems {
            text.push_str(&render(problem, failure.text.as_deref(), self.color_err));
        }
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

fn terminal_width() -> u16 {
    terminal_size::terminal_size().map_or(80, |(width, _)| width.0)
}

fn problem_json(problem: &Problem, more: &[Problem]) -> serde_json::Value {
    let one = |problem: &Problem| {
        json!({
            "code": problem.code,
            "message": problem.message,
            "at": problem.at.as_ref().map(|at| json!({"file": at.file, "line": at.line, "column": at.column})),
            "safe": problem.safe,
            "help": problem.help,
        })
    };
    let mut document = json!({"format_version": 1, "segue": crate::VERSION, "error": one(problem)});
    if !more.is_empty() {
        document["more"] = more.iter().map(one).collect();
    }
    document
}

/// One problem as a person sees it: code first, what, where with a caret, what is safe now, the next command.
fn render(problem: &Problem, text: Option<&str>, color: bool) -> String {
    let message = visible(&problem.message);
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut out = if let (Some(at), Some(text)) = (&problem.at, text) {
        let start = offset(text, at.line, at.column);
        let end = offset(text, at.line, at.column + at.length.max(1)).max(start);
        let group = Level::ERROR
            .primary_title(message.as_str())
            .id(problem.code.as_str())
            .element(Snippet::source(text).path(at.file.as_str()).annotation(AnnotationKind::Primary.span(start..end)));
        renderer.render(&[group])
    } else {
        let group = annotate_snippets::Group::with_title(Level::ERROR.primary_title(message.as_str()).id(problem.code.as_str()));
        renderer.render(&[group])
    };
    out.push('\n');
    for (label, line) in [("safe", &problem.safe), ("help", &problem.help)] {
        for (i, line) in line.lines().filter(|line| !line.is_empty()).enumerate() {
            let label = if i == 0 { format!("{label}:") } else { "     ".to_owned() };
            let line = visible(line);
            // A command stays in one line, to be copied; words are folded.
            let command = ["segue ", "curl ", "git "].iter().any(|head| line.starts_with(head));
            let folded = if command { format!("  {label} {line}\n") } else { fold(&format!("  {label} {line}"), 80, 6) };
            out.push_str(&folded);
        }
    }
    out
}

/// A script asked for JSON on a command line that cannot be read.
pub(crate) fn wants_json(arguments: impl Iterator<Item = String>) -> bool {
    let arguments: Vec<String> = arguments.collect();
    let told = arguments.iter().any(|word| word == "--format=json") || arguments.windows(2).any(|pair| pair == ["--format", "json"]);
    told || (!arguments.iter().any(|word| word.starts_with("--format")) && std::env::var("SEGUE_FORMAT").is_ok_and(|value| value == "json"))
}

/// A command line that cannot be read, as a document on stdout.
pub(crate) fn usage(text: &str) {
    let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
    let problem = Problem::new("SG-CLI-003", message).safe("nothing was touched").help("segue --help");
    println!("{:#}", problem_json(&problem, &[]));
}

/// Why a file could not be used, in plain words.
pub(crate) fn why(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        std::io::ErrorKind::AlreadyExists => "something of that name is there already".to_owned(),
        std::io::ErrorKind::NotADirectory => "a file is where a folder should be".to_owned(),
        kind => kind.to_string(),
    }
}

/// Lines folded at spaces; what follows stands `hang` columns deeper than its line began.
pub(crate) fn fold(text: &str, width: usize, hang: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let mut used = 0;
        for word in line.split_inclusive(' ') {
            let wide = word.trim_end().chars().count();
            if used > indent && used + wide > width {
                out.truncate(out.trim_end_matches(' ').len());
                out.push('\n');
                out.push_str(&" ".repeat((indent + hang).min(width / 2)));
                used = (indent + hang).min(width / 2);
            }
            out.push_str(word);
            used += word.chars().count();
        }
        out.push('\n');
    }
    out
}

/// Control and direction characters made visible: a name in a message can hold anything.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c.to_string(),
            c if c.is_control()
                || ('\u{200b}'..='\u{200f}').contains(&c)
                || ('\u{202a}'..='\u{202e}').contains(&c)
                || ('\u{2066}'..='\u{2069}').contains(&c) =>
            {
                format!("\\u{{{:x}}}", u32::from(c))
            }
            c => c.to_string(),
        })
        .collect()
}

/// The byte offset of a line and column, both from 1; columns count characters.
fn offset(text: &str, line: u32, column: u32) -> usize {
    let mut start = 0;
    for _ in 1..line {
        start = text[start..].find('\n').map_or(text.len(), |at| start + at + 1);
    }
    let rest = &text[start..];
    let line_end = rest.find('\n').unwrap_or(rest.len());
    let in_line = rest[..line_end].char_indices().nth(column.saturating_sub(1) as usize).map_or(line_end, |(at, _)| at);
    start + in_line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_characters() {
        assert_eq!(offset("ab\ncéd\n", 2, 3), 6);
        assert_eq!(offset("ab\n", 1, 9), 2);
    }

    #[test]
    fn long_lines_fold_and_short_ones_stay() {
        assert_eq!(fold("  abc def ghi\nx  y\n", 10, 4), "  abc def\n     ghi\nx  y\n");
        assert_eq!(fold("abcdefghijklmnop q\n", 10, 4), "abcdefghijklmnop\n    q\n");
    }

    #[test]
    fn direction_marks_become_visible() {
        assert_eq!(visible("a\u{202e}b\u{7}"), "a\\u{202e}b\\u{7}");
    }
}
