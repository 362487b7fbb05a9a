-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
-- script
SET SESSION lock_wait_timeout = 5;
ALTER TABLE t MODIFY n bigint, ALGORITHM=INPLACE, LOCK=NONE;
ALTER TABLE t ADD INDEX k (n), ALGORITHM=INSTANT;
-- expect
1 mysql-script-algorithm-refused t high
1 mysql-script-algorithm-refused t high
1 mysql-script-alter-copies t high
2 mysql-script-algorithm-refused t high
