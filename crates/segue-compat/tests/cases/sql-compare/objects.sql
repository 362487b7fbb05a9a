-- dialect: mysql
-- old
CREATE TABLE t (a int);CREATE FUNCTION f() RETURNS int RETURN 1;CREATE PROCEDURE p() SELECT 1;
-- new
CREATE TABLE t (a int);CREATE FUNCTION f() RETURNS int RETURN 2;CREATE PROCEDURE q() SELECT 1;
-- expect
sql-object-added procedure q low [rollback rolling]
sql-object-changed function f medium [] undecided
sql-object-removed procedure p high [deploy rolling]
