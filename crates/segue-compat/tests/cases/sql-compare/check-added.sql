-- dialect: sqlite
-- old
CREATE TABLE t (id int PRIMARY KEY, a INT);
-- new
CREATE TABLE t (id int PRIMARY KEY, a INT CHECK (a > 0));
-- expect
sql-check-added t#constraint high [deploy rolling]
