//! What the canonical bytes, keys, batches and data of `rows` promise, without a server.

use super::*;

fn one(value: Value<'_>, class: &Class) -> Vec<u8> {
    let mut out = Vec::new();
    canonical::write(&mut out, &value, class);
    out
}

fn key_of(value: Value<'_>, class: &Class) -> Vec<u8> {
    let mut out = Vec::new();
    key::write(&mut out, &one(value, class)).expect("canonical");
    out
}

fn number(text: &str) -> Value<'_> {
    Value::Decimal(Decimal::Text(text))
}

#[test]
fn null_is_neither_empty_nor_a_word() {
    let all = [one(Value::Null, &Class::Text), one(Value::Text(b""), &Class::Text), one(Value::Text(b"<null>"), &Class::Text)];
    assert_eq!(all[0], [0]);
    assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2]);
}

#[test]
fn rows_do_not_collide_by_concatenation() {
    let row = |a: &[u8], b: &[u8]| {
        let mut batch = Batch::default();
        batch.value(&Value::Text(a), &Class::Text);
        batch.value(&Value::Text(b), &Class::Text);
        batch.end_row(&[]);
        batch.row(0).1.to_vec()
    };
    assert_ne!(row(b"ab", b"c"), row(b"a", b"bc"));
    assert_ne!(row(b"", b"abc"), row(b"abc", b""));
    let long = vec![b'x'; 70_000];
    assert_eq!(canonical::columns(&row(&long, b"y")).expect("a row").len(), 2);
    assert_eq!(Datum::row(&row(&long, b"y")).expect("a row")[1], Datum::Text(b"y".to_vec()));
}

#[test]
fn numbers_are_compared_by_value_or_with_their_scale_as_the_class_says() {
    for (a, b) in [("1.5", "1.50"), ("0", "-0.00"), ("100", "1e2"), ("0.001", "1E-3"), ("-12.340", "-12.34"), ("007", "7")] {
        assert_eq!(one(number(a), &Class::Decimal), one(number(b), &Class::Decimal), "{a} {b}");
    }
    for (a, b) in [("1.5", "1.51"), ("1", "-1"), ("1", "10"), ("0.1", "0.01"), ("NaN", "0")] {
        let (a, b) = (if a == "NaN" { Value::Decimal(Decimal::NaN) } else { number(a) }, number(b));
        assert_ne!(one(a, &Class::Decimal), one(b, &Class::Decimal));
    }
    assert_ne!(one(number("1.5"), &Class::DecimalScaled), one(number("1.50"), &Class::DecimalScaled));
    assert_eq!(one(Value::Integer(12), &Class::Decimal), one(number("12.0"), &Class::Decimal));
    assert_eq!(one(number("12.0"), &Class::Integer), one(Value::Integer(12), &Class::Integer));
    assert_ne!(one(number("12.5"), &Class::Integer), one(Value::Integer(12), &Class::Integer));
    let digits = Value::Decimal(Decimal::Digits { negative: false, digits: &[0, 1, 2, 3, 4, 5, 0], power: 3, scale: 3 });
    assert_eq!(one(digits, &Class::Decimal), one(number("123.45"), &Class::Decimal));
    assert_eq!(one(Value::Float64(0.1), &Class::Decimal), one(number("0.1"), &Class::Decimal));
    assert_eq!(one(Value::Integer(1 << 70), &Class::Decimal), one(number("1180591620717411303424"), &Class::Decimal));
}

#[test]
fn floats_keep_their_sign_and_have_one_nan() {
    assert_ne!(one(Value::Float64(0.0), &Class::Float), one(Value::Float64(-0.0), &Class::Float));
    let other = f64::from_bits(f64::NAN.to_bits() ^ 1 | 1 << 63);
    assert_eq!(one(Value::Float64(f64::NAN), &Class::Float), one(Value::Float64(other), &Class::Float));
    assert_eq!(one(Value::Float32(0.5), &Class::Float), one(Value::Float64(0.5), &Class::Float));
    assert_ne!(one(Value::Float32(0.1), &Class::Float), one(Value::Float64(0.1), &Class::Float));
}

