-- script
SET lock_timeout = '2s';
CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);
ALTER TABLE users ADD CONSTRAINT adult CHECK (age > 17) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT adult;
-- quiet
SET lock_timeout = '2s';
CREATE INDEX CONCURRENTLY users_email ON users (email);
CREATE TABLE fresh (a int);
CREATE UNIQUE INDEX fresh_a ON fresh (a);
ALTER TABLE users ALTER COLUMN device_id SET NOT NULL;
-- expect
sql-script-binds-writers Medium - users: in users email must be unique from now on; whether the versions at work keep to it is not known
sql-script-binds-writers Medium - users: in users rows must pass a new check from now on; whether the versions at work keep to it is not known
sql-script-index-left-invalid Medium - users: the build waits for older transactions; when lock_timeout ends the wait, users_email stays behind invalid [3 safe]
