-- script
SET lock_timeout = '2s';
ALTER TABLE users ADD full_name text GENERATED ALWAYS AS (name || city) STORED;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ADD full_name text;
-- expect
sql-script-add-column-generated High deploy users.full_name: full_name of users writes every row: the generated value is stored in every row: rewrites the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large
sql-script-not-repeatable Info - users: ADD COLUMN on users fails when the script is run a second time
