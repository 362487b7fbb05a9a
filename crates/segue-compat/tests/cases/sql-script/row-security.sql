-- script
SET lock_timeout = '2s';
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
-- quiet
SET lock_timeout = '2s';
CREATE POLICY mine ON users USING (age > 3);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
-- expect
sql-script-row-security High deploy users: row security of users is on without a policy: everybody but its owner sees no row
