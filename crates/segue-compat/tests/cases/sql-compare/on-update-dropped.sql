-- dialect: mysql
-- old
CREATE TABLE t (id int PRIMARY KEY, at timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp());
-- new
CREATE TABLE t (id int PRIMARY KEY, at timestamp NOT NULL DEFAULT current_timestamp());
-- expect
sql-column-option-changed t.at medium []
