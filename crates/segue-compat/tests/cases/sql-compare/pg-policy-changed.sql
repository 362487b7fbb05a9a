-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a int);ALTER TABLE t ENABLE ROW LEVEL SECURITY;CREATE POLICY p ON t USING (a > 0);
-- new
CREATE TABLE t (id int PRIMARY KEY, a int);ALTER TABLE t ENABLE ROW LEVEL SECURITY;CREATE POLICY p ON t USING (true);CREATE POLICY q ON t USING (a > 1);
-- expect
sql-policy-changed public.t#p high [] undecided
sql-policy-changed public.t#q medium [] undecided
