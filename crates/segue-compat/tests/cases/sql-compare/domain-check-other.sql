-- dialect: postgres
-- old
CREATE DOMAIN code AS text CHECK (lower(VALUE) = VALUE);
-- new
CREATE DOMAIN code AS text; ALTER DOMAIN code ADD CHECK (upper(VALUE) = VALUE);
-- expect
sql-object-changed domain public.code medium [] undecided
