-- dialect: mysql
-- old
CREATE TABLE t (n varchar(20)) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
-- new
CREATE TABLE t (n varchar(20)) DEFAULT CHARSET=latin1;
-- expect
sql-collation-changed t.n critical [deploy rollback rolling]
