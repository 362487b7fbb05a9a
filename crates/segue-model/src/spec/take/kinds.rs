//! `move`, `code`, `api`, `service`, `auth`, `infra`.
//!
//! Tests: `tests/it/whole.rs`.

use super::{Take, list};
use crate::spec::node::{Kind, Node};
use crate::spec::program::{Api, Auth, Code, CodeChange, ColumnConversion, Extract, Infra, Move, Service};

/// `move`.
pub(super) fn moves(take: &Take, node: &Node) -> Move {
    let nothing = Node { kind: Kind::Null, span: 0..0 };
    let convert = node.get("convert").unwrap_or(&nothing);
    Move {
        from: take.must(node, "from"),
        to: take.must(node, "to"),
        include: take.texts(node, "include"),
        exclude: take.texts(node, "exclude"),
        types: take.map(convert.get("types"), |node| take.scalar(node)),
        zero_dates: zero_dates(take, convert),
        columns: take.map(convert.get("columns"), |node| ColumnConversion {
            to: take.text(node, "to"),
            from_text: take.text(node, "from_text"),
            from_epoch: take.text(node, "from_epoch"),
            zone: take.text(node, "zone"),
            on_error: take.text(node, "on_error"),
        }),
        pattern: take.text(node, "pattern"),
    }
}

/// Here alone `null` is a value: a date of zeros becomes NULL.
fn zero_dates(take: &Take, convert: &Node) -> Option<String> {
    let Kind::Map(entries) = &convert.kind else { return None };
    let entry = entries.iter().find(|entry| entry.key == "zero_dates")?;
    Some(if matches!(entry.value.kind, Kind::Null) { "null".to_owned() } else { take.scalar(&entry.value) })
}

/// `code`.
pub(super) fn code(take: &Take, node: &Node) -> Code {
    let change = |item: &Node| {
        let Kind::Map(entries) = &item.kind else { return take.wrong() };
        let Some(entry) = entries.iter().find(|entry| !matches!(entry.value.kind, Kind::Null)) else { return take.wrong() };
        Some(CodeChange { what: entry.key.clone(), from: take.must(&entry.value, "from"), to: take.must(&entry.value, "to") })
    };
    Code { path: take.must(node, "path"), change: list(node.get("change"), change).into_iter().flatten().collect() }
}

/// `api`.
pub(super) fn api(take: &Take, node: &Node) -> Api {
    Api { old: take.must(node, "old"), new: take.must(node, "new"), clients: take.count(node, "clients") }
}

/// `service`.
pub(super) fn service(take: &Take, node: &Node) -> Service {
    let extract = |node: &Node| Extract { tables: take.texts(node, "tables"), routes: take.texts(node, "routes") };
    Service { from: take.must(node, "from"), extract: take.map(node.get("extract"), extract) }
}

/// `auth`.
pub(super) fn auth(take: &Take, node: &Node) -> Auth {
    Auth { change: take.must(node, "change"), from: take.text(node, "from"), to: take.text(node, "to"), users: take.count(node, "users") }
}

/// `infra`.
pub(super) fn infra(take: &Take, node: &Node) -> Infra {
    Infra {
        from: take.must(node, "from"),
        to: take.must(node, "to"),
        terraform: take.text(node, "terraform"),
        data: take.size(node, "data"),
    }
}
