-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
CREATE TABLE users (id int PRIMARY KEY AUTO_INCREMENT, email varchar(50), state varchar(10) NOT NULL DEFAULT 'x') ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE west (id int PRIMARY KEY AUTO_INCREMENT, email varchar(50)) ENGINE=InnoDB DEFAULT CHARSET=latin1;
-- script
SET SESSION lock_wait_timeout = 5;
DROP DATABASE shop;
DROP VIEW v;
DROP PROCEDURE IF EXISTS p1;
DELETE FROM users WHERE 1=1;
DELETE FROM users;
CREATE VIEW w AS SELECT 1;
DROP VIEW w;
-- expect
1 mysql-script-loses-data shop critical
2 mysql-script-breaks-clients v high
3 mysql-script-breaks-clients p1 high
4 mysql-script-loses-data users critical
4 mysql-script-whole-table-write users high
5 mysql-script-loses-data users critical
5 mysql-script-whole-table-write users high
