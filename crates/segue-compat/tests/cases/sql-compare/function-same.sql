-- dialect: postgres
-- old
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS $$ SELECT   1 $$; CREATE TABLE t (id int PRIMARY KEY);
-- new
CREATE OR REPLACE FUNCTION public.f(a INT) RETURNS int LANGUAGE sql AS $body$ SELECT 1 $body$; CREATE TABLE t (id int PRIMARY KEY);
-- expect
