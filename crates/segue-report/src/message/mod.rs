//! Words for everybody: drafts of messages from the plan, the run and the moment, in the reader's zone.
//!
//! Pure: nothing is sent, no clock is asked, and what nobody measured is said to be so. Each message is a draft that a
//! person reads and sends. A name can break neither a header nor a page. Tests: `tests/it/message_*.rs`.

mod announcement;
mod api;
mod deprecation;
mod exec;
mod facts;
mod guide;
mod kind;
mod letter;
mod metrics;
mod retrospective;
mod rollback;
mod status_page;
mod support;
mod technical;
pub mod template;
mod users;
mod view;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use segue_model::plan::Plan;
use serde::Serialize;
use serde_json::{Value, json};

use facts::Facts;
use letter::Letter;

pub use kind::Kind;
pub use metrics::{Metric, metrics};
pub use view::{RunView, Trouble};

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Which one.
    pub kind: Kind,
    /// Whom it is for.
    pub audience: String,
    /// To whom, where the spec says so.
    pub to: Vec<String>,
    /// One line; never a line break.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// A piece of HTML without scripts, styles or requests.
    pub html: String,
    /// Always true: Segue sends nothing.
    pub draft: bool,
}

/// Drafts a message. `run` is the run of the plan, where there is one; `when` is now.
pub fn draft(kind: Kind, plan: &Plan, run: Option<&RunView>, when: Timestamp, zone: &TimeZone) -> Message {
    let facts = Facts::new(plan, run, when, zone);
    let letter = match kind {
        Kind::ExecutiveSummary => exec::letter(&facts),
        Kind::TechnicalUpdate => technical::letter(&facts),
        Kind::UserNotice => users::letter(&facts),
        Kind::ApiNotice => api::letter(&facts),
        Kind::SupportBrief => support::letter(&facts),
        Kind::Announcement => announcement::letter(&facts),
        Kind::StatusPage => status_page::letter(&facts),
        Kind::RollbackNotice => rollback::letter(&facts),
        Kind::Retrospective => retrospective::letter(&facts),
        Kind::Deprecation => deprecation::letter(&facts),
        Kind::MigrationGuide => guide::letter(&facts),
    };
    made(kind, &facts, &letter)
}

/// The draft as a document for scripts.
pub fn json(message: &Message, segue_version: &str) -> Value {
    let mut out = json!({"format_version": 1, "segue": segue_version});
    if let (Some(out), Ok(Value::Object(message))) = (out.as_object_mut(), serde_json::to_value(message)) {
        out.extend(message);
    }
    out
}

fn made(kind: Kind, facts: &Facts<'_>, letter: &Letter) -> Message {
    let mark = format!("Draft, made by Segue on {} from plan {}. Nothing was sent.", facts.now(), crate::text::short(&facts.plan.digest));
    let mut to: Vec<String> = Vec::new();
    for told in facts.plan.program.comms.iter().filter(|told| told.audience == kind.audience() && !told.to.is_empty()) {
        let address = crate::text::shown(&told.to);
        if !to.contains(&address) {
            to.push(address);
        }
    }
    Message {
        kind,
        audience: kind.audience().to_owned(),
        to,
        subject: letter.subject(),
        text: letter.text(&mark),
        html: letter.html(&mark),
        draft: true,
    }
}
