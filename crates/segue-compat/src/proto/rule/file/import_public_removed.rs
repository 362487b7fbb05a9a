//! A file no longer passes on what it imported publicly.
//!
//! # What it checks
//!
//! An `import public` of the old file is not on the new one.
//!
//! # Why it breaks
//!
//! Files that import this one found the types of the other through it; they no longer compile.
//!
//! # Safe path
//!
//! Import the other file directly wherever its types are used, then remove the `public` import.
//!
//! # Example
//!
//! ```proto
//! -import public "shop/v1/money.proto";
//! +import "shop/v1/money.proto";
//! ```

use crate::proto::context::{Context, Say};
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-import-public-removed",
    title: "A file no longer passes on what it imported publicly",
    why: "Files that import this one found the types of the other through it; they no longer compile.",
    fix: "Import the other file directly wherever its types are used, then remove the `public` import.",
    answers: &[],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (old, new, pairs) = (context.old, context.new, context.pairs);
    for (before, after) in pairs.files.iter().map(|pair| (&old.files[pair.0], &new.files[pair.1])) {
        let passes = |list: &[crate::proto::ast::Name], path: &str| list.iter().any(|import| &*import.text == path);
        for import in before.public_imports.iter().filter(|import| !passes(&after.public_imports, &import.text)) {
            let place = crate::source::Place { span: import.span, ..before.place };
            let message = format!("`{}` no longer passes on `{}` by `import public`", before.key, import.text);
            context.say(Say::gone(&RULE, &before.key, place, format!("import public {} removed", import.text), message).narrowed().code());
        }
    }
}
