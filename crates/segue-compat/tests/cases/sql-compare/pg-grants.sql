-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a int);GRANT SELECT ON t TO app;
-- new
CREATE TABLE t (id int PRIMARY KEY, a int);GRANT SELECT ON t TO PUBLIC;
-- expect
sql-grant-added public.t critical [rollback rolling]
sql-grant-removed public.t high [deploy rolling]
