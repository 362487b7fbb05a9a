//! The survey as a whole: dumps, catalogs, trees, code. Data comes from `../shared/data`, cases from `cases/`.

mod data;
mod dump;
mod hostile;
mod judge;
mod schema_json;
mod tables;
mod tools;
mod tree;
