//! Evaluates an expression over one row, exactly: whole numbers that do not wrap, three-valued logic.
//!
//! Must never coerce silently: a cast, a comparison or a sum that does not fit is a [`Failure`] of kind `Value`,
//! which a change of form turns into a rejected row. Tests: below.

use super::expression::{Expression, Function, Operator};
use super::failure::Failure;
use super::value::{Kind, Value};

/// Where the columns of an expression come from. A column may itself be a failure: it only counts if it is read.
pub(super) trait Columns {
    /// The value of a column.
    fn column(&self, table: Option<&str>, name: &str) -> Result<Value, Failure>;
}

impl Expression {
    /// The value over one row.
    pub(super) fn evaluate(&self, row: &dyn Columns) -> Result<Value, Failure> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Column(table, name) => row.column(table.as_deref(), name),
            Self::Not(x) => Ok(match x.evaluate(row)? {
                Value::Null => Value::Null,
                value => Value::truth(!value.is_true()),
            }),
            Self::Minus(x) => match x.evaluate(row)? {
                Value::Null => Ok(Value::Null),
                value => number(value)?.checked_neg().map(Value::Int).ok_or_else(overflow),
            },
            Self::Binary(op, x, y) => evaluate_binary(*op, x, y, row),
            Self::IsNull(x, not) => Ok(Value::truth(x.evaluate(row)?.is_null() != *not)),
            Self::In(x, list, not) => evaluate_in(&x.evaluate(row)?, list, *not, row),
            Self::Case(operand, whens, otherwise) => {
                let operand = operand.as_ref().map(|x| x.evaluate(row)).transpose()?;
                for (when, then) in whens {
                    let when = when.evaluate(row)?;
                    let hit = match &operand {
                        Some(value) => compare(Operator::Equal, value, &when)?.is_true(),
                        None => when.is_true(),
                    };
                    if hit {
                        return then.evaluate(row);
                    }
                }
                otherwise.as_ref().map_or(Ok(Value::Null), |x| x.evaluate(row))
            }
            Self::Call(function, list) => evaluate_call(*function, list, row),
            Self::Cast(x, kind) => x.evaluate(row)?.cast(*kind),
        }
    }
}

fn evaluate_binary(op: Operator, x: &Expression, y: &Expression, row: &dyn Columns) -> Result<Value, Failure> {
    let left = x.evaluate(row)?;
    match op {
        Operator::And if !left.is_null() && !left.is_true() => return Ok(Value::truth(false)),
        Operator::Or if left.is_true() => return Ok(Value::truth(true)),
        _ => {}
    }
    let right = y.evaluate(row)?;
    match op {
        Operator::And if !right.is_null() && !right.is_true() => Ok(Value::truth(false)),
        Operator::Or if right.is_true() => Ok(Value::truth(true)),
        Operator::Distinct => Ok(Value::truth(left != right)),
        Operator::NotDistinct => Ok(Value::truth(left == right)),
        _ if left.is_null() || right.is_null() => Ok(Value::Null),
        Operator::And => Ok(Value::truth(true)),
        Operator::Or => Ok(Value::truth(false)),
        Operator::Concat => Ok(Value::Text(text(left)? + &text(right)?)),
        Operator::Add => number(left)?.checked_add(number(right)?).map(Value::Int).ok_or_else(overflow),
        Operator::Subtract => number(left)?.checked_sub(number(right)?).map(Value::Int).ok_or_else(overflow),
        Operator::Multiply => number(left)?.checked_mul(number(right)?).map(Value::Int).ok_or_else(overflow),
        Operator::Divide => {
            let divisor = number(right)?;
            if divisor == 0 {
                return Err(Failure::value("a division by zero"));
            }
            number(left)?.checked_div(divisor).map(Value::Int).ok_or_else(overflow)
        }
        _ => compare(op, &left, &right),
    }
}

fn compare(op: Operator, left: &Value, right: &Value) -> Result<Value, Failure> {
    if left.is_null() || right.is_null() {
        return Ok(Value::Null);
    }
    if std::mem::discriminant(left) != std::mem::discriminant(right) {
        return Err(Failure::value("values of two kinds are compared: cast one of them"));
    }
    let order = left.cmp(right);
    Ok(Value::truth(match op {
        Operator::Equal => order.is_eq(),
        Operator::NotEqual => order.is_ne(),
        Operator::Less => order.is_lt(),
        Operator::LessEqual => order.is_le(),
        Operator::Greater => order.is_gt(),
        _ => order.is_ge(),
    }))
}

fn evaluate_in(value: &Value, list: &[Expression], not: bool, row: &dyn Columns) -> Result<Value, Failure> {
    let mut unknown = value.is_null();
    for item in list {
        match compare(Operator::Equal, value, &item.evaluate(row)?)? {
            Value::Null => unknown = true,
            hit if hit.is_true() => return Ok(Value::truth(!not)),
            _ => {}
        }
    }
    Ok(if unknown { Value::Null } else { Value::truth(not) })
}

