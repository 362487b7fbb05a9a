-- dialect: sqlite
-- old
CREATE TABLE t (n INTEGER, b BLOB);
-- new
CREATE TABLE t (n INTEGER, b BLOB) STRICT;
-- expect
sql-affinity-changed t.b high [deploy rollback rolling]
sql-affinity-changed t.n critical [deploy rollback rolling]
sql-strictness-changed t high [deploy rolling]
