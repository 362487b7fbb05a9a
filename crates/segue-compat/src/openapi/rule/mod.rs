//! The rules of OpenAPI, one a file, and what each of them is asked.
//!
//! A rule says what is so of the pair that it is shown, and looks for nothing else. Value shapes have rules of their own in
//! `shape/rule/`. Tests: `tests/cases/openapi/`, one case at least for every rule and both directions.

mod behaviour_extension_changed;
mod body_added_optional;
mod body_added_required;
mod body_became_optional;
mod body_became_required;
mod body_media_type_added;
mod body_media_type_removed;
mod body_removed;
mod caching_header_removed;
mod callback_added;
mod callback_removed;
mod component_removed;
mod deprecated;
mod deprecated_without_sunset;
mod encoding_changed;
mod error_format_changed;
mod error_status_added;
mod error_status_changed;
mod error_status_removed;
mod example_changed;
mod example_refused;
mod header_gone;
mod idempotency_key_removed;
mod oauth_address_changed;
mod oauth_scope_added;
mod oauth_scope_removed;
mod operation_added;
mod operation_id_changed;
mod operation_moved;
mod operation_removed;
mod operation_removed_after_deprecation;
mod operation_removed_before_sunset;
mod operation_server_changed;
mod page_size_changed;
mod pagination_header_removed;
mod pagination_parameter_removed;
mod pagination_style_changed;
mod parameter_added_optional;
mod parameter_added_required;
mod parameter_became_optional;
mod parameter_became_required;
mod parameter_empty_value_changed;
mod parameter_moved;
mod parameter_removed;
mod parameter_removed_after_deprecation;
mod parameter_removed_before_sunset;
mod parameter_renamed;
mod parameter_serialisation_changed;
mod parameter_style_changed;
mod parameter_text_narrowed;
mod parameter_text_widened;
mod path_parameter_renamed;
mod path_shadowed;
mod rate_limit_header_removed;
mod reactivated;
mod response_body_added;
mod response_body_removed;
mod response_header_added;
mod response_header_became_optional;
mod response_header_became_required;
mod response_header_removed;
mod response_link_changed;
mod response_link_removed;
mod response_media_type_added;
mod response_media_type_removed;
mod response_media_type_replaced;
mod schema_added;
mod schema_removed;
mod security_added;
mod security_alternative_added;
mod security_alternative_removed;
mod security_removed;
mod security_scheme_added;
mod security_scheme_changed;
mod security_scheme_removed;
mod security_scope_added;
mod security_scope_removed;
mod server_added;
mod server_path_changed;
mod server_protocol_removed;
mod server_removed;
mod server_variable_changed;
mod sort_default_changed;
mod specification_changed;
mod stability_decreased;
mod stability_increased;
mod stability_unreadable;
mod success_status_added;
mod success_status_changed;
mod success_status_removed;
mod sunset_earlier;
mod sunset_removed;
mod sunset_too_soon;
mod sunset_unreadable;
mod tag_changed;
mod version_decreased;
mod version_not_bumped;
mod webhook_added;
mod webhook_removed;

use super::found::Found;
use super::model::{Anchor, Body, Header, Lifecycle, Media, Operation, Parameter, Response};
use super::pair::{Matched, MediaMatch, ParameterMatch, Scene, StatusMatch};
use crate::policy::Role;
use crate::rule::Rule;

pub(super) use example_refused::check as example_refused;
pub(super) use version_decreased::check as version_decreased;
pub(super) use version_not_bumped::check as version_not_bumped;

