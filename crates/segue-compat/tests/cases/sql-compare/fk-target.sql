-- dialect: mysql
-- old
CREATE TABLE u (id int PRIMARY KEY, o int UNIQUE);CREATE TABLE t (id int PRIMARY KEY, u int, CONSTRAINT f FOREIGN KEY (u) REFERENCES u (id));
-- new
CREATE TABLE u (id int PRIMARY KEY, o int UNIQUE);CREATE TABLE t (id int PRIMARY KEY, u int, CONSTRAINT f FOREIGN KEY (u) REFERENCES u (o));
-- expect
sql-foreign-key-target-changed t#f high [deploy rollback rolling]
