-- schema
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, phone TEXT, mark TEXT);
-- script
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE users_new (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
INSERT INTO users_new SELECT id, email FROM users;
DROP TABLE users;
ALTER TABLE users_new RENAME TO users;
COMMIT;
-- expect
4 sqlite-script-breaks-clients users.email high
4 sqlite-script-breaks-clients users.mark high
4 sqlite-script-breaks-clients users.phone high
4 sqlite-script-loses-data users.mark critical
4 sqlite-script-loses-data users.phone critical
