-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a char(10));
-- new
CREATE TABLE t (id int PRIMARY KEY, a text);
-- expect
sql-char-padding-changed public.t.a medium [deploy rollback rolling]
