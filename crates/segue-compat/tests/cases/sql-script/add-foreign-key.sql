-- script
SET lock_timeout = '2s';
ALTER TABLE users ADD FOREIGN KEY (order_id) REFERENCES orders (id);
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT f FOREIGN KEY (order_id) REFERENCES orders (id) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT f;
-- expect
sql-script-add-foreign-key High deploy users.users_order_id_fkey: foreign key users_order_id_fkey makes writers of users and orders wait: reads the whole table and blocks writes meanwhile; its size is not known, so that it is taken as large [3 safe]
sql-script-binds-writers Medium - users: in users order_id must be found in orders from now on; whether the versions at work keep to it is not known
