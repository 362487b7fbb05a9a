-- dialect: sqlite
-- old
CREATE TABLE t (a TEXT, d INT);CREATE UNIQUE INDEX u ON t (a);
-- new
CREATE TABLE t (a TEXT, d INT);CREATE UNIQUE INDEX u ON t (a) WHERE d IS NULL;
-- expect
sql-unique-added t#u high [deploy rollback rolling]
sql-unique-dropped t#u high [deploy rollback rolling]
