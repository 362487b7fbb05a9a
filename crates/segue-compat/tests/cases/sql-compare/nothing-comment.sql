-- dialect: mysql
-- old
CREATE TABLE t (a int COMMENT 'x') COMMENT='y';
-- new
CREATE TABLE t (a int);
-- expect