#[test]
fn the_order_of_key_bytes_is_the_order_of_values() {
    let ordered = |keys: Vec<Vec<u8>>| assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "{keys:x?}");
    let numbers = [i128::from(i64::MIN), -70_000, -256, -255, -1, 0, 1, 127, 128, 255, 256, 65_535, 65_536, i128::from(u64::MAX)];
    ordered(numbers.iter().map(|n| key_of(Value::Integer(*n), &Class::Integer)).collect());
    let decimals = ["-1000", "-12.5", "-12.49", "-0.001", "0", "0.001", "0.0011", "0.01", "1", "1.1", "1.11", "9", "10", "99.9", "100"];
    ordered(decimals.iter().map(|n| key_of(number(n), &Class::Decimal)).collect());
    let texts: [&[u8]; 8] = [b"", b"\0", b"\0\0", b"\0a", b"A", b"Aa", b"a", b"\xc3\xa4"];
    ordered(texts.iter().map(|text| key_of(Value::Text(text), &Class::Text)).collect());
    ordered([-1, 0, 5].iter().map(|day| key_of(Value::Date(Day::Number(*day)), &Class::Date)).collect());
    ordered(vec![key_of(Value::Null, &Class::Integer), key_of(Value::Integer(i128::from(i64::MIN)), &Class::Integer)]);
}

#[test]
fn a_key_reads_back() {
    let mut key = Vec::new();
    let values = [
        (Value::Integer(-70_000), Class::Integer, "-70000"),
        (Value::Null, Class::Text, "NULL"),
        (Value::Text(b"a\0b\0\0"), Class::Text, "a\0b\0\0"),
        (number("-12.340"), Class::Decimal, "-12.34"),
        (Value::Date(Day::Number(20_778)), Class::Date, "2026-11-21"),
        (Value::Instant(Moment::Micros(1_500_000)), Class::Instant, "1970-01-01 00:00:01.5Z"),
        (Value::Uuid([7; 16]), Class::Uuid, "07070707-0707-0707-0707-070707070707"),
        (Value::Boolean(true), Class::Boolean, "true"),
    ];
    for (value, class, _) in &values {
        key::write(&mut key, &one(*value, class)).expect("canonical");
    }
    let shown: Vec<String> = key::read(&key).expect("a key").iter().map(Datum::show).collect();
    assert_eq!(shown, values.iter().map(|(_, _, shown)| (*shown).to_owned()).collect::<Vec<_>>());
    for cut in 1..key.len() {
        // A torn key is an error or a shorter key, never a panic.
        let _ = key::read(&key[..cut]);
    }
}

