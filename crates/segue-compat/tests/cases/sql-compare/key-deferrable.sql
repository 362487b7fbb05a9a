-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a int, UNIQUE (a));
-- new
CREATE TABLE t (id int PRIMARY KEY, a int, UNIQUE (a) DEFERRABLE INITIALLY DEFERRED);
-- expect
sql-key-timing-changed public.t#t_a_key high [deploy rollback rolling]
