-- dialect: mysql
-- old
CREATE TABLE t (a int) ENGINE=InnoDB ROW_FORMAT=DYNAMIC;
-- new
CREATE TABLE t (a int) ENGINE=MyISAM ROW_FORMAT=FIXED;
-- expect
sql-storage-changed t high [deploy rolling]
sql-storage-changed t low []
