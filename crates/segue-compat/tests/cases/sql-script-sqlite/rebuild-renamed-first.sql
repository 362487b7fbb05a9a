-- schema
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, phone TEXT, mark TEXT);
-- script
PRAGMA foreign_keys = OFF;
BEGIN;
ALTER TABLE users RENAME TO users_old;
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, phone TEXT);
INSERT INTO users (id, email, phone) SELECT id, email, phone FROM users_old WHERE email IS NOT NULL;
DROP TABLE users_old;
COMMIT;
-- expect
2 sqlite-script-breaks-clients users high
5 sqlite-script-breaks-clients users.mark high
5 sqlite-script-loses-data users high
5 sqlite-script-loses-data users.mark critical
