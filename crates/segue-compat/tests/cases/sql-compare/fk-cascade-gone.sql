-- dialect: sqlite
-- old
CREATE TABLE u (id int PRIMARY KEY, o int UNIQUE);CREATE TABLE t (id int PRIMARY KEY, u int REFERENCES u (id) ON DELETE CASCADE ON UPDATE CASCADE);
-- new
CREATE TABLE u (id int PRIMARY KEY, o int UNIQUE);CREATE TABLE t (id int PRIMARY KEY, u int REFERENCES u (id));
-- expect
sql-foreign-key-action-changed t#constraint high [deploy rollback rolling]
sql-foreign-key-action-changed t#constraint high [deploy rollback rolling]
