//! A side that answers what a test wrote down.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use segue_engine::rows::{Answer, AnswerColumn, Ask, Batch, Class, Controls, Counter, Probe, Question, Value};
use segue_engine::{EngineError, ErrorKind};
use segue_model::ident::TableName;

/// Answers by the query's text; each time the next one, the last for ever.
#[derive(Default)]
pub(crate) struct Scripted {
    answers: BTreeMap<String, Vec<Answer>>,
    asked: Mutex<BTreeMap<String, usize>>,
    error: Option<(&'static str, ErrorKind)>,
}

impl Scripted {
    /// Answers this query with these columns and rows of whole numbers and texts.
    pub(crate) fn with(mut self, sql: &str, columns: &[&str], rows: &[&[Cell]], took_us: u64) -> Self {
        let columns = columns.iter().map(|name| AnswerColumn { name: (*name).to_owned(), class: Class::Text }).collect();
        let rows = rows.iter().map(|row| canonical(row)).collect();
        self.answers.entry(sql.to_owned()).or_default().push(Answer { columns, rows, took_us });
        self
    }

    /// Fails whatever is asked.
    pub(crate) fn failing(kind: ErrorKind) -> Self {
        Self { error: Some(("SG-MEM-001", kind)), ..Self::default() }
    }

    pub(crate) fn times_asked(&self, sql: &str) -> usize {
        self.asked.lock().expect("not poisoned").get(sql).copied().unwrap_or(0)
    }
}

/// A value of an answer.
#[derive(Clone, Copy)]
pub(crate) enum Cell {
    Null,
    Number(i128),
    Text(&'static str),
}

fn canonical(row: &[Cell]) -> Vec<u8> {
    let mut batch = Batch::default();
    for cell in row {
        match cell {
            Cell::Null => batch.value(&Value::Null, &Class::Text),
            Cell::Number(number) => batch.value(&Value::Integer(*number), &Class::Integer),
            Cell::Text(text) => batch.value(&Value::Text(text.as_bytes()), &Class::Text),
        }
    }
    batch.end_row(&[]);
    batch.row(0).1.to_vec()
}

#[async_trait]
impl Ask for Scripted {
    fn dialect(&self) -> &'static str {
        "memory"
    }

    async fn ask(&self, question: &Question) -> Result<Answer, EngineError> {
        if let Some((code, kind)) = self.error {
            return Err(EngineError::new(code, kind, "as the test says"));
        }
        let mut asked = self.asked.lock().expect("not poisoned");
        let times = asked.entry(question.sql.clone()).or_default();
        let all = self.answers.get(&question.sql).unwrap_or_else(|| panic!("nobody wrote an answer to {}", question.sql));
        let answer = all[(*times).min(all.len() - 1)].clone();
        *times += 1;
        Ok(answer)
    }

    fn sql(&self, probe: &Probe) -> String {
        format!("{probe:?}")
    }

    fn labelled(&self, label: &str, probe: Option<&Probe>) -> String {
        format!("{label}: {probe:?}")
    }

    fn frame(&self) -> (Vec<&'static str>, Vec<&'static str>) {
        (Vec::new(), Vec::new())
    }

    fn kept(&self, _column: &str, _class: &Class) -> Option<String> {
        None
    }

    async fn counters(&self, _tables: &[TableName]) -> Result<Vec<Counter>, EngineError> {
        Ok(Vec::new())
    }

    async fn controls(&self) -> Result<Controls, EngineError> {
        Ok(Controls::default())
    }
}
