-- script
SET lock_timeout = '2s';
ALTER TABLE users ADD nick text NOT NULL;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ADD nick text NOT NULL DEFAULT '';
-- expect
sql-script-add-column-not-null High deploy users.nick: nick is NOT NULL without a default: it fails if users has a row, and old writers do not fill it
sql-script-not-repeatable Info - users: ADD COLUMN on users fails when the script is run a second time
