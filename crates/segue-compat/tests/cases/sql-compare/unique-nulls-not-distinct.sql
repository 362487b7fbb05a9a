-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a int, UNIQUE (a));
-- new
CREATE TABLE t (id int PRIMARY KEY, a int, UNIQUE NULLS NOT DISTINCT (a));
-- expect
sql-unique-nulls-changed public.t#t_a_key high [deploy rolling]
