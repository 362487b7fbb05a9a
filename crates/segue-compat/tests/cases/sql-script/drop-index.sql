-- script
SET lock_timeout = '2s';
DROP INDEX users_order;
-- quiet
SET lock_timeout = '2s';
DROP INDEX CONCURRENTLY users_order;
-- expect
sql-script-drop-index High deploy users: DROP INDEX users_order takes an ACCESS EXCLUSIVE lock on its table: reads and writes wait behind whoever uses it now [1 safe]
sql-script-not-repeatable Info - users_order: DROP on users_order fails when the script is run a second time
