-- schema
-- script
SET SESSION lock_wait_timeout = 5;
ALTER TABLE t MODIFY n bigint;
-- expect
1 mysql-script-alter-copies t high
