-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a enum('s','m','l'));
-- new
CREATE TABLE t (id int PRIMARY KEY, a enum('l','m','s'));
-- expect
sql-enum-order-changed t.a medium [deploy rollback rolling]
