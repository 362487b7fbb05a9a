-- schema
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
-- script
BEGIN;
PRAGMA foreign_keys = OFF;
CREATE TABLE n (id INTEGER PRIMARY KEY);
INSERT INTO n SELECT id FROM c;
DROP TABLE c;
ALTER TABLE n RENAME TO c;
COMMIT;
-- expect
1 sqlite-script-pragma-in-transaction foreign_keys high
4 sqlite-script-breaks-clients c.t_id high
4 sqlite-script-loses-data c.t_id critical
