-- script
SET lock_timeout = '2s';
ALTER TABLE users REPLICA IDENTITY FULL;
ALTER TABLE orders REPLICA IDENTITY NOTHING;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users REPLICA IDENTITY DEFAULT;
-- expect
sql-script-replica-identity Low - users: replica identity of users is full: every update and delete logs the whole old row
sql-script-replica-identity Medium - orders: replica identity of orders is nothing: updates and deletes fail once it is published
