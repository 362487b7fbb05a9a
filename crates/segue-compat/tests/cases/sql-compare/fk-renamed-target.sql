-- dialect: mysql
-- old
CREATE TABLE customer (id int PRIMARY KEY, email text, name text, city text);CREATE TABLE t (id int PRIMARY KEY, u int, CONSTRAINT f FOREIGN KEY (u) REFERENCES customer (id));
-- new
CREATE TABLE customers (id int PRIMARY KEY, email text, name text, city text);CREATE TABLE t (id int PRIMARY KEY, u int, CONSTRAINT f FOREIGN KEY (u) REFERENCES customers (id));
-- expect
sql-table-renamed customers high [deploy rollback rolling]
