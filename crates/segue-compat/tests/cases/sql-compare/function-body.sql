-- dialect: postgres
-- old
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$; CREATE TABLE t (id int PRIMARY KEY);
-- new
CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT 2 $$; CREATE TABLE t (id int PRIMARY KEY);
-- expect
sql-object-changed function public.f medium [] undecided
