-- script
SET lock_timeout = '2s';
BEGIN;
ALTER TABLE users ADD a int;
CREATE INDEX orders_number ON orders (number);
COMMIT;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ADD a int;
CREATE INDEX orders_number ON orders (number);
-- expect
sql-script-create-index High deploy orders: CREATE INDEX orders_number on orders makes writers wait: builds an index from the whole table and blocks writes meanwhile; its size is not known, so that it is taken as large [3 safe]
sql-script-long-after-lock High deploy users: orders is read whole while this transaction keeps everybody from users
