-- script
SET lock_timeout = '2s';
ALTER TABLE users DROP COLUMN name;
-- quiet
SET lock_timeout = '2s';
CREATE TABLE t (a int, b int);
ALTER TABLE t DROP COLUMN a;
-- expect
sql-script-drop-column Critical deploy users.name: column name of users goes: versions that name it fail, and its values are lost
