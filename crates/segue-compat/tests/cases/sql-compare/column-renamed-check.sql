-- dialect: sqlite
-- old
CREATE TABLE t (id int PRIMARY KEY, price INTEGER CHECK (price > 0), UNIQUE (price));
-- new
CREATE TABLE t (id int PRIMARY KEY, unit_price INTEGER CHECK (unit_price > 0), UNIQUE (unit_price));
-- expect
sql-column-renamed t.unit_price high [deploy rollback rolling]
