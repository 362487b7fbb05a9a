-- script
SET lock_timeout = '2s';
DROP TABLE orders CASCADE;
-- quiet
SET lock_timeout = '2s';
CREATE TABLE t (a int);
DROP TABLE t;
-- expect
sql-script-drop-table Critical deploy orders: table orders goes with all its rows, and with it sales, users_device_id_fkey of users
sql-script-not-repeatable Info - orders: DROP on orders fails when the script is run a second time
