-- dialect: mysql
-- old
CREATE TABLE u (id int PRIMARY KEY, o int UNIQUE);CREATE TABLE t (id int PRIMARY KEY, u int, CONSTRAINT f FOREIGN KEY (u) REFERENCES u (id) ON DELETE CASCADE);
-- new
CREATE TABLE u (id int PRIMARY KEY, o int UNIQUE);CREATE TABLE t (id int PRIMARY KEY, u int, CONSTRAINT f FOREIGN KEY (u) REFERENCES u (id) ON DELETE SET NULL);
-- expect
sql-foreign-key-action-changed t#f critical [deploy rollback rolling]
