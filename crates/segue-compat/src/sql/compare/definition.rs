//! Definitions of routines, events and triggers compared as texts, where a file and a server write one thing in two ways.
//!
//! MySQL and MariaDB keep the words of a body, and write the head of a definition in their own: who defined it, types by
//! their full names, what holds anyway. Equal forms say the same; other forms decide nothing. Must never leave out a word
//! that tells two things apart. Tests: below, and against servers `crates/segue/tests/sql_oracle/live_pairs.rs`.

use std::collections::BTreeMap;

use super::super::Dialect;
use super::super::scan::{Words, tokens};
use super::expression;

/// Two definitions say the same.
pub(crate) fn same(old: &str, new: &str, dialect: Dialect) -> bool {
    expression::same(old, new, dialect) || (dialect == Dialect::Mysql && Head::read(old).meets(&Head::read(new)))
}

/// What a definition says, and what only one of the two writers may say.
#[derive(Debug, Default)]
struct Head {
    said: Vec<String>,
    /// When an event starts; in which characters a value comes: a server says what a file leaves to it.
    perhaps: BTreeMap<String, String>,
}

/// Integer types; their width in brackets is for show.
const INTEGERS: &[&str] = &["tinyint", "smallint", "mediumint", "int", "bigint"];

impl Head {
    fn meets(&self, other: &Self) -> bool {
        let both = |(key, value): (&String, &String)| other.perhaps.get(key).is_none_or(|there| there == value);
        self.said == other.said && self.perhaps.iter().all(both)
    }

    fn read(text: &str) -> Self {
        let (tokens, _) = tokens(text, Dialect::Mysql);
        let one = |at: usize| Words::new(text, Dialect::Mysql, tokens.get(at..=at).unwrap_or_default()).normal();
        let mut reader = Reader { words: (0..tokens.len()).map(one).collect(), at: 0, head: Self::default() };
        reader.definition();
        reader.head
    }
}

struct Reader {
    words: Vec<String>,
    at: usize,
    head: Head,
}

impl Reader {
    fn word(&self, ahead: usize) -> &str {
        self.words.get(self.at + ahead).map_or("", String::as_str)
    }

    /// Takes these words if they come next.
    fn take(&mut self, words: &str) -> bool {
        let there = words.split(' ').enumerate().all(|(n, word)| self.word(n) == word);
        if there {
            self.at += words.split(' ').count();
        }
        there
    }

    fn keep(&mut self) {
        let word = self.word(0).to_owned();
        self.head.said.push(word);
        self.at += 1;
    }

    fn rest(&mut self) {
        self.head.said.extend(self.words.drain(self.at.min(self.words.len())..));
    }

    fn definition(&mut self) {
        self.take("create");
        self.take("or replace");
        if self.take("definer =") {
            self.account();
        }
        let kind = self.word(0).to_owned();
        self.keep();
        self.take("if not exists");
        match kind.as_str() {
            "function" | "procedure" => self.routine(),
            "event" => self.event(),
            _ => {}
        }
        self.rest();
    }

    /// `` `app`@`%` ``, `app@localhost`, `current_user()`.
    fn account(&mut self) {
        let ended = !self.word(0).ends_with('@');
        self.at += 1;
        // The host behind the sign, or with it.
        if self.take("@") || !ended || self.word(0).starts_with('@') {
            self.at += 1;
        }
        self.take("( )");
    }

