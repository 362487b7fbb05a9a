//! The rules of the scan, language by language; those for SQL in texts are in `rules_sql.rs`.
//!
//! Points follow Konveyor's: 1 a change that a tool can make, 3 a change to be thought about, 5 one that changes how the
//! code works, 7 one that needs a design. Tests: below; each rule fires in its case, and nothing fires in clean code.

use super::rules_sql;

/// What a rule looks for.
#[derive(Debug, Clone, Copy)]
pub(super) enum On {
    /// An import of one of these modules, or of what is below them.
    Import(&'static [&'static str]),
    /// One of these patterns of ast-grep.
    Patterns(&'static [&'static str]),
    /// A node of one of these kinds whose text begins in a certain way.
    Kind(&'static [&'static str], &'static str),
    /// An SQL text in which this regular expression is found.
    Sql(&'static str),
}

/// A rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) id: &'static str,
    /// Words of languages; empty for all.
    pub(super) languages: &'static [&'static str],
    pub(super) points: u32,
    pub(super) on: On,
    pub(super) what: &'static str,
}

pub(super) const fn rule(id: &'static str, languages: &'static [&'static str], points: u32, on: On, what: &'static str) -> Rule {
    Rule { id, languages, points, on, what }
}

/// Every rule.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().chain(rules_sql::RULES)
}

const JS: &[&str] = &["javascript", "typescript"];
const PY: &[&str] = &["python"];
const GO: &[&str] = &["go"];
const JAVA: &[&str] = &["java"];
const RUBY: &[&str] = &["ruby"];
const PHP: &[&str] = &["php"];

use On::{Import, Kind, Patterns};

