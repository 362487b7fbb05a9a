-- schema
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, phone TEXT, mark TEXT);
-- script
PRAGMA writable_schema=1;
UPDATE sqlite_master SET sql = 'CREATE TABLE t (id INT)' WHERE name = 't';
PRAGMA writable_schema=0;
-- expect
0 sqlite-script-loses-data writable_schema critical
1 sqlite-script-loses-data sqlite_master critical
