-- dialect: mysql
-- old
CREATE TABLE t (n varchar(20) COLLATE utf8mb4_bin UNIQUE) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- new
CREATE TABLE t (n varchar(20) UNIQUE) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
-- expect
sql-collation-changed t.n high [deploy rollback rolling]
