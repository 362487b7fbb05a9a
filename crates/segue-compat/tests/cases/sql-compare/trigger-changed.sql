-- dialect: sqlite
-- old
CREATE TABLE t (a);CREATE TABLE l (a);CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO l VALUES (1); END;CREATE TRIGGER y AFTER INSERT ON t BEGIN DELETE FROM l; END;
-- new
CREATE TABLE t (a);CREATE TABLE l (a);CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT INTO l VALUES (2); END;CREATE TRIGGER z AFTER INSERT ON t BEGIN DELETE FROM l; END;
-- expect
sql-trigger-changed t#x medium [] undecided
sql-trigger-changed t#y medium [] undecided
sql-trigger-changed t#z medium [] undecided
