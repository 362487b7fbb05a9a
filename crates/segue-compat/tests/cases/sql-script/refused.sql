-- script
SET lock_timeout = '2s';
ALTER TABLE shown ALTER COLUMN a TYPE text;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN name TYPE text;
-- expect
sql-script-change-type High deploy shown.a: changing a of shown to text writes every row: integer and text are stored differently: rewrites the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large
sql-script-refused High deploy shown: the server refuses this: view names reads the column
