//! Hostile SQL, Python and TypeScript.

#![allow(clippy::format_collect, reason = "a document is made in one expression here")]

use super::{Case, deep, list};

fn many(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

/// SQL.
pub(super) fn databases(size: usize) -> Vec<Case> {
    ["postgres", "mysql", "sqlite"].iter().flat_map(|dialect| [schemas(size, dialect), scripts(size, dialect)].concat()).collect()
}

/// Modules of programs.
pub(super) fn modules(size: usize) -> Vec<Case> {
    [python(size), typescript(size)].concat()
}

fn schemas(size: usize, dialect: &'static str) -> Vec<Case> {
    let kind = |new: bool| if new { "smallint" } else { "int" };
    let name = |new: bool| if new { "b" } else { "a" };
    let cases = vec![
        Case::of("tables", "sql", |new| many(size / 40, |n| format!("create table t{n} (a {});\n", kind(new && n == 5)))),
        Case::of("tables_all", "sql", |new| many(size / 40, |n| format!("create table {}{n} (a int);\n", name(new)))),
        Case::of("columns_all", "sql", |new| format!("create table t ({});", list(size / 14, |n| format!("{}{n} int", name(new))))),
        Case::of("columns_type", "sql", |new| format!("create table t ({});", list(size / 14, |n| format!("a{n} {}", kind(new))))),
        Case::of("indexes", "sql", |new| {
            format!("create table t (a int, b int);\n{}", many(size / 35, |n| format!("create index i{n} on t ({});\n", name(new))))
        }),
        Case::of("added", "sql", |new| {
            let one = |n: usize| format!("alter table t add column c{n} {};\n", kind(new && n == 3));
            format!("create table t (a int);\n{}", many(size / 45, one))
        }),
        Case::of("checks", "sql", |new| {
            format!("create table t (a int, check ({}a > {}));", "a > 1 and ".repeat(size / 10), u8::from(new))
        }),
    ];
    cases.into_iter().map(|case| case.dialect(dialect)).collect()
}

fn scripts(size: usize, dialect: &'static str) -> Vec<Case> {
    let cases = vec![
        Case::alone("deep", format!("select {}", deep("(", size))),
        Case::alone("deep_comment", deep("/*", size)),
        Case::alone("semicolons", ";".repeat(size)),
        Case::alone("quotes", format!("select $a$ {}", "x".repeat(size))),
        Case::alone("open_text", format!("select '{}", "x".repeat(size))),
        Case::alone("unions", format!("select 1{}", " union select 1".repeat(size / 15))),
        Case::alone("alters", many(size / 50, |n| format!("alter table t{n} add column c int not null;\n"))),
        Case::alone("alters_one", format!("alter table t {};", list(size / 26, |n| format!("add column c{n} int")))),
        Case::alone("inserts", format!("insert into t values {};", list(size / 10, |n| format!("({n})")))),
        Case::alone("drops", many(size / 22, |n| format!("drop table t{n};\n"))),
        Case::alone("drops_one", format!("drop table {};", list(size / 8, |n| format!("t{n}")))),
        Case::alone("updates", many(size / 24, |n| format!("update t{n} set a = 1;\n"))),
        Case::alone("nothing", "x ".repeat(size / 2)),
    ];
    cases.into_iter().map(|case| case.dialect(dialect)).collect()
}

fn python(size: usize) -> Vec<Case> {
    let name = |new: bool| if new { "g" } else { "f" };
    vec![
        Case::same("python_deep", "py", format!("def f(a={}): pass", deep("(", size))),
        Case::same("python_deep_type", "py", format!("def f(a: {}): pass", deep("list[", size))),
        Case::same("python_deep_blocks", "py", many(2_000, |n| format!("{}class A:\n", " ".repeat(n)))),
        Case::of("python_functions", "py", |new| {
            many(size / 30, |n| format!("def f{n}(a{}): pass\n", if new && n == 3 { ", b" } else { "" }))
        }),
        Case::of("python_functions_all", "py", |new| many(size / 30, |n| format!("def {}{n}(a): pass\n", name(new)))),
        Case::of("python_parameters", "py", |new| format!("def f({}): pass\n", list(size / 8, |n| format!("{}{n}", name(new))))),
        Case::of("python_methods", "py", |new| {
            format!("class A:\n{}", many(size / 35, |n| format!(" def {}{n}(self): pass\n", name(new))))
        }),
        Case::of("python_chain", "py", |new| {
            let start = if new { "class C0:\n def a(self, b): pass\n" } else { "class C0:\n def a(self): pass\n" };
            format!("{start}{}", many(size / 60, |n| format!("class C{}(C{n}):\n def m{n}(self): pass\n", n + 1)))
        }),
        Case::of("python_union", "py", |new| format!("def f(a: {}None): pass\n", many(size / 8, |n| format!("{}{n}|", name(new))))),
        Case::of("python_constants", "py", |new| many(size / 14, |n| format!("A{n} = {}\n", if new { n + 1 } else { n }))),
    ]
}

fn typescript(size: usize) -> Vec<Case> {
    let name = |new: bool| if new { "g" } else { "f" };
    vec![
        Case::same("typescript_deep", "ts", format!("export type A = {}", deep("Array<", size))),
        Case::same("typescript_deep_blocks", "ts", deep("namespace A {", size)),
        Case::of("typescript_functions", "ts", |new| {
            let more = |n: usize| if new && n == 3 { ", b: number" } else { "" };
            many(size / 45, |n| format!("export function f{n}(a: number{}): void {{}}\n", more(n)))
        }),
        Case::of("typescript_functions_all", "ts", |new| {
            many(size / 45, |n| format!("export function {}{n}(a: number): void {{}}\n", name(new)))
        }),
        Case::of("typescript_parameters", "ts", |new| {
            format!("export function f({}): void {{}}\n", list(size / 15, |n| format!("{}{n}: number", name(new))))
        }),
        Case::of("typescript_chain", "ts", |new| {
            let start = if new { "export class C0 { a(b: number): void {} }\n" } else { "export class C0 { a(): void {} }\n" };
            let one = |n: usize| format!("export class C{} extends C{n} {{ m{n}(): void {{}} }}\n", n + 1);
            format!("{start}{}", many(size / 65, one))
        }),
        Case::of("typescript_chain_400", "ts", |new| {
            let start = if new { "export class C0 { a(b: number): void {} }\n" } else { "export class C0 { a(): void {} }\n" };
            let one = |n: usize| format!("export class C{} extends C{n} {{ m{n}(): void {{}} }}\n", n + 1);
            format!("{start}{}", many(400, one))
        }),
        Case::of("typescript_union", "ts", |new| {
            format!("export type A = {}null\n", many(size / 10, |n| format!("\"{}{n}\"|", name(new))))
        }),
        Case::of("typescript_members", "ts", |new| {
            format!("export interface A {{ {} }}\n", many(size / 18, |n| format!("{}{n}: number;\n", name(new))))
        }),
        Case::of("typescript_overloads", "ts", |new| {
            let more = if new { "?" } else { "" };
            many(size / 40, |n| format!("export function f(a{more}: T{n}): void;\n"))
        }),
        Case::of("typescript_intersection", "ts", |new| {
            let types = many(size / 40, |n| format!("export type T{n} = {{ a: {} }}\n", if new { "string" } else { "number" }));
            format!("{types}export type A = {}unknown\n", many(size / 40, |n| format!("T{n} & ")))
        }),
    ]
}
