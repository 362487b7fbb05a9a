-- dialect: mysql
-- old
CREATE TABLE customer (id int, email varchar(50), name varchar(50), city varchar(50));
-- new
CREATE TABLE customers (id int, email varchar(50), name varchar(50), city varchar(50), zip varchar(9));
-- expect
sql-column-added customers.zip low [rollback rolling]
sql-table-renamed customers high [deploy rollback rolling]
