-- script
SET lock_timeout = '2s';
UPDATE users SET city = 'c';
DELETE FROM users WHERE city = 'c';
UPDATE users SET city = 'c' WHERE city IS NULL;
-- quiet
SET lock_timeout = '2s';
UPDATE users SET city = 'c' WHERE id BETWEEN 1 AND 1000;
DELETE FROM users WHERE id = 3;
-- expect
sql-script-unbounded-write High deploy users: this DELETE writes whatever its condition finds of users in one transaction: rows stay locked until it ends
sql-script-unbounded-write High deploy users: this UPDATE writes every row of users in one transaction: rows stay locked until it ends
sql-script-unbounded-write High deploy users: this UPDATE writes whatever its condition finds of users in one transaction: rows stay locked until it ends [1 safe]
