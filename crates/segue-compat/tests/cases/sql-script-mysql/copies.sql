-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
-- script
SET SESSION lock_wait_timeout = 5;
ALTER TABLE t MODIFY n bigint;
ALTER TABLE t ADD FULLTEXT f (s);
-- expect
1 mysql-script-alter-copies t high
2 mysql-script-alter-copies t high
