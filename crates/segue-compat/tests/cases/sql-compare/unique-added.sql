-- dialect: sqlite
-- old
CREATE TABLE t (id int PRIMARY KEY, a TEXT);
-- new
CREATE TABLE t (id int PRIMARY KEY, a TEXT UNIQUE);
-- expect
sql-unique-added t#constraint high [deploy rollback rolling]
