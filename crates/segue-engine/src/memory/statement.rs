//! The statements that clients of the memory engine speak: a small SQL that the real engines also understand, so
//! that one suite of tests can run on all of them.
//!
//! Must never accept what it then ignores. Tests: below, and `conformance` in `segue-sim`.

use segue_model::change::ReferenceAction;
use segue_model::ident::TableName;

use super::expression::{Expression, type_words};
use super::failure::Failure;
use super::table::{Foreign, Rule};
use super::token::{Token, Tokens};

/// A statement.
pub(super) enum Statement {
    CreateTable(NewTable),
    CreateIndex { name: String, table: TableName, parts: Vec<Expression>, unique: bool, predicate: Option<Expression> },
    DropTable(TableName),
    Insert { table: TableName, columns: Vec<String>, rows: Vec<Vec<Option<Expression>>> },
    Update { table: TableName, set: Vec<(String, Expression)>, filter: Option<Expression> },
    Delete { table: TableName, filter: Option<Expression> },
    Select(Select),
}

/// A table to be made.
#[derive(Default)]
pub(super) struct NewTable {
    pub(super) name: Option<TableName>,
    pub(super) columns: Vec<NewColumn>,
    pub(super) rules: Vec<(Option<String>, Rule)>,
}

/// A column of a table to be made.
pub(super) struct NewColumn {
    pub(super) name: String,
    pub(super) data_type: String,
    pub(super) nullable: bool,
    pub(super) default: Option<String>,
    pub(super) identity: Option<String>,
}

/// A query of one table.
pub(super) struct Select {
    pub(super) items: Vec<Item>,
    pub(super) table: TableName,
    pub(super) filter: Option<Expression>,
    pub(super) order: Vec<(Expression, bool)>,
}

/// What a query gives.
pub(super) enum Item {
    All,
    Value(Expression),
    Count,
    Sum(Expression),
}

impl Statement {
    /// Reads one statement.
    pub(super) fn read(text: &str) -> Result<Self, Failure> {
        let mut tokens = Tokens::read(text)?;
        let statement = parse(&mut tokens)?;
        tokens.need_end()?;
        Ok(statement)
    }
}

/// Reads a rule as [`super::describe::rule_definition`] writes it.
pub(super) fn read_rule(text: &str) -> Result<Rule, Failure> {
    let mut tokens = Tokens::read(text)?;
    let rule = rule(&mut tokens)?.ok_or_else(|| Failure::syntax("this is not a constraint"))?;
    tokens.need_end()?;
    Ok(rule)
}

fn parse(tokens: &mut Tokens) -> Result<Statement, Failure> {
    if tokens.words(&["create", "table"]) {
        return create_table(tokens).map(Statement::CreateTable);
    }
    if tokens.words(&["create", "unique", "index"]) {
        return create_index(tokens, true);
    }
    if tokens.words(&["create", "index"]) {
        return create_index(tokens, false);
    }
    if tokens.words(&["drop", "table"]) {
        return table_name(tokens).map(Statement::DropTable);
    }
    if tokens.words(&["insert", "into"]) {
        return insert(tokens);
    }
    if tokens.word("update") {
        let table = table_name(tokens)?;
        tokens.need_word("set")?;
        let set = separated(tokens, |tokens| {
            let name = tokens.name()?;
            tokens.need_symbol("=")?;
            Ok((name, Expression::parse(tokens)?))
        })?;
        return Ok(Statement::Update { table, set, filter: filter(tokens)? });
    }
    if tokens.words(&["delete", "from"]) {
        let table = table_name(tokens)?;
        return Ok(Statement::Delete { table, filter: filter(tokens)? });
    }
    if tokens.word("select") {
        return select(tokens).map(Statement::Select);
    }
    Err(Failure::syntax("the memory engine does not know this statement"))
}

fn separated<T>(tokens: &mut Tokens, mut read: impl FnMut(&mut Tokens) -> Result<T, Failure>) -> Result<Vec<T>, Failure> {
    let mut list = vec![read(tokens)?];
    while tokens.symbol(",") {
        list.push(read(tokens)?);
    }
    Ok(list)
}

