-- schema
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, phone TEXT, mark TEXT);
-- script
DELETE FROM users;
DELETE FROM users WHERE 1=1;
DELETE FROM users WHERE id = 7;
-- expect
0 sqlite-script-loses-data users critical
0 sqlite-script-whole-file-lock users medium
1 sqlite-script-loses-data users critical
1 sqlite-script-whole-file-lock users medium
