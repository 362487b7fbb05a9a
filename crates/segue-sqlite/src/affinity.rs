//! What a declared type takes: SQLite's affinities, and whether a value fits one without being bent.
//!
//! SQLite stores a text that is no number in an INTEGER column as it is, and `CAST` makes a 0 of it. Neither is a
//! conversion: a value that does not fit is a row kept aside. The rules are those of "Datatypes In SQLite", 3.1
//! and 4.2 (a `CAST … AS NUMERIC` on one side applies numeric affinity to the other). Tests: below.

/// What a declared type prefers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Affinity {
    Integer,
    Text,
    Blob,
    Real,
    Numeric,
    /// NUMERIC by SQLite's rules, but by a name such as DATE or JSON, which says nothing of numbers.
    Anything,
}

/// The affinity of a declared type.
pub(crate) fn of(data_type: &str) -> Affinity {
    let name = data_type.to_ascii_uppercase();
    let has = |part: &str| name.contains(part);
    if has("INT") {
        Affinity::Integer
    } else if has("CHAR") || has("CLOB") || has("TEXT") {
        Affinity::Text
    } else if has("BLOB") || name.trim().is_empty() {
        Affinity::Blob
    } else if has("REAL") || has("FLOA") || has("DOUB") {
        Affinity::Real
    } else if has("NUM") || has("DEC") {
        Affinity::Numeric
    } else {
        Affinity::Anything
    }
}

/// A condition: the value fits the type (NULL always does).
pub(crate) fn fits(value: &str, data_type: &str, strict: bool) -> String {
    let number = format!("(typeof({value}) IN ('integer','real','text') AND CAST({value} AS NUMERIC) = ({value}))");
    match of(data_type) {
        Affinity::Integer => {
            format!("(({value}) IS NULL OR ({number} AND CAST(CAST({value} AS NUMERIC) AS INTEGER) = CAST({value} AS NUMERIC)))")
        }
        // An integer beyond 2^53 may have no REAL that is the same: then it would be bent.
        Affinity::Real => {
            format!("(({value}) IS NULL OR ({number} AND CAST(CAST({value} AS NUMERIC) AS REAL) = CAST({value} AS NUMERIC)))")
        }
        Affinity::Numeric => format!("(({value}) IS NULL OR {number})"),
        Affinity::Text => format!("(typeof({value}) <> 'blob')"),
        Affinity::Blob if strict => format!("(typeof({value}) IN ('blob','null'))"),
        Affinity::Blob | Affinity::Anything => "1".to_owned(),
    }
}

/// The value as an assignment to that type would store it where it fits, else as it is (and then it is refused).
pub(crate) fn assignment_cast(value: &str, data_type: &str) -> String {
    let cast = match of(data_type) {
        Affinity::Integer => format!("CAST(CAST({value} AS NUMERIC) AS INTEGER)"),
        Affinity::Real => format!("CAST({value} AS REAL)"),
        Affinity::Numeric => format!("CAST({value} AS NUMERIC)"),
        Affinity::Text => format!("CAST({value} AS TEXT)"),
        Affinity::Blob | Affinity::Anything => return value.to_owned(),
    };
    format!("CASE WHEN {} THEN {cast} ELSE {value} END", fits(value, data_type, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, data_type: &str, expect: bool) {
        let connection = rusqlite::Connection::open_in_memory().expect("memory");
        let sql = format!("SELECT {} FROM (SELECT {value} AS v)", fits("v", data_type, false));
        let got: bool = connection.query_row(&sql, [], |row| row.get(0)).expect("evaluates");
        assert_eq!(got, expect, "{value} in {data_type}");
    }

    #[test]
    fn the_server_decides_what_fits() {
        check("'12'", "INTEGER", true);
        check("' 12 '", "INTEGER", true);
        check("'abc'", "INTEGER", false);
        check("'12abc'", "INTEGER", false);
        check("''", "INTEGER", false);
        check("1.5", "INTEGER", false);
        check("2.0", "INTEGER", true);
        check("9223372036854775807", "INTEGER", true);
        check("NULL", "INTEGER", true);
        check("'1.5'", "REAL", true);
        check("9007199254740992", "REAL", true);
        check("9007199254740993", "REAL", false);
        check("9e999", "REAL", true);
        check("'x'", "NUMERIC(10,2)", false);
        check("x'00'", "TEXT", false);
        check("'2020-01-01'", "DATE", true);
        check("x'00'", "DECIMAL", false);
    }
}
