-- script
SET lock_timeout = '2s';
DROP TABLE orders CASCADE;
DROP TABLE IF EXISTS fresh;
CREATE TABLE fresh (a bigint PRIMARY KEY);
-- quiet
SET lock_timeout = '2s';
CREATE TABLE t (a int);
DROP TABLE t;
-- expect
sql-script-drop-table Critical deploy fresh: table fresh is not there now, and is dropped with all its rows wherever it is: so it is when this script runs again
sql-script-drop-table Critical deploy orders: table orders goes with all its rows, and with it sales, users_device_id_fkey of users
sql-script-drop-table Info - fresh: table fresh is not there: nothing is done
sql-script-not-repeatable Info - orders: DROP on orders fails when the script is run a second time
