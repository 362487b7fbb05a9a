-- dialect: mysql
-- old
CREATE TABLE t (a int);
-- new
CREATE TABLE t (a int);CREATE ALGORITHM=UNDEFINED DEFINER=`x`@`%` SQL SECURITY DEFINER VIEW `v` AS select a from t;
-- expect
sql-view-added v low [rollback rolling]
