-- dialect: sqlite
-- old
CREATE TABLE t (id int PRIMARY KEY, a INT, b INT AS (a + 1));
-- new
CREATE TABLE t (id int PRIMARY KEY, a INT, b INT);
-- expect
sql-generated-changed t.b high [deploy rollback rolling]
