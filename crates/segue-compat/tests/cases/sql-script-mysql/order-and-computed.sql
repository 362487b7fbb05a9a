-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
CREATE TABLE users (id int PRIMARY KEY AUTO_INCREMENT, email varchar(50), state varchar(10) NOT NULL DEFAULT 'x') ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE west (id int PRIMARY KEY AUTO_INCREMENT, email varchar(50)) ENGINE=InnoDB DEFAULT CHARSET=latin1;
-- script
SET SESSION lock_wait_timeout = 5;
ALTER TABLE t MODIFY n int AFTER r;
ALTER TABLE t ADD COLUMN u char(36) DEFAULT (uuid());
ALTER TABLE t ADD COLUMN at datetime DEFAULT CURRENT_TIMESTAMP;
-- expect
1 mysql-script-alter-rebuilds t medium
2 mysql-script-alter-copies t high
