-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
-- script
ALTER TABLE t ADD x int;
ALTER TABLE t ADD y int;
-- expect
0 mysql-script-metadata-lock t low
