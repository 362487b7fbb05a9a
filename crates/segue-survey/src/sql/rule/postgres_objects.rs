//! PostgreSQL → MySQL: everything beside tables. Tests: `mod.rs` over `CASES`.

use super::{On, Rule, auto, blocked, manual, warn};

const VIEWS: &[&str] = &["view", "temporary view"];
const ROUTINES: &[&str] = &["function", "procedure"];

/// What MySQL lacks or writes otherwise.
const VENDOR: &[&str] = &[
    ": :",
    " distinct on ",
    " ilike ",
    " generate_series (",
    " string_agg (",
    " array_agg (",
    " array_to_string (",
    " unnest (",
    " filter ( where",
    " lateral ",
    " array (",
    " to_char (",
    " to_date (",
    " date_trunc (",
    " extract (",
    " regexp_",
    " similar to ",
    " | | ",
    "jsonb_",
    " any (",
    " full outer join ",
    " full join ",
    " interval ''",
    " tablesample ",
    " within group ",
    " grouping sets ",
    " materialized ( ",
];

fn statement(name: &str, names: &[&str]) -> bool {
    names.contains(&name)
}

pub(super) const RULES: &[Rule] = &[
    warn("postgres.view", 10, On::Thing(VIEWS, |_, _| true), "its text is translated and tried: casts, quotes, functions"),
    manual(
        "postgres.view-vendor",
        20,
        On::Thing(VIEWS, |t, _| VENDOR.iter().any(|v| t.words.contains(v))),
        "uses casts, operators or functions that MySQL lacks: written anew and compared row for row",
    ),
    manual(
        "postgres.view-recursive",
        10,
        On::Thing(VIEWS, |t, _| t.words.contains(" recursive ")),
        "a view with WITH RECURSIVE, from MySQL 8.0 on, where the depth has a limit (cte_max_recursion_depth)",
    ),
    manual(
        "postgres.materialized-view",
        45,
        On::Thing(&["materialized view"], |_, _| true),
        "no such thing: a table that a job fills, with its own idea of how old it may be",
    ),
    manual(
        "postgres.routine",
        30,
        On::Thing(ROUTINES, |_, _| true),
        "written anew in MySQL's language and tested; a function cannot return rows",
    ),
    blocked(
        "postgres.routine-native",
        240,
        On::Thing(ROUTINES, |t, _| {
            [" language c ", " language plpython", " language plperl", " language plv8", " language pltcl"]
                .iter()
                .any(|l| t.words.contains(l))
        }),
        "written in a language that MySQL does not run: it goes into the application",
    ),
    manual(
        "postgres.routine-rows",
        20,
        On::Thing(ROUTINES, |t, _| t.words.contains(" returns setof ") || t.words.contains(" returns table ")),
        "returns rows: a procedure with a bare SELECT, or a view; callers cannot join it",
    ),
    warn(
        "postgres.routine-definer",
        3,
        On::Thing(ROUTINES, |t, _| t.words.contains(" security definer ")),
        "SQL SECURITY DEFINER, which is MySQL's default: the definer is named",
    ),
    manual(
        "postgres.trigger",
        20,
        On::Thing(&["trigger"], |_, _| true),
        "its function becomes the trigger's body; while both systems run, it must fire on one side only",
    ),
    manual(
        "postgres.trigger-statement",
        30,
        On::Thing(&["trigger"], |t, _| !t.words.contains(" for each row ") && !t.words.contains(" row ")),
        "fires once a statement, which MySQL cannot: the work is done for each row, or by the application",
    ),
    manual(
        "postgres.trigger-special",
        30,
        On::Thing(&["trigger"], |t, _| {
            [" instead of ", " truncate ", " referencing ", " constraint trigger ", " when ("].iter().any(|w| t.words.contains(w))
        }),
        "INSTEAD OF, TRUNCATE, transition tables, WHEN or a constraint trigger: MySQL has none of them",
    ),
    manual(
        "postgres.event-trigger",
        60,
        On::Thing(&["event trigger"], |_, _| true),
        "fires on changes of the schema: no equivalent; a rule for the people who change it, or an audit plugin",
    ),
    manual(
        "postgres.rule",
        30,
        On::Thing(&["rule"], |_, _| true),
        "rewrites statements: triggers, views or partitions do what it was made for",
    ),
    manual(
        "postgres.aggregate",
        30,
        On::Thing(&["aggregate"], |_, _| true),
        "an aggregate of one's own: a built-in one (GROUP_CONCAT) or the application; MariaDB has its own form",
    ),
    manual(
        "postgres.operator",
        30,
        On::Thing(&["operator", "cast"], |_, _| true),
        "operators and casts of one's own: function calls in each statement",
    ),
    warn("postgres.enum", 3, On::Thing(&["enum"], |_, _| true), "becomes part of each column that uses it"),
    warn("postgres.domain", 5, On::Thing(&["domain"], |_, _| true), "becomes type and check of each column that uses it"),
    manual("postgres.composite", 20, On::Thing(&["composite"], |_, _| true), "no types of one's own: columns, or json"),
    manual("postgres.range-type", 30, On::Thing(&["range"], |_, _| true), "no ranges: two columns and checks"),
    blocked("postgres.base-type", 240, On::Thing(&["base type"], |_, _| true), "a type in C: find its text form, and what works with it"),
    warn(
        "postgres.sequence",
        5,
        On::Thing(&["sequence"], |t, s| !s.owns_sequence(&t.name)),
        "stands alone, for no one column: a table that counts, or the application (MariaDB has sequences)",
    ),
    manual(
        "postgres.extension",
        30,
        On::Thing(&["extension"], |t, _| t.name != "plpgsql"),
        "an extension of the server: each thing that uses it is looked at",
    ),
    auto(
        "postgres.language",
        On::Thing(&["language", "extension"], |t, _| t.name.contains("plpgsql")),
        "PostgreSQL's own language; left out",
    ),
    manual(
        "postgres.policy",
        30,
        On::Thing(&["policy"], |_, _| true),
        "no row-level security: views with the rights of their definer, or the application",
    ),
    manual(
        "postgres.publication",
        60,
        On::Thing(&["publication", "subscription"], |_, _| true),
        "logical replication: who reads it must be found, and gets the binary log instead",
    ),
    manual(
        "postgres.foreign-server",
        60,
        On::Thing(&["server", "foreign data wrapper"], |_, _| true),
        "data of another server: copied in, or joined by the application",
    ),
    manual(
        "postgres.text-search",
        60,
        On::Thing(&["text search"], |_, _| true),
        "dictionaries and configurations of full text: MySQL has parsers and stop words alone",
    ),
    warn("postgres.collation-own", 10, On::Thing(&["collation"], |_, _| true), "a collation of one's own: the nearest of MySQL's"),
    warn(
        "postgres.schema-own",
        5,
        On::Thing(&["schema"], |t, _| t.name != "public"),
        "a schema is a database in MySQL: a prefix, or several databases with rights of their own",
    ),
    auto("postgres.statistics", On::Thing(&["statistics"], |_, _| true), "statistics over several columns; MySQL has histograms of one"),
    manual(
        "postgres.notify",
        60,
        On::Thing(&["statement", "function", "procedure"], |t, _| {
            statement(&t.name, &["listen", "notify", "unlisten"]) || t.words.contains(" pg_notify (")
        }),
        "LISTEN and NOTIFY have no equivalent: a queue, or a table that is asked",
    ),
    warn(
        "postgres.grant",
        5,
        On::Thing(&["statement", "role", "user"], |t, _| t.kind != "statement" || statement(&t.name, &["grant", "revoke"])),
        "users and rights are made anew: there are no groups without roles, no default privileges, and a user has a host",
    ),
    manual(
        "postgres.do-block",
        15,
        On::Thing(&["statement"], |t, _| t.name == "do"),
        "a block that runs at once: a procedure that is called and dropped, or a script",
    ),
];