fn evaluate_call(function: Function, list: &[Expression], row: &dyn Columns) -> Result<Value, Failure> {
    if function == Function::Coalesce {
        for item in list {
            let value = item.evaluate(row)?;
            if !value.is_null() {
                return Ok(value);
            }
        }
        return Ok(Value::Null);
    }
    let values = list.iter().map(|item| item.evaluate(row)).collect::<Result<Vec<_>, _>>()?;
    if function == Function::NullIf {
        return Ok(if compare(Operator::Equal, &values[0], &values[1])?.is_true() { Value::Null } else { values[0].clone() });
    }
    if values.iter().any(Value::is_null) {
        return Ok(Value::Null);
    }
    let mut values = values.into_iter();
    let mut next = || values.next().ok_or_else(|| Failure::syntax("an argument is missing"));
    match function {
        Function::Lower => Ok(Value::Text(text(next()?)?.to_lowercase())),
        Function::Upper => Ok(Value::Text(text(next()?)?.to_uppercase())),
        Function::Trim => Ok(Value::Text(text(next()?)?.trim_matches(' ').to_owned())),
        Function::Length => Ok(Value::Int(i64::try_from(text(next()?)?.chars().count()).map_err(|_| overflow())?)),
        Function::Abs => number(next()?)?.checked_abs().map(Value::Int).ok_or_else(overflow),
        Function::Replace => {
            let (whole, from, to) = (text(next()?)?, text(next()?)?, text(next()?)?);
            Ok(Value::Text(whole.replace(&from, &to)))
        }
        Function::Coalesce | Function::NullIf => Err(Failure::syntax("answered above")),
    }
}

fn number(value: Value) -> Result<i64, Failure> {
    match value {
        Value::Int(n) => Ok(n),
        _ => Err(Failure::value("an arithmetic operator needs whole numbers")),
    }
}

fn text(value: Value) -> Result<String, Failure> {
    match value.cast(Kind::Text)? {
        Value::Text(text) => Ok(text),
        _ => Err(Failure::value("a text operator needs a text")),
    }
}

fn overflow() -> Failure {
    Failure::value("a whole number beyond 64 bits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    struct Row;

    impl Columns for Row {
        fn column(&self, table: Option<&str>, name: &str) -> Result<Value, Failure> {
            match (table, name) {
                (None | Some("t"), "a") => Ok(Value::Int(7)),
                (None, "b") => Ok(Value::from("Ann")),
                (None, "N ame") => Ok(Value::from("x")),
                (None, "nothing") => Ok(Value::Null),
                (None, "broken") => Err(Failure::value("broken")),
                _ => Err(Failure::object("no such column")),
            }
        }
    }

    fn check(text: &str, expect: &str) {
        let expression = Expression::read(text).expect(text);
        let again = Expression::read(&expression.to_string()).expect("what is written reads back");
        assert_eq!(again.to_string(), expression.to_string(), "{text}");
        for tree in [&expression, &again] {
            let got = match tree.evaluate(&Row) {
                Ok(value) => value.show(),
                Err(failure) => format!("{:?}", failure.kind),
            };
            assert_eq!(got, expect, "{text}");
        }
    }

    #[test]
    fn the_shared_subset_of_sql_gives_what_servers_give() {
        check("1 + 2 * 3 - -4", "11");
        check("(1 + 2) * 3", "9");
        check("7 / 2", "3");
        check("-7 / 2", "-3");
        check("'it''s ' || a || b", "it's 7Ann");
        check("b || nothing", "NULL");
        check("t.a = 7 and b = 'Ann'", "1");
        check("\"N ame\"", "x");
        check("A", "7");
        check("case when a > 5 then 'big' else 'small' end", "big");
        check("case b when 'Bob' then 1 when 'Ann' then 2 end", "2");
        check("lower(b) || upper(b) || length(b)", "annANN3");
        check("coalesce(nothing, b, broken)", "Ann");
        check("cast('12' as integer) + 1", "13");
        check("'12'::integer", "12");
        check("cast(a as text) || 'x'", "7x");
        check("a in (1, 7)", "1");
        check("a not in (1, 2)", "1");
        check("a not in (1, null)", "NULL");
        check("a is null or nothing is not null", "0");
        check("nothing is distinct from 3", "1");
        check("nullif(a, 7)", "NULL");
        check("trim('  x ') || replace('aXa', 'X', '-') || abs(-3)", "xa-a3");
    }

    #[test]
    fn three_values_and_what_is_not_read() {
        check("nothing = 1", "NULL");
        check("not nothing", "NULL");
        check("false and broken = 1", "0");
        check("true or broken = 1", "1");
        check("nothing and false", "0");
        check("nothing or true", "1");
        check("case when a = 7 then 1 else broken end", "1");
    }

    #[test]
    fn what_cannot_be_converted_is_an_error_and_never_a_guess() {
        check("cast(b as integer)", "Value");
        check("a = b", "Value");
        check("b + 1", "Value");
        check("a / 0", "Value");
        check("9223372036854775807 + 1", "Value");
        check("missing", "Object");
    }

    #[test]
    fn what_is_not_in_the_subset_is_refused() {
        for text in ["", "1 +", "random()", "now()", "pg_sleep(1)", "a b", "'open", "case end", "lower()", "a ; drop", "\u{0}"] {
            let Err(failure) = Expression::read(text) else { panic!("{text} was accepted") };
            assert_eq!(failure.kind, ErrorKind::Syntax, "{text}");
        }
    }
}
