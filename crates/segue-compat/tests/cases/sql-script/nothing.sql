-- script
SET lock_timeout = '2s';
ALTER TABLE users ADD COLUMN IF NOT EXISTS nick text;
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY users_nick ON users (nick);
SELECT 1;
COMMENT ON TABLE users IS 'people';

-- quiet
SET lock_timeout = '2s';

-- expect
