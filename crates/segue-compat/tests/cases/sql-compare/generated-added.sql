-- dialect: sqlite
-- old
CREATE TABLE t (id int PRIMARY KEY, a INT, b INT);
-- new
CREATE TABLE t (id int PRIMARY KEY, a INT, b INT AS (a + 1));
-- expect
sql-generated-changed t.b critical [deploy rollback rolling]
