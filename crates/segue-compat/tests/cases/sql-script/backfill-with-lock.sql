-- script
SET lock_timeout = '2s';
BEGIN;
ALTER TABLE users ADD active boolean;
UPDATE users SET active = true WHERE id BETWEEN 1 AND 1000;
COMMIT;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ADD active boolean;
UPDATE users SET active = true WHERE id BETWEEN 1 AND 1000;
-- expect
sql-script-backfill-with-lock High deploy users: rows are written while this transaction holds AccessExclusiveLock on users, which blocks reads and writes
