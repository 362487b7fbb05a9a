-- dialect: mysql
-- old
CREATE TABLE u (id int PRIMARY KEY, o int UNIQUE);CREATE TABLE t (id int PRIMARY KEY, u int, CONSTRAINT f FOREIGN KEY (u) REFERENCES u (id));
-- new
CREATE TABLE u (id int PRIMARY KEY, o int UNIQUE);CREATE TABLE t (id int PRIMARY KEY, u int);
-- expect
sql-foreign-key-dropped t#f medium [rollback rolling]
