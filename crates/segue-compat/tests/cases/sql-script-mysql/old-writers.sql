-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
CREATE TABLE users (id int PRIMARY KEY AUTO_INCREMENT, email varchar(50), state varchar(10) NOT NULL DEFAULT 'x') ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE west (id int PRIMARY KEY AUTO_INCREMENT, email varchar(50)) ENGINE=InnoDB DEFAULT CHARSET=latin1;
-- script
SET SESSION lock_wait_timeout = 5;
ALTER TABLE users ADD UNIQUE KEY k (email);
CREATE UNIQUE INDEX k2 ON t (s);
ALTER TABLE users MODIFY email varchar(50) NOT NULL;
ALTER TABLE users ALTER state DROP DEFAULT;
ALTER TABLE users ALTER email DROP DEFAULT;
CREATE TRIGGER g BEFORE INSERT ON users FOR EACH ROW SIGNAL SQLSTATE '45000';
-- expect
1 mysql-script-breaks-clients users high
2 mysql-script-breaks-clients t high
3 mysql-script-alter-rebuilds users medium
3 mysql-script-breaks-clients users.email high
4 mysql-script-breaks-clients users.state high
6 mysql-script-breaks-clients users high
