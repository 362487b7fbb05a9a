-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
-- script
SET SESSION lock_wait_timeout = 5;
START TRANSACTION;
UPDATE t SET n = 1 WHERE id = 1;
ALTER TABLE t ADD x int;
COMMIT;
-- expect
3 mysql-script-ddl-commits t high
