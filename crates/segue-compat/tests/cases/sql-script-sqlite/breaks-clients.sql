-- schema
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
-- script
ALTER TABLE t RENAME COLUMN a TO b;
ALTER TABLE t RENAME TO u;
-- expect
0 sqlite-script-breaks-clients t.a high
1 sqlite-script-breaks-clients t high
