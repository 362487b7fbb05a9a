//! Which messages there are, and whom each is for.
//!
//! Tests: `tests/it/message_drafts.rs`.

use serde::Serialize;

use super::RunView;
use crate::view::RunState;

/// A kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// For those who decide: state, dates, risk, what is needed of them.
    ExecutiveSummary,
    /// For those who work on it: done, under way, to come, trouble, figures.
    TechnicalUpdate,
    /// For users, by mail: what changes, what to do, dates, help.
    UserNotice,
    /// For those who call an API.
    ApiNotice,
    /// For support: what users may see, what to answer, whom to call.
    SupportBrief,
    /// That the new thing is there.
    Announcement,
    /// What stands on the status page.
    StatusPage,
    /// That it went back: why, what it means, what comes next.
    RollbackNotice,
    /// Plan against actual, and the questions of the meeting.
    Retrospective,
    /// Notices and announcements of something that goes away.
    Deprecation,
    /// How to get from the old to the new.
    MigrationGuide,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::ExecutiveSummary,
        Self::TechnicalUpdate,
        Self::UserNotice,
        Self::ApiNotice,
        Self::SupportBrief,
        Self::Announcement,
        Self::StatusPage,
        Self::RollbackNotice,
        Self::Retrospective,
        Self::Deprecation,
        Self::MigrationGuide,
    ];

    /// Its name: `executive-summary`.
    pub fn name(self) -> &'static str {
        match self {
            Self::ExecutiveSummary => "executive-summary",
            Self::TechnicalUpdate => "technical-update",
            Self::UserNotice => "user-notice",
            Self::ApiNotice => "api-notice",
            Self::SupportBrief => "support-brief",
            Self::Announcement => "announcement",
            Self::StatusPage => "status-page",
            Self::RollbackNotice => "rollback-notice",
            Self::Retrospective => "retrospective",
            Self::Deprecation => "deprecation",
            Self::MigrationGuide => "migration-guide",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whom it is for, in the words of the spec's `comms`.
    pub fn audience(self) -> &'static str {
        match self {
            Self::ExecutiveSummary => "exec",
            Self::TechnicalUpdate | Self::Retrospective | Self::RollbackNotice => "engineering",
            Self::SupportBrief => "support",
            Self::UserNotice | Self::Announcement | Self::StatusPage => "users",
            Self::ApiNotice | Self::Deprecation | Self::MigrationGuide => "api_consumers",
        }
    }

    /// The message that fits the audience now; `None` for an unknown audience.
    pub fn for_audience(audience: &str, run: Option<&RunView>) -> Option<Self> {
        let state = run.map(|run| run.status.state);
        Some(match (audience, state) {
            ("users" | "support" | "api_consumers" | "partners" | "engineering", Some(RunState::RolledBack)) => Self::RollbackNotice,
            ("exec", _) => Self::ExecutiveSummary,
            ("engineering", Some(RunState::Done)) => Self::Retrospective,
            ("engineering", _) => Self::TechnicalUpdate,
            ("support", _) => Self::SupportBrief,
            ("users" | "partners", Some(RunState::Done)) => Self::Announcement,
            ("users" | "partners", _) => Self::UserNotice,
            ("api_consumers", _) => Self::ApiNotice,
            _ => return None,
        })
    }
}
