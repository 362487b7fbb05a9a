-- script
SET lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN country TYPE text;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN name TYPE text;
-- expect
sql-script-change-type-touches High deploy users.country: changing country of users to text keeps its rows, but check country_known is tried again: reads the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large [3 safe]
