-- script
SET lock_timeout = '2s';
ALTER TABLE users DISABLE TRIGGER ALL;
CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ENABLE TRIGGER ALL;
-- expect
sql-script-triggers High deploy users: a trigger of users is off: foreign keys of it are not checked either
sql-script-triggers Low - users.t: trigger t of users appears: from now on it runs for writers of every version
