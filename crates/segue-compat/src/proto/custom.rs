//! Which custom options a side writes: their values are not compared, and that is said by their names.
//!
//! Only text is looked at; a descriptor set keeps them as bytes without names. Must never show a value of one. Tests:
//! `tests/it/proto/cases.rs`.

use std::collections::BTreeSet;

use super::ast::{EnumAst, FileAst, MessageAst, OptionAst};

/// The names of the custom options of a file: `own.opt` for `(own.opt).part`.
pub(super) fn names(file: &FileAst, into: &mut BTreeSet<String>) {
    take(&file.options, into);
    file.messages.iter().for_each(|message| of_message(message, into));
    file.enums.iter().for_each(|one| of_enum(one, into));
    for service in &file.services {
        take(&service.options, into);
        service.methods.iter().for_each(|method| take(&method.options, into));
    }
    file.extends.iter().flat_map(|extend| &extend.fields).for_each(|field| take(&field.options, into));
}

fn of_message(message: &MessageAst, into: &mut BTreeSet<String>) {
    take(&message.options, into);
    message.fields.iter().for_each(|field| take(&field.options, into));
    message.oneofs.iter().for_each(|oneof| take(&oneof.options, into));
    message.extends.iter().flat_map(|extend| &extend.fields).for_each(|field| take(&field.options, into));
    message.enums.iter().for_each(|one| of_enum(one, into));
    message.messages.iter().for_each(|inner| of_message(inner, into));
}

fn of_enum(one: &EnumAst, into: &mut BTreeSet<String>) {
    take(&one.options, into);
    one.values.iter().for_each(|value| take(&value.options, into));
}

fn take(options: &[OptionAst], into: &mut BTreeSet<String>) {
    let custom = |option: &OptionAst| Some(option.name.strip_prefix('(')?.split(')').next()?.to_owned());
    // What has a rule of its own is compared.
    into.extend(options.iter().filter_map(custom).filter(|name| name != "google.api.http"));
}
