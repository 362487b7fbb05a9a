-- script
SET lock_timeout = '2s';
ALTER TABLE users ADD token uuid DEFAULT gen_random_uuid();
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ADD seen timestamptz DEFAULT now();
ALTER TABLE users ADD n int DEFAULT 1 NOT NULL;
-- expect
sql-script-add-column-default High deploy users.token: adding token to users writes every row: gen_random_uuid() gives another value for each row: rewrites the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large [4 safe]
sql-script-not-repeatable Info - users: ADD COLUMN on users fails when the script is run a second time
