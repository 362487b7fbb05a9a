-- script
SET lock_timeout = '2s';
BEGIN;
ALTER TABLE users ADD a int;
ALTER TABLE orders ADD b int;
COMMIT;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ADD a int;
ALTER TABLE orders ADD b int;
-- expect
sql-script-several-locks Medium - orders: orders is locked against everybody while users still is: others can deadlock with it
