-- script
SET lock_timeout = '2s';
REFRESH MATERIALIZED VIEW sales;
-- quiet
SET lock_timeout = '2s';
REFRESH MATERIALIZED VIEW CONCURRENTLY sales;
-- expect
sql-script-refresh-view High deploy sales: readers of sales wait until it is refreshed
