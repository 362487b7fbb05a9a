-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a + 1) STORED);
-- new
CREATE TABLE t (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) STORED);
-- expect
sql-generated-changed public.t.b high [deploy rollback rolling]
