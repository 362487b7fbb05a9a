-- dialect: postgres
-- old
CREATE TYPE mood AS ENUM ('ok','sad');CREATE TABLE t (m mood);
-- new
CREATE TYPE mood AS ENUM ('sad','happy');CREATE TABLE t (m mood);
-- expect
sql-enum-label-added public.t.m medium [deploy rollback rolling]
sql-enum-label-removed public.t.m critical [deploy rollback rolling]
