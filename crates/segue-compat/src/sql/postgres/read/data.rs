//! Statements on rows: what they read, write and lock.

use super::super::cursor::{Cursor, Name};
use super::super::expression as expr;
use super::super::statement::Stmt;
use super::super::token::Kind;
use super::{name_list, tables_read};

/// Reads a statement on rows; one that begins with WITH counts by the statement behind it.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Stmt> {
    let whole = *cursor;
    if cursor.word("with") {
        cursor.word("recursive");
        // A writing statement inside WITH locks too: the first of them speaks for the whole.
        for verb in ["update", "delete", "insert"] {
            if let Some(at) = find(whole, verb) {
                let mut inner = Cursor { at, ..whole };
                return read_one(&mut inner, whole);
            }
        }
        return Some(select(whole));
    }
    read_one(cursor, whole)
}

/// A statement that begins here: `update t set`, `delete from`, `insert into`.
fn find(whole: Cursor<'_>, verb: &str) -> Option<usize> {
    whole.tokens.iter().enumerate().position(|(at, token)| {
        let mut here = Cursor { at, ..whole };
        let before = at.checked_sub(1).and_then(|at| whole.tokens.get(at)).map(|token| whole.slice(*token).to_ascii_lowercase());
        token.kind == Kind::Word
            && here.word(verb)
            && matches!(before.as_deref(), None | Some("(" | ")"))
            && (verb == "update" || here.is("from") || here.is("into"))
    })
}

fn read_one(cursor: &mut Cursor<'_>, whole: Cursor<'_>) -> Option<Stmt> {
    let verb = cursor.name()?;
    match verb.as_str() {
        "truncate" => {
            cursor.word("table");
            let tables = name_list(cursor);
            Some(Stmt::Truncate { tables, cascade: cursor.mentions("cascade") })
        }
        "update" => update(cursor),
        "delete" => {
            cursor.word("from").then_some(())?;
            cursor.word("only");
            let table = cursor.qualified()?;
            let (has_where, narrow, _) = condition(cursor);
            Some(Stmt::Delete { table, has_where, narrow })
        }
        "insert" => {
            cursor.word("into").then_some(())?;
            let table = cursor.qualified()?;
            Some(Stmt::Insert { table, reads: tables_read(*cursor) })
        }
        "merge" => {
            cursor.word("into").then_some(())?;
            cursor.word("only");
            Some(Stmt::Update {
                table: cursor.qualified()?,
                has_where: true,
                narrow: false,
                sets: Vec::new(),
                wheres: Vec::new(),
                not_null_guard: Vec::new(),
            })
        }
        "lock" => {
            cursor.word("table");
            let tables = name_list(cursor);
            let mode = if cursor.word("in") { expr::text(cursor.until(&["mode"])) } else { "access exclusive".to_owned() };
            Some(Stmt::LockTable { tables, mode: mode.to_lowercase() })
        }
        "copy" => copy(cursor),
        _ => Some(select(whole)),
    }
}

fn update(cursor: &mut Cursor<'_>) -> Option<Stmt> {
    cursor.word("only");
    let table = cursor.qualified()?;
    cursor.symbol("*");
    cursor.until(&["set"]);
    cursor.word("set").then_some(())?;
    let assigned = cursor.until(&["where", "from", "returning"]);
    let sets = assigned.items().into_iter().filter_map(|mut item| item.name()).collect();
    let (has_where, narrow, guard) = condition(cursor);
    let wheres = guard.map(|tokens| expr::words(tokens)).unwrap_or_default();
    let not_null_guard = guard.map(not_null).unwrap_or_default();
    Some(Stmt::Update { table, has_where, narrow, sets, wheres, not_null_guard })
}

/// The columns of which the condition says `IS NOT NULL`.
fn not_null(condition: Cursor<'_>) -> Vec<String> {
    let mut columns = Vec::new();
    for at in 0..condition.tokens.len() {
        let mut here = Cursor { at, ..condition };
        if let Some(name) = here.name()
            && here.words("is not null")
        {
            columns.push(name);
        }
    }
    columns
}

/// Whether there is a WHERE, whether it bounds the rows (a range of a key, a LIMIT, a current row), and its tokens.
fn condition<'a>(cursor: &mut Cursor<'a>) -> (bool, bool, Option<Cursor<'a>>) {
    cursor.until(&["where"]);
    if !cursor.word("where") {
        return (false, false, None);
    }
    let condition = cursor.until(&["returning"]);
    let inner = Cursor { at: 0, ..condition };
    let current = Cursor { at: 0, ..condition }.words("current of");
    (true, current || inner.mentions("limit") || inner.mentions("between") || bounds(inner), Some(condition))
}

/// `id >= … AND id < …`, `id = …`, `id IN (…)` or `ctid`: a condition on a column that is compared with constants on both
/// sides, or by equality.
fn bounds(condition: Cursor<'_>) -> bool {
    let text = expr::text(condition).to_lowercase();
    let key = |word: &str| word == "id" || word.ends_with("_id") || word == "ctid" || word.rsplit('.').next() == Some("id");
    let (mut low, mut high) = (false, false);
    let words: Vec<&str> = text.split([' ', '(', ')']).filter(|word| !word.is_empty()).collect();
    for window in words.windows(2) {
        if let [name, operator] = window
            && key(name)
        {
            match *operator {
                "=" | "in" => return true,
                ">" | ">=" => low = true,
                "<" | "<=" => high = true,
                _ => {}
            }
        }
    }
    low && high
}

fn copy(cursor: &mut Cursor<'_>) -> Option<Stmt> {
    if cursor.parens().is_some() {
        return Some(Stmt::Copy { table: None, from: false });
    }
    let table = cursor.qualified()?;
    cursor.parens();
    Some(Stmt::Copy { table: Some(table), from: cursor.word("from") })
}

fn select(whole: Cursor<'_>) -> Stmt {
    let mut reads: Vec<Name> = tables_read(whole);
    reads.sort();
    let mut locks_rows = false;
    let mut walk = whole;
    while !walk.done() {
        let start = walk.at;
        if walk.word("for") && (walk.word("update") || walk.word("share") || walk.words("no key update") || walk.words("key share")) {
            locks_rows = true;
        }
        walk.at = start + 1;
    }
    let pages = whole.mentions("offset").then(|| whole.mentions("order"));
    Stmt::Select { reads, locks_rows, calls: expr::calls(whole), pages, text_words: expr::words(whole) }
}
