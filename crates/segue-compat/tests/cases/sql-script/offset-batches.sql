-- script
SET lock_timeout = '2s';
SELECT * FROM users LIMIT 1000 OFFSET 5000;
-- quiet
SET lock_timeout = '2s';
SELECT * FROM users WHERE id > 5000 ORDER BY id LIMIT 1000;
-- expect
sql-script-offset-batches Medium - statement 2: pages by OFFSET skip rows when others are deleted meanwhile, and without ORDER BY pages have no order at all
