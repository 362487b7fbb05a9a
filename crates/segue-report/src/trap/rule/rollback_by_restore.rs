//! Trap 13: going back by an old back-up, or by pointing to the old database.
//!
//! Looks at text only. Tests: below.

use std::sync::LazyLock;

use segue_model::finding::Severity;

use crate::trap::Trap;
use crate::trap::text::{Pattern, Text, pattern};

pub(super) const TRAP: Trap = Trap {
    code: "SG-TRAP-013",
    severity: Severity::High,
    message: "every write since the cut-over is lost: the back-up, and the old database without a reverse stream, do not have them",
    fix: "Arm a stream from the new side to the old one before traffic moves, or keep both forms true; go back only while it is caught up. A restore is for a lost database, and says what it loses.",
    find,
};

static RESTORE: Pattern = LazyLock::new(|| {
    pattern(
        r"\b(?:psql|mysql|mariadb)\b[^\n<]*<\s*\S*(?:backup|dump|pre_?migration)\S*|\bpg_restore\b[^\n]*(?:backup|dump|pre_?migration)|\b\w*DATABASE_URL\s*=\s*\S*old\w*",
    )
});
static BACK: Pattern = LazyLock::new(|| pattern(r"roll(?:ing)?[\s_-]*back|\brevert|go(?:ing)?\s+back"));
static SAVED: Pattern = LazyLock::new(|| pattern(r"reverse\s+(?:replication|stream|sync)|data\s+sync\s+back"));

/// How many lines above the restore may say that it is a rollback.
const ABOVE: usize = 20;

fn find(text: &Text<'_>) -> Vec<usize> {
    let (Some(restore), Some(back), Some(saved)) = (RESTORE.as_ref(), BACK.as_ref(), SAVED.as_ref()) else { return Vec::new() };
    // A heading or a comment says what a command is for: the text as it was written.
    if saved.is_match(text.raw) {
        return Vec::new();
    }
    let lines: Vec<&str> = text.raw.lines().collect();
    let is_back = |line: usize| lines[line.saturating_sub(ABOVE)..line.min(lines.len())].iter().any(|line| back.is_match(line));
    // Listing what an archive holds restores nothing.
    let restores = |line: &str| restore.is_match(line) && !line.contains("--list");
    let found: Vec<(usize, &str)> = text.raw.lines().enumerate().filter(|(_, line)| restores(line)).collect();
    found.into_iter().map(|(at, _)| at + 1).filter(|line| is_back(*line)).collect()
}

#[cfg(test)]
mod tests {
    use crate::trap::Language;
    use crate::trap::tests::check;

    #[test]
    fn it_is_found_and_the_right_form_is_not() {
        let wrong = [
            "# Rollback
kubectl scale deployment/app --replicas=0
psql < backup_before.sql",
            "# 6. Roll back if needed
# DATABASE_URL=old_db",
        ];
        let right = [
            "# going back from this: nothing to do\npg_restore --list source.dump > source.list",
            "# The restore drill, on a machine of its own
psql drill < backup.sql",
            "# Rollback: the reverse stream is caught up, so the old side has every write
segue rollback --to verify",
        ];
        check("SG-TRAP-013", Language::Shell, &wrong, &right);
    }
}
