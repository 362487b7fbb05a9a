//! What SQL in the texts of a program uses that only one server has. Tests: `rules.rs` over `CASES`.

use super::rules::{On, Rule, rule};

/// How a text begins that is taken for SQL: a verb, and what must follow it somewhere.
pub(super) const STATEMENT: &str = r"(?is)^(select\b.*\bfrom\b|select\s+(\w+\(|\d)|insert\s+(ignore\s+)?into\b|replace\s+into\b|update\b.*\bset\b|delete\s+from\b|create\s+(or\s+replace\s+|temp\w*\s+|unique\s+|materialized\s+)*(table|index|view|function|procedure|trigger|database)\b|alter\s+(table|database|index)\b|drop\s+(table|index|view|database)\b|truncate\s+table\b|with\s+(recursive\s+)?\w+\s+as\s*\(|call\s+\w+\s*\(|merge\s+into\b|show\s+(tables|columns|create|variables|status|index|databases|full)\b|describe\s+\w+$|set\s+(names|session|global)\b|lock\s+tables?\b|listen\s+\w+$|notify\s+\w+|copy\s+\w+.*\b(from|to)\b|load\s+data\b)";

/// The first words of `STATEMENT`, for a quick look.
pub(super) const VERBS: &[&str] = &[
    "select", "insert", "replace", "update", "delete", "create", "alter", "drop", "truncate", "with", "call", "merge", "show", "describe",
    "set", "lock", "listen", "notify", "copy", "load",
];

const ALL: &[&str] = &[];

use On::Sql;

pub(super) const RULES: &[Rule] = &[
    rule("sql.statement", ALL, 1, Sql(""), "an SQL statement in a text"),
    rule(
        "sql.offset-pages",
        ALL,
        3,
        Sql(r"\blimit\b.*\boffset\b"),
        "pages by OFFSET: slow, and rows are left out while others are deleted",
    ),
    rule(
        "sql.placeholder.question",
        ALL,
        1,
        Sql(r"[=<>(,]\s*\?|\b(like|limit|offset|and|between)\s+\?"),
        "placeholders by position, which are `$1` elsewhere",
    ),
    rule("sql.mysql.upsert", ALL, 3, Sql(r"\bon\s+duplicate\s+key\s+update\b"), "ON DUPLICATE KEY UPDATE, which is ON CONFLICT elsewhere"),
    rule("sql.mysql.replace", ALL, 3, Sql(r"^replace\s+into\b"), "REPLACE deletes and inserts: triggers and foreign keys notice"),
    rule("sql.mysql.insert-ignore", ALL, 3, Sql(r"^insert\s+ignore\b"), "INSERT IGNORE, which also hides errors of types"),
    rule("sql.mysql.backticks", ALL, 1, Sql(r"`\w+`"), "names in backticks"),
    rule("sql.mysql.limit-comma", ALL, 1, Sql(r"\blimit\s+[\w:$%?{}]+\s*,\s*[\w:$%?{}]+"), "LIMIT a, b, which is LIMIT b OFFSET a"),
    rule("sql.mysql.group-concat", ALL, 3, Sql(r"\bgroup_concat\s*\("), "GROUP_CONCAT, which cuts at a limit; string_agg does not"),
    rule(
        "sql.mysql.functions",
        ALL,
        3,
        Sql(
            r"\b(ifnull|date_format|str_to_date|unix_timestamp|from_unixtime|find_in_set|date_add|date_sub|curdate|curtime|last_insert_id|found_rows|timestampdiff|datediff|convert_tz|inet_aton|uuid_to_bin)\s*\(",
        ),
        "a function that only MySQL has",
    ),
    rule("sql.mysql.if", ALL, 1, Sql(r"\bif\s*\([^)]*,"), "IF(a, b, c), which is CASE"),
    rule("sql.mysql.match", ALL, 7, Sql(r"\bmatch\s*\(.*\bagainst\s*\("), "full-text search by MATCH … AGAINST"),
    rule(
        "sql.mysql.hints",
        ALL,
        3,
        Sql(r"\b(straight_join|sql_calc_found_rows|sql_no_cache|(force|use|ignore)\s+index)\b"),
        "hints for MySQL's optimiser",
    ),
    rule("sql.mysql.json", ALL, 3, Sql(r"\bjson_(extract|unquote|contains|set|table|search)\s*\(|->>?\s*'\$"), "JSON in MySQL's way"),
    rule("sql.mysql.variables", ALL, 3, Sql(r"@@?\w+\s*:=|@@\w+|^set\s+(names|session|global)\b"), "variables or settings of the session"),
    rule("sql.mysql.update-limit", ALL, 5, Sql(r"^(update|delete)\b.*\blimit\b"), "a LIMIT on UPDATE or DELETE"),
    rule(
        "sql.mysql.update-join",
        ALL,
        5,
        Sql(r"^update\s+\S+(\s+\w+)?\s*(,|\b(inner|left)?\s*join\b).*\bset\b"),
        "an UPDATE of several tables",
    ),
    rule("sql.mysql.show", ALL, 3, Sql(r"^(show\s+\w+|describe\s+\w+$)"), "SHOW or DESCRIBE, which is information_schema"),
    rule(
        "sql.mysql.locks",
        ALL,
        5,
        Sql(r"\b(get_lock|release_lock)\s*\(|\block\s+in\s+share\s+mode\b|^lock\s+tables\b"),
        "locks in MySQL's way",
    ),
    rule("sql.mysql.load-data", ALL, 5, Sql(r"^load\s+data\b"), "LOAD DATA, which is COPY"),
    rule("sql.postgres.cast", ALL, 1, Sql(r"\w::\s*[a-z]|\)::\s*[a-z]|'::\s*[a-z]"), "a cast by `::`"),
    rule("sql.postgres.returning", ALL, 3, Sql(r"\breturning\b"), "RETURNING"),
    rule("sql.postgres.on-conflict", ALL, 3, Sql(r"\bon\s+conflict\b"), "ON CONFLICT"),
    rule("sql.postgres.ilike", ALL, 1, Sql(r"\bilike\b"), "ILIKE"),
    rule("sql.postgres.distinct-on", ALL, 3, Sql(r"\bdistinct\s+on\s*\("), "DISTINCT ON"),
    rule("sql.postgres.arrays", ALL, 5, Sql(r"\b(any|all)\s*\(\s*[$:%'{a]|\barray\s*\[|\bunnest\s*\(|\barray_agg\s*\("), "arrays"),
    rule("sql.postgres.jsonb", ALL, 3, Sql(r"\bjsonb_\w+\s*\(|->>?\s*'[^$]|@>|#>>"), "JSON in PostgreSQL's way"),
    rule(
        "sql.postgres.functions",
        ALL,
        3,
        Sql(r"\b(string_agg|date_trunc|to_char|to_timestamp|generate_series|gen_random_uuid|regexp_replace|split_part|age)\s*\("),
        "a function that MySQL lacks or reads otherwise",
    ),
    rule("sql.postgres.regex", ALL, 1, Sql(r"\s!?~\*?\s*['$:%]"), "a match by `~`"),
    rule("sql.postgres.interval", ALL, 1, Sql(r"\binterval\s+'"), "an interval in quotes"),
    rule("sql.postgres.lateral", ALL, 3, Sql(r"\blateral\b"), "LATERAL"),
    rule("sql.postgres.filter", ALL, 1, Sql(r"\bfilter\s*\(\s*where\b"), "FILTER (WHERE …)"),
    rule("sql.postgres.notify", ALL, 7, Sql(r"^(listen|notify)\b|\bpg_notify\s*\("), "LISTEN and NOTIFY"),
    rule("sql.postgres.advisory-lock", ALL, 5, Sql(r"\bpg_(try_)?advisory_\w*lock\w*\s*\("), "advisory locks"),
    rule("sql.postgres.copy", ALL, 5, Sql(r"^copy\s"), "COPY"),
    rule("sql.postgres.update-from", ALL, 5, Sql(r"^update\b.*\bset\b.*\bfrom\s+\w+"), "an UPDATE with FROM"),
    rule("sql.postgres.full-join", ALL, 5, Sql(r"\bfull\s+(outer\s+)?join\b"), "FULL JOIN"),
    rule("sql.postgres.sequence", ALL, 3, Sql(r"\b(nextval|currval|setval|lastval)\s*\("), "sequences by hand"),
];

