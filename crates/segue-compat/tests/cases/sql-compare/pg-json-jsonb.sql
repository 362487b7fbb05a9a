-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a json);
-- new
CREATE TABLE t (id int PRIMARY KEY, a jsonb);
-- expect
sql-json-form-changed public.t.a critical [deploy rollback rolling]
