-- script
SET lock_timeout = '2s';
ALTER TABLE users ADD number bigserial;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ADD number bigint;
-- expect
sql-script-add-column-serial High deploy users.number: adding number to users numbers every row: rewrites the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large [9 safe]
sql-script-not-repeatable Info - users: ADD COLUMN on users fails when the script is run a second time
sql-script-preferences Info - users.number: number is bigint: an identity column says the same with rights of the table
