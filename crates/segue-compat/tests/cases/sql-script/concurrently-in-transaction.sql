-- script
SET lock_timeout = '2s';
BEGIN;
CREATE INDEX CONCURRENTLY users_email ON users (email);
COMMIT;
-- quiet
SET lock_timeout = '2s';
CREATE INDEX CONCURRENTLY users_email ON users (email);
-- expect
sql-script-concurrently-in-transaction High deploy statement 3: CREATE INDEX CONCURRENTLY cannot run inside a transaction: the server refuses it [1 safe]
