-- script
SET lock_timeout = '2s';
BEGIN;
ALTER TABLE users ADD CONSTRAINT old CHECK (age < 200) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT old;
COMMIT;
-- quiet
SET lock_timeout = '2s';
BEGIN;
ALTER TABLE users ADD CONSTRAINT old CHECK (age < 200) NOT VALID;
COMMIT;
ALTER TABLE users VALIDATE CONSTRAINT old;
-- expect
sql-script-binds-writers Medium - users: in users rows must pass a new check from now on; whether the versions at work keep to it is not known
sql-script-validate-in-transaction High deploy users.old: old is validated while its own transaction still holds the lock of ADD CONSTRAINT on users: reads the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large [1 safe]
