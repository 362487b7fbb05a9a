//! What a row holds for a moment in a column that no two rows may share, so that rows can take each other's values.
//!
//! Two rows that exchange a unique value collide whichever is written first. One of them is given a spare value before,
//! in the same transaction, and its own at the end: nobody else sees it. A spare value is NULL where the column takes
//! it, else one from the far end of the type, where the users' values are not; should a row hold it all the same, the
//! server refuses and the rows stay as they are. Tests: below, and `tests/it/repair_swap.rs` of `segue-sim`.

use super::datum::Datum;
use super::parse::DAY_MICROS;
use super::read::Read;
use super::value::{Day, Moment};

/// 9999-12-31, in days since 1970.
const LAST_DAY: i32 = 2_932_896;

/// A spare value of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spare {
    Null,
    /// The largest number of the type.
    Number(i64),
    /// So many characters.
    Text(usize),
    /// So many bytes.
    Bytes(usize),
    Uuid,
    Date,
    Timestamp,
}

/// A column of a unique index, in the engine's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UniqueColumn {
    /// Its name.
    pub name: String,
    /// Its declared type.
    pub data_type: String,
    /// Rows with NULL in it are not equal to each other.
    pub nullable: bool,
    /// The server numbers it: another value would move its counter, or cannot be written.
    pub numbered: bool,
}

/// Columns that no two rows may have equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unique {
    /// Their names. An index over expressions has none of them.
    pub columns: Vec<String>,
    /// The one that takes a spare value.
    spare: Option<(String, Spare)>,
}

impl Unique {
    /// A unique index with its columns in order.
    pub fn new(columns: &[UniqueColumn]) -> Self {
        let free = || columns.iter().filter(|column| !column.numbered);
        let null = free().find(|column| column.nullable).map(|column| (column.name.clone(), Spare::Null));
        let other = || free().find_map(|column| Some((column.name.clone(), Spare::of(&column.data_type)?)));
        Self { columns: columns.iter().map(|column| column.name.clone()).collect(), spare: null.or_else(other) }
    }

    /// The column that takes a spare value.
    pub fn spare_column(&self) -> Option<&str> {
        self.spare.as_ref().map(|(column, _)| column.as_str())
    }

    /// Sets the n-th spare value in a row of this read. `false`: nothing of it can be set there.
    pub fn set(&self, read: &Read, row: &mut [Datum], n: usize) -> bool {
        let Some((name, spare)) = &self.spare else { return false };
        let place = read.columns.iter().position(|column| column.name == *name).filter(|at| !read.key.contains(at));
        let Some(value) = place.and_then(|at| row.get_mut(at)) else { return false };
        *value = spare.value(n);
        true
    }
}

/// A row with the n-th spare value in each of the unique indexes that has one. `None`: none of them has.
pub fn spared(uniques: &[Unique], read: &Read, row: &[Datum], n: usize) -> Option<Vec<Datum>> {
    let mut out = row.to_vec();
    let mut any = false;
    for unique in uniques {
        any |= unique.set(read, &mut out, n);
    }
    any.then_some(out)
}

impl Spare {
    /// By the declared type: `int(11) unsigned`, `character varying(20)`.
    fn of(data_type: &str) -> Option<Self> {
        let lower = data_type.to_lowercase();
        let (name, rest) = lower.split_once('(').unwrap_or((&lower, ""));
        let numbers: Vec<u32> = rest.split(')').next().unwrap_or_default().split(',').filter_map(|part| part.trim().parse().ok()).collect();
        let length = numbers.first().map_or(64, |length| *length as usize);
        Some(match name.split_whitespace().next()? {
            "tinyint" => Self::Number(127),
            "smallint" => Self::Number(32_767),
            "mediumint" => Self::Number(8_388_607),
            "int" | "integer" => Self::Number(i64::from(i32::MAX)),
            "bigint" => Self::Number(i64::MAX),
            "numeric" | "decimal" => {
                let whole = numbers.first().map_or(9, |digits| digits.saturating_sub(numbers.get(1).copied().unwrap_or(0)));
                Self::Number(10_i64.checked_pow(whole).map_or(i64::MAX, |above| above - 1))
            }
            "char" | "character" | "varchar" | "text" | "tinytext" | "mediumtext" | "longtext" | "citext" => Self::Text(length),
            "binary" | "varbinary" | "bytea" | "blob" | "tinyblob" | "mediumblob" | "longblob" => Self::Bytes(length),
            "uuid" => Self::Uuid,
            "date" => Self::Date,
            "datetime" | "timestamp" => Self::Timestamp,
            _ => return None,
        })
    }

