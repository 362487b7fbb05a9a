-- script
SET lock_timeout = '2s';
RESET lock_timeout;
ALTER TABLE users ADD a int;
ALTER TABLE users ADD b int;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ADD a int;
-- expect
sql-script-lock-timeout Low - users: AccessExclusiveLock on users is waited for without a limit, and everybody who comes later waits behind it
sql-script-not-repeatable Info - users: ADD COLUMN on users fails when the script is run a second time
sql-script-not-repeatable Info - users: ADD COLUMN on users fails when the script is run a second time
