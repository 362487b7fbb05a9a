-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, n serial);
-- new
CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL);
-- expect
sql-identity-changed public.t.n high [deploy rolling]
