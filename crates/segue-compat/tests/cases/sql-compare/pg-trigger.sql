-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a int);CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$begin return new; end$$;CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
-- new
CREATE TABLE t (id int PRIMARY KEY, a int);CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$begin return new; end$$;
-- expect
sql-trigger-changed public.t#x medium [] undecided
