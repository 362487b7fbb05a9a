//! The expressions that all engines share, read into a tree: what an `up`, a `down`, a check or a filter may say
//! to the memory engine.
//!
//! Must never: run anything volatile, or accept a function it does not know. Evaluation is in `evaluate`.
//! Tests: in `evaluate`.

use std::fmt;

use super::failure::Failure;
use super::token::{Token, Tokens};
use super::value::{Kind, Value};
use crate::quote;

/// An expression.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Expression {
    /// A literal.
    Literal(Value),
    /// A column, perhaps with the name of its table before it.
    Column(Option<String>, String),
    /// `not x`.
    Not(Box<Expression>),
    /// `- x`.
    Minus(Box<Expression>),
    /// `x op y`.
    Binary(Operator, Box<Expression>, Box<Expression>),
    /// `x is [not] null`.
    IsNull(Box<Expression>, bool),
    /// `x [not] in (..)`.
    In(Box<Expression>, Vec<Expression>, bool),
    /// `case [x] when .. then .. else .. end`.
    Case(Option<Box<Expression>>, Vec<(Expression, Expression)>, Option<Box<Expression>>),
    /// A function by name.
    Call(Function, Vec<Expression>),
    /// `cast(x as type)`.
    Cast(Box<Expression>, Kind),
}

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Distinct,
    NotDistinct,
    Concat,
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// A function. All are pure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Lower,
    Upper,
    Length,
    Coalesce,
    NullIf,
    Trim,
    Abs,
    Replace,
}

/// Functions of real engines that give another value at each call: named, so that the refusal says why.
const VOLATILE: [&str; 6] = ["random", "now", "clock_timestamp", "current_timestamp", "gen_random_uuid", "nextval"];

impl Expression {
    /// Reads a whole text as one expression.
    pub(super) fn read(text: &str) -> Result<Self, Failure> {
        let mut tokens = Tokens::read(text)?;
        let expression = Self::parse(&mut tokens)?;
        tokens.need_end()?;
        Ok(expression)
    }

    /// Reads an expression and leaves what follows it.
    pub(super) fn parse(tokens: &mut Tokens) -> Result<Self, Failure> {
        let mut left = and(tokens)?;
        while tokens.word("or") {
            left = binary(Operator::Or, left, and(tokens)?);
        }
        Ok(left)
    }

    /// Calls `see` with each column's name.
    pub(super) fn columns(&self, see: &mut impl FnMut(&str)) {
        match self {
            Self::Literal(_) => {}
            Self::Column(_, name) => see(name),
            Self::Not(x) | Self::Minus(x) | Self::IsNull(x, _) | Self::Cast(x, _) => x.columns(see),
            Self::Binary(_, x, y) => {
                x.columns(see);
                y.columns(see);
            }
            Self::In(x, list, _) => {
                x.columns(see);
                for item in list {
                    item.columns(see);
                }
            }
            Self::Case(operand, whens, otherwise) => {
                for x in operand.iter().chain(otherwise) {
                    x.columns(see);
                }
                for (when, then) in whens {
                    when.columns(see);
                    then.columns(see);
                }
            }
            Self::Call(_, list) => list.iter().for_each(|item| item.columns(see)),
        }
    }

    /// The same expression with columns under other names and without names of tables before them.
    pub(super) fn renamed(&self, to: &impl Fn(&str) -> String) -> Self {
        let boxed = |x: &Self| Box::new(x.renamed(to));
        match self {
            Self::Literal(value) => Self::Literal(value.clone()),
            Self::Column(_, name) => Self::Column(None, to(name)),
            Self::Not(x) => Self::Not(boxed(x)),
            Self::Minus(x) => Self::Minus(boxed(x)),
            Self::Binary(op, x, y) => Self::Binary(*op, boxed(x), boxed(y)),
            Self::IsNull(x, not) => Self::IsNull(boxed(x), *not),
            Self::In(x, list, not) => Self::In(boxed(x), list.iter().map(|item| item.renamed(to)).collect(), *not),
            Self::Case(operand, whens, otherwise) => Self::Case(
                operand.as_deref().map(boxed),
                whens.iter().map(|(when, then)| (when.renamed(to), then.renamed(to))).collect(),
                otherwise.as_deref().map(boxed),
            ),
            Self::Call(function, list) => Self::Call(*function, list.iter().map(|item| item.renamed(to)).collect()),
            Self::Cast(x, kind) => Self::Cast(boxed(x), *kind),
        }
    }
}

fn binary(op: Operator, left: Expression, right: Expression) -> Expression {
    Expression::Binary(op, Box::new(left), Box::new(right))
}

fn and(tokens: &mut Tokens) -> Result<Expression, Failure> {
    let mut left = not(tokens)?;
    while tokens.word("and") {
        left = binary(Operator::And, left, not(tokens)?);
    }
    Ok(left)
}

