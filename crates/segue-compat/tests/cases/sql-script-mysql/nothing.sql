-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
-- script
SET SESSION lock_wait_timeout = 5;
ALTER TABLE t ADD COLUMN x int, ALGORITHM=INSTANT;
ALTER TABLE t ADD INDEX k (n), ALGORITHM=NOCOPY, LOCK=NONE;
UPDATE t SET x = 1 WHERE id BETWEEN 1 AND 1000;
CREATE TABLE fresh (id int);
ALTER TABLE fresh MODIFY id bigint;
UPDATE fresh SET id = 1;
-- expect
