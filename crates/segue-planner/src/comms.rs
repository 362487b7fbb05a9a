//! Who is told what, when and over which channel: the spec's `comms` over the profile's lead times.
//!
//! Only audiences that the plan concerns. A channel or an address that nobody stated stays empty; it is never made up.
//! Tests: `tests/it/comms_matrix.rs`.

use segue_model::finding::{Finding, Severity};
use segue_model::plan::Plan;
use segue_model::plan::program::Communication;
use segue_model::spec::Spec;
use segue_model::spec::program::CommsWish;

const WEEK: u64 = 604_800;
const DAY: u64 = 86_400;

/// An audience: how long before the cut-over it is told, over what, what it is told, and whether the plan concerns it.
struct Audience {
    name: &'static str,
    /// Lead time in seconds: document 003's, and Segue's own.
    lead: (u64, u64),
    channel: &'static str,
    what: &'static str,
    concerned: fn(&Plan, &Spec) -> bool,
}

fn noticed(plan: &Plan, _: &Spec) -> bool {
    // What Segue runs by itself is noticed by versions of the application, not by people.
    !plan.runs() && plan.first_noticed().is_some()
}

fn people(plan: &Plan, spec: &Spec) -> bool {
    // The clients of an API are told as its consumers.
    (noticed(plan, spec) && plan.kinds.iter().any(|kind| !kind.starts_with("api"))) || spec.program.auth.is_some()
}

fn whole(plan: &Plan, _: &Spec) -> bool {
    !plan.runs()
}

fn consumers(plan: &Plan, spec: &Spec) -> bool {
    spec.program.api.is_some() || plan.kinds.iter().any(|kind| kind.starts_with("api") || kind.contains("protocol"))
}

const AUDIENCES: &[Audience] = &[
    Audience {
        name: "exec",
        lead: (8 * WEEK, WEEK),
        channel: "email",
        what: "what the business gets, what it needs, the risk and the dates",
        concerned: whole,
    },
    Audience {
        name: "engineering",
        lead: (8 * WEEK, 3 * DAY),
        channel: "chat and wiki",
        what: "technical details, who does what, and how to get help",
        concerned: |_, _| true,
    },
    Audience {
        name: "support",
        lead: (6 * WEEK, 2 * WEEK),
        channel: "training session",
        what: "what users may see and ask, what to answer, and when to call whom",
        concerned: noticed,
    },
    Audience {
        name: "users",
        lead: (4 * WEEK, 2 * WEEK),
        channel: "email and a notice in the product",
        what: "what changes, when, what they must do, and where to ask",
        concerned: people,
    },
    Audience {
        name: "api_consumers",
        lead: (6 * WEEK, 6 * WEEK),
        channel: "email and the API's documentation",
        what: "the steps to the new version, with examples and dates",
        concerned: consumers,
    },
    Audience {
        name: "partners",
        lead: (6 * WEEK, 2 * WEEK),
        channel: "email",
        what: "what changes for shared systems, when, and whom to call",
        concerned: |_, _| false,
    },
];

/// Fills `program.comms`; a notice that would have to be sent before the plan's first day is a finding.
pub fn comms(plan: &mut Plan, spec: &Spec) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(cutover) = plan.cutover().map(|phase| (phase.name.clone(), phase.project.starts.map(|starts| starts.p50_s))) else {
        plan.program.comms.clear();
        return findings;
    };
    let mut out = Vec::new();
    for audience in AUDIENCES {
        let wish = spec.program.comms.get(audience.name);
        if wish.is_none() && !(audience.concerned)(plan, spec) {
            continue;
        }
        let row = Row { plan, spec, audience, wish, cutover: &cutover.0 };
        let (lead, from) = row.lead();
        if let Some(starts) = cutover.1.filter(|starts| *starts < lead) {
            findings.push(late(audience.name, lead, starts, &from));
        }
        out.extend(row.all(lead, &from));
    }
    plan.program.comms = out;
    findings
}

