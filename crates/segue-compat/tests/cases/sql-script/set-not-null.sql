-- script
SET lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN country SET NOT NULL;
ALTER TABLE users ALTER COLUMN id SET NOT NULL;
-- expect
sql-script-binds-writers Medium - users: in users email must have a value from now on; whether the versions at work keep to it is not known
sql-script-set-not-null High deploy users.email: SET NOT NULL on email of users looks at every row: reads the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large [5 safe]
