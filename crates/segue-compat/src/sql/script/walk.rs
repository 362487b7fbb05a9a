//! Statement by statement: the world and the session before each, and what it does.
//!
//! Tests: `tests/it/sql/script.rs`.

use segue_model::check::Lock;
use segue_model::ident::TableName;

use super::effect::{self, Around, Effect};
use super::session::Session;
use super::{Options, StatementEffects};
use crate::source::Span;
use crate::sql::postgres::cursor::Cursor;
use crate::sql::postgres::read;
use crate::sql::postgres::statement::{Action, ObjectKind, Stmt};
use crate::sql::postgres::token::{self, Kind, Piece, Script, Token, Unended};
use crate::sql::postgres::world::World;
use crate::sql::{Facts, bounds};

/// The version that is assumed when nobody says: the oldest that its community still repairs.
const VERSION_ASSUMED: u32 = 140_000;

/// One statement with everything that it meets.
#[derive(Clone, Copy)]
pub(crate) struct Step<'a> {
    /// Which, from 0.
    pub(crate) index: usize,
    pub(crate) piece: Piece,
    /// The whole script.
    pub(crate) script: &'a str,
    pub(crate) tokens: &'a [Token],
    pub(crate) stmt: &'a Stmt,
    pub(crate) effect: &'a Effect,
    pub(crate) world: &'a World,
    pub(crate) session: &'a Session,
    pub(crate) facts: Option<&'a Facts>,
    pub(crate) options: &'a Options,
    pub(crate) version: u32,
}

/// Follows a script.
pub(crate) fn walk<'a>(text: &'a str, facts: Option<&'a Facts>, options: &'a Options, each: impl FnMut(&Step<'_>)) -> Result<(), Unended> {
    let script = token::cut(text)?;
    follow(text, &script, facts, options, each);
    Ok(())
}

/// Follows a script that is cut already.
pub(crate) fn follow(text: &str, script: &Script, facts: Option<&Facts>, options: &Options, mut each: impl FnMut(&Step<'_>)) -> Session {
    let mut world = facts.map_or_else(World::new, World::of);
    world.lenient = true;
    let version = facts.and_then(|facts| facts.version).unwrap_or(VERSION_ASSUMED);
    let mut session = Session::new(options.one_transaction, options.utc);
    for (index, piece) in script.pieces.iter().filter(|piece| piece.kind == Kind::Word).take(bounds::STATEMENTS_MAX).enumerate() {
        let tokens = &script.tokens[piece.first..piece.last];
        let first = tokens.first().and_then(|token| text.get(token.start..token.end)).unwrap_or_default();
        let stmt = if tokens.len() > bounds::WORDS_MAX && !bounds::is_data(first) {
            Stmt::Other(bounds::TOO_LONG.to_owned())
        } else {
            read::statement(Cursor::new(text, tokens), &world.functions)
        };
        let effect = effect::of(&stmt, Around { world: &world, session: &session, version });
        let step = Step {
            index,
            piece: *piece,
            script: text,
            tokens,
            stmt: &stmt,
            effect: &effect,
            world: &world,
            session: &session,
            facts,
            options,
            version,
        };
        each(&step);
        session.after(&stmt, &effect, &world);
        world.apply(&stmt, Span::new(piece.start, piece.end));
    }
    session
}

impl<'a> Step<'a> {
    /// The statement as it is written, without its semicolon.
    pub(crate) fn text(&self) -> &'a str {
        self.script.get(self.piece.start..self.piece.end).unwrap_or("")
    }

    pub(crate) fn around(&self) -> Around<'a> {
        Around { world: self.world, session: self.session, version: self.version }
    }

    /// The table of an `ALTER TABLE` and its actions.
    pub(crate) fn alter(&self) -> Option<(TableName, &'a [Action])> {
        match self.stmt {
            Stmt::AlterTable { name, actions, kind: ObjectKind::Table, .. } => Some((self.world.resolve(name), actions)),
            _ => None,
        }
    }

    /// Each action with the world as the actions before it leave it.
    pub(crate) fn each_action(&self, mut each: impl FnMut(usize, &TableName, &Action, Around<'_>)) {
        let Some((name, actions)) = self.alter() else { return };
        let mut changed: Option<World> = None;
        for (at, action) in actions.iter().enumerate() {
            each(at, &name, action, Around { world: changed.as_ref().unwrap_or(self.world), ..self.around() });
            if at + 1 < actions.len() {
                let world = changed.get_or_insert_with(|| self.world.clone());
                world.alter(&name, action, Span::default(), &mut Vec::new());
            }
        }
    }

    /// The text of each action, and of what stands before them (`ALTER TABLE t`).
    pub(crate) fn action_texts(&self) -> (String, Vec<String>) {
        let mut cursor = Cursor::new(self.script, self.tokens);
        cursor.words("alter table");
        cursor.words("if exists");
        cursor.word("only");
        cursor.qualified();
        cursor.symbol("*");
        let head = Cursor { tokens: &self.tokens[..cursor.at.min(self.tokens.len())], at: 0, ..cursor }.source().to_owned();
        let rest = Cursor { text: self.script, tokens: cursor.rest(), at: 0 };
        (head, rest.items().into_iter().map(|item| item.source().to_owned()).collect())
    }

    pub(crate) fn shown(&self, table: &TableName) -> String {
        self.world.shown(table)
    }

    /// Its effects for people and tests.
    pub(crate) fn effects(&self) -> StatementEffects {
        StatementEffects {
            index: self.index,
            span: Span::new(self.piece.start, self.piece.end),
            locks: self.locks(),
            rewrites: self.effect.rewrites.iter().map(|table| self.shown(table)).collect(),
            scans: self.effect.scans.iter().map(|table| self.shown(table)).collect(),
            fails: self.effect.fails.clone(),
            concurrent: self.effect.concurrent,
            in_transaction: self.session.open,
            understood: !self.effect.unknown,
        }
    }

    pub(crate) fn locks(&self) -> Vec<Lock> {
        let all = self.effect.locks.iter();
        all.flat_map(|(table, modes)| modes.iter().map(|mode| Lock { object: self.shown(table), mode: mode.name().to_owned() })).collect()
    }
}
