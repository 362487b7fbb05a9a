-- script
SET lock_timeout = '2s';
SELECT FROM WHERE FROM;
-- quiet
SET lock_timeout = '2s';
SELECT 1;
-- expect
sql-script-syntax-error Medium - statement 2: line 2: the parser does not take it: expected from item, got where_kw
