//! `segue notify`: a message, one to nobody, and one of a plan that cannot be.

use super::{cannot_plan, runs};

#[test]
fn whole() {
    let folder = crate::documents::service();
    folder.segue(&["plan", "--today", "2026-11-21", "-o", "p.segue"]).expect(0);
    runs(&folder, &["notify", "--plan", "p.segue", "--message", "user-notice"], 0);
    runs(&folder, &["notify", "--plan", "p.segue", "--audience", "everybody"], 64);
    cannot_plan(&["notify", "--message", "user-notice"]);
}
