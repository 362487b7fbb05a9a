-- script
SET lock_timeout = '2s';
ALTER TABLE users RENAME COLUMN name TO full_name;
ALTER TABLE orders RENAME TO purchases;
ALTER TYPE mood RENAME VALUE 'good' TO 'fine';
-- quiet
SET lock_timeout = '2s';
CREATE TABLE t (a int);
ALTER TABLE t RENAME COLUMN a TO b;
ALTER TABLE t RENAME TO u;
ALTER INDEX users_order RENAME TO users_by_order;
-- expect
sql-script-rename High deploy mood: a value of mood gets another name: versions at work use the old name and fail
sql-script-rename High deploy orders: table orders becomes purchases: versions at work use the old name and fail
sql-script-rename High deploy users.name: column name of users becomes full_name: versions at work use the old name and fail
