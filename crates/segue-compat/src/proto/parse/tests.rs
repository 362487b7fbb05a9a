//! The parser by itself.

use super::*;
use crate::proto::ast::{Label, TypeAst, option};

fn good(text: &str) -> FileAst {
    let (file, faults) = parse("a.proto", text);
    assert!(faults.is_empty(), "{faults:?}");
    file
}

#[test]
fn every_kind_of_declaration_is_read() {
    let file = good(
        r#"// the head
        edition = "2023"; package shop.v1;
        import public "a/b.proto"; import weak 'c.proto';
        option java_package = "com." "shop"; option features = { field_presence: IMPLICIT, [pb.cpp] { string_type: VIEW } };
        option (own).x = { a: [1, 2] b < c: "d" > };
        message Order { option deprecated = true;
          reserved 2, 15, 9 to 11, 100 to max; reserved "foo", 'bar'; reserved baz;
          extensions 1000 to 1999 [verification = UNVERIFIED];
          string name = 1 [json_name = "n", (own.opt).y = -1.5, features.utf8_validation = NONE];
          repeated .shop.v1.Item items = 0x10; map<string, Order> by_key = 3;
          oneof pay { option (x) = 1; Card card = 4; string iban = 5; }
          message Item { enum Kind { option allow_alias = true; A = 0; B = -1 [deprecated = true]; reserved -5 to -2; } }
          extend Order { optional int32 ext = 1000; }
        }
        extend google.protobuf.FieldOptions { string hint = 50000; };
        service Shop { option deprecated = true; rpc Buy (stream Order) returns (stream .shop.v1.Order) { option idempotency_level = IDEMPOTENT; }
          rpc Get(Order) returns (Order); }"#,
    );
    assert_eq!((file.syntax, &*file.package.text), (Syntax::Edition(2023), "shop.v1"));
    assert_eq!(
        file.imports.iter().map(|import| (&*import.path.text, import.public)).collect::<Vec<_>>(),
        [("a/b.proto", true), ("c.proto", false)]
    );
    assert_eq!(option(&file.options, "java_package").map(|option| &*option.value), Some("com.shop"));
    assert_eq!(option(&file.options, "features.field_presence").map(|option| &*option.value), Some("IMPLICIT"));
    let order = &file.messages[0];
    let names: Vec<_> = order.fields.iter().map(|field| (&*field.name.text, field.number, field.oneof)).collect();
    assert_eq!(names, [("name", 1, None), ("items", 16, None), ("by_key", 3, None), ("card", 4, Some(0)), ("iban", 5, Some(0))]);
    assert_eq!((order.fields[1].label, &order.fields[2].kind), (Label::Repeated, &TypeAst::Map("string".into(), "Order".into())));
    let reserved = crate::proto::ranges::ReservedSet::of(&order.reserved, crate::proto::ranges::FIELD_MAX);
    assert!(reserved.number(10) && reserved.number(536_870_911) && !reserved.number(12) && reserved.name("baz"));
    assert_eq!((order.extension_ranges[0].start, order.extension_ranges[0].end, order.extends.len()), (1000, 1999, 1));
    assert_eq!(order.messages[0].enums[0].values.iter().map(|value| value.number).collect::<Vec<_>>(), [0, -1]);
    assert!(file.services[0].methods[0].client_streaming && file.services[0].methods[0].server_streaming);
    assert!(!file.services[0].methods[1].client_streaming);
}

#[test]
fn a_group_is_a_field_and_a_message() {
    let file = good("message A { optional group Detail = 1 { required string x = 1; } oneof o { group Pick = 2 { } } }");
    assert_eq!(file.messages[0].fields[0].kind, TypeAst::Group("Detail".into()));
    assert_eq!(&*file.messages[0].fields[0].name.text, "detail");
    assert_eq!(file.messages[0].messages.len(), 2);
}

#[test]
fn words_of_the_grammar_are_names_too() {
    let file = good(
        "message A { string message = 1; string package = 2; stream stream = 3; oneof option { int32 rpc = 4; } } enum E { option = 0; reserved = 1; }",
    );
    assert_eq!(file.messages[0].fields.len(), 4);
    assert_eq!(file.enums[0].values.len(), 2);
}

#[test]
fn every_fault_of_a_file_is_told_with_its_place() {
    let text = "syntax = \"proto3\";\nmessage A { string a 1; string b = 2; int32 c = 0; }\nmessage B { }\nbroken x;\nenum E { A = 99999999999; B = 1; }";
    let (file, faults) = parse("a.proto", text);
    let at: Vec<_> = faults.iter().map(|fault| &text[fault.at.start as usize..fault.at.end as usize]).collect();
    assert_eq!(at, ["1", "0", "broken", "99999999999"], "{faults:?}");
    assert_eq!((file.messages.len(), file.messages[0].fields.len()), (2, 1));
    for text in
        ["message A {", "message", "}", "/*", "message A { string a = 1 [", "service S { rpc A(", "option (a) = {", "syntax = \"proto9\";"]
    {
        assert!(!parse("a.proto", text).1.is_empty(), "{text}");
    }
}

#[test]
fn depth_and_work_are_bounded() {
    let deep = "message A {".repeat(100_000);
    assert!(!parse("a.proto", &deep).1.is_empty());
    let braces = format!("option (a) = {}", "{ a ".repeat(100_000));
    assert!(!parse("a.proto", &braces).1.is_empty());
    let wide = format!("enum E {{ {} }}", "A=1;".repeat(1_000_100));
    let (_, faults) = parse("a.proto", &wide);
    assert_eq!(faults.first().map(|fault| fault.code), Some(NOT_PROTO));
}

#[test]
fn imports_alone_are_those_of_the_whole_file() {
    let texts = [
        "syntax = \"proto3\"; import \"a.proto\"; import public 'b.proto'; import weak \"c\" \".proto\"; import option \"d.proto\"; message M {}",
        "import \"a.proto\";;import \"b.proto\"; message import { string import = 1; } /* import \"x.proto\"; */ // import \"y.proto\";\n\
         option (o) = { import: \"z.proto\" }; service S { rpc import(A) returns (B); } import \"c.proto\"; enum important { import_ = 0; }",
        "message A { message B {} } import \"late.proto\";",
        "message A { string a = 1; }",
        "",
    ];
    for text in texts {
        let whole: Vec<String> = good(text).imports.iter().map(|import| import.path.text.to_string()).collect();
        assert_eq!(imports(text), whole, "{text}");
    }
    for text in ["import", "import \"a", "import public", "{{{import", "}import \"a\";", "import \"a.proto\" /* import"] {
        assert!(imports(text).len() <= 1, "{text}");
    }
}
