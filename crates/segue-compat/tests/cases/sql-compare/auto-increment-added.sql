-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY);
-- new
CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY);
-- expect
sql-identity-changed t.id medium [rollback rolling]
