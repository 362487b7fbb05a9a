-- dialect: mysql
-- old
CREATE TABLE t (a int) WITH SYSTEM VERSIONING;
-- new
CREATE TABLE t (a int);
-- expect
sql-storage-changed t critical [deploy rolling]
