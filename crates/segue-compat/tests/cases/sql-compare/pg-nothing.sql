-- dialect: postgres
-- old
CREATE TABLE public.t (id int4 PRIMARY KEY, a varchar(20) DEFAULT 'x', CHECK (id > 0));
-- new
create table t (id integer, a character varying (20) default 'x'::character varying, constraint t_pkey primary key (id), check ((id > 0)));
-- expect
