-- script
SET lock_timeout = '2s';
SELECT * FROM users EXCEPT SELECT * FROM users_new;
-- quiet
SET lock_timeout = '2s';
SELECT * FROM users EXCEPT ALL SELECT * FROM users_new;
-- expect
sql-script-weak-comparison Medium - statement 2: EXCEPT in one direction finds neither extra rows nor lost duplicates
