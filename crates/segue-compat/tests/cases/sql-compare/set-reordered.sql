-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, a set('r','w'));
-- new
CREATE TABLE t (id int PRIMARY KEY, a set('w','r'));
-- expect
sql-enum-order-changed t.a medium [deploy rollback rolling]
