//! `segue runbook`: the runbook, a block that nobody said yes to, one that fails, one that is not there.

use super::{cannot_plan, runs};

#[test]
fn whole() {
    let mut folder = crate::documents::service();
    folder.segue(&["plan", "--today", "2026-11-21", "-o", "p.segue"]).expect(0);
    runs(&folder, &["runbook", "--plan", "p.segue", "--format", "shell"], 0);
    let plan: serde_json::Value = serde_json::from_str(&folder.read("p.segue")).expect("a plan");
    let steps = plan["phases"].as_array().into_iter().flatten().flat_map(|phase| phase["steps"].as_array().into_iter().flatten());
    let shell =
        steps.filter(|step| step["outside"]["command"]["language"] == "shell").find_map(|step| step["id"].as_str()).expect("a block");
    runs(&folder, &["runbook", "run", shell, "--plan", "p.segue"], 5);
    // Nothing that the block calls is found.
    folder.env.push(("PATH".to_owned(), "/usr/bin:/bin".to_owned()));
    runs(&folder, &["runbook", "run", shell, "--plan", "p.segue", "--yes"], 1);
    runs(&folder, &["runbook", "run", "nothing/here", "--plan", "p.segue", "--yes"], 64);
    cannot_plan(&["runbook"]);
}
