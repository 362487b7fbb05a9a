//! Each draft in one case, and what gets none.

use super::super::{Language, read};
use crate::gather::Gather;

/// `to: before => after` of each draft.
fn drafts(language: Language, text: &str) -> Vec<String> {
    let mut gather = Gather::default();
    gather.enter("x");
    read(language, text, &mut gather);
    let edits = gather.incidents.iter().flat_map(|incident| &incident.edits);
    edits.map(|edit| format!("{}: {} => {}", edit.to, edit.before, edit.after)).collect()
}

fn check(language: Language, text: &str, expect: &[&str]) {
    assert_eq!(drafts(language, text), expect, "{text}");
}

use Language::{Java, JavaScript, Python, Ruby, TypeScript};

#[test]
fn express_becomes_fastify() {
    check(
        JavaScript,
        "const express = require('express');",
        &["fastify: const express = require('express'); => const fastify = require('fastify');"],
    );
    check(TypeScript, "import express from 'express';", &["fastify: import express from 'express'; => import fastify from 'fastify';"]);
    check(JavaScript, "const app = express();", &["fastify: express() => fastify()"]);
    check(
        JavaScript,
        "app.get('/users/:id', (req, res) => {\n  res.status(201).json({ id: req.params.id, secret: 'x' });\n});",
        &[
            "fastify: app.get('/users/:id', (req, res) => {\n  res.status(201).json({ id: req.params.id, secret: '…' });\n}) => app.get('/users/:id', (request, reply) => {\n  reply.code(201).send({ id: request.params.id, secret: '…' });\n})",
        ],
    );
    check(
        JavaScript,
        "app.post('/a', async function (q, s) { s.sendStatus(204); });",
        &[
            "fastify: app.post('/a', async function (q, s) { s.sendStatus(204); }) => app.post('/a', async function (request, reply) { reply.code(204).send(); })",
        ],
    );
}

#[test]
fn what_is_put_in_before_a_comment_does_not_show_it() {
    check(
        JavaScript,
        "app.get('/a', (q, s) => { s.sendStatus(204)/* hunter2 */; });",
        &["fastify: app.get('/a', (q, s) => { s.sendStatus(204); }) => app.get('/a', (request, reply) => { reply.code(204).send(); })"],
    );
}

#[test]
fn a_handler_that_is_not_known_whole_gets_no_draft() {
    for text in [
        "app.get('/a', (req, res, next) => next());",
        "app.get('/a', (req, res) => show(res));",
        "app.get('/a', (req, res) => { const r = { res }; });",
        "app.get('/a', (req, res) => res.render('a'));",
        "app.get('/a', (req, res) => { res.send(req.session); });",
        "app.get('/a', handler, (req, res) => res.send('x'));",
        "app.get('/a', ({ params }, res) => res.send(params));",
        "app.get('/a(b)?', (req, res) => res.send('x'));",
        "app.get('/a', handler);",
        // The new names are taken; a value of which both sides make something else.
        "app.get('/a', (req, res) => { const request = load(); res.send(request.of(req.url)); });",
        "app.get('/a', (req, res) => { res.json('text'); });",
        "app.get('/a', (req, res) => { res.send(404); });",
        "app.get('/a', (req, res) => { res.type('json').send(req.body); });",
        "import { Router } from 'express';",
    ] {
        check(JavaScript, text, &[]);
    }
}

#[test]
fn a_driver_becomes_another() {
    check(
        JavaScript,
        "const mysql = require('mysql2/promise');",
        &["pg: const mysql = require('mysql2/promise'); => const { Pool } = require('pg');"],
    );
    check(
        JavaScript,
        "const c = mysql.createPool({\n  host: 'db.example',\n  password: 'hunter2', // the old one\n  connectionLimit: 10,\n});",
        &[
            "pg: mysql.createPool({\n  host: '…',\n  password: '…',\n  connectionLimit: 10,\n}) => new Pool({\n  host: '…',\n  password: '…',\n  max: 10,\n})",
        ],
    );
    check(JavaScript, "const c = mysql.createPool(process.env.URL);", &[]);
    check(JavaScript, "const c = mysql.createPool({ host: 'a', password: 4711 });", &[]);
    check(JavaScript, "const c = mysql.createPool({ host: 'a', dateStrings: true });", &[]);
}

