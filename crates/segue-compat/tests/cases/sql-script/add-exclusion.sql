-- script
SET lock_timeout = '2s';
ALTER TABLE orders ADD EXCLUDE USING btree (number WITH =);
-- quiet
SET lock_timeout = '2s';
CREATE TABLE t (a int, EXCLUDE USING btree (a WITH =));
-- expect
sql-script-add-exclusion High deploy orders.orders_number_excl: exclusion constraint orders_number_excl of orders builds its index while everybody waits: builds an index from the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large
sql-script-binds-writers Medium - orders: in orders rows must not exclude each other from now on; whether the versions at work keep to it is not known
