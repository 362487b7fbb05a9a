-- dialect: mysql
-- old
CREATE TABLE `t` (`id` int(11) NOT NULL, `s` varchar(10) DEFAULT 'a', PRIMARY KEY (`id`), KEY `k` (`s`)) ENGINE=InnoDB;
-- new
create table t (id integer primary key not null, s VARCHAR (10) default 'a' comment 'words only', index other_name (s asc)) engine = innodb;
-- expect
