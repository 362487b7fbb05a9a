-- dialect: postgres
-- old
CREATE TABLE t (id int PRIMARY KEY, a timestamptz DEFAULT now());
-- new
CREATE TABLE t (id int PRIMARY KEY, a timestamptz DEFAULT CURRENT_TIMESTAMP);
-- expect
