-- script
SET lock_timeout = '2s';
DO $$ BEGIN EXECUTE 'ALTER TABLE users ADD x int'; END $$;
ALTER TABLE users FROBNICATE;
-- quiet
SET lock_timeout = '2s';
DO $$ BEGIN LOOP UPDATE users SET city = 'c' WHERE ctid = ANY (ARRAY(SELECT ctid FROM users WHERE city IS NULL LIMIT 1000)); EXIT WHEN NOT FOUND; COMMIT; END LOOP; END $$;
-- expect
sql-script-not-followed Medium - statement 2: the code of DO is not followed: what it locks and changes is not known
sql-script-not-followed Medium - statement 3: ALTER TABLE … FROBNICATE was not understood: what it does is not known
sql-script-syntax-error Medium - statement 3: line 3: the parser does not take it: expected command, found ident