const RULES: &[Rule] = &[
    rule("js.driver.mysql", JS, 5, Import(&["mysql", "mysql2"]), "driver for MySQL"),
    rule("js.driver.mysql.connect", JS, 1, Patterns(&["mysql.createConnection($$$)", "mysql.createPool($$$)"]), "a connection to MySQL"),
    rule(
        "js.driver.postgres",
        JS,
        5,
        Import(&["pg", "pg-promise", "postgres", "@vercel/postgres", "@neondatabase/serverless"]),
        "driver for PostgreSQL",
    ),
    rule("js.driver.sqlite", JS, 5, Import(&["sqlite3", "better-sqlite3", "node:sqlite"]), "driver for SQLite"),
    rule("js.driver.mongodb", JS, 7, Import(&["mongodb", "mongoose"]), "driver for MongoDB"),
    rule("js.driver.redis", JS, 3, Import(&["redis", "ioredis"]), "client for Redis"),
    rule(
        "js.orm",
        JS,
        3,
        Import(&["sequelize", "typeorm", "knex", "@prisma/client", "drizzle-orm", "objection", "@mikro-orm/core", "kysely"]),
        "mapper between objects and tables",
    ),
    rule("js.framework.express", JS, 3, Import(&["express"]), "Express"),
    rule("js.framework.express.app", JS, 1, Patterns(&["express()"]), "an application of Express"),
    rule("js.framework.express.middleware", JS, 3, Patterns(&["app.use($$$)", "router.use($$$)"]), "what every request passes"),
    rule("js.framework.fastify", JS, 3, Import(&["fastify"]), "Fastify"),
    rule("js.framework.koa", JS, 3, Import(&["koa", "@koa/router"]), "Koa"),
    rule("js.framework.nest", JS, 3, Import(&["@nestjs/"]), "NestJS"),
    rule("js.framework.next", JS, 3, Import(&["next"]), "Next.js"),
    rule("js.framework.angularjs", JS, 5, Patterns(&["angular.module($$$)"]), "a module of AngularJS"),
    rule(
        "js.route",
        JS,
        1,
        Patterns(&[
            "app.get($PATH, $$$H)",
            "app.post($$$)",
            "app.put($$$)",
            "app.patch($$$)",
            "app.delete($$$)",
            "router.get($PATH, $$$H)",
            "router.post($$$)",
            "router.put($$$)",
            "router.patch($$$)",
            "router.delete($$$)",
            "fastify.get($PATH, $$$H)",
            "fastify.post($$$)",
            "fastify.put($$$)",
            "fastify.delete($$$)",
            "server.get($PATH, $$$H)",
        ]),
        "a route",
    ),
    rule(
        "js.auth",
        JS,
        5,
        Import(&["passport", "jsonwebtoken", "express-session", "next-auth", "@auth0/", "auth0", "openid-client", "oidc-client"]),
        "authentication",
    ),
    rule("js.old.buffer", JS, 1, Patterns(&["new Buffer($$$)"]), "`new Buffer`, deprecated since Node 6"),
    rule("js.old.url-parse", JS, 1, Patterns(&["url.parse($$$)"]), "`url.parse`, deprecated"),
    rule("js.old.substr", JS, 1, Patterns(&["$A.substr($$$)"]), "`substr`, deprecated"),
    rule("js.old.fs-exists", JS, 1, Patterns(&["fs.exists($$$)"]), "`fs.exists`, deprecated"),
    rule("js.old.module", JS, 3, Import(&["domain", "punycode", "sys", "querystring"]), "a deprecated module of Node"),
    rule("js.old.library", JS, 3, Import(&["request", "moment", "node-uuid", "tslint"]), "a library that is no longer developed"),
    rule(
        "js.moment.value",
        JS,
        1,
        Patterns(&["moment().format($F)", "moment().add($N, $U)", "moment().subtract($N, $U)"]),
        "a moment, counted from now",
    ),
    rule("py.driver.mysql", PY, 5, Import(&["MySQLdb", "pymysql", "mysql.connector", "aiomysql", "mariadb"]), "driver for MySQL"),
    rule("py.driver.postgres", PY, 5, Import(&["psycopg2", "psycopg", "asyncpg", "pg8000"]), "driver for PostgreSQL"),
    rule("py.driver.sqlite", PY, 5, Import(&["sqlite3", "aiosqlite"]), "driver for SQLite"),
    rule("py.driver.mongodb", PY, 7, Import(&["pymongo", "motor"]), "driver for MongoDB"),
    rule("py.orm", PY, 3, Import(&["sqlalchemy", "peewee", "tortoise", "django.db", "sqlmodel"]), "mapper between objects and tables"),
    rule("py.framework", PY, 3, Import(&["django", "flask", "fastapi", "aiohttp", "tornado", "pyramid"]), "a web framework"),
    rule("py.route", PY, 1, Kind(&["decorator"], r"^@(\w+\.)+(route|get|post|put|patch|delete)\("), "a route"),
    rule("py.route.django", PY, 1, Patterns(&["path($P, $V, $$$R)", "re_path($$$)", "url($P, $V, $$$R)"]), "a route of Django"),
    rule(
        "py.old.python2",
        PY,
        3,
        Import(&["urllib2", "ConfigParser", "cPickle", "StringIO", "Queue", "httplib", "urlparse"]),
        "a module of Python 2",
    ),
    rule(
        "py.old.module",
        PY,
        3,
        Import(&["imp", "distutils", "asyncore", "asynchat", "cgi", "pipes", "telnetlib", "crypt"]),
        "a module that newer versions do not have",
    ),
    rule(
        "py.old.utcnow",
        PY,
        1,
        Patterns(&["datetime.utcnow()", "datetime.datetime.utcnow()", "datetime.utcfromtimestamp($$$)"]),
        "a time without a zone, deprecated since 3.12",
    ),
    rule(
        "py.old.collections",
        PY,
        1,
        Patterns(&["collections.Mapping", "collections.Iterable", "collections.Callable", "collections.MutableMapping"]),
        "moved to `collections.abc`",
    ),
    rule("py.trap.hash", PY, 3, Patterns(&["hash($X) % $N"]), "`hash()` differs in each process: not a bucket that lasts"),
    rule("py.trap.local-time", PY, 3, Patterns(&["datetime.fromtimestamp($X).isoformat()"]), "local time, which is easily taken for UTC"),
    rule("go.driver.mysql", GO, 5, Import(&["github.com/go-sql-driver/mysql"]), "driver for MySQL"),
    rule("go.driver.postgres", GO, 5, Import(&["github.com/lib/pq", "github.com/jackc/pgx"]), "driver for PostgreSQL"),
    rule("go.driver.sqlite", GO, 5, Import(&["github.com/mattn/go-sqlite3", "modernc.org/sqlite"]), "driver for SQLite"),
    rule("go.sql", GO, 1, Import(&["database/sql"]), "the database interface of the standard library"),
    rule(
        "go.orm",
        GO,
        3,
        Import(&["gorm.io", "github.com/jmoiron/sqlx", "entgo.io/ent", "github.com/uptrace/bun", "xorm.io"]),
        "mapper between objects and tables",
    ),
    rule(
        "go.framework",
        GO,
        3,
        Import(&[
            "github.com/gin-gonic/gin",
            "github.com/labstack/echo",
            "github.com/gofiber/fiber",
            "github.com/go-chi/chi",
            "github.com/gorilla/mux",
        ]),
        "a web framework",
    ),
    rule("go.route", GO, 1, Kind(&["call_expression"], r#"^\w+\.(HandleFunc|Handle|GET|POST|PUT|PATCH|DELETE)\(\s*["`]"#), "a route"),
    rule("go.old.ioutil", GO, 1, Import(&["io/ioutil"]), "`io/ioutil`, deprecated since 1.16"),
    rule(
        "java.driver",
        JAVA,
        5,
        Import(&["com.mysql", "org.postgresql", "org.mariadb", "oracle.jdbc", "com.microsoft.sqlserver", "org.sqlite"]),
        "a driver's own classes",
    ),
    rule("java.jdbc", JAVA, 3, Import(&["java.sql", "javax.sql"]), "JDBC"),
    rule(
        "java.orm",
        JAVA,
        3,
        Import(&["javax.persistence", "jakarta.persistence", "org.hibernate", "org.apache.ibatis", "org.jooq", "org.springframework.data"]),
        "mapper between objects and tables",
    ),
    rule("java.framework", JAVA, 1, Import(&["org.springframework", "io.quarkus", "io.micronaut", "org.apache.struts"]), "a framework"),
    rule(
        "java.javax",
        JAVA,
        1,
        Import(&[
            "javax.servlet",
            "javax.persistence",
            "javax.validation",
            "javax.inject",
            "javax.ws.rs",
            "javax.jms",
            "javax.transaction",
        ]),
        "`javax`, which is `jakarta` since Jakarta EE 9",
    ),
    rule(
        "java.route",
        JAVA,
        1,
        Kind(&["annotation", "marker_annotation"], r"^@((Get|Post|Put|Patch|Delete|Request)Mapping|Path)\b"),
        "a route",
    ),
    rule(
        "java.old.boxing",
        JAVA,
        1,
        Patterns(&["new Integer($X)", "new Long($X)", "new Double($X)", "new Boolean($X)"]),
        "a constructor that is deprecated since 9",
    ),
    rule(
        "java.old.internal",
        JAVA,
        5,
        Import(&["sun.misc", "com.sun", "javax.xml.bind", "java.applet"]),
        "classes that newer versions hide or lack",
    ),
    rule("ruby.driver.mysql", RUBY, 5, Import(&["mysql2", "trilogy"]), "driver for MySQL"),
    rule("ruby.driver.postgres", RUBY, 5, Import(&["pg"]), "driver for PostgreSQL"),
    rule("ruby.driver.sqlite", RUBY, 5, Import(&["sqlite3"]), "driver for SQLite"),
    rule(
        "ruby.orm",
        RUBY,
        3,
        Kind(&["superclass"], r"^<\s*(ApplicationRecord|ActiveRecord::Base|ActiveRecord::Migration|Sequel::Model)"),
        "a model or a migration of an object mapper",
    ),
    rule("ruby.framework", RUBY, 3, Import(&["sinatra", "rails", "hanami", "grape"]), "a web framework"),
    rule("ruby.route", RUBY, 1, Kind(&["call"], r#"^(get|post|put|patch|delete|resources|resource)\s+["':]"#), "a route"),
    rule(
        "ruby.raw-sql",
        RUBY,
        3,
        Patterns(&["$A.find_by_sql($$$)", "$A.connection.execute($$$)", "$A.exec_query($$$)"]),
        "SQL past the object mapper",
    ),
    rule("ruby.old", RUBY, 1, Patterns(&["File.exists?($X)", "Dir.exists?($X)", "Fixnum", "Bignum"]), "gone in newer versions"),
    rule(
        "php.driver.mysql-old",
        PHP,
        7,
        Patterns(&["mysql_query($$$)", "mysql_connect($$$)", "mysql_fetch_assoc($$$)", "mysql_real_escape_string($$$)"]),
        "`mysql_`, gone since PHP 7",
    ),
    rule("php.driver.mysqli", PHP, 5, Patterns(&["mysqli_query($$$)", "mysqli_connect($$$)", "new mysqli($$$)"]), "driver for MySQL"),
    rule("php.driver.postgres", PHP, 5, Patterns(&["pg_query($$$)", "pg_connect($$$)", "pg_query_params($$$)"]), "driver for PostgreSQL"),
    rule("php.driver.pdo", PHP, 3, Patterns(&["new PDO($$$)", "new \\PDO($$$)"]), "PDO; its address says which database"),
    rule("php.orm", PHP, 3, Import(&["Illuminate\\Database", "Doctrine\\"]), "mapper between objects and tables"),
    rule("php.framework", PHP, 1, Import(&["Illuminate\\", "Symfony\\", "Slim\\", "Laminas\\", "CodeIgniter\\"]), "a framework"),
    rule("php.route", PHP, 1, Kind(&["scoped_call_expression"], r"^Route::(get|post|put|patch|delete|resource|any)\("), "a route"),
    rule(
        "php.old",
        PHP,
        3,
        Patterns(&[
            "create_function($$$)",
            "each($X)",
            "split($$$)",
            "ereg($$$)",
            "mcrypt_encrypt($$$)",
            "utf8_encode($$$)",
            "strftime($$$)",
        ]),
        "gone or deprecated in newer versions",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{Language, read};
    use super::*;
    use crate::gather::Gather;

    const CASES: &[(&str, Language, &str)] = &[
        ("js.driver.mysql", Language::JavaScript, "const m = require('mysql2/promise');"),
        ("js.driver.mysql.connect", Language::JavaScript, "const c = mysql.createPool({ host: 'h' });"),
        ("js.driver.postgres", Language::TypeScript, "import { Pool } from 'pg';"),
        ("js.driver.sqlite", Language::JavaScript, "import sqlite from \"better-sqlite3\";"),
        ("js.driver.mongodb", Language::JavaScript, "const m = await import('mongoose');"),
        ("js.driver.redis", Language::JavaScript, "import Redis from 'ioredis';"),
        ("js.orm", Language::Tsx, "import { PrismaClient } from '@prisma/client';"),
        ("js.framework.express", Language::JavaScript, "const express = require('express');"),
        ("js.framework.express.app", Language::JavaScript, "const app = express();"),
        ("js.framework.express.middleware", Language::JavaScript, "app.use(cors());"),
        ("js.framework.fastify", Language::JavaScript, "import f from 'fastify';"),
        ("js.framework.koa", Language::JavaScript, "import f from 'koa';"),
        ("js.framework.nest", Language::TypeScript, "import { Module } from '@nestjs/common';"),
        ("js.framework.next", Language::Tsx, "import Link from 'next/link';"),
        ("js.framework.angularjs", Language::JavaScript, "angular.module('x', []);"),
        ("js.route", Language::JavaScript, "app.get('/users', (req, res) => res.send('x'));"),
        ("js.auth", Language::JavaScript, "import jwt from 'jsonwebtoken';"),
        ("js.old.buffer", Language::JavaScript, "const b = new Buffer('x', 'utf8');"),
        ("js.old.url-parse", Language::JavaScript, "const u = url.parse(x);"),
        ("js.old.substr", Language::JavaScript, "const u = x.substr(1, 2);"),
        ("js.old.fs-exists", Language::JavaScript, "fs.exists(p, cb);"),
        ("js.old.module", Language::JavaScript, "const d = require('domain');"),
        ("js.old.library", Language::JavaScript, "import moment from 'moment';"),
        ("js.moment.value", Language::JavaScript, "const a = moment().add(1, 'day');"),
        ("py.driver.mysql", Language::Python, "import mysql.connector as c"),
        ("py.driver.postgres", Language::Python, "from psycopg2 import pool"),
        ("py.driver.sqlite", Language::Python, "import os, sqlite3"),
        ("py.driver.mongodb", Language::Python, "import pymongo"),
        ("py.orm", Language::Python, "from django.db import models"),
        ("py.framework", Language::Python, "from flask import Flask"),
        ("py.route", Language::Python, "@app.route('/x')\ndef f():\n    pass\n"),
        ("py.route.django", Language::Python, "urls = [path('x/', view, name='x')]"),
        ("py.old.python2", Language::Python, "import urllib2"),
        ("py.old.module", Language::Python, "from distutils.core import setup"),
        ("py.old.utcnow", Language::Python, "a = datetime.utcnow()"),
        ("py.old.collections", Language::Python, "a = isinstance(b, collections.Mapping)"),
        ("py.trap.hash", Language::Python, "a = hash(f\"{flag}:{user}\") % 100"),
        ("py.trap.local-time", Language::Python, "a = datetime.fromtimestamp(ts).isoformat() + 'Z'"),
        ("go.driver.mysql", Language::Go, "package a\nimport _ \"github.com/go-sql-driver/mysql\"\n"),
        ("go.driver.postgres", Language::Go, "package a\nimport (\n\t\"github.com/jackc/pgx/v5\"\n)\n"),
        ("go.driver.sqlite", Language::Go, "package a\nimport \"modernc.org/sqlite\"\n"),
        ("go.sql", Language::Go, "package a\nimport \"database/sql\"\n"),
        ("go.orm", Language::Go, "package a\nimport \"gorm.io/gorm\"\n"),
        ("go.framework", Language::Go, "package a\nimport \"github.com/gin-gonic/gin\"\n"),
        ("go.route", Language::Go, "package a\nfunc f() { http.HandleFunc(\"/x\", h) }\n"),
        ("go.old.ioutil", Language::Go, "package a\nimport \"io/ioutil\"\n"),
        ("java.driver", Language::Java, "import org.postgresql.util.PGobject;"),
        ("java.jdbc", Language::Java, "import java.sql.Connection;"),
        ("java.orm", Language::Java, "import jakarta.persistence.Entity;"),
        ("java.framework", Language::Java, "import org.springframework.stereotype.Service;"),
        ("java.javax", Language::Java, "import javax.servlet.http.HttpServlet;"),
        ("java.route", Language::Java, "class A { @GetMapping(\"/x\") public String f() { return \"\"; } }"),
        ("java.old.boxing", Language::Java, "class A { Object f() { return new Integer(1); } }"),
        ("java.old.internal", Language::Java, "import sun.misc.Unsafe;"),
        ("ruby.driver.mysql", Language::Ruby, "require 'mysql2'\n"),
        ("ruby.driver.postgres", Language::Ruby, "require \"pg\"\n"),
        ("ruby.driver.sqlite", Language::Ruby, "require 'sqlite3'\n"),
        ("ruby.orm", Language::Ruby, "class User < ApplicationRecord\nend\n"),
        ("ruby.framework", Language::Ruby, "require 'sinatra'\n"),
        ("ruby.route", Language::Ruby, "get '/x' do\n  1\nend\n"),
        ("ruby.raw-sql", Language::Ruby, "User.find_by_sql('x')\n"),
        ("ruby.old", Language::Ruby, "File.exists?(a)\n"),
        ("php.driver.mysql-old", Language::Php, "<?php $a = mysql_query($q, $c);"),
        ("php.driver.mysqli", Language::Php, "<?php $a = new mysqli('h', 'u');"),
        ("php.driver.postgres", Language::Php, "<?php $a = pg_connect('x');"),
        ("php.driver.pdo", Language::Php, "<?php $a = new PDO($d, $u);"),
        ("php.orm", Language::Php, "<?php use Doctrine\\ORM\\EntityManager;"),
        ("php.framework", Language::Php, "<?php use Symfony\\Component\\HttpFoundation\\Request;"),
        ("php.route", Language::Php, "<?php Route::get('/x', 'X@y');"),
        ("php.old", Language::Php, "<?php $f = create_function('$a', 'return $a;');"),
    ];

    const CLEAN: &[(Language, &str)] = &[
        (
            Language::JavaScript,
            "import a from './pg-local';\nconst m = new Map(); m.get('x'); const s = 'select a colour'; app.get('env');",
        ),
        (Language::TypeScript, "const a: string = `update the page`;"),
        (Language::Tsx, "export const A = () => <p>delete</p>;"),
        (Language::Python, "import os\nfrom .flask_local import x\nd = {'a': 'insert coin'}\n"),
        (Language::Go, "package a\nimport \"fmt\"\nfunc f() { fmt.Println(\"create something\") }\n"),
        (Language::Java, "import java.util.List;\nclass A { String s = \"drop me a line\"; }"),
        (Language::Ruby, "require 'json'\nputs 'select one'\n"),
        (Language::Php, "<?php use App\\Models\\User; echo 'with love';"),
    ];

    fn fired(language: Language, text: &str) -> BTreeSet<String> {
        let mut gather = Gather::default();
        gather.enter("x");
        read(language, text, &mut gather);
        assert_eq!(gather.not_checked, Vec::<String>::new(), "{text}");
        gather.incidents.into_iter().map(|i| i.rule).collect()
    }

    #[test]
    fn every_rule_fires_in_its_case_and_nothing_in_clean_code() {
        let mut proven = BTreeSet::new();
        let mut silent = Vec::new();
        let sql = rules_sql::CASES.iter().map(|(id, text)| (*id, Language::Python, format!("q = \"\"\"{text}\"\"\"")));
        let code = CASES.iter().map(|(id, language, text)| (*id, *language, (*text).to_owned()));
        for (id, language, text) in code.chain(sql) {
            if !fired(language, &text).contains(id) {
                silent.push(format!("{id}: {text}: {:?}", fired(language, &text)));
            }
            proven.insert(id);
        }
        assert!(silent.is_empty(), "rules that do not fire in their case:\n{}", silent.join("\n"));
        let known: BTreeSet<&str> = all().map(|r| r.id).collect();
        assert_eq!(known.len(), all().count(), "an id stands twice");
        assert_eq!(known, proven, "a rule without a case, or a case without a rule");
        for (language, text) in CLEAN {
            assert_eq!(fired(*language, text), BTreeSet::new(), "{text}");
        }
    }

    #[test]
    fn sql_is_found_in_the_texts_of_every_language() {
        let cases = [
            "const q = `SELECT a FROM t WHERE b = ${c}`;",
            "const q: string = 'SELECT a FROM t';",
            "const q = \"SELECT a FROM t\";",
            "q = f'SELECT a FROM t WHERE b = {c}'",
            "package a\nvar q = `\nSELECT a\nFROM t`\n",
            "class A { String q = \"SELECT a FROM t\"; }",
            "q = <<~SQL\n  SELECT a FROM t\nSQL\n",
            "<?php $q = \"SELECT a FROM t WHERE b = $c\";",
        ];
        for (language, text) in Language::ALL.into_iter().zip(cases) {
            assert!(fired(language, text).contains("sql.statement"), "{language:?}: {text}: {:?}", fired(language, text));
        }
    }

    #[test]
    fn points_are_those_of_the_scale_and_every_pattern_compiles() {
        use ast_grep_core::matcher::Pattern;
        for rule in all() {
            assert!([1, 3, 5, 7].contains(&rule.points), "{}", rule.id);
            let On::Patterns(patterns) = rule.on else { continue };
            for language in Language::ALL.into_iter().filter(|l| rule.languages.contains(&l.word())) {
                for pattern in patterns {
                    assert!(Pattern::try_new(pattern, language.grammar()).is_ok_and(|p| !p.has_error()), "{}: {pattern}", rule.id);
                }
            }
        }
    }
}
