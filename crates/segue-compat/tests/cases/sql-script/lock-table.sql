-- script
SET lock_timeout = '2s';
LOCK TABLE users;
-- quiet
SET lock_timeout = '2s';
LOCK TABLE users IN SHARE UPDATE EXCLUSIVE MODE;
-- expect
sql-script-lock-table High deploy users: LOCK TABLE users blocks reads and writes until the transaction ends
