-- dialect: postgres
-- old
CREATE SEQUENCE s;
-- new
CREATE SEQUENCE z;
-- expect
sql-object-added sequence public.z low [rollback rolling]
sql-object-removed sequence public.s high [deploy rolling]
