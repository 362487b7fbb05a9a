-- schema
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
-- script
ALTER TABLE t ALTER COLUMN a TYPE INT;
ALTER TABLE t ADD COLUMN b TEXT NOT NULL;
ALTER TABLE t ADD COLUMN u TEXT UNIQUE;
ALTER TABLE t ADD COLUMN d TEXT DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE t ADD CONSTRAINT k CHECK (a <> '');
-- expect
0 sqlite-script-alter-refused t high
1 sqlite-script-alter-refused t high
2 sqlite-script-alter-refused t high
3 sqlite-script-alter-refused t high
4 sqlite-script-alter-refused t high
4 sqlite-script-whole-file-lock t medium
not checked: statement 1: a part of this ALTER was not understood
