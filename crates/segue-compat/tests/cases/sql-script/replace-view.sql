-- script
SET lock_timeout = '2s';
CREATE OR REPLACE VIEW names AS SELECT a, a + 1 AS next FROM shown;
CREATE OR REPLACE VIEW names AS SELECT b FROM heap;
-- quiet
SET lock_timeout = '2s';
CREATE OR REPLACE VIEW names AS SELECT a FROM shown;
CREATE OR REPLACE VIEW fresh AS SELECT a FROM shown;
-- expect
sql-script-refused High deploy heap: the server refuses this: column 1 of view names is a and would be b: a view that is replaced keeps its columns
sql-script-replace-view Medium - names: view names keeps its columns; whether its rows and values stay cannot be told from its text
