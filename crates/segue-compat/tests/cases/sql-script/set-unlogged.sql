-- script
SET lock_timeout = '2s';
ALTER TABLE heap SET UNLOGGED;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE heap SET (fillfactor = 80);
-- expect
sql-script-rewrite-table High deploy heap: SET UNLOGGED writes all of heap anew: rewrites the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large
sql-script-set-unlogged Medium - heap: heap is empty after a crash and missing on standbys
