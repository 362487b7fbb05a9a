-- script
SET lock_timeout = '2s';
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_email ON users (email);
-- quiet
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY users_email ON users (email);
-- expect
sql-script-index-left-invalid Low - users: if a build of users_email failed before, its invalid index stays and this statement does nothing
sql-script-index-left-invalid Medium - users: the build waits for older transactions; when lock_timeout ends the wait, users_email stays behind invalid [3 safe]
