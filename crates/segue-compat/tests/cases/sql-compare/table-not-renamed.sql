-- dialect: mysql
-- old
CREATE TABLE price (id int, name varchar(50));
-- new
CREATE TABLE colour (id int, name varchar(50));
-- expect
sql-table-added colour low [rollback rolling]
sql-table-removed price critical [deploy rolling]
