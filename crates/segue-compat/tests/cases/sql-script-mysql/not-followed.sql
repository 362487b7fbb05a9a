-- schema
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, s varchar(20), n int, r int, KEY ks (s)) ENGINE=InnoDB;
CREATE TABLE users (id int PRIMARY KEY AUTO_INCREMENT, email varchar(50), state varchar(10) NOT NULL DEFAULT 'x') ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE west (id int PRIMARY KEY AUTO_INCREMENT, email varchar(50)) ENGINE=InnoDB DEFAULT CHARSET=latin1;
-- script
SET SESSION lock_wait_timeout = 5;
CALL mend();
CALL mend();
GRANT SELECT ON shop.* TO 'x'@'%%';
CREATE OR REPLACE VIEW v AS SELECT 1;
LOAD DATA INFILE 'x' INTO TABLE t;
SELECT 1;
DROP INDEX ks ON t;
-- expect
not checked: statement 2: what CALL does was not followed
not checked: statement 4: what GRANT does was not followed
not checked: statement 5: what CREATE OR REPLACE VIEW does was not followed
not checked: statement 6: what LOAD DATA does was not followed
