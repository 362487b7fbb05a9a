-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
-- script
SET SESSION lock_wait_timeout = 5;
ALTER TABLE t MODIFY s varchar(20) NOT NULL;
ALTER TABLE t FORCE;
-- expect
1 mysql-script-alter-rebuilds t medium
1 mysql-script-breaks-clients t.s high
2 mysql-script-alter-rebuilds t medium