    fn value(self, n: usize) -> Datum {
        // The number comes first: a short column keeps what tells them apart.
        let token = |length: usize| format!("{n:x}-spare-of-segue").into_bytes().into_iter().take(length).collect::<Vec<u8>>();
        let day = LAST_DAY - i32::try_from(n).unwrap_or(i32::MAX / 2);
        match self {
            Self::Null => Datum::Null,
            Self::Number(most) => Datum::Integer(i128::from(most) - n as i128),
            Self::Text(length) => Datum::Text(token(length)),
            Self::Bytes(length) => Datum::Bytes(token(length)),
            Self::Uuid => Datum::Uuid((0x5e6e_e000_0000_4000_8000_0000_0000_0000_u128 + n as u128).to_be_bytes()),
            Self::Date => Datum::Date(Day::Number(day)),
            Self::Timestamp => Datum::Timestamp(Moment::Micros(i64::from(day) * DAY_MICROS)),
        }
    }
}

#[cfg(test)]
mod tests {
    use segue_model::ident::TableName;

    use super::super::{Class, ReadColumn};
    use super::*;

    fn column(name: &str, data_type: &str, nullable: bool, numbered: bool) -> UniqueColumn {
        UniqueColumn { name: name.to_owned(), data_type: data_type.to_owned(), nullable, numbered }
    }

    #[test]
    fn a_type_has_spare_values_or_none() {
        for (data_type, spare) in [
            ("int(11) unsigned", Some(Spare::Number(2_147_483_647))),
            ("int unsigned", Some(Spare::Number(2_147_483_647))),
            ("smallint", Some(Spare::Number(32_767))),
            ("numeric(10,2)", Some(Spare::Number(99_999_999))),
            ("decimal(65,30)", Some(Spare::Number(i64::MAX))),
            ("numeric", Some(Spare::Number(999_999_999))),
            ("character varying(20)", Some(Spare::Text(20))),
            ("VARCHAR(3)", Some(Spare::Text(3))),
            ("text", Some(Spare::Text(64))),
            ("timestamp(6) without time zone", Some(Spare::Timestamp)),
            ("enum('int')", None),
            ("double", None),
            ("public.mood", None),
            ("", None),
        ] {
            assert_eq!(Spare::of(data_type), spare, "{data_type}");
        }
    }

    #[test]
    fn null_is_taken_first_and_a_number_of_the_server_never() {
        let spare = |columns: &[UniqueColumn]| Unique::new(columns).spare_column().map(str::to_owned);
        assert_eq!(spare(&[column("a", "int", false, false), column("b", "point", true, false)]).as_deref(), Some("b"));
        assert_eq!(spare(&[column("a", "int", false, true), column("b", "text", false, false)]).as_deref(), Some("b"));
        assert_eq!(spare(&[column("a", "int", false, true)]), None);
        assert_eq!(spare(&[]), None);
    }

    #[test]
    fn spare_values_differ_and_the_key_stays() {
        let column_of = |name: &str| ReadColumn { name: name.to_owned(), expression: None, class: Class::Integer };
        let read = Read::new(TableName::bare("t"), vec![column_of("id"), column_of("n"), column_of("v")], vec![0]);
        let row = [Datum::Integer(1), Datum::Integer(2), Datum::Integer(3)];
        let unique = Unique::new(&[column("n", "smallint", false, false)]);
        let (one, other) = (spared(std::slice::from_ref(&unique), &read, &row, 0), spared(&[unique], &read, &row, 1));
        assert!(one.is_some() && one != other);
        assert_eq!(one.map(|row| row[1].clone()), Some(Datum::Integer(32_767)));
        assert_eq!(spared(&[Unique::new(&[column("id", "int", false, false)])], &read, &row, 0), None, "a key is never another");
        assert_eq!(Spare::Text(3).value(17), Datum::Text(b"11-".to_vec()));
        assert!(Spare::Uuid.value(0) != Spare::Uuid.value(1) && Spare::Date.value(0) != Spare::Date.value(1));
    }
}
