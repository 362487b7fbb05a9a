-- dialect: sqlite
-- old
CREATE TABLE t (id int PRIMARY KEY, a TEXT);
-- new
CREATE TABLE t (id int PRIMARY KEY, a TEXT NOT NULL);
-- expect
sql-not-null-added t.a high [deploy rollback rolling]
