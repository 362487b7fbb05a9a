-- script
SET lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN age TYPE bigint;
ALTER TABLE users ALTER COLUMN name TYPE varchar(10);
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ALTER COLUMN name TYPE varchar(80);
ALTER TABLE users ALTER COLUMN score TYPE numeric(12,5);
-- expect
sql-script-change-type High deploy users.age: changing age of users to bigint writes every row: integer and bigint are stored differently: rewrites the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large
sql-script-change-type High deploy users.name: changing name of users to character varying(10) writes every row: every value is checked against the length of character varying(10): rewrites the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large