fn names(tokens: &mut Tokens) -> Result<Vec<String>, Failure> {
    tokens.need_symbol("(")?;
    let list = separated(tokens, Tokens::name)?;
    tokens.need_symbol(")")?;
    Ok(list)
}

fn table_name(tokens: &mut Tokens) -> Result<TableName, Failure> {
    let first = tokens.name()?;
    Ok(if tokens.symbol(".") { TableName::new(first, tokens.name()?) } else { TableName::bare(first) })
}

fn filter(tokens: &mut Tokens) -> Result<Option<Expression>, Failure> {
    if tokens.word("where") { Expression::parse(tokens).map(Some) } else { Ok(None) }
}

fn create_index(tokens: &mut Tokens, unique: bool) -> Result<Statement, Failure> {
    let name = tokens.name()?;
    tokens.need_word("on")?;
    let table = table_name(tokens)?;
    tokens.need_symbol("(")?;
    let parts = separated(tokens, Expression::parse)?;
    tokens.need_symbol(")")?;
    Ok(Statement::CreateIndex { name, table, parts, unique, predicate: filter(tokens)? })
}

fn insert(tokens: &mut Tokens) -> Result<Statement, Failure> {
    let table = table_name(tokens)?;
    let columns = names(tokens)?;
    tokens.need_word("values")?;
    let rows = separated(tokens, |tokens| {
        tokens.need_symbol("(")?;
        let row = separated(tokens, |tokens| if tokens.word("default") { Ok(None) } else { Expression::parse(tokens).map(Some) })?;
        tokens.need_symbol(")")?;
        Ok(row)
    })?;
    if rows.iter().any(|row| row.len() != columns.len()) {
        return Err(Failure::syntax("a row has more or fewer values than the statement has columns"));
    }
    Ok(Statement::Insert { table, columns, rows })
}

fn select(tokens: &mut Tokens) -> Result<Select, Failure> {
    let items = separated(tokens, |tokens| {
        let aggregate = matches!(tokens.peek_second(), Some(Token::Symbol("(")));
        if tokens.symbol("*") {
            Ok(Item::All)
        } else if aggregate && tokens.word("count") {
            tokens.need_symbol("(")?;
            tokens.need_symbol("*")?;
            tokens.need_symbol(")")?;
            Ok(Item::Count)
        } else if aggregate && tokens.word("sum") {
            tokens.need_symbol("(")?;
            let inner = Expression::parse(tokens)?;
            tokens.need_symbol(")")?;
            Ok(Item::Sum(inner))
        } else {
            Expression::parse(tokens).map(Item::Value)
        }
    })?;
    tokens.need_word("from")?;
    let table = table_name(tokens)?;
    let filter = filter(tokens)?;
    let order = if tokens.words(&["order", "by"]) {
        separated(tokens, |tokens| {
            let part = Expression::parse(tokens)?;
            let descending = tokens.word("desc");
            let _ = !descending && tokens.word("asc");
            Ok((part, descending))
        })?
    } else {
        Vec::new()
    };
    Ok(Select { items, table, filter, order })
}

fn create_table(tokens: &mut Tokens) -> Result<NewTable, Failure> {
    let mut new = NewTable { name: Some(table_name(tokens)?), ..NewTable::default() };
    tokens.need_symbol("(")?;
    loop {
        let name = if tokens.word("constraint") { Some(tokens.name()?) } else { None };
        match rule(tokens)? {
            Some(rule) => new.rules.push((name, rule)),
            None if name.is_none() => column(tokens, &mut new)?,
            None => return Err(Failure::syntax("a constraint has a name and nothing else")),
        }
        if !tokens.symbol(",") {
            break;
        }
    }
    tokens.need_symbol(")")?;
    Ok(new)
}

