-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
CREATE TABLE users (id int PRIMARY KEY AUTO_INCREMENT, email varchar(50), state varchar(10) NOT NULL DEFAULT 'x') ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE west (id int PRIMARY KEY AUTO_INCREMENT, email varchar(50)) ENGINE=InnoDB DEFAULT CHARSET=latin1;
-- script
SET SESSION lock_wait_timeout = 5;
ALTER TABLE users MODIFY email varchar(63);
ALTER TABLE users MODIFY email varchar(64);
ALTER TABLE west MODIFY email varchar(255);
ALTER TABLE west MODIFY email varchar(300);
-- expect
2 mysql-script-alter-copies users high
4 mysql-script-alter-copies west high