    fn routine(&mut self) {
        while !self.word(0).is_empty() && self.word(0) != "(" {
            self.keep();
        }
        let mut depth = 0_usize;
        while !self.word(0).is_empty() {
            let begins = (self.word(0) == "(" && depth == 0) || (self.word(0) == "," && depth == 1);
            match self.word(0) {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.keep();
            if depth == 0 {
                break;
            }
            if begins && self.word(0) != ")" {
                self.take("in");
                if matches!(self.word(0), "out" | "inout") {
                    self.keep();
                }
                self.keep();
                self.data_type();
            }
        }
        if self.word(0) == "returns" {
            self.keep();
            self.data_type();
        }
        self.characteristics();
    }

    /// A type's name in the server's words, without the width of integers.
    fn data_type(&mut self) {
        let name = match self.word(0) {
            "integer" | "int4" => "int",
            "int8" => "bigint",
            "int2" => "smallint",
            "int1" | "bool" | "boolean" => "tinyint",
            "dec" | "numeric" | "fixed" => "decimal",
            other => other,
        }
        .to_owned();
        self.at += 1;
        let integer = INTEGERS.contains(&name.as_str());
        self.head.said.push(name);
        if integer && self.word(0) == "(" && self.word(2) == ")" {
            self.at += 3;
        }
        if self.word(0) == "(" {
            while !matches!(self.word(0), "" | ")") {
                self.keep();
            }
            self.keep();
        }
        while matches!(self.word(0), "unsigned" | "zerofill" | "signed") {
            self.keep();
        }
        let at = self.head.said.len();
        if self.take("charset") || self.take("character set") {
            self.head.perhaps.insert(format!("charset {at}"), self.word(0).to_owned());
            self.at += 1;
        }
        if self.take("collate") {
            self.head.perhaps.insert(format!("collate {at}"), self.word(0).to_owned());
            self.at += 1;
        }
    }

    /// In any order; what holds when nobody says it is left out.
    fn characteristics(&mut self) {
        let mut said = Vec::new();
        loop {
            let known = ["deterministic", "no sql", "reads sql data", "modifies sql data", "sql security invoker"];
            if let Some(found) = known.iter().find(|words| self.take(words)) {
                said.push((*found).to_owned());
            } else if self.take("comment") {
                self.at += 1;
            } else if !["language sql", "not deterministic", "contains sql", "sql security definer"].iter().any(|words| self.take(words)) {
                break;
            }
        }
        said.sort();
        self.head.said.extend(said);
    }

    fn event(&mut self) {
        while !matches!(self.word(0), "" | "do") {
            if self.take("on completion not preserve") || self.take("enable") {
                continue;
            }
            if self.take("comment") {
                self.at += 1;
            } else if self.take("starts") {
                self.head.perhaps.insert("starts".to_owned(), self.word(0).to_owned());
                self.at += 1;
            } else {
                self.keep();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meets(file: &str, server: &str) -> bool {
        let said = same(file, server, Dialect::Mysql);
        assert_eq!(said, same(server, file, Dialect::Mysql), "both ways");
        said
    }

    #[test]
    fn what_a_server_writes_meets_what_a_person_wrote() {
        for (file, server) in [
            (
                "create procedure p (in a INT, out b integer unsigned, c varchar(10)) comment 'x' begin set b = a; end",
                "CREATE DEFINER=`root`@`localhost` PROCEDURE `p`(`a` int(11), OUT `b` int(10) unsigned, `c` varchar(10) CHARSET utf8mb4) begin set b = a; end",
            ),
            (
                "create function f() returns bool not deterministic sql security definer reads sql data return 1",
                "CREATE DEFINER=app@`%` FUNCTION `f`() RETURNS tinyint(1) READS SQL DATA return 1",
            ),
            (
                "create definer = current_user() event e on schedule every 1 day do delete from t",
                "CREATE DEFINER=`a`@`%` EVENT `e` ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01 00:00:00' ON COMPLETION NOT PRESERVE ENABLE DO delete from t",
            ),
            (
                "create trigger g before insert on t for each row set new.a = 'definer'",
                "CREATE DEFINER=`root`@`%` TRIGGER `g` BEFORE INSERT ON `t` FOR EACH ROW set new.a = 'definer'",
            ),
        ] {
            assert!(meets(file, server), "{file}\n{server}\n{:?}\n{:?}", Head::read(file), Head::read(server));
        }
    }

    #[test]
    fn what_tells_two_apart_stays() {
        for (one, other) in [
            ("create procedure p () set @a = 1", "create procedure p () set @a = 2"),
            ("create procedure p (a int) select 1", "create procedure p (out a int) select 1"),
            ("create procedure p (a int) select 1", "create procedure p (a int unsigned) select 1"),
            ("create procedure p (a varchar(10)) select 1", "create procedure p (a varchar(20)) select 1"),
            ("create function f() returns int return 1", "create function f() returns bigint return 1"),
            ("create function f() returns text charset latin1 return 1", "create function f() returns text charset utf8mb4 return 1"),
            ("create procedure p () sql security invoker select 1", "create procedure p () select 1"),
            ("create event e on schedule every 1 day do select 1", "create event e on schedule every 2 day do select 1"),
            ("create event e on schedule every 1 day disable do select 1", "create event e on schedule every 1 day do select 1"),
            (
                "create event e on schedule every 1 day starts '2026-01-01' do select 1",
                "create event e on schedule every 1 day starts '2027-01-01' do select 1",
            ),
            (
                "create trigger g before insert on t for each row set new.a = 1",
                "create trigger g after insert on t for each row set new.a = 1",
            ),
            ("create procedure p () select 'A'", "create procedure p () select 'a'"),
            ("", "create procedure p () select 1"),
        ] {
            assert!(!meets(one, other), "{one}\n{other}");
        }
    }

    #[test]
    fn no_text_is_too_short() {
        let whole =
            "create or replace definer = `a`@`b` function f(in a int(3), b char(2) charset x) returns int(3) unsigned comment 'c' return 1";
        for end in 0..=whole.len() {
            let _ = Head::read(&whole[..end]);
            let _ = Head::read(&whole[end..]);
        }
    }
}