#[cfg(test)]
pub(super) const CASES: &[(&str, &str)] = &[
    ("sql.statement", "SELECT 1"),
    ("sql.offset-pages", "select a from t limit 10 offset 20"),
    ("sql.placeholder.question", "select a from t where b = ?"),
    ("sql.mysql.upsert", "insert into t values (1) on duplicate key update a = 1"),
    ("sql.mysql.replace", "replace into t values (1)"),
    ("sql.mysql.insert-ignore", "insert ignore into t values (1)"),
    ("sql.mysql.backticks", "select `a` from t"),
    ("sql.mysql.limit-comma", "select a from t limit 10, 20"),
    ("sql.mysql.group-concat", "select group_concat(a) from t"),
    ("sql.mysql.functions", "select ifnull(a, 0) from t"),
    ("sql.mysql.if", "select if(a, 1, 2) from t"),
    ("sql.mysql.match", "select a from t where match(a) against ('x')"),
    ("sql.mysql.hints", "select a from t force index (x)"),
    ("sql.mysql.json", "select json_extract(a, '$.b') from t"),
    ("sql.mysql.variables", "set session x = 1"),
    ("sql.mysql.update-limit", "delete from t where a < 1 limit 1000"),
    ("sql.mysql.update-join", "update t join u on t.a = u.a set t.b = 1"),
    ("sql.mysql.show", "show tables"),
    ("sql.mysql.locks", "select get_lock('x', 1)"),
    ("sql.mysql.load-data", "load data infile 'x' into table t"),
    ("sql.postgres.cast", "select a::text from t"),
    ("sql.postgres.returning", "insert into t values (1) returning id"),
    ("sql.postgres.on-conflict", "insert into t values (1) on conflict do nothing"),
    ("sql.postgres.ilike", "select a from t where a ilike 'x'"),
    ("sql.postgres.distinct-on", "select distinct on (a) a from t"),
    ("sql.postgres.arrays", "select a from t where a = any($1)"),
    ("sql.postgres.jsonb", "select a->>'b' from t"),
    ("sql.postgres.functions", "select date_trunc('day', a) from t"),
    ("sql.postgres.regex", "select a from t where a ~* 'x'"),
    ("sql.postgres.interval", "select a from t where b > now() - interval '1 day'"),
    ("sql.postgres.lateral", "select a from t, lateral (select 1) x"),
    ("sql.postgres.filter", "select count(*) filter (where a) from t"),
    ("sql.postgres.notify", "select pg_notify('a', 'b')"),
    ("sql.postgres.advisory-lock", "select pg_try_advisory_lock(1)"),
    ("sql.postgres.copy", "copy t from stdin"),
    ("sql.postgres.update-from", "update t set a = u.a from u where u.id = t.id"),
    ("sql.postgres.full-join", "select a from t full outer join u on true"),
    ("sql.postgres.sequence", "select nextval('s')"),
];
