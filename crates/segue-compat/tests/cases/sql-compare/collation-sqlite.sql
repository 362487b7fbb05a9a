-- dialect: sqlite
-- old
CREATE TABLE t (n TEXT COLLATE NOCASE UNIQUE);
-- new
CREATE TABLE t (n TEXT UNIQUE);
-- expect
sql-collation-changed t.n high [deploy rollback rolling]