fn late(audience: &str, lead: u64, starts: u64, from: &str) -> Finding {
    let days = |seconds: u64| seconds.div_ceil(DAY);
    Finding {
        code: "SG-COMMS-001".to_owned(),
        severity: Severity::Low,
        object: format!("comms.{audience}"),
        message: format!(
            "the notice is due {} days before the cut-over ({from}), which is {} days after the start",
            days(lead),
            starts / DAY
        ),
        fix: format!("Send it {} days before the plan starts, start later, or shorten `comms.{audience}.lead_time`.", days(lead - starts)),
    }
}

/// An audience in a plan.
struct Row<'a> {
    plan: &'a Plan,
    spec: &'a Spec,
    audience: &'a Audience,
    wish: Option<&'a CommsWish>,
    cutover: &'a str,
}

impl Row<'_> {
    /// How long before, and where that comes from.
    fn lead(&self) -> (u64, String) {
        let name = self.audience.name;
        if let Some(lead) = self.wish.and_then(|wish| wish.lead_time) {
            return (lead.0.div_ceil(1_000), format!("spec comms.{name}.lead_time"));
        }
        let stated = self.spec.program.profile.as_deref().unwrap_or(&self.plan.program.profile);
        match stated {
            "doc003" => (self.audience.lead.0, "profile doc003 (document 003, Stakeholder Communication Matrix)".to_owned()),
            "" => (self.own_lead(), "profile segue".to_owned()),
            other => (self.own_lead(), format!("profile {other} (it states no lead times: Segue's default)")),
        }
    }

    /// A change of form that Segue runs needs a day, not a campaign.
    fn own_lead(&self) -> u64 {
        if self.plan.runs() { DAY } else { self.audience.lead.1 }
    }

    fn all(&self, lead: u64, from: &str) -> Vec<Communication> {
        let seconds = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
        let mut out = vec![self.told(self.audience.what, -seconds(lead), 0, from)];
        let (every, source) = self.every();
        if every > 0 && every < WEEK * 5 {
            out.push(self.told("where it stands: progress, what is open, and whether going back is possible", 0, every, &source));
        }
        if matches!(self.audience.name, "users" | "support" | "api_consumers" | "partners") {
            out.push(self.told("that it begins now, and what they may notice", 0, 0, "document 001, Cutover Checklist"));
        }
        if let Some(last) = self.plan.phases.last() {
            let mut told = self.told("that it is over, and how it went", 0, 0, "document 000, During Migration");
            told.phase.clone_from(&last.name);
            out.push(told);
        }
        out
    }

    /// How often it is told how far it is: as the spec says, else daily for those who work on it and weekly for those
    /// who decide.
    fn every(&self) -> (u64, String) {
        let name = self.audience.name;
        if let Some(every) = self.wish.and_then(|wish| wish.every.as_deref()) {
            let seconds = match every {
                "hourly" => 3_600,
                "daily" => DAY,
                "weekly" => WEEK,
                other => segue_model::units::Millis::parse(other).map_or(0, |ms| ms.0.div_ceil(1_000)),
            };
            return (seconds, format!("spec comms.{name}.every"));
        }
        let default = match name {
            "exec" => WEEK,
            "engineering" if !self.plan.runs() => DAY,
            _ => 0,
        };
        (default, "profile segue".to_owned())
    }

    fn told(&self, what: &str, offset_s: i64, every_s: u64, from: &str) -> Communication {
        let owner = |role: &str| self.spec.owners.get(role).cloned();
        let to = match self.audience.name {
            "exec" => owner("exec").or_else(|| owner("sponsor")),
            "engineering" => owner("engineering").or_else(|| owner("lead")),
            name => owner(name),
        };
        Communication {
            audience: self.audience.name.to_owned(),
            what: what.to_owned(),
            offset_s,
            phase: self.cutover.to_owned(),
            every_s,
            channel: self.wish.and_then(|wish| wish.channel.clone()).unwrap_or_else(|| self.audience.channel.to_owned()),
            to: self.wish.and_then(|wish| wish.to.clone()).or(to).unwrap_or_default(),
            from: from.to_owned(),
        }
    }
}
