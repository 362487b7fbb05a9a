-- script
SET lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT old CHECK (age < 200);
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT old CHECK (age < 200) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT old;
-- expect
sql-script-add-check High deploy users.old: check old of users is tried against every row: reads the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large [3 safe]
sql-script-binds-writers Medium - users: in users rows must pass a new check from now on; whether the versions at work keep to it is not known
