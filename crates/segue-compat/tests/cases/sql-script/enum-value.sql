-- script
SET lock_timeout = '2s';
BEGIN;
ALTER TYPE mood ADD VALUE 'calm';
UPDATE orders SET note = 'calm' WHERE id = 3;
COMMIT;
-- quiet
SET lock_timeout = '2s';
ALTER TYPE mood ADD VALUE 'calm';
UPDATE orders SET note = 'calm' WHERE id = 3;
-- expect
sql-script-enum-value Medium - mood: if this uses the value that mood got in the same transaction, the server refuses it
sql-script-enum-value-added Medium deploy mood: enum mood takes a new value, which versions at work may not know