/// Every rule of this family.
pub static RULES: &[&Rule] = &[
    &behaviour_extension_changed::RULE,
    &body_added_optional::RULE,
    &body_added_required::RULE,
    &body_became_optional::RULE,
    &body_became_required::RULE,
    &body_media_type_added::RULE,
    &body_media_type_removed::RULE,
    &body_removed::RULE,
    &caching_header_removed::RULE,
    &callback_added::RULE,
    &callback_removed::RULE,
    &component_removed::RULE,
    &deprecated::RULE,
    &deprecated_without_sunset::RULE,
    &encoding_changed::RULE,
    &error_format_changed::RULE,
    &error_status_added::RULE,
    &error_status_changed::RULE,
    &error_status_removed::RULE,
    &example_changed::RULE,
    &example_refused::RULE,
    &idempotency_key_removed::RULE,
    &oauth_address_changed::RULE,
    &oauth_scope_added::RULE,
    &oauth_scope_removed::RULE,
    &operation_added::RULE,
    &operation_id_changed::RULE,
    &operation_moved::RULE,
    &operation_removed::RULE,
    &operation_removed_after_deprecation::RULE,
    &operation_removed_before_sunset::RULE,
    &operation_server_changed::RULE,
    &page_size_changed::RULE,
    &pagination_header_removed::RULE,
    &pagination_parameter_removed::RULE,
    &pagination_style_changed::RULE,
    &parameter_added_optional::RULE,
    &parameter_added_required::RULE,
    &parameter_became_optional::RULE,
    &parameter_became_required::RULE,
    &parameter_empty_value_changed::RULE,
    &parameter_moved::RULE,
    &parameter_removed::RULE,
    &parameter_removed_after_deprecation::RULE,
    &parameter_removed_before_sunset::RULE,
    &parameter_renamed::RULE,
    &parameter_serialisation_changed::RULE,
    &parameter_style_changed::RULE,
    &parameter_text_narrowed::RULE,
    &parameter_text_widened::RULE,
    &path_parameter_renamed::RULE,
    &path_shadowed::RULE,
    &rate_limit_header_removed::RULE,
    &reactivated::RULE,
    &response_body_added::RULE,
    &response_body_removed::RULE,
    &response_header_added::RULE,
    &response_header_became_optional::RULE,
    &response_header_became_required::RULE,
    &response_header_removed::RULE,
    &response_link_changed::RULE,
    &response_link_removed::RULE,
    &response_media_type_added::RULE,
    &response_media_type_removed::RULE,
    &response_media_type_replaced::RULE,
    &schema_added::RULE,
    &schema_removed::RULE,
    &security_added::RULE,
    &security_alternative_added::RULE,
    &security_alternative_removed::RULE,
    &security_removed::RULE,
    &security_scheme_added::RULE,
    &security_scheme_changed::RULE,
    &security_scheme_removed::RULE,
    &security_scope_added::RULE,
    &security_scope_removed::RULE,
    &server_added::RULE,
    &server_path_changed::RULE,
    &server_protocol_removed::RULE,
    &server_removed::RULE,
    &server_variable_changed::RULE,
    &sort_default_changed::RULE,
    &specification_changed::RULE,
    &stability_decreased::RULE,
    &stability_increased::RULE,
    &stability_unreadable::RULE,
    &success_status_added::RULE,
    &success_status_changed::RULE,
    &success_status_removed::RULE,
    &sunset_earlier::RULE,
    &sunset_removed::RULE,
    &sunset_too_soon::RULE,
    &sunset_unreadable::RULE,
    &tag_changed::RULE,
    &version_decreased::RULE,
    &version_not_bumped::RULE,
    &webhook_added::RULE,
    &webhook_removed::RULE,
    // xtask:new rule card
];

