-- schema
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
-- script
CREATE TABLE n (id INTEGER PRIMARY KEY);
INSERT INTO n SELECT id FROM t;
DROP TABLE t;
ALTER TABLE n RENAME TO t;
-- expect
2 sqlite-script-breaks-clients t.a high
2 sqlite-script-loses-data t.a critical
2 sqlite-script-rebuild-traps t critical
2 sqlite-script-rebuild-traps t high
