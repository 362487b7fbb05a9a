-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
-- script
SET SESSION lock_wait_timeout = 5;
ALTER TABLE t FROBNICATE;
-- expect
1 mysql-script-alter-copies t high
not checked: statement 2: a part of this ALTER was not understood
