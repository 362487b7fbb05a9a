-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
-- script
SET SESSION lock_wait_timeout = 5;
ALTER TABLE t CHANGE s title varchar(20);
ALTER TABLE t ADD code int NOT NULL;
RENAME TABLE t TO u;
-- expect
1 mysql-script-breaks-clients t.s high
2 mysql-script-breaks-clients t.code high
3 mysql-script-breaks-clients t high
