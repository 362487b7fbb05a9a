-- script
SET lock_timeout = '2s';
ALTER TABLE orders ALTER COLUMN number DROP NOT NULL;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE orders ALTER COLUMN number DROP DEFAULT;
-- expect
sql-script-drop-not-null Medium back orders.number: number of orders may be NULL: readers of the old version do not expect it
