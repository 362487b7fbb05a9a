//! Whether two servers answer a list of requests alike: status, chosen headers, bodies of JSON by value.
//!
//! Only requests that read are sent, unless the user allows others. Secrets come by reference (`env:NAME`) and go into
//! headers alone; none is ever shown. A server that cannot be reached makes an answer undecided, never different; an
//! answer that is too long is not compared in part. Tests: `body.rs`, and `tests/it/checks/api.rs` with servers of its
//! own.

mod answer;
mod body;
mod egress;
mod fetch;
mod request;
mod url;

pub use answer::{Reply, compare};
pub use body::Rules;
pub use egress::{Egress, PRIVATE};
pub use fetch::{Bounds, Client};
pub use request::{Plan, Request, read};

use segue_model::verify::CheckReport;

use super::Draft;

/// Sends each request to both servers, one after the other, and compares the answers.
///
/// `old` and `new` are base URLs (`http://127.0.0.1:8080/v1`). A request whose method writes is not sent and stands
/// under *not compared*, unless the plan allows it.
pub async fn check(plan: &Plan, client: &Client, old: &str, new: &str) -> CheckReport {
    let mut draft = Draft::new("api", "api");
    for request in &plan.requests {
        let name = format!("{} {}", request.method, request.path);
        if !request.only_reads() && !plan.allow_writes {
            draft.gap(format!("{name}: it may write, and was not sent"));
            continue;
        }
        let left = client.send(old, request).await;
        let right = client.send(new, request).await;
        match (left, right) {
            (Ok(left), Ok(right)) => {
                let found = compare(&left, &right, &plan.rules_of(request));
                if found.different.is_empty() && found.unknown.is_empty() {
                    draft.say(format!("{name}: {} on both sides, {}", left.status, found.compared));
                }
                for sentence in found.different {
                    draft.differs(format!("{name}: {sentence}"));
                }
                for sentence in found.unknown {
                    draft.unknown(format!("{name}: {sentence}"));
                }
            }
            (left, right) => {
                for (word, reply) in [("old", left), ("new", right)] {
                    if let Err(why) = reply {
                        draft.unknown(format!("{name}: the {word} side: {why}"));
                    }
                }
            }
        }
    }
    if plan.requests.is_empty() {
        draft.unknown("there are no requests");
    }
    draft.finish()
}
