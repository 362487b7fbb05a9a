-- script
SET lock_timeout = '2s';
CREATE INDEX users_email ON users (email);
-- quiet
SET lock_timeout = '2s';
CREATE INDEX CONCURRENTLY users_email ON users (email);
CREATE TABLE t (a int);
CREATE INDEX ON t (a);
-- expect
sql-script-create-index High deploy users: CREATE INDEX users_email on users makes writers wait: builds an index from the whole table and blocks writes meanwhile; its size is not known, so that it is taken as large [3 safe]
