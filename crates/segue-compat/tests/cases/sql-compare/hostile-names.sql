-- dialect: mysql
-- old
CREATE TABLE `a``b.c#d` (`x y;--` int, `'` text);
-- new
CREATE TABLE `a``b.c#d` (`x y;--` bigint, `'` text);
-- expect
sql-type-widened a`b.c#d.x y;-- medium [deploy rollback rolling]
