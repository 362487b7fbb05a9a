-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
-- script
SET SESSION lock_wait_timeout = 5;
SET foreign_key_checks = 0;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (r) REFERENCES p (id);
SET FOREIGN_KEY_CHECKS=1;
-- expect
1 mysql-script-checks-off foreign_key_checks medium
