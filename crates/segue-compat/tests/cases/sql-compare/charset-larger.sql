-- dialect: mysql
-- old
CREATE TABLE t (n varchar(20)) DEFAULT CHARSET=utf8;
-- new
CREATE TABLE t (n varchar(20)) DEFAULT CHARSET=utf8mb4;
-- expect
sql-collation-changed t.n medium [deploy rollback rolling]
