-- script
SET lock_timeout = '2s';
DROP TABLE heap;
-- quiet
SET lock_timeout = '2s';
BEGIN;
DROP TABLE heap;
COMMIT;
-- expect
sql-script-drop-table Critical deploy heap: table heap goes with all its rows
sql-script-not-repeatable Info - heap: DROP on heap fails when the script is run a second time
