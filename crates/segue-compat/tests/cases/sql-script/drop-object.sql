-- script
SET lock_timeout = '2s';
DROP VIEW names;
DROP TYPE mood CASCADE;
-- quiet
SET lock_timeout = '2s';
CREATE VIEW v AS SELECT 1;
-- expect
sql-script-drop-object Critical deploy mood: type mood goes with every column of it: versions that use it fail
sql-script-drop-object High deploy names: view names goes: versions that use it fail
sql-script-not-repeatable Info - mood: DROP on mood fails when the script is run a second time
sql-script-not-repeatable Info - names: DROP on names fails when the script is run a second time
