-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, r int, EXCLUDE USING gist (r WITH =));
-- new
CREATE TABLE t (id int PRIMARY KEY, r int);
-- expect
sql-constraint-changed public.t#t_r_excl medium [rollback rolling]
