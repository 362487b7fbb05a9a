//! Payloads and headers of messages, related as shapes by who makes and who reads them.
//!
//! Tests: `tests/it/asyncapi/`.

use super::context::Context;
use crate::shape::relate::Comparison;

/// Relates every message that both sides have.
pub(super) fn relate<'a>(context: &Context<'a>, comparison: &mut Comparison<'a>) {
    for pair in &context.operations {
        let role = match (pair.channels.0.role(pair.direction), pair.channels.1.role(pair.direction)) {
            (one, other) if one == other => one,
            _ => crate::policy::Role::Data,
        };
        let user = pair.name();
        for (_, _, before, after) in &pair.messages {
            if let (Some(old), Some(new)) = (before.payload, after.payload) {
                comparison.relate(old, new, role, "message-payload", &user);
            }
            if let (Some(old), Some(new)) = (before.headers, after.headers) {
                comparison.relate(old, new, role, "message-headers", &user);
            }
        }
    }
}
