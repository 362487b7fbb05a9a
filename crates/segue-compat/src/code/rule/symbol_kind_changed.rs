//! A public name is another kind of thing.
//!
//! # What it checks
//! A function that is a class now, a value that is a function, an interface that is a type. A property that became a
//! method, or the other way round, counts too. A name that comes from a module that was not read could still be the
//! same: that is undecided.
//!
//! # Why it breaks
//! What callers do with it (call it, read it, build on it) no longer fits.
//!
//! # Safe path
//! Give the new thing a new name, and keep the old one until its callers are gone.
//!
//! # Example
//! ```text
//! old: @property
//!      def total(self): ...
//! new: def total(self): ...
//! `Order.total` was a property and is a method of instances
//! ```

use segue_model::check::{Breaks, Side};
use segue_model::finding::Severity;

use crate::code::context::{Context, Pair, Record, additive};
use crate::code::limit;
use crate::code::model::{Form, Language, What};
use crate::code::typing::Type;
use crate::draft::Drafts;
use crate::rule::Rule;

/// The rule's card.
pub static RULE: Rule = Rule {
    id: "code-symbol-kind-changed",
    title: "A public name is another kind of thing",
    why: "What callers do with it (call it, read it, build on it) no longer fits.",
    fix: "Give the new thing a new name, and keep the old one until its callers are gone.",
    answers: &["griffe:OBJECT_CHANGED_KIND"],
};

pub(crate) fn check(context: &Context<'_>, out: &mut Drafts) {
    for pair in &context.pairs {
        let (old, new) = (&pair.old.what, &pair.new.what);
        let unread = matches!(old, What::Import(..)) != matches!(new, What::Import(..));
        let origin = match (old, new) {
            (What::Import(a, x), What::Import(b, y)) => (a, x) != (b, y),
            _ => false,
        };
        if unread || origin {
            let message = format!("`{}` comes from {}, which was not read", pair.path, if origin { "another module" } else { "a module" });
            let mut draft = context.draft(&RULE, Vec::new(), pair.path, message, Record::new(old.words(), new.words()));
            draft.undecided = true;
            out.push(draft.severity(Severity::Medium).at(Side::New, pair.new.at));
            continue;
        }
        limits(context, pair, out);
        let computed = |what: &What| matches!(what, What::Attribute(one) if one.computed);
        let callable = |what: &What| matches!(what, What::Callable(_));
        let same = std::mem::discriminant(old) == std::mem::discriminant(new) || is_record(old) && is_record(new);
        let swapped = computed(old) && callable(new) || callable(old) && computed(new);
        let typescript = context.language == Language::TypeScript;
        let form = match (old, new) {
            (What::Class(a), What::Class(b)) => a.form != b.form && (a.form == Form::Enum || b.form == Form::Enum || typescript),
            _ => false,
        };
        // A class that is called like the function before it: the call still works, and more does.
        if same && !form && !swapped {
            continue;
        }
        let message = format!("`{}` was {} and is {}", pair.path, old.words(), new.words());
        let breaks = match (old, new) {
            // A class is a type too: whoever names it as one meets no difference.
            (What::Class(a), What::Class(b)) if (a.form, b.form) == (Form::Plain, Form::Record) => vec![Breaks::Deploy, Breaks::Rolling],
            (What::Class(a), What::Class(b)) if (a.form, b.form) == (Form::Record, Form::Plain) => vec![Breaks::Rollback, Breaks::Rolling],
            _ => vec![Breaks::Deploy, Breaks::Rollback, Breaks::Rolling],
        };
        out.push(context.draft(&RULE, breaks, pair.path, message, Record::new(old.words(), new.words())).at(Side::New, pair.new.at));
    }
}

/// What callers can no longer do with a name of the same kind.
fn limits(context: &Context<'_>, pair: &Pair<'_>, out: &mut Drafts) {
    for change in limit::changes(pair.old, pair.new) {
        let (can, breaks) = if change.gained {
            ("can no longer", vec![Breaks::Deploy, Breaks::Rolling])
        } else {
            ("can now", vec![Breaks::Rollback, Breaks::Rolling])
        };
        let message = format!("`{}` {can} {}", pair.path, change.words);
        let show = |can: bool| if can { format!("can {}", change.words) } else { format!("cannot {}", change.words) };
        let breaks = if change.unread { Vec::new() } else { breaks };
        let mut draft = context.draft(&RULE, breaks, pair.path, message, Record::new(show(change.gained), show(!change.gained)));
        if change.unread {
            draft.undecided = true;
            draft = draft.severity(Severity::Medium);
        }
        let draft = draft.at(Side::New, pair.new.at);
        out.push(if change.gained || change.unread { draft } else { additive(draft) });
    }
}

fn is_record(what: &What) -> bool {
    match what {
        What::Class(class) => class.form == Form::Record,
        What::Alias(Type::Object(_), _) => true,
        _ => false,
    }
}
