-- dialect: mysql
-- old
CREATE TABLE a (id int PRIMARY KEY, x text);CREATE TABLE b (id int);
-- new
CREATE TABLE b (id int);
-- expect
sql-table-removed a critical [deploy rolling]
