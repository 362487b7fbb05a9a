-- script
SET lock_timeout = '2s';
ALTER TABLE users ADD properties json;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE users ADD properties jsonb;
-- expect
sql-script-add-column-json High deploy users.properties: properties of type json breaks SELECT DISTINCT and GROUP BY over rows of users [2 safe]
sql-script-not-repeatable Info - users: ADD COLUMN on users fails when the script is run a second time
