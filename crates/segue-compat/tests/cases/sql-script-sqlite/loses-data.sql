-- schema
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
-- script
DROP TABLE c;
-- expect
0 sqlite-script-loses-data c critical
