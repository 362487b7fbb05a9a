//! An option of a field that only generated code shows differs.
//!
//! # What it checks
//!
//! The string type of C++ (`ctype`, `features.(pb.cpp).string_type`), the UTF-8 check of Java (`java_string_check_utf8`,
//! `features.(pb.java).utf8_validation`) or the type of JavaScript (`jstype`) of a field differs.
//!
//! # Why it breaks
//!
//! The accessor has another type; callers no longer compile, or Java refuses texts that it read before.
//!
//! # Safe path
//!
//! Set the option to what it was.
//!
//! # Example
//!
//! ```proto
//! message Order {
//! -  int64 id = 1;
//! +  int64 id = 1 [jstype = JS_STRING];
//! }
//! ```

use crate::proto::context::{Context, Say};
use crate::proto::rule::FieldPair;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-field-code-option-changed",
    title: "An option of a field that only generated code shows differs",
    why: "The accessor has another type; callers no longer compile, or Java refuses texts that it read before.",
    fix: "Set the option to what it was.",
    answers: &[
        "buf:FIELD_SAME_CPP_STRING_TYPE",
        "buf:FIELD_SAME_JAVA_UTF8_VALIDATION",
        "buf:FIELD_SAME_JSTYPE",
        "buf:FIELD_SAME_CTYPE",
        "buf:FILE_SAME_JAVA_STRING_CHECK_UTF8",
    ],
};

pub(in crate::proto) fn check(context: &mut Context<'_>, pair: &FieldPair<'_>) {
    let (old, new) = (&pair.old.code, &pair.new.code);
    let get = |list: &[(&'static str, Box<str>)], name: &str| {
        let given = list.iter().find(|option| option.0 == name).map(|option| option.1.to_string());
        given.or_else(|| (name == "jstype").then(|| "JS_NORMAL".to_owned()))
    };
    let mut names: Vec<&'static str> = old.iter().chain(new).map(|option| option.0).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        // Where one side has no such thing, the type changed, and that is told.
        let (Some(from), Some(to)) = (get(old, name), get(new, name)) else { continue };
        if from != to {
            let text = format!("the {name} of `{}` ({}) changed from {from} to {to}", pair.object(), pair.old.number);
            context.say(pair.say(Say::new(&RULE, pair.object(), pair.new.place, format!("{name} {from} -> {to}"), text).changed().code()));
        }
    }
}
