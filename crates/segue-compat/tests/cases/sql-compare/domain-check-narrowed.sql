-- dialect: postgres
-- old
CREATE DOMAIN pos AS int CHECK (VALUE > 0); CREATE TABLE t (id int PRIMARY KEY, p pos);
-- new
CREATE DOMAIN pos AS int CHECK (VALUE > 10); CREATE TABLE t (id int PRIMARY KEY, p pos);
-- expect
sql-object-changed domain public.pos high [deploy rolling]