#[cfg(test)]
pub(super) const CASES: &[(&str, &str)] = &[
    ("postgres.view", "create view v as select 1 as a"),
    ("postgres.view-vendor", "create view v as select a::text from t"),
    ("postgres.view-recursive", "create recursive view v (n) as select 1"),
    ("postgres.materialized-view", "create materialized view v as select 1 as a with no data"),
    ("postgres.routine", "create function f() returns int language sql as $$ select 1 $$"),
    ("postgres.routine-native", "create function f() returns int as 'x', 'y' language c"),
    ("postgres.routine-rows", "create function f() returns setof int language sql as $$ select 1 $$"),
    ("postgres.routine-definer", "create function f() returns int language sql security definer as $$ select 1 $$"),
    ("postgres.trigger", "create trigger r before update on t for each row execute function f()"),
    ("postgres.trigger-statement", "create trigger r after insert on t execute function f()"),
    ("postgres.trigger-special", "create trigger r instead of insert on v for each row execute function f()"),
    ("postgres.event-trigger", "create event trigger r on ddl_command_end execute function f()"),
    ("postgres.rule", "create rule r as on insert to t do instead nothing"),
    ("postgres.aggregate", "create aggregate g(text) (sfunc = f, stype = text)"),
    ("postgres.operator", "create operator public.=== (leftarg = int, rightarg = int, procedure = f)"),
    ("postgres.enum", "create type e as enum ('x')"),
    ("postgres.domain", "create domain d as int"),
    ("postgres.composite", "create type c as (x int)"),
    ("postgres.range-type", "create type r as range (subtype = int)"),
    ("postgres.base-type", "create type b (input = f, output = g)"),
    ("postgres.sequence", "create sequence s"),
    ("postgres.extension", "create extension if not exists pg_trgm with schema public"),
    ("postgres.language", "create or replace procedural language plpgsql"),
    ("postgres.policy", "create policy p on t using (true)"),
    ("postgres.publication", "create publication p for all tables"),
    ("postgres.foreign-server", "create server s foreign data wrapper postgres_fdw"),
    ("postgres.text-search", "create text search configuration public.c (copy = english)"),
    ("postgres.collation-own", "create collation c (provider = icu, locale = 'de')"),
    ("postgres.schema-own", "create schema shop"),
    ("postgres.statistics", "create statistics s on a, b from t"),
    ("postgres.notify", "notify x"),
    ("postgres.grant", "grant select on t to a"),
    ("postgres.do-block", "do $$ begin null; end $$"),
];
