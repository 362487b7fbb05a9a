-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a int);ALTER TABLE t ENABLE ROW LEVEL SECURITY;CREATE POLICY p ON t USING (a > 0);
-- new
CREATE TABLE t (id int PRIMARY KEY, a int);
-- expect
sql-policy-changed public.t#p medium [] undecided
sql-row-security-changed public.t critical [rollback rolling]
