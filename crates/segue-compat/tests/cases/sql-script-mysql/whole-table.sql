-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
-- script
UPDATE t SET n = 0;
DELETE FROM t LIMIT 100;
-- expect
0 mysql-script-whole-table-write t high
