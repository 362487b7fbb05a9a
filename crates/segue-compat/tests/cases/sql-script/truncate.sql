-- script
SET lock_timeout = '2s';
TRUNCATE orders CASCADE;
-- quiet
SET lock_timeout = '2s';
CREATE TABLE t (a int);
TRUNCATE t;
-- expect
sql-script-truncate Critical deploy orders: all rows of orders are lost, and with it users
