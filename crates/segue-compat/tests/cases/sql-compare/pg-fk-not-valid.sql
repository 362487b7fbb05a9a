-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, u int);CREATE TABLE u (id int PRIMARY KEY);ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (u) REFERENCES u (id);
-- new
CREATE TABLE t (id int PRIMARY KEY, u int);CREATE TABLE u (id int PRIMARY KEY);ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (u) REFERENCES u (id) NOT VALID;
-- expect
sql-foreign-key-target-changed public.t#f low []
