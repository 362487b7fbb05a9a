-- script
SET lock_timeout = '2s';
ALTER TABLE users ADD nick text UNIQUE;
ALTER TABLE users ADD tag text CHECK (tag <> '');
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ADD other bigint REFERENCES orders;
-- expect
sql-script-add-column-constraint High deploy users.nick: the constraint of the new column nick is checked against all rows of users: reads the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large [6 safe]
sql-script-add-column-constraint High deploy users.tag: the constraint of the new column tag is checked against all rows of users: reads the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large [4 safe]
sql-script-not-repeatable Info - users: ADD COLUMN on users fails when the script is run a second time
sql-script-not-repeatable Info - users: ADD COLUMN on users fails when the script is run a second time
