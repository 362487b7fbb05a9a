//! The rules of protobuf, one a file, and who calls them with what.
//!
//! Every rule sees the whole context and one pair of things that are the same on both sides. Must never judge by the order
//! of files or declarations. Tests: each rule's cases in `tests/cases/proto/`.

pub mod enumeration;
pub mod field;
pub mod file;
pub mod message;
pub mod service;

use super::context::{Context, Say};
use super::model::{Enum, EnumId, Field, Message, MessageId, Method, Service, TypeId};
use crate::rule::Rule;

/// A message on both sides.
pub(crate) struct MessagePair<'a> {
    pub(crate) old_id: MessageId,
    pub(crate) new_id: MessageId,
    pub(crate) old: &'a Message,
    pub(crate) new: &'a Message,
}

/// A field on both sides: the same number, or the same extension.
pub(crate) struct FieldPair<'a> {
    pub(crate) message: &'a MessagePair<'a>,
    pub(crate) old: &'a Field,
    pub(crate) new: &'a Field,
}

impl FieldPair<'_> {
    /// The field's path, as the old side calls it.
    pub(crate) fn object(&self) -> String {
        format!("{}.{}", self.message.old.name, self.old.name)
    }

    /// With the message that it is about.
    pub(crate) fn say(&self, say: Say) -> Say {
        say.of(self.message.old_id, self.message.new_id)
    }
}

/// An enum on both sides.
pub(crate) struct EnumPair<'a> {
    pub(crate) old_id: EnumId,
    pub(crate) new_id: EnumId,
    pub(crate) old: &'a Enum,
    pub(crate) new: &'a Enum,
}

/// A method on both sides.
pub(crate) struct MethodPair<'a> {
    pub(crate) service: &'a Service,
    pub(crate) old: &'a Method,
    pub(crate) new: &'a Method,
}

impl MethodPair<'_> {
    /// The method's path, as the old side calls it.
    pub(crate) fn object(&self) -> String {
        format!("{}/{}", self.service.name, self.old.name)
    }
}

/// Every rule's card.
pub static RULES: &[&Rule] = &[
    &file::removed::RULE,
    &file::package_changed::RULE,
    &file::package_removed::RULE,
    &file::syntax_changed::RULE,
    &file::option_changed::RULE,
    &file::import_public_removed::RULE,
    &message::removed::RULE,
    &message::added::RULE,
    &message::renamed::RULE,
    &message::moved::RULE,
    &message::json_format_changed::RULE,
    &message::set_format_changed::RULE,
    &message::accessor_removed::RULE,
    &message::reserved_removed::RULE,
    &message::reserved_reused::RULE,
    &message::extension_range_removed::RULE,
    &message::oneof_removed::RULE,
    &message::extension_removed::RULE,
    &field::removed::RULE,
    &field::added::RULE,
    &field::number_changed::RULE,
    &field::number_reused::RULE,
    &field::renamed::RULE,
    &field::json_name_changed::RULE,
    &field::type_changed::RULE,
    &field::message_type_changed::RULE,
    &field::map_changed::RULE,
    &field::cardinality_changed::RULE,
    &field::presence_changed::RULE,
    &field::required_changed::RULE,
    &field::oneof_changed::RULE,
    &field::default_changed::RULE,
    &field::utf8_changed::RULE,
    &field::encoding_changed::RULE,
    &field::packed_changed::RULE,
    &field::code_option_changed::RULE,
    &enumeration::removed::RULE,
    &enumeration::added::RULE,
    &enumeration::renamed::RULE,
    &enumeration::value_removed::RULE,
    &enumeration::value_added::RULE,
    &enumeration::value_renamed::RULE,
    &enumeration::value_number_changed::RULE,
    &enumeration::first_changed::RULE,
    &enumeration::closed_changed::RULE,
    &enumeration::json_format_changed::RULE,
    &enumeration::reserved_removed::RULE,
    &enumeration::reserved_reused::RULE,
    &service::removed::RULE,
    &service::added::RULE,
    &service::renamed::RULE,
    &service::method_removed::RULE,
    &service::method_added::RULE,
    &service::method_renamed::RULE,
    &service::request_type_changed::RULE,
    &service::response_type_changed::RULE,
    &service::client_streaming_changed::RULE,
    &service::server_streaming_changed::RULE,
    &service::idempotency_changed::RULE,
    &service::http_changed::RULE,
    &service::deprecated::RULE,
];

/// Every rule over both sides.
pub(super) fn check(context: &mut Context<'_>) {
    file::check(context);
    let (old, new, pairs) = (context.old, context.new, context.pairs);
    message::removed::check(context);
    message::added::check(context);
    message::renamed::check(context);
    message::moved::check(context);
    for (old_id, new_id) in &pairs.messages {
        let pair = MessagePair { old_id: *old_id, new_id: *new_id, old: old.message(*old_id), new: new.message(*new_id) };
        message::check(context, &pair);
        field::check(context, &pair);
    }
    extensions(context);
    enumeration::removed::check(context);
    enumeration::added::check(context);
    enumeration::renamed::check(context);
    for (old_id, new_id) in &pairs.enums {
        let pair = EnumPair { old_id: *old_id, new_id: *new_id, old: old.enumeration(*old_id), new: new.enumeration(*new_id) };
        enumeration::check(context, &pair);
    }
    service::check(context);
}

/// Extensions are fields of the message that they extend.
fn extensions(context: &mut Context<'_>) {
    message::extension_removed::check(context);
    let (old, new, pairs) = (context.old, context.new, context.pairs);
    let by_name: std::collections::BTreeMap<(&str, i64), &Field> =
        new.extensions.iter().map(|one| ((&*one.extendee, one.field.number), &one.field)).collect();
    for before in &old.extensions {
        let id = match old.types.get(&before.extendee) {
            Some(TypeId::Message(id)) => *id,
            _ => continue,
        };
        let Some(new_id) = pairs.messages.get(&id) else { continue };
        let message = MessagePair { old_id: id, new_id: *new_id, old: old.message(id), new: new.message(*new_id) };
        if let Some(after) = by_name.get(&(&*message.new.name, before.field.number)) {
            field::both(context, &FieldPair { message: &message, old: &before.field, new: after });
        }
    }
}
