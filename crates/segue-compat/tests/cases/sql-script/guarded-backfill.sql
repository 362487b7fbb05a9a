-- script
SET lock_timeout = '2s';
ALTER TABLE users ADD verified boolean;
UPDATE users SET verified = true WHERE email IS NOT NULL;
ALTER TABLE users ALTER COLUMN verified SET NOT NULL;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ADD verified boolean;
UPDATE users SET verified = (email IS NOT NULL);
ALTER TABLE users ALTER COLUMN verified SET NOT NULL;
-- expect
sql-script-binds-writers Medium - users: in users verified must have a value from now on; whether the versions at work keep to it is not known
sql-script-guarded-backfill High deploy users.verified: verified of users was filled only where email IS NOT NULL: the other rows still have NULL, and this fails
sql-script-not-repeatable Info - users: ADD COLUMN on users fails when the script is run a second time
sql-script-set-not-null High deploy users.verified: SET NOT NULL on verified of users looks at every row: reads the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large [5 safe]
sql-script-unbounded-write High deploy users: this UPDATE writes whatever its condition finds of users in one transaction: rows stay locked until it ends