/// What is asked of two documents and their operations.
type DocumentRule = fn(&mut Found<'_>, &Scene<'_>, &Matched<'_>);
/// What is asked of an operation on both sides.
type OperationRule = fn(&mut Found<'_>, &Scene<'_>, &Operation, &Operation);
/// What is asked of the life of anything that has one.
type LifeRule = fn(&mut Found<'_>, &Scene<'_>, &str, (&Anchor, &Lifecycle), (&Anchor, &Lifecycle));
/// What is asked of all parameters of an operation.
type ParametersRule = fn(&mut Found<'_>, &Scene<'_>, &ParameterMatch<'_>);
/// What is asked of a parameter on both sides.
type ParameterRule = fn(&mut Found<'_>, &Scene<'_>, &Parameter, &Parameter);
/// What is asked of a request body.
type BodyRule = fn(&mut Found<'_>, &Scene<'_>, Option<&Body>, Option<&Body>);
/// What is asked of the media types of a request body.
type BodyMediaRule = fn(&mut Found<'_>, &Scene<'_>, &MediaMatch<'_>);
/// What is asked of a media type on both sides.
type MediaRule = fn(&mut Found<'_>, &Scene<'_>, &Media, &Media, (Role, &str));
/// What is asked of all responses of an operation.
type ResponsesRule = fn(&mut Found<'_>, &Scene<'_>, &StatusMatch<'_>);
/// What is asked of a response on both sides.
type ResponseRule = fn(&mut Found<'_>, &Scene<'_>, &str, (&Response, &Response), &MediaMatch<'_>);
/// What is asked of a header on both sides.
type HeaderRule = fn(&mut Found<'_>, &Scene<'_>, &Header, &Header);
/// What is asked of webhooks.
type WebhooksRule = fn(&mut Found<'_>, &Scene<'_>, &Matched<'_>);
/// What is asked of the callbacks of an operation.
type CallbacksRule = fn(&mut Found<'_>, &Scene<'_>, &Matched<'_>);

/// What is asked of two documents and their operations.
const DOCUMENT: &[DocumentRule] = &[
    operation_removed::check,
    operation_removed_before_sunset::check,
    operation_removed_after_deprecation::check,
    operation_moved::check,
    operation_added::check,
    path_shadowed::check,
    component_removed::check,
    specification_changed::check,
    server_path_changed::check,
    server_removed::check,
    server_added::check,
    server_protocol_removed::check,
    server_variable_changed::check,
    security_scheme_removed::check,
    security_scheme_added::check,
    security_scheme_changed::check,
    oauth_address_changed::check,
    oauth_scope_removed::check,
    oauth_scope_added::check,
    // xtask:new document rule
];

/// What is asked of an operation on both sides.
pub(super) const OPERATION: &[OperationRule] = &[
    operation_id_changed::check,
    tag_changed::check,
    operation_server_changed::check,
    behaviour_extension_changed::check,
    security_added::check,
    security_removed::check,
    security_alternative_removed::check,
    security_alternative_added::check,
    security_scope_added::check,
    security_scope_removed::check,
    life_of_operation,
];

/// What is asked of the life of anything that has one.
const LIFE: &[LifeRule] = &[
    deprecated::check,
    deprecated_without_sunset::check,
    sunset_removed::check,
    sunset_earlier::check,
    sunset_too_soon::check,
    sunset_unreadable::check,
    reactivated::check,
    stability_decreased::check,
    stability_increased::check,
    stability_unreadable::check,
];

/// What is asked of all parameters of an operation.
pub(super) const PARAMETERS: &[ParametersRule] = &[
    parameter_removed::check,
    parameter_removed_before_sunset::check,
    parameter_removed_after_deprecation::check,
    parameter_added_required::check,
    parameter_added_optional::check,
    parameter_moved::check,
    parameter_renamed::check,
    idempotency_key_removed::check,
    pagination_parameter_removed::check,
    pagination_style_changed::check,
];

/// What is asked of a parameter on both sides.
pub(super) const PARAMETER: &[ParameterRule] = &[
    path_parameter_renamed::check,
    parameter_became_required::check,
    parameter_became_optional::check,
    parameter_style_changed::check,
    parameter_empty_value_changed::check,
    parameter_serialisation_changed::check,
    page_size_changed::check,
    sort_default_changed::check,
    parameter_text_widened::check,
    parameter_text_narrowed::check,
    life_of_parameter,
];

/// What is asked of a request body.
pub(super) const BODY: &[BodyRule] = &[
    body_added_required::check,
    body_added_optional::check,
    body_removed::check,
    body_became_required::check,
    body_became_optional::check,
];

/// What is asked of the media types of a request body.
pub(super) const BODY_MEDIA: &[BodyMediaRule] = &[body_media_type_removed::check, body_media_type_added::check];

/// What is asked of a media type on both sides.
pub(super) const MEDIA: &[MediaRule] = &[schema_added::check, schema_removed::check, encoding_changed::check, example_changed::check];

/// What is asked of all responses of an operation.
pub(super) const RESPONSES: &[ResponsesRule] = &[
    success_status_changed::check,
    success_status_removed::check,
    success_status_added::check,
    error_status_changed::check,
    error_status_removed::check,
    error_status_added::check,
];

/// What is asked of a response on both sides.
pub(super) const RESPONSE: &[ResponseRule] = &[
    response_body_removed::check,
    response_body_added::check,
    response_media_type_removed::check,
    response_media_type_added::check,
    response_media_type_replaced::check,
    error_format_changed::check,
    response_header_removed::check,
    rate_limit_header_removed::check,
    pagination_header_removed::check,
    caching_header_removed::check,
    response_header_added::check,
    response_link_removed::check,
    response_link_changed::check,
];

/// What is asked of a header on both sides.
pub(super) const HEADER: &[HeaderRule] = &[response_header_became_optional::check, response_header_became_required::check, life_of_header];

/// What is asked of webhooks.
const WEBHOOKS: &[WebhooksRule] = &[webhook_removed::check, webhook_added::check];

/// What is asked of the callbacks of an operation.
const CALLBACKS: &[CallbacksRule] = &[callback_removed::check, callback_added::check];

/// Asks every rule of documents.
pub(super) fn document(found: &mut Found<'_>, scene: &Scene<'_>, matched: &Matched<'_>) {
    for rule in DOCUMENT {
        rule(found, scene, matched);
    }
}

/// Asks every rule of webhooks.
pub(super) fn webhooks(found: &mut Found<'_>, scene: &Scene<'_>, matched: &Matched<'_>) {
    for rule in WEBHOOKS {
        rule(found, scene, matched);
    }
}

/// Asks every rule of callbacks.
pub(super) fn callbacks(found: &mut Found<'_>, scene: &Scene<'_>, matched: &Matched<'_>) {
    for rule in CALLBACKS {
        rule(found, scene, matched);
    }
}

fn life_of_operation(found: &mut Found<'_>, scene: &Scene<'_>, old: &Operation, new: &Operation) {
    for rule in LIFE {
        rule(found, scene, "the operation", (&old.anchor, &old.life), (&new.anchor, &new.life));
    }
}

fn life_of_parameter(found: &mut Found<'_>, scene: &Scene<'_>, old: &Parameter, new: &Parameter) {
    let what = format!("the {} parameter `{}`", new.location.word(), new.name);
    for rule in LIFE {
        rule(found, scene, &what, (&old.anchor, &old.life), (&new.anchor, &new.life));
    }
}

fn life_of_header(found: &mut Found<'_>, scene: &Scene<'_>, old: &Header, new: &Header) {
    let what = format!("the header `{}`", new.name);
    for rule in LIFE {
        rule(found, scene, &what, (&old.anchor, &old.life), (&new.anchor, &new.life));
    }
}