#[test]
fn json_by_value_knows_no_order_and_no_spelling() {
    let same = |a: &str, b: &str| one(Value::Json(a.as_bytes()), &Class::Json) == one(Value::Json(b.as_bytes()), &Class::Json);
    assert!(same(r#"{"a": 1, "b": [1.0, true]}"#, r#"{"b":[1,true],"a":1e0}"#));
    assert!(same(r#"{"a":1,"a":2}"#, r#"{"a":2}"#));
    assert!(same(r#""\u00e4\ud83d\ude00""#, "\"ä😀\""));
    assert!(!same("[1,2]", "[2,1]"));
    assert!(!same(r#"{"a":null}"#, "{}"));
    assert!(!same("1", "\"1\""));
    assert!(!same("0.1", "0.1000000000000000055"));
    assert!(!same("[[],[]]", "[[[]]]"));
    assert!(!same("nonsense", "Nonsense"));
    let deep = "[".repeat(100_000);
    assert_eq!(one(Value::Json(deep.as_bytes()), &Class::Json)[..], one(Value::Json(deep.as_bytes()), &Class::JsonText)[..]);
}

#[test]
fn an_error_value_is_no_text_of_any_class() {
    for class in [Class::Text, Class::TextPadded, Class::Set, Class::Bytes, Class::Integer, Class::JsonText, Class::Own("x".to_owned())] {
        let none = one(Value::NoLabel, &class);
        for other in [Value::Null, Value::Text(b""), Value::Text(b"(no label)"), Value::Own(b""), Value::Bytes(b""), Value::Integer(0)] {
            assert_ne!(none, one(other, &class), "{class}");
        }
        assert!(Datum::row(&none).expect("canonical") == [Datum::NoLabel]);
    }
}

#[test]
fn an_empty_label_is_found_among_others() {
    for declared in ["enum('')", "enum('a','')", "set('','a')", "enum('it''s','','b')", "enum('''','')", "enum('a,''','')", "enum(')','')"]
    {
        assert!(parse::has_empty_label(declared), "{declared}");
    }
    for declared in ["enum('a')", "enum('''')", "enum('''''')", "enum('a'',''b')", "enum(',','a''')", "varchar(9)", "enum", "enum('"] {
        assert!(!parse::has_empty_label(declared), "{declared}");
    }
}

#[test]
fn what_does_not_fit_its_class_differs_from_all_that_does() {
    assert_ne!(one(Value::Text(b"abc"), &Class::Integer), one(Value::Integer(0), &Class::Integer));
    assert_ne!(one(Value::Integer(2), &Class::Boolean), one(Value::Boolean(true), &Class::Boolean));
    assert_ne!(one(Value::Text(b"2026-02-31x"), &Class::Date), one(Value::Null, &Class::Date));
    assert_ne!(one(Value::Bytes(b"abc"), &Class::Text), one(Value::Text(b"abc"), &Class::Text));
}

#[test]
fn padding_counts_only_where_the_class_says_so() {
    assert_eq!(one(Value::Text(b"ab  "), &Class::TextPadded), one(Value::Text(b"ab"), &Class::TextPadded));
    assert_ne!(one(Value::Text(b"ab  "), &Class::Text), one(Value::Text(b"ab"), &Class::Text));
    assert_ne!(one(Value::Text(b"ab\t"), &Class::TextPadded), one(Value::Text(b"ab"), &Class::TextPadded));
}

#[test]
fn days_and_times_read_exactly() {
    let text = |text: &str, class: &Class| one(Value::Text(text.as_bytes()), class);
    assert_eq!(text("2026-11-21", &Class::Date), one(Value::Date(Day::Number(20_778)), &Class::Date));
    assert_eq!(text("1970-01-02T00:00:01.5+01:00", &Class::Instant), text("1970-01-01 23:00:01.500", &Class::Instant));
    assert_eq!(text("0000-00-00", &Class::Date), one(Value::Date(Day::Unreal { year: 0, month: 0, day: 0 }), &Class::Date));
    assert_ne!(text("2026-11-21 10:00", &Class::Date), text("2026-11-21", &Class::Date));
    for number in [-1_000_000, -719_529, -719_468, -1, 0, 59, 60, 365, 11_016, 20_778, 2_932_896] {
        let (year, month, day) = parse::day_parts(number);
        assert_eq!(parse::day_number(year, month, day), Some(number));
    }
    for (day, moment) in [
        (Day::Early, Moment::Early),
        (Day::Late, Moment::Late),
        (Day::Unreal { year: 0, month: 0, day: 0 }, Moment::Unreal { year: 0, month: 0, day: 0, micros: 0 }),
    ] {
        assert_eq!(one(Value::Date(day), &Class::Timestamp), one(Value::Timestamp(moment), &Class::Timestamp));
    }
    assert_eq!(parse::day_number(2000, 2, 29), Some(11_016));
    assert_eq!(parse::day_number(1900, 2, 29), None);
}

#[test]
fn nothing_shows_a_value_by_accident() {
    let debug = format!("{:?} {:?} {:?}", Value::Text(b"canary"), Datum::Text(b"canary".to_vec()), number("4711"));
    assert!(!debug.contains("canary") && !debug.contains("4711") && !debug.contains("99, 97"), "{debug}");
}

#[test]
fn a_set_is_a_list_of_labels_and_no_table_of_them() {
    let labels = [Value::Text(b"a"), Value::Text(b"b")];
    let set = one(Value::Text(b"b,a"), &Class::Set);
    assert_eq!(set, one(Value::Array(&[(2, 1)], &labels), &Class::Set));
    assert_ne!(set, one(Value::Array(&[(1, 1), (2, 1)], &labels), &Class::Set));
    assert_ne!(set, one(Value::Array(&[(2, 1)], &[Value::Text(b"a"), Value::Null]), &Class::Set));
}
