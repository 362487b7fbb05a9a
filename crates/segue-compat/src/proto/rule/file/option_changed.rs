//! An option of a file that names generated code differs.
//!
//! # What it checks
//!
//! File options that decide packages, namespaces, prefixes, class names, services and the runtime of generated code:
//! `java_package`, `java_outer_classname`, `java_multiple_files`, `java_generic_services`, `go_package`, `optimize_for`,
//! `cc_enable_arenas`, `cc_generic_services`, `py_generic_services`, `csharp_namespace`, `objc_class_prefix`,
//! `swift_prefix`, `php_class_prefix`, `php_namespace`, `php_metadata_namespace`, `ruby_package`.
//!
//! # Why it breaks
//!
//! The code generated from the new file has other names, or lacks what callers use; they no longer compile. Nothing changes
//! on the wire.
//!
//! # Safe path
//!
//! Change the option in the release in which the callers change their imports, and say so in its notes.
//!
//! # Example
//!
//! ```proto
//! -option java_package = "com.shop.v1";
//! +option java_package = "com.shop.api";
//! ```

use crate::proto::ast::option;
use crate::proto::context::{Context, Say};
use crate::rule::Rule;

/// Each option with what it is when nobody says anything.
const OPTIONS: &[(&str, &str)] = &[
    ("java_package", ""),
    ("java_outer_classname", ""),
    ("java_multiple_files", "false"),
    ("java_generic_services", "false"),
    ("go_package", ""),
    ("optimize_for", "SPEED"),
    ("cc_enable_arenas", "true"),
    ("cc_generic_services", "false"),
    ("py_generic_services", "false"),
    ("csharp_namespace", ""),
    ("objc_class_prefix", ""),
    ("swift_prefix", ""),
    ("php_class_prefix", ""),
    ("php_namespace", ""),
    ("php_metadata_namespace", ""),
    ("ruby_package", ""),
];

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "proto-file-option-changed",
    title: "An option of a file that names generated code differs",
    why: "The code generated from the new file has other names, or lacks what callers use; they no longer compile. Nothing changes on the wire.",
    fix: "Change the option in the release in which the callers change their imports, and say so in its notes.",
    answers: &[
        "buf:FILE_SAME_JAVA_PACKAGE",
        "buf:FILE_SAME_JAVA_OUTER_CLASSNAME",
        "buf:FILE_SAME_JAVA_MULTIPLE_FILES",
        "buf:FILE_SAME_JAVA_GENERIC_SERVICES",
        "buf:FILE_SAME_GO_PACKAGE",
        "buf:FILE_SAME_OPTIMIZE_FOR",
        "buf:FILE_SAME_CC_ENABLE_ARENAS",
        "buf:FILE_SAME_CC_GENERIC_SERVICES",
        "buf:FILE_SAME_PY_GENERIC_SERVICES",
        "buf:FILE_SAME_CSHARP_NAMESPACE",
        "buf:FILE_SAME_OBJC_CLASS_PREFIX",
        "buf:FILE_SAME_SWIFT_PREFIX",
        "buf:FILE_SAME_PHP_CLASS_PREFIX",
        "buf:FILE_SAME_PHP_NAMESPACE",
        "buf:FILE_SAME_PHP_METADATA_NAMESPACE",
        "buf:FILE_SAME_RUBY_PACKAGE",
    ],
};

pub(in crate::proto) fn check(context: &mut Context<'_>) {
    let (old, new, pairs) = (context.old, context.new, context.pairs);
    for (before, after) in pairs.files.iter().map(|pair| (&old.files[pair.0], &new.files[pair.1])) {
        for (name, default) in OPTIONS {
            let (was, now) = (option(&before.options, name), option(&after.options, name));
            let (from, to) = (was.map_or(*default, |option| &*option.value), now.map_or(*default, |option| &*option.value));
            if from == to {
                continue;
            }
            let place = crate::source::Place { span: now.map_or(after.place.span, |option| option.span), ..after.place };
            let message = format!("the option `{name}` of `{}` changed from `{from}` to `{to}`", after.key);
            let object = format!("{}#{name}", before.key);
            context.say(Say::new(&RULE, object, place, format!("{name} {from} -> {to}"), message).changed().code());
        }
    }
}
