-- script
SET lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT email_once UNIQUE (email);
ALTER TABLE heap ADD PRIMARY KEY (a);
-- quiet
SET lock_timeout = '2s';
CREATE UNIQUE INDEX CONCURRENTLY email_once ON users (email);
ALTER TABLE users ADD CONSTRAINT email_once UNIQUE USING INDEX email_once;
-- expect
sql-script-add-key High deploy heap.heap_pkey: heap_pkey of heap builds its index while everybody waits: builds an index from the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large [9 safe]
sql-script-add-key High deploy users.email_once: email_once of users builds its index while everybody waits: builds an index from the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large [5 safe]
sql-script-binds-writers Medium - heap: in heap a must be unique from now on; whether the versions at work keep to it is not known
sql-script-binds-writers Medium - users: in users email must be unique from now on; whether the versions at work keep to it is not known
