-- dialect: sqlite
-- old
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
-- new
CREATE TABLE t (id INT PRIMARY KEY, a TEXT);
-- expect
sql-affinity-changed t.id high [deploy rollback rolling]
sql-identity-changed t.id high [deploy rolling]
sql-not-null-dropped t.id medium [deploy rollback rolling]
