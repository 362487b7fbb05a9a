-- script
SET lock_timeout = '2s';
CREATE TABLE t (id serial PRIMARY KEY, at timestamp, code char(3));
-- quiet
SET lock_timeout = '2s';
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz, code text);
-- expect
sql-script-not-repeatable Info - t: CREATE TABLE on t fails when the script is run a second time
sql-script-preferences Info - t.at: at is timestamp without time zone: a time without its zone is ambiguous; timestamptz is not
sql-script-preferences Info - t.code: code is character(3): char(n) pads with blanks; text with a check does not
sql-script-preferences Info - t.id: id is integer: a key of this size runs out; bigint does not
