-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, s text CONSTRAINT c CHECK (s IN ('a','b')));
-- new
CREATE TABLE t (id int PRIMARY KEY, s text CONSTRAINT c CHECK (s IN ('a')));
-- expect
sql-check-changed public.t#c high [deploy rolling]
