-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT 1, b varchar(9) DEFAULT 'x', c datetime DEFAULT CURRENT_TIMESTAMP);
-- new
CREATE TABLE t (id int PRIMARY KEY, a int DEFAULT '1', b varchar(9) DEFAULT 'y', c datetime DEFAULT current_timestamp());
-- expect
sql-default-changed t.b medium []