fn rule(tokens: &mut Tokens) -> Result<Option<Rule>, Failure> {
    let listed = matches!(tokens.peek_second(), Some(Token::Symbol("(")));
    if tokens.words(&["primary", "key"]) {
        return names(tokens).map(|columns| Some(Rule::Primary(columns)));
    }
    if tokens.words(&["not", "null"]) {
        return tokens.name().map(|column| Some(Rule::NotNull(column)));
    }
    if listed && tokens.word("unique") {
        return names(tokens).map(|columns| Some(Rule::Unique(columns)));
    }
    if listed && tokens.word("check") {
        return check(tokens).map(Some);
    }
    if tokens.words(&["foreign", "key"]) {
        let columns = names(tokens)?;
        tokens.need_word("references")?;
        return references(tokens, columns).map(Some);
    }
    Ok(None)
}

fn check(tokens: &mut Tokens) -> Result<Rule, Failure> {
    tokens.need_symbol("(")?;
    let condition = Expression::parse(tokens)?;
    tokens.need_symbol(")")?;
    Ok(Rule::Check(condition))
}

fn references(tokens: &mut Tokens, columns: Vec<String>) -> Result<Rule, Failure> {
    let target = table_name(tokens)?;
    let target_columns = names(tokens)?;
    let mut foreign = Foreign { columns, target, target_columns, on_delete: None, on_update: None, deferrable: false };
    loop {
        if tokens.words(&["on", "delete"]) {
            foreign.on_delete = Some(action(tokens)?);
        } else if tokens.words(&["on", "update"]) {
            foreign.on_update = Some(action(tokens)?);
        } else if tokens.word("deferrable") {
            foreign.deferrable = true;
        } else {
            return Ok(Rule::Foreign(foreign));
        }
    }
}

fn action(tokens: &mut Tokens) -> Result<ReferenceAction, Failure> {
    let known: [(&[&str], ReferenceAction); 5] = [
        (&["no", "action"], ReferenceAction::NoAction),
        (&["restrict"], ReferenceAction::Restrict),
        (&["cascade"], ReferenceAction::Cascade),
        (&["set", "null"], ReferenceAction::SetNull),
        (&["set", "default"], ReferenceAction::SetDefault),
    ];
    let found = known.into_iter().find(|(words, _)| tokens.words(words));
    found.map(|(_, action)| action).ok_or_else(|| Failure::syntax("an action of a foreign key is missing"))
}

fn column(tokens: &mut Tokens, new: &mut NewTable) -> Result<(), Failure> {
    let name = tokens.name()?;
    let data_type = type_words(tokens)?;
    let mut column = NewColumn { name: name.clone(), data_type, nullable: true, default: None, identity: None };
    loop {
        if tokens.words(&["primary", "key"]) {
            column.nullable = false;
            new.rules.push((None, Rule::Primary(vec![name.clone()])));
        } else if tokens.words(&["not", "null"]) {
            column.nullable = false;
        } else if tokens.word("null") {
            column.nullable = true;
        } else if tokens.word("unique") {
            new.rules.push((None, Rule::Unique(vec![name.clone()])));
        } else if tokens.word("default") {
            column.default = Some(default(tokens)?);
        } else if tokens.word("check") {
            let rule = check(tokens)?;
            new.rules.push((None, rule));
        } else if tokens.word("references") {
            let rule = references(tokens, vec![name.clone()])?;
            new.rules.push((None, rule));
        } else if tokens.words(&["generated", "always", "as", "identity"]) {
            column.identity = Some("always".to_owned());
        } else if tokens.words(&["generated", "by", "default", "as", "identity"]) {
            column.identity = Some("by default".to_owned());
        } else {
            new.columns.push(column);
            return Ok(());
        }
    }
}

/// A default stands in parentheses, or is one literal.
fn default(tokens: &mut Tokens) -> Result<String, Failure> {
    if tokens.symbol("(") {
        let inner = Expression::parse(tokens)?;
        tokens.need_symbol(")")?;
        return Ok(inner.to_string());
    }
    let negative = tokens.symbol("-");
    match tokens.take() {
        Some(Token::Int(n)) => Ok(if negative { -n } else { n }.to_string()),
        Some(Token::Text(text)) if !negative => Ok(crate::quote::text(&text)),
        Some(Token::Word(word)) if !negative && ["null", "true", "false"].contains(&word.as_str()) => Ok(word),
        _ => Err(Failure::syntax("a default is one literal, or stands in parentheses")),
    }
}
