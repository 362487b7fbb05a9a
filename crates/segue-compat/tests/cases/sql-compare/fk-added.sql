-- dialect: mysql
-- old
CREATE TABLE u (id int PRIMARY KEY, o int UNIQUE);CREATE TABLE t (id int PRIMARY KEY, u int);
-- new
CREATE TABLE u (id int PRIMARY KEY, o int UNIQUE);CREATE TABLE t (id int PRIMARY KEY, u int, CONSTRAINT f FOREIGN KEY (u) REFERENCES u (id));
-- expect
sql-foreign-key-added t#f high [deploy rolling]
