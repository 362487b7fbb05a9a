-- script
SET lock_timeout = '2s';
SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%migration%';
-- quiet
SET lock_timeout = '2s';
SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%x%' AND pid <> pg_backend_pid();
-- expect
sql-script-cancel-by-pattern High deploy statement 2: the pattern matches this statement too: it ends its own session
