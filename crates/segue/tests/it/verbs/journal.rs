//! Every verb that reads the journal, where that is damaged, and where another process does not let go of it.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::table::verbs;
use super::{runs_as, shown_as};
use crate::fixture::Folder;

/// Each as it would be typed at a run that is past `expand`.
const READERS: [&[&str]; 14] = [
    &["abort", "--yes"],
    &["apply", "--yes"],
    &["approve", "shift/approval"],
    &["explain", "backfill/users"],
    &["log"],
    &["notify", "--message", "technical"],
    &["pause"],
    &["report"],
    &["resume", "--yes"],
    &["rollback", "--yes"],
    &["runbook"],
    &["status"],
    &["unlock"],
    &["verify"],
];

/// A run past `expand`, in a folder without its spec: only the journal tells of it.
fn past_expand() -> Folder {
    let folder = Folder::shop(50);
    folder.segue(&["apply", "-f", "segue.yaml", "--yes", "--until", "expand"]).expect(0);
    std::fs::remove_file(folder.file("segue.yaml")).expect("removed");
    folder
}

fn journal(folder: &Folder) -> Connection {
    Connection::open(folder.file(".segue/journal.db")).expect("the journal")
}

#[test]
fn each_verb_that_reads_one_is_here() {
    // These two are refused by the database, and read no journal.
    let not_ours = ["plan", "rehearse"];
    let held: BTreeSet<String> = verbs().into_iter().filter(|(_, codes)| codes.contains(&9)).map(|(verb, _)| verb).collect();
    let here: BTreeSet<String> = READERS.iter().map(|words| words[0]).chain(not_ours).map(ToOwned::to_owned).collect();
    assert_eq!(here, held);
}

#[test]
fn a_damaged_journal_is_named_and_is_never_none() {
    let folder = past_expand();
    let text = "this is no journal, and it is longer than the head of one would be: 0123456789 0123456789 0123456789\n";
    for file in std::fs::read_dir(folder.file(".segue")).expect("the journal").flatten().filter(|file| file.path().is_file()) {
        std::fs::write(file.path(), text).expect("damaged");
    }
    let before = std::fs::read(folder.file("shop.db")).expect("read");
    for words in READERS {
        runs_as(&folder, words, 1, "journal");
    }
    folder.write("segue.yaml", crate::fixture::SPEC);
    runs_as(&folder, &["doctor"], 1, "journal");
    folder.segue(&["apply", "-f", "segue.yaml", "--yes"]).expect(1).says("SG-JR-003");
    assert_eq!(folder.read(".segue/journal.db"), text, "nobody wrote over it");
    assert_eq!(std::fs::read(folder.file("shop.db")).expect("read"), before, "and the database was left alone");
}

#[test]
fn one_entry_that_was_changed_is_named() {
    let folder = past_expand();
    let changed = "update entries set body = cast(replace(cast(body as text), 'expand', 'expend') as blob) where seq = 9";
    assert_eq!(journal(&folder).execute(changed, []), Ok(1));
    runs_as(&folder, &["log"], 1, "entry");
    runs_as(&folder, &["rollback", "--yes"], 1, "entry");
}

#[test]
fn another_process_has_it_for_itself() {
    let folder = past_expand();
    let holder = journal(&folder);
    holder.execute_batch("pragma locking_mode = exclusive; begin immediate").expect("held");
    // Each waits for seconds before it gives up: all at once.
    let begun: Vec<_> = READERS.iter().map(|words| (words[0], folder.start(words))).collect();
    let ended: Vec<_> = begun.into_iter().map(|(verb, child)| (verb, folder.ends(child))).collect();
    drop(holder);
    for (verb, said) in ended {
        shown_as(&folder, verb, 9, "journal", &said);
    }
    folder.segue(&["status"]).expect(0);
}

/// As an executor that was stopped in the middle of a commit: the journal can be read, and takes no request.
#[test]
fn another_process_is_in_the_middle_of_a_write() {
    let folder = past_expand();
    let writer = journal(&folder);
    writer.execute_batch("begin immediate").expect("held");
    let begun = [&["pause"][..], &["rollback", "--yes"]].map(|words| (words[0], folder.start(words)));
    let ended = begun.map(|(verb, child)| (verb, folder.ends(child)));
    drop(writer);
    for (verb, said) in ended {
        shown_as(&folder, verb, 9, "write", &said);
    }
    folder.segue(&["rollback", "--yes"]).expect(0);
}
