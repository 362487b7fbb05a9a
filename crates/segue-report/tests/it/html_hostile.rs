//! Hostile names on a page stay names.

use segue_model::plan::Plan;
use segue_report::html::{Extra, escape, report};

use crate::sample;

/// Markup, quotes, an end of the style, what reorders a line, a picture, 63 bytes without a gap.
pub(crate) const NAMES: [&str; 6] = [
    "<script>alert(1)</script>",
    "\" onmouseover=\"x' onfocus='y",
    "</style></title><img src=x onerror=alert(1)>",
    "a\u{202e}b\u{2066}c\u{0}d\r\ne",
    "表😀é\u{301}",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk",
];

/// A plan whose every text is hostile.
pub(crate) fn plan() -> Plan {
    let mut plan = sample::shop_of(&NAMES, NAMES.len());
    let all = NAMES.join(" ");
    for text in
        [&mut plan.id, &mut plan.name, &mut plan.program.why, &mut plan.pattern.name, &mut plan.risk, &mut plan.rollback, &mut plan.digest]
    {
        text.clone_from(&all);
    }
    plan.kinds.extend(NAMES.map(str::to_owned));
    for phase in &mut plan.phases {
        for text in [&mut phase.goal, &mut phase.user_impact, &mut phase.risk, &mut phase.project.owner, &mut phase.project.rollback.how] {
            text.clone_from(&all);
        }
        for step in &mut phase.steps {
            for text in [&mut step.what, &mut step.why, &mut step.undo.what, &mut step.outside.how_to_tell] {
                text.clone_from(&all);
            }
            if let Some(command) = &mut step.outside.command {
                command.text = NAMES.join("\n");
                NAMES[0].clone_into(&mut command.language);
            }
        }
        for gate in phase.entry.iter_mut().chain(&mut phase.gates) {
            gate.what.clone_from(&all);
        }
    }
    for (at, name) in NAMES.iter().enumerate() {
        (*name).clone_into(&mut plan.phases[at].name);
    }
    for risk in &mut plan.program.risks {
        NAMES[5].clone_into(&mut risk.id);
        risk.level.clone_from(&all);
        risk.what.clone_from(&all);
    }
    for item in plan.program.checklists.iter_mut().flat_map(|list| &mut list.items) {
        item.what.clone_from(&all);
        item.state.clone_from(&all);
    }
    plan.findings[0].code.clone_from(&all);
    plan.not_checked.push(all);
    plan
}

#[test]
fn no_name_becomes_markup() {
    let page = report(&plan(), &Extra::default());
    let clean = report(&sample::shop_of(&["a", "b", "c", "d", "e", "f"], 6), &Extra::default());
    for markup in ["<script", "<img", "onmouseover=\"", "onerror=alert(1)>"] {
        assert!(!page.contains(markup), "{markup}");
    }
    assert_eq!(page.matches("</style>").count(), clean.matches("</style>").count());
    assert!(!page.contains('\u{202e}') && !page.contains('\u{0}') && !page.contains('\r'));
    assert!(page.contains("&lt;script&gt;") && page.contains("\\u{202e}") && page.contains("表😀é\u{301}"));
}

#[test]
fn the_one_door_lets_nothing_through() {
    for name in NAMES {
        let escaped = escape(name);
        assert!(!escaped.contains(['<', '>', '"', '\'', '\u{202e}', '\u{0}', '\r', '\n']), "{escaped}");
    }
}
