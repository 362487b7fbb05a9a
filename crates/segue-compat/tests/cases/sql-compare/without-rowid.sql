-- dialect: sqlite
-- old
CREATE TABLE t (a TEXT PRIMARY KEY NOT NULL);
-- new
CREATE TABLE t (a TEXT PRIMARY KEY NOT NULL) WITHOUT ROWID;
-- expect
sql-storage-changed t medium [rollback rolling]
