-- script
SET lock_timeout = '2s';
CREATE TABLE users_new AS SELECT * FROM users;
-- quiet
SET lock_timeout = '2s';
CREATE TABLE users_new (LIKE users INCLUDING ALL);
-- expect
sql-script-copy-structure Medium - users_new: users_new gets the columns of users without its keys, NOT NULLs, defaults, checks and indexes
