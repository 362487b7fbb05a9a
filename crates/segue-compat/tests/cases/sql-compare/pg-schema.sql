-- dialect: postgres
-- old
CREATE SCHEMA s;CREATE TABLE s.t (a int);
-- new
CREATE SCHEMA s;CREATE TABLE s.t (a int NOT NULL);
-- expect
sql-not-null-added s.t.a high [deploy rollback rolling]