fn not(tokens: &mut Tokens) -> Result<Expression, Failure> {
    if tokens.word("not") { Ok(Expression::Not(Box::new(not(tokens)?))) } else { comparison(tokens) }
}

fn comparison(tokens: &mut Tokens) -> Result<Expression, Failure> {
    let mut left = concat(tokens)?;
    loop {
        if tokens.word("is") {
            let negated = tokens.word("not");
            if tokens.words(&["distinct", "from"]) {
                let op = if negated { Operator::NotDistinct } else { Operator::Distinct };
                left = binary(op, left, concat(tokens)?);
            } else {
                tokens.need_word("null")?;
                left = Expression::IsNull(Box::new(left), negated);
            }
            continue;
        }
        let negated = tokens.words(&["not", "in"]);
        if negated || tokens.word("in") {
            left = Expression::In(Box::new(left), list(tokens)?, negated);
            continue;
        }
        let op = match tokens.peek() {
            Some(Token::Symbol("=")) => Operator::Equal,
            Some(Token::Symbol("<>" | "!=")) => Operator::NotEqual,
            Some(Token::Symbol("<")) => Operator::Less,
            Some(Token::Symbol("<=")) => Operator::LessEqual,
            Some(Token::Symbol(">")) => Operator::Greater,
            Some(Token::Symbol(">=")) => Operator::GreaterEqual,
            _ => return Ok(left),
        };
        tokens.take();
        left = binary(op, left, concat(tokens)?);
    }
}

fn concat(tokens: &mut Tokens) -> Result<Expression, Failure> {
    let mut left = sum(tokens)?;
    while tokens.symbol("||") {
        left = binary(Operator::Concat, left, sum(tokens)?);
    }
    Ok(left)
}

fn sum(tokens: &mut Tokens) -> Result<Expression, Failure> {
    let mut left = product(tokens)?;
    loop {
        let op = match tokens.peek() {
            Some(Token::Symbol("+")) => Operator::Add,
            Some(Token::Symbol("-")) => Operator::Subtract,
            _ => return Ok(left),
        };
        tokens.take();
        left = binary(op, left, product(tokens)?);
    }
}

fn product(tokens: &mut Tokens) -> Result<Expression, Failure> {
    let mut left = unary(tokens)?;
    loop {
        let op = match tokens.peek() {
            Some(Token::Symbol("*")) => Operator::Multiply,
            Some(Token::Symbol("/")) => Operator::Divide,
            _ => return Ok(left),
        };
        tokens.take();
        left = binary(op, left, unary(tokens)?);
    }
}

fn unary(tokens: &mut Tokens) -> Result<Expression, Failure> {
    if tokens.symbol("-") {
        return Ok(match unary(tokens)? {
            Expression::Literal(Value::Int(n)) => Expression::Literal(Value::Int(-n)),
            other => Expression::Minus(Box::new(other)),
        });
    }
    let mut value = primary(tokens)?;
    while tokens.symbol("::") {
        value = Expression::Cast(Box::new(value), type_name(tokens)?);
    }
    Ok(value)
}

fn primary(tokens: &mut Tokens) -> Result<Expression, Failure> {
    match tokens.take() {
        Some(Token::Int(n)) => Ok(Expression::Literal(Value::Int(n))),
        Some(Token::Text(text)) => Ok(Expression::Literal(Value::Text(text))),
        Some(Token::Symbol("(")) => {
            let inner = Expression::parse(tokens)?;
            tokens.need_symbol(")")?;
            Ok(inner)
        }
        Some(Token::Quoted(name)) => column(tokens, name),
        Some(Token::Word(word)) => match (word.as_str(), tokens.peek()) {
            ("null", _) => Ok(Expression::Literal(Value::Null)),
            ("true", _) => Ok(Expression::Literal(Value::truth(true))),
            ("false", _) => Ok(Expression::Literal(Value::truth(false))),
            ("case", _) => case(tokens),
            ("cast", Some(Token::Symbol("("))) => {
                tokens.need_symbol("(")?;
                let inner = Expression::parse(tokens)?;
                tokens.need_word("as")?;
                let kind = type_name(tokens)?;
                tokens.need_symbol(")")?;
                Ok(Expression::Cast(Box::new(inner), kind))
            }
            (_, Some(Token::Symbol("("))) => call(tokens, &word),
            _ => column(tokens, word),
        },
        _ => Err(Failure::syntax("an expression ends too early")),
    }
}

fn column(tokens: &mut Tokens, first: String) -> Result<Expression, Failure> {
    if tokens.symbol(".") { Ok(Expression::Column(Some(first), tokens.name()?)) } else { Ok(Expression::Column(None, first)) }
}

