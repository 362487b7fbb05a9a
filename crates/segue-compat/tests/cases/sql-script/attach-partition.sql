-- script
SET lock_timeout = '2s';
ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- quiet
SET lock_timeout = '2s';
ALTER TABLE events_2026 ADD CONSTRAINT bound CHECK (at IS NOT NULL AND at >= '2026-01-01' AND at < '2027-01-01') NOT VALID;
ALTER TABLE events_2026 VALIDATE CONSTRAINT bound;
ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
-- expect
sql-script-attach-partition High deploy events_2026: attaching events_2026 to events reads events_2026: reads the whole table and blocks reads and writes meanwhile; its size is not known, so that it is taken as large
