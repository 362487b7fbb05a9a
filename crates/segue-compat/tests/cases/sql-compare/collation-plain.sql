-- dialect: mysql
-- old
CREATE TABLE t (n varchar(20), m int) COLLATE=utf8mb4_bin;
-- new
CREATE TABLE t (n varchar(20), m int) COLLATE=utf8mb4_general_ci;
-- expect
sql-collation-changed t.n medium [deploy rollback rolling]
