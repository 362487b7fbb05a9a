-- schema
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, phone TEXT, mark TEXT);
-- script
PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT);
INSERT INTO n SELECT * FROM t;
DROP TABLE c;
DROP TABLE t;
COMMIT;
-- expect
4 sqlite-script-loses-data c critical
5 sqlite-script-loses-data t critical
