-- script
SET lock_timeout = '2s';
DROP SCHEMA public CASCADE;
DROP DATABASE shop;
-- quiet
SET lock_timeout = '2s';
CREATE SCHEMA s;
-- expect
sql-script-drop-schema Critical deploy public: everything in public is lost: 7 tables that are known
sql-script-drop-schema Critical deploy shop: everything in shop is lost
sql-script-not-repeatable Info - public: DROP on public fails when the script is run a second time
sql-script-not-repeatable Info - shop: DROP on shop fails when the script is run a second time
