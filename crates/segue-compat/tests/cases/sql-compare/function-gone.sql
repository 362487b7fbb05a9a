-- dialect: postgres
-- old
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (id int PRIMARY KEY);
-- new
CREATE TABLE t (id int PRIMARY KEY);
-- expect
sql-object-removed function public.f high [deploy rolling]
