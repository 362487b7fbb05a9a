-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a int); GRANT SELECT, UPDATE (a) ON t TO app;
-- new
CREATE TABLE t (id int PRIMARY KEY, a int); GRANT ALL ON ALL TABLES IN SCHEMA public TO app; REVOKE INSERT, DELETE, UPDATE, TRUNCATE, TRIGGER, REFERENCES ON TABLE t FROM app;
-- expect
sql-grant-removed public.t.a high [deploy rolling]
