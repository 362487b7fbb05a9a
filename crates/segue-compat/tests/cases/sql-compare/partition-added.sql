-- dialect: mysql
-- old
CREATE TABLE log (n int) PARTITION BY RANGE (n) (PARTITION p0 VALUES LESS THAN (10));
-- new
CREATE TABLE log (n int) PARTITION BY RANGE (n) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20));
-- expect
sql-partitioning-changed log low [rollback rolling]
