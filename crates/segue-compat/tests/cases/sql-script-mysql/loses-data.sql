-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
-- script
SET SESSION lock_wait_timeout = 5;
ALTER TABLE t DROP COLUMN n, MODIFY s varchar(10);
TRUNCATE TABLE p;
DROP TABLE t;
-- expect
1 mysql-script-alter-copies t high
1 mysql-script-loses-data t.n critical
1 mysql-script-loses-data t.s critical
2 mysql-script-loses-data p critical
3 mysql-script-loses-data t critical
