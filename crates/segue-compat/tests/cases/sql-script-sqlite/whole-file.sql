-- schema
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
-- script
UPDATE t SET a = 'x';
CREATE INDEX i ON t (a);
ALTER TABLE t DROP COLUMN a;
-- expect
0 sqlite-script-whole-file-lock t medium
1 sqlite-script-whole-file-lock t medium
2 sqlite-script-loses-data t.a critical
2 sqlite-script-whole-file-lock t medium
