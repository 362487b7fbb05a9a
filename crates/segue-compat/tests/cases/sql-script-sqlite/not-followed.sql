-- schema
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
CREATE TABLE c (id INTEGER PRIMARY KEY, t_id INTEGER REFERENCES t (id) ON DELETE CASCADE);
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, phone TEXT, mark TEXT);
-- script
VACUUM;
VACUUM;
CREATE TRIGGER g AFTER INSERT ON users BEGIN UPDATE t SET a = 'x' WHERE id = new.id; END;
DROP TRIGGER g2;
REINDEX;
SELECT 1;
-- expect
3 sqlite-script-breaks-clients g2 high
not checked: statement 1: what VACUUM does was not followed
not checked: statement 3: what the trigger on table users does to writes was not followed
not checked: statement 5: what REINDEX does was not followed
