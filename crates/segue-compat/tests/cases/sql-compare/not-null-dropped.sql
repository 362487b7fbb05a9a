-- dialect: sqlite
-- old
CREATE TABLE t (id int PRIMARY KEY, a TEXT NOT NULL);
-- new
CREATE TABLE t (id int PRIMARY KEY, a TEXT);
-- expect
sql-not-null-dropped t.a medium [deploy rollback rolling]
