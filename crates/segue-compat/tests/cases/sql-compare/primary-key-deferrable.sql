-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY);
-- new
CREATE TABLE t (id int PRIMARY KEY DEFERRABLE);
-- expect
sql-key-timing-changed public.t#t_pkey high [deploy rollback rolling]
