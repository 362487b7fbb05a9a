-- dialect: sqlite
-- old
CREATE TABLE t (a VARCHAR(20), b INT);
-- new
CREATE TABLE t (a VARCHAR(10), b INTEGER);
-- expect
