-- dialect: postgres
-- old
CREATE TABLE o (id int PRIMARY KEY);CREATE TABLE t (id int PRIMARY KEY, a int REFERENCES o);
-- new
CREATE TABLE o (id int PRIMARY KEY);CREATE TABLE t (id int PRIMARY KEY, a int REFERENCES o DEFERRABLE);
-- expect
sql-key-timing-changed public.t#t_a_fkey medium [rollback rolling]
