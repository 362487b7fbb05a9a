-- script
SET lock_timeout = '2s';
VACUUM FULL users;
CLUSTER users USING users_order;
ALTER TABLE users SET TABLESPACE fast;
-- quiet
SET lock_timeout = '2s';
VACUUM users;
ALTER TABLE users SET (fillfactor = 80);
-- expect
sql-script-rewrite-table High deploy users: CLUSTER writes all of users anew: rewrites the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large
sql-script-rewrite-table High deploy users: SET TABLESPACE writes all of users anew: rewrites the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large
sql-script-rewrite-table High deploy users: VACUUM FULL writes all of users anew: rewrites the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large
