//! A file is gone.
//!
//! # What it checks
//!
//! A file of the old side has no partner on the new side, by its path below the folder that all files share.
//!
//! # Why it breaks
//!
//! Whoever imports the file, or the code that is generated from it, no longer finds it. The types themselves may stand
//! elsewhere: that is said on its own.
//!
//! # Safe path
//!
//! Keep the file with `import public` of the place to which its types went, until nobody imports it.
//!
//! # Example
//!
//! ```proto
//! // shop/v1/money.proto is deleted; its messages now stand in shop/v1/types.proto
//! ```

use crate::proto::context::{Context, Say};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-file-removed",
    title: "A file is gone",
    why: "Whoever imports the file, or the code that is generated from it, no longer finds it. The types themselves may stand elsewhere: that is said on its own.",
    fix: "Keep the file with `import public` of the place to which its types went, until nobody imports it.",
    answers: &["buf:FILE_NO_DELETE"],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (old, pairs) = (context.old, context.pairs);
    for (at, file) in old.files.iter().enumerate() {
        if !pairs.files.iter().any(|pair| pair.0 == at) {
            context
                .say(Say::gone(&RULE, &file.key, file.place, "file removed", format!("the file `{}` is gone", file.key)).narrowed().code());
        }
    }
}
