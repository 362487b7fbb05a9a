-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a int);ALTER TABLE t REPLICA IDENTITY FULL;
-- new
CREATE TABLE t (id int PRIMARY KEY, a int);ALTER TABLE t REPLICA IDENTITY NOTHING;
-- expect
sql-replica-identity-changed public.t high [deploy rolling]
