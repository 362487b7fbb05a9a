//! The rules of AsyncAPI beyond the shapes of messages, one a file. Tests: `tests/it/asyncapi/`, cases in `tests/cases/asyncapi`.

pub mod binding_changed;
pub mod channel_added;
pub mod channel_removed;
pub mod channel_renamed;
pub mod content_type_changed;
pub mod correlation_changed;
pub mod message_added;
pub mod message_removed;
pub mod message_renamed;
pub mod operation_added;
pub mod operation_removed;
pub mod parameter_changed;
pub mod reply_changed;
pub mod security_changed;
pub mod server_changed;

use super::context::Context;
use crate::draft::Drafts;
use crate::rule::Rule;

/// Every rule of the family.
pub static RULES: &[&Rule] = &[
    &binding_changed::RULE,
    &channel_added::RULE,
    &channel_removed::RULE,
    &channel_renamed::RULE,
    &content_type_changed::RULE,
    &correlation_changed::RULE,
    &message_added::RULE,
    &message_removed::RULE,
    &message_renamed::RULE,
    &operation_added::RULE,
    &operation_removed::RULE,
    &parameter_changed::RULE,
    &reply_changed::RULE,
    &security_changed::RULE,
    &server_changed::RULE,
];

/// What each rule does.
pub(crate) static CHECKS: &[fn(&Context<'_>, &mut Drafts)] = &[
    binding_changed::check,
    channel_added::check,
    channel_removed::check,
    channel_renamed::check,
    content_type_changed::check,
    correlation_changed::check,
    message_added::check,
    message_removed::check,
    message_renamed::check,
    operation_added::check,
    operation_removed::check,
    parameter_changed::check,
    reply_changed::check,
    security_changed::check,
    server_changed::check,
];