fn list(tokens: &mut Tokens) -> Result<Vec<Expression>, Failure> {
    tokens.need_symbol("(")?;
    let mut list = Vec::new();
    if tokens.symbol(")") {
        return Ok(list);
    }
    loop {
        list.push(Expression::parse(tokens)?);
        if !tokens.symbol(",") {
            break;
        }
    }
    tokens.need_symbol(")")?;
    Ok(list)
}

fn call(tokens: &mut Tokens, name: &str) -> Result<Expression, Failure> {
    if VOLATILE.contains(&name) {
        return Err(Failure::syntax(format!("{name}() gives another value at each call; an expression must give the same one")));
    }
    let (function, least, most) = match name {
        "lower" => (Function::Lower, 1, 1),
        "upper" => (Function::Upper, 1, 1),
        "length" => (Function::Length, 1, 1),
        "coalesce" => (Function::Coalesce, 1, usize::MAX),
        "nullif" => (Function::NullIf, 2, 2),
        "trim" => (Function::Trim, 1, 1),
        "abs" => (Function::Abs, 1, 1),
        "replace" => (Function::Replace, 3, 3),
        _ => return Err(Failure::syntax(format!("the memory engine has no function {name}()"))),
    };
    let arguments = list(tokens)?;
    if arguments.len() < least || arguments.len() > most {
        return Err(Failure::syntax(format!("{name}() does not take {} arguments", arguments.len())));
    }
    Ok(Expression::Call(function, arguments))
}

fn case(tokens: &mut Tokens) -> Result<Expression, Failure> {
    let operand = if tokens.is_word("when") { None } else { Some(Box::new(Expression::parse(tokens)?)) };
    let mut whens = Vec::new();
    while tokens.word("when") {
        let when = Expression::parse(tokens)?;
        tokens.need_word("then")?;
        whens.push((when, Expression::parse(tokens)?));
    }
    let otherwise = if tokens.word("else") { Some(Box::new(Expression::parse(tokens)?)) } else { None };
    tokens.need_word("end")?;
    if whens.is_empty() { Err(Failure::syntax("a case without when")) } else { Ok(Expression::Case(operand, whens, otherwise)) }
}

/// A type's words, with its modifier if it has one.
pub(super) fn type_words(tokens: &mut Tokens) -> Result<String, Failure> {
    let mut words = tokens.name()?;
    if tokens.word("varying") {
        words.push_str(" varying");
    }
    if matches!((tokens.peek(), tokens.peek_second()), (Some(Token::Symbol("(")), Some(Token::Int(_)))) {
        tokens.need_symbol("(")?;
        let Some(Token::Int(n)) = tokens.take() else { return Err(Failure::syntax("a type's length is not a number")) };
        tokens.need_symbol(")")?;
        words.push_str(&format!("({n})"));
    }
    Ok(words)
}

fn type_name(tokens: &mut Tokens) -> Result<Kind, Failure> {
    let words = type_words(tokens)?;
    Kind::of(&words).ok_or_else(|| Failure::syntax(format!("the memory engine has no type {words}")))
}

impl Operator {
    fn text(self) -> &'static str {
        match self {
            Self::Or => "or",
            Self::And => "and",
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::GreaterEqual => ">=",
            Self::Distinct => "is distinct from",
            Self::NotDistinct => "is not distinct from",
            Self::Concat => "||",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

impl fmt::Display for Expression {
    /// The one written form of an expression: reads back as the same tree.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = |list: &[Self]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match self {
            Self::Literal(Value::Text(text)) => f.write_str(&quote::text(text)),
            Self::Literal(value) => f.write_str(&value.show().to_lowercase()),
            Self::Column(Some(table), name) => write!(f, "{}.{}", quote::name(table), quote::name(name)),
            Self::Column(None, name) => f.write_str(&quote::name(name)),
            Self::Not(x) => write!(f, "(not {x})"),
            Self::Minus(x) => write!(f, "(- {x})"),
            Self::Binary(op, x, y) => write!(f, "({x} {} {y})", op.text()),
            Self::IsNull(x, not) => write!(f, "({x} is {}null)", if *not { "not " } else { "" }),
            Self::In(x, list, not) => write!(f, "({x} {}in ({}))", if *not { "not " } else { "" }, all(list)),
            Self::Case(operand, whens, otherwise) => {
                f.write_str("case")?;
                operand.iter().try_for_each(|x| write!(f, " {x}"))?;
                whens.iter().try_for_each(|(when, then)| write!(f, " when {when} then {then}"))?;
                otherwise.iter().try_for_each(|x| write!(f, " else {x}"))?;
                f.write_str(" end")
            }
            Self::Call(function, list) => write!(f, "{}({})", format!("{function:?}").to_lowercase(), all(list)),
            Self::Cast(x, kind) => write!(
                f,
                "cast({x} as {})",
                match kind {
                    Kind::Int => "integer",
                    Kind::Text => "text",
                    Kind::Blob => "blob",
                }
            ),
        }
    }
}
