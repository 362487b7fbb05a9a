-- dialect: sqlite
-- old
CREATE TABLE b (id int);
-- new
CREATE TABLE b (id int);CREATE TABLE a (id int PRIMARY KEY, x text);
-- expect
sql-table-added a low [rollback rolling]
