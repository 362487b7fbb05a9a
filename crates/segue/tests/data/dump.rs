//! Loads a plain `pg_dump` file: statements, and `COPY … FROM stdin` blocks in between.
//!
//! It must never skip a line that it does not understand: the server refuses it.

use std::path::Path;

use crate::ground::Ground;

impl Ground {
    /// Loads a file in its order.
    pub(crate) fn load(&self, file: &Path) {
        let text = std::fs::read_to_string(file).expect("the dump is read");
        let (mut sql, mut rows) = (String::new(), String::new());
        let mut copy: Option<&str> = None;
        for line in text.lines() {
            match copy {
                Some(statement) if line == "\\." => {
                    self.copy(statement, std::mem::take(&mut rows));
                    copy = None;
                }
                Some(_) => {
                    rows.push_str(line);
                    rows.push('\n');
                }
                None if line.starts_with("COPY ") => {
                    self.run(&std::mem::take(&mut sql));
                    copy = Some(line);
                }
                None => {
                    sql.push_str(line);
                    sql.push('\n');
                }
            }
        }
        assert!(copy.is_none(), "a COPY block of the dump has no end");
        self.run(&sql);
    }
}
