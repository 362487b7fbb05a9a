-- script
SET lock_timeout = '2s';
ALTER TABLE users DROP CONSTRAINT country_known;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ADD CONSTRAINT h CHECK (email IS NOT NULL) NOT VALID;
ALTER TABLE users DROP CONSTRAINT h;
-- expect
sql-script-drop-constraint Medium back users.country_known: constraint country_known of users goes: the old version may rely on it
