-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a timestamp);
-- new
CREATE TABLE t (id int PRIMARY KEY, a timestamptz);
-- expect
sql-time-zone-changed public.t.a high [deploy rollback rolling]
