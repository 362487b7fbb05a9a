-- dialect: mysql
-- old
CREATE TABLE log (n int, o int) PARTITION BY HASH (n) PARTITIONS 4;
-- new
CREATE TABLE log (n int, o int) PARTITION BY HASH (o) PARTITIONS 4;
-- expect
sql-partitioning-changed log high [deploy rollback rolling] undecided
