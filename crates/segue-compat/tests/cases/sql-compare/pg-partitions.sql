-- dialect: postgres
-- old
CREATE TABLE t (a int, d date) PARTITION BY RANGE (d);
-- new
CREATE TABLE t (a int, d date);
-- expect
sql-table-kind-changed public.t high [deploy rollback rolling] undecided
