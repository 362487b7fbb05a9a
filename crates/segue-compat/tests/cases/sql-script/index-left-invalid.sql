-- script
SET lock_timeout = '2s';
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_email ON users (email);
-- quiet
SET lock_timeout = '2s';
CREATE INDEX CONCURRENTLY users_email ON users (email);
-- expect
sql-script-index-left-invalid Low - users: if a build of users_email failed before, its invalid index stays and this statement does nothing
