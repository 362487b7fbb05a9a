-- script
SET lock_timeout = '2s';
ALTER TABLE events DETACH PARTITION events_2025;
-- quiet
SET lock_timeout = '2s';
ALTER TABLE events DETACH PARTITION events_2025 CONCURRENTLY;
-- expect
sql-script-detach-partition High deploy events.events_2025: detaching events_2025 keeps everybody from all partitions of events [1 safe]
