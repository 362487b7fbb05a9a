-- dialect: sqlite
-- old
CREATE TABLE t (a INT);
-- new
CREATE TABLE t (a INT);
FROBNICATE t;
-- expect
not checked: new side, line 2: a statement that begins with `FROBNICATE` was not read
