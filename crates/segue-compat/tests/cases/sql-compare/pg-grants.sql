-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a int);GRANT SELECT ON t TO app;
-- new
CREATE TABLE t (id int PRIMARY KEY, a int);GRANT SELECT ON t TO PUBLIC;
-- expect
