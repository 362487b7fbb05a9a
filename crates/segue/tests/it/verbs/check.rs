//! `segue check`: two contracts that agree, two that do not, and what it cannot read or write.

use super::runs;
use crate::fixture::Folder;

const OLD: &str = r#"{"openapi": "3.0.3", "info": {"title": "shop", "version": "1.0.0"}, "paths": {
  "/orders": {"get": {"responses": {"200": {"description": "all"}}}},
  "/users": {"get": {"responses": {"200": {"description": "all"}}}}}}
"#;

#[test]
fn whole() {
    let folder = Folder::new();
    folder.write("old.json", OLD);
    folder.write("new.json", &OLD.replace("/users", "/people"));
    runs(&folder, &["check", "old.json", "old.json"], 0);
    runs(&folder, &["check", "old.json", "new.json"], 3);
    runs(&folder, &["check", "old.json", "none.json"], 64);
    runs(&folder, &["check", "old.json", "old.json", "--report", "json=no/such/folder.json"], 1);
    runs(&folder, &["check", "sqlite:none.db", "sqlite:none.db"], 10);
}
