-- dialect: mysql
-- old
CREATE TABLE log (at date, n int);
-- new
CREATE TABLE log (at date, n int) PARTITION BY HASH (n) PARTITIONS 4;
-- expect
sql-table-kind-changed log high [deploy rollback rolling] undecided