#[test]
fn statements_speak_to_postgresql() {
    check(
        JavaScript,
        "const q = \"SELECT * FROM users WHERE email = ? AND kind = 'x?' LIMIT 1\";",
        &[
            "postgres: SELECT * FROM users WHERE email = ? AND kind = '…' LIMIT 1 => SELECT * FROM users WHERE email = $1 AND kind = '…' LIMIT 1",
        ],
    );
    check(Python, "q = 'select `a` from `t`'", &["postgres: select `a` from `t` => select \"a\" from \"t\""]);
    check(Python, "q = 'select a from t limit 10, 20'", &["postgres: select a from t limit 10, 20 => select a from t limit 20 offset 10"]);
    check(Python, "q = 'select ifnull(a, 0) from t'", &["postgres: select ifnull(a, 0) from t => select coalesce(a, 0) from t"]);
    check(
        Python,
        "q = 'insert ignore into t values (1);'",
        &["postgres: insert ignore into t values (1); => insert into t values (1) on conflict do nothing"],
    );
    // Values that are given by their place keep it.
    check(
        JavaScript,
        "const q = 'select a from t where b > 1 limit ?, ?';",
        &["postgres: select a from t where b > 1 limit ?, ? => select a from t where b > 1 limit $2 offset $1"],
    );
    for text in [
        "q = 'select ifnull(a, unix_timestamp()) from t'",
        // A text to MySQL, a name to PostgreSQL.
        "q = 'select `a` from t where b = \"it\"'",
        "q = 'select `a` from t where b = \"it'",
        "q = 'select a from t limit %s, %s'",
        // Its drivers have another sign; which of two statements is meant.
        "q = 'select a from t where b = ?'",
        "q = 'insert ignore into t values (1); insert into u values (2)'",
        "q = 'insert ignore into t (a) values (1) ON DUPLICATE KEY UPDATE a = 2'",
    ] {
        check(Python, text, &[]);
    }
    check(Java, "class A { String q = \"select a from t where b = ?\"; }", &[]);
}

#[test]
fn moments_that_are_now() {
    check(
        JavaScript,
        "const moment = require('moment');",
        &["date-fns: const moment = require('moment'); => const dateFns = require('date-fns');"],
    );
    check(JavaScript, "import moment from 'moment';", &["date-fns: import moment from 'moment'; => import * as dateFns from 'date-fns';"]);
    check(
        JavaScript,
        "const a = moment().format('YYYY-MM-DD [at] HH:mm');",
        &["date-fns: moment().format('YYYY-MM-DD [at] HH:mm') => dateFns.format(new Date(), \"yyyy-MM-dd 'at' HH:mm\")"],
    );
    check(
        JavaScript,
        "const a = moment().subtract(3, 'days');",
        &["date-fns: moment().subtract(3, 'days') => dateFns.sub(new Date(), { days: 3 })"],
    );
    // Day of the year, week of the year, a value of unknown kind, and what goes on with the moment.
    for text in [
        "moment().format('DDD');",
        "moment().format('gggg');",
        "moment().format('[a][b]');",
        "moment(x).format('YYYY');",
        "moment().add(1, 'day').format('YYYY');",
        "const r = require('request');",
    ] {
        check(JavaScript, text, &[]);
    }
}

#[test]
fn newer_versions_of_the_same() {
    check(JavaScript, "const b = new Buffer('x', 'utf8');", &["newer: new Buffer('…', '…') => Buffer.from('…', '…')"]);
    check(JavaScript, "const b = new Buffer(10);", &["newer: new Buffer(10) => Buffer.alloc(10)"]);
    check(JavaScript, "const b = new Buffer(x);", &[]);
    check(JavaScript, "const u = x.substr(1, 2);", &["newer: x.substr(1, 2) => x.slice(1, 3)"]);
    check(JavaScript, "const u = x.substr(a, b);", &[]);
    check(Python, "import Queue", &["newer: import Queue => import queue as Queue"]);
    check(Python, "from StringIO import StringIO", &["newer: from StringIO import StringIO => from io import StringIO"]);
    check(Python, "a = datetime.utcnow()", &["newer: datetime.utcnow() => datetime.now(timezone.utc)"]);
    check(Python, "a = isinstance(b, collections.Mapping)", &["newer: collections.Mapping => collections.abc.Mapping"]);
    check(Java, "class A { Object f() { return new Integer(1); } }", &["newer: new Integer(1) => Integer.valueOf(1)"]);
    check(Ruby, "File.exists?(a)\n", &["newer: File.exists?(a) => File.exist?(a)"]);
    check(Ruby, "a.is_a?(Fixnum)\n", &["newer: Fixnum => Integer"]);
}

#[test]
fn what_is_too_long_to_be_read_is_not_shown() {
    let text = format!("app.get('/a', (req, res) => {{\n{}}});", "  res.send(1);\n".repeat(31));
    check(JavaScript, &text, &[]);
}
