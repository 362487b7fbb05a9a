-- schema
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, phone TEXT, mark TEXT);
-- script
DROP VIEW v;
CREATE TRIGGER g BEFORE INSERT ON users BEGIN SELECT RAISE(ABORT, 'no'); END;
ALTER TABLE users DROP COLUMN id;
CREATE UNIQUE INDEX u ON users (email);
-- expect
0 sqlite-script-breaks-clients v high
1 sqlite-script-breaks-clients users high
2 sqlite-script-alter-refused users high
2 sqlite-script-loses-data users.id critical
2 sqlite-script-whole-file-lock users medium
3 sqlite-script-breaks-clients users high
3 sqlite-script-whole-file-lock users medium
