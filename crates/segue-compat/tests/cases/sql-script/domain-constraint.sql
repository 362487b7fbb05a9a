-- script
SET lock_timeout = '2s';
ALTER DOMAIN short ADD CHECK (VALUE <> 'x');
-- quiet
SET lock_timeout = '2s';
ALTER DOMAIN short ADD CONSTRAINT c CHECK (VALUE <> 'x') NOT VALID;
-- expect
sql-script-domain-constraint High deploy short: the constraint of domain short reads users while writers wait
