//! The table of pairings: what two native classes are compared as, and what is not compared.

use segue_engine::rows::Class;
use segue_verify::mapping::common;

fn array(of: Class) -> Class {
    Class::Array(Box::new(of))
}

type Side = (Class, &'static str, &'static str);

fn both(a: &Side, b: &Side) -> Result<(Class, Option<String>), String> {
    let (one, other) = (common(&a.0, a.1, a.2, &b.0, b.1, b.2), common(&b.0, b.1, b.2, &a.0, a.1, a.2));
    assert_eq!(one.as_ref().map(|(class, _)| class).ok(), other.as_ref().map(|(class, _)| class).ok(), "{} {}: both ways", a.1, b.1);
    one
}

#[test]
fn the_same_either_way_round() {
    let pg = |class: Class, of: &'static str| (class, of, "postgres");
    let my = |class: Class, of: &'static str| (class, of, "mariadb");
    let lite = |class: Class, of: &'static str| (class, of, "sqlite");
    let cases: Vec<(Side, Side, Class, bool)> = vec![
        (my(Class::Integer, "int"), pg(Class::Integer, "integer"), Class::Integer, false),
        (my(Class::Integer, "tinyint(1)"), pg(Class::Boolean, "boolean"), Class::Integer, true),
        (my(Class::Bits, "bit(1)"), pg(Class::Boolean, "boolean"), Class::Boolean, true),
        (my(Class::Bits, "bit(64)"), pg(Class::Integer, "bigint"), Class::Integer, true),
        (my(Class::Decimal, "decimal(10,2)"), pg(Class::DecimalScaled, "numeric"), Class::Decimal, true),
        (pg(Class::DecimalScaled, "numeric"), pg(Class::DecimalScaled, "numeric"), Class::DecimalScaled, false),
        (pg(array(Class::DecimalScaled), "numeric[]"), pg(array(Class::DecimalScaled), "numeric[]"), array(Class::DecimalScaled), false),
        (my(Class::Float, "double"), pg(Class::Decimal, "numeric(9,2)"), Class::Decimal, true),
        (my(Class::Timestamp, "datetime"), pg(Class::Instant, "timestamptz"), Class::Instant, true),
        (my(Class::Date, "date"), pg(Class::Timestamp, "timestamp"), Class::Timestamp, true),
        (my(Class::TextPadded, "char(36)"), pg(Class::Uuid, "uuid"), Class::Uuid, true),
        (my(Class::BytesPadded, "binary(16)"), pg(Class::Uuid, "uuid"), Class::Uuid, true),
        (my(Class::BytesPadded, "binary(4)"), pg(Class::Bytes, "bytea"), Class::Bytes, false),
        (my(Class::BytesPadded, "binary(4)"), my(Class::BytesPadded, "binary(8)"), Class::BytesPadded, true),
        (my(Class::Set, "set('a')"), pg(array(Class::Text), "text[]"), Class::Set, true),
        (my(Class::Json, "json"), pg(Class::Json, "jsonb"), Class::Json, false),
        (my(Class::Json, "longtext"), pg(Class::JsonText, "json"), Class::JsonText, false),
        (my(Class::Json, "longtext"), my(Class::Json, "longtext"), Class::JsonText, false),
        (pg(Class::JsonText, "json"), pg(Class::JsonText, "json"), Class::JsonText, false),
        (pg(Class::JsonText, "json"), pg(Class::Json, "jsonb"), Class::Json, false),
        (lite(Class::Text, "text"), pg(Class::Date, "date"), Class::Date, true),
        (lite(Class::Own("any".to_owned()), ""), pg(Class::DecimalScaled, "numeric"), Class::Decimal, true),
        (lite(Class::Bytes, "blob"), lite(Class::Bytes, "blob"), Class::Own("sqlite".to_owned()), false),
        (lite(Class::Integer, "integer"), lite(Class::Integer, "int"), Class::Integer, false),
        (pg(Class::Own("point".to_owned()), "point"), pg(Class::Own("point".to_owned()), "point"), Class::Own("point".to_owned()), false),
    ];
    for (a, b, class, noted) in cases {
        let (found, note) = both(&a, &b).unwrap_or_else(|why| panic!("{} {}: {why}", a.1, b.1));
        assert_eq!((&found, note.is_some()), (&class, noted), "{} {}: {note:?}", a.1, b.1);
    }
}

#[test]
fn what_is_not_compared_says_why() {
    let pg = |class: Class, of: &'static str| (class, of, "postgres");
    let my = |class: Class, of: &'static str| (class, of, "mariadb");
    let own = |of: &'static str| Class::Own(of.to_owned());
    let cases: Vec<(Side, Side)> = vec![
        (my(Class::Bytes, "blob"), pg(Class::Text, "text")),
        (my(Class::Text, "varchar(10)"), pg(Class::Date, "date")),
        (my(Class::Time, "time"), pg(Class::Interval, "interval")),
        (my(Class::Bits, "bit(8)"), pg(Class::Boolean, "boolean")),
        (pg(Class::Bits, "bit varying(8)"), pg(Class::Integer, "integer")),
        (my(Class::Text, "varchar(20)"), pg(Class::Uuid, "uuid")),
        (my(Class::BytesPadded, "binary(8)"), pg(Class::Uuid, "uuid")),
        (my(Class::Integer, "int"), pg(Class::Instant, "timestamptz")),
        (pg(own("point"), "point"), pg(own("box"), "box")),
        (pg(own("vector"), "vector(3)"), my(own("vector"), "vector(3)")),
        (pg(own("point"), "point"), pg(Class::Text, "text")),
        (my(Class::Text, "enum('a','')"), my(Class::Text, "enum('a')")),
        (my(Class::Set, "set('a')"), pg(array(Class::Integer), "integer[]")),
        (pg(array(Class::Text), "text[]"), pg(array(Class::Bytes), "bytea[]")),
    ];
    for (a, b) in cases {
        let why = both(&a, &b).expect_err("nothing in common");
        assert!(why.contains(a.1.trim_end_matches("[]")) || why.contains(b.1), "{why}");
    }
}
