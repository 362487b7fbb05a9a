-- script
SET lock_timeout = '2s';
ALTER TYPE mood ADD VALUE 'happy';
-- quiet
SET lock_timeout = '2s';
CREATE TYPE colour AS ENUM ('red');
ALTER TYPE colour ADD VALUE 'green';
-- expect
sql-script-enum-value-added Medium deploy mood: enum mood takes a new value, which versions at work may not know
