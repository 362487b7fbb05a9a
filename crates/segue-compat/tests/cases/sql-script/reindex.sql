-- script
SET lock_timeout = '2s';
REINDEX TABLE users;
-- quiet
SET lock_timeout = '2s';
REINDEX TABLE CONCURRENTLY users;
-- expect
sql-script-reindex High deploy users: REINDEX TABLE users makes writers wait: builds an index from the whole table and blocks writes meanwhile; its size is not known, so that it is taken as large [1 safe]
