-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a integer[]);
-- new
CREATE TABLE t (id int PRIMARY KEY, a bigint[]);
-- expect
sql-type-widened public.t.a medium [deploy rollback rolling]
