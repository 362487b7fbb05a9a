//! What must hold at the end: nothing acknowledged is lost, nothing is there twice, nothing failed is there, and
//! each account has what its ledger says.
//!
//! Pure: logs and tables in, defects out. Must never stop at the first defect. Tests: below plant each fault that
//! it exists for.

use std::collections::BTreeMap;
use std::fmt;

use super::log::{Operations, Outcome};
use super::workload::{Bank, Operation};

/// A ledger line as it was read: writer, number, giver, taker, amount.
pub type Row = (u64, u64, i64, i64, i64);

/// What was read of the database at the end, through one form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// All lines, also those that are there twice.
    pub lines: Vec<Row>,
    /// Balances by account.
    pub balances: BTreeMap<i64, i64>,
    /// Sums that audits saw in between, with the writer that saw each.
    pub audits: Vec<(u64, i64)>,
}

/// Something that must not be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Defect {
    /// An acknowledged operation is not there.
    Lost(u64, u64),
    /// An operation is there more than once.
    Doubled(u64, u64),
    /// An operation that was refused, or never invoked, is there.
    Ghost(u64, u64),
    /// An operation is there with other accounts or another amount.
    Changed(u64, u64),
    /// A writer's numbers have a gap.
    Gap(u64, u64),
    /// An account has not what its ledger says: account, what it has, what it should have.
    Balance(i64, i64, i64),
    /// The sum is another: what it is, what it should be.
    Sum(i64, i64),
    /// A writer's audit saw another sum in between.
    Audit(u64, i64),
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost(writer, seq) => write!(f, "lost: operation {seq} of writer {writer} was acknowledged"),
            Self::Doubled(writer, seq) => write!(f, "doubled: operation {seq} of writer {writer}"),
            Self::Ghost(writer, seq) => write!(f, "operation {seq} of writer {writer} is there and was never acknowledged to be"),
            Self::Changed(writer, seq) => write!(f, "operation {seq} of writer {writer} is there with other figures"),
            Self::Gap(writer, seq) => write!(f, "writer {writer} has no operation {seq}, but later ones"),
            Self::Balance(account, is, should) => write!(f, "account {account} has {is} and should have {should}"),
            Self::Sum(is, should) => write!(f, "the sum is {is} and should be {should}"),
            Self::Audit(writer, sum) => write!(f, "writer {writer} read the sum {sum}"),
        }
    }
}

/// Ledger lines by writer and number: giver, taker, amount of each.
type Found = BTreeMap<(u64, u64), Vec<(i64, i64, i64)>>;

/// The logs of all writers.
pub type Logs = BTreeMap<u64, Operations>;

/// Everything that is wrong.
pub fn check(bank: &Bank, logs: &Logs, ledger: &Ledger) -> Vec<Defect> {
    let mut defects = Vec::new();
    let mut there: Found = BTreeMap::new();
    for (writer, seq, from, to, amount) in &ledger.lines {
        there.entry((*writer, *seq)).or_default().push((*from, *to, *amount));
    }
    for (writer, operations) in logs {
        for (number, seq) in (1..).zip(operations.keys()) {
            if number != *seq {
                defects.push(Defect::Gap(*writer, number));
                break;
            }
        }
        for (seq, (operation, outcome)) in operations {
            let Operation::Transfer { from, to, amount } = operation else { continue };
            let found = there.remove(&(*writer, *seq)).unwrap_or_default();
            let defect = match (found.as_slice(), outcome) {
                ([], Outcome::Ok) => Defect::Lost(*writer, *seq),
                ([_], Outcome::Failed) => Defect::Ghost(*writer, *seq),
                ([one], _) if *one != (*from, *to, *amount) => Defect::Changed(*writer, *seq),
                ([_, _, ..], _) => Defect::Doubled(*writer, *seq),
                ([] | [_], _) => continue,
            };
            defects.push(defect);
        }
    }
    defects.extend(there.keys().map(|(writer, seq)| Defect::Ghost(*writer, *seq)));
    balances(bank, ledger, &mut defects);
    defects
}

/// Each account has what it had at first, and what its lines gave and took.
fn balances(bank: &Bank, ledger: &Ledger, defects: &mut Vec<Defect>) {
    let mut should: BTreeMap<i64, i64> = (1..=bank.accounts).map(|id| (id, bank.initial)).collect();
    for (_, _, from, to, amount) in &ledger.lines {
        *should.entry(*from).or_default() -= amount;
        *should.entry(*to).or_default() += amount;
    }
    for account in should.keys().chain(ledger.balances.keys()).collect::<std::collections::BTreeSet<_>>() {
        let is = ledger.balances.get(account).copied().unwrap_or(0);
        let expected = should.get(account).copied().unwrap_or(0);
        if is != expected {
            defects.push(Defect::Balance(*account, is, expected));
        }
    }
    let sum = ledger.balances.values().sum();
    if sum != bank.sum() {
        defects.push(Defect::Sum(sum, bank.sum()));
    }
    let wrong = ledger.audits.iter().filter(|(_, sum)| *sum != bank.sum());
    defects.extend(wrong.map(|(writer, sum)| Defect::Audit(*writer, *sum)));
}

/// The longest time between two acknowledgements of one writer: the pause that it felt.
pub fn longest_gap_ms(acknowledged: &[u64]) -> u64 {
    acknowledged.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BANK: Bank = Bank { accounts: 3, initial: 100 };

    fn transfer(from: i64, to: i64, amount: i64) -> Operation {
        Operation::Transfer { from, to, amount }
    }

    fn logs() -> Logs {
        let first =
            [(1, (transfer(1, 2, 5), Outcome::Ok)), (2, (transfer(2, 3, 7), Outcome::Failed)), (3, (transfer(3, 1, 2), Outcome::Unknown))];
        let second = [(1, (transfer(2, 1, 4), Outcome::Ok)), (2, (Operation::Audit, Outcome::Ok)), (3, (transfer(1, 3, 9), Outcome::Ok))];
        Logs::from([(1, first.into()), (2, second.into())])
    }

    /// The database that these logs should have made, the unknown one being there.
    fn right() -> Ledger {
        Ledger {
            lines: vec![(1, 1, 1, 2, 5), (1, 3, 3, 1, 2), (2, 1, 2, 1, 4), (2, 3, 1, 3, 9)],
            balances: [(1, 92), (2, 101), (3, 107)].into(),
            audits: vec![(2, 300)],
        }
    }

    fn planted(damage: impl FnOnce(&mut Ledger), expect: &[Defect]) {
        let mut ledger = right();
        damage(&mut ledger);
        assert_eq!(check(&BANK, &logs(), &ledger), expect);
    }

    #[test]
    fn what_is_right_has_no_defect() {
        planted(|_| {}, &[]);
        // The unknown operation may also not be there.
        planted(
            |ledger| {
                ledger.lines.remove(1);
                ledger.balances = [(1, 90), (2, 101), (3, 109)].into();
            },
            &[],
        );
    }

    #[test]
    fn a_lost_write_is_found() {
        planted(
            |ledger| {
                ledger.lines.remove(0);
                ledger.balances = [(1, 97), (2, 96), (3, 107)].into();
            },
            &[Defect::Lost(1, 1)],
        );
        // Its line is there, its effect on one account is not.
        planted(|ledger| *ledger.balances.entry(1).or_default() += 5, &[Defect::Balance(1, 97, 92), Defect::Sum(305, 300)]);
    }

    #[test]
    fn a_doubled_write_is_found() {
        planted(
            |ledger| {
                ledger.lines.push((1, 1, 1, 2, 5));
                ledger.balances = [(1, 87), (2, 106), (3, 107)].into();
            },
            &[Defect::Doubled(1, 1)],
        );
        // Applied twice, written down once.
        planted(
            |ledger| ledger.balances = [(1, 87), (2, 106), (3, 107)].into(),
            &[Defect::Balance(1, 87, 92), Defect::Balance(2, 106, 101)],
        );
    }

    #[test]
    fn swapped_writes_are_found() {
        planted(
            |ledger| {
                ledger.lines[0] = (1, 1, 2, 1, 4);
                ledger.lines[2] = (2, 1, 1, 2, 5);
            },
            &[Defect::Changed(1, 1), Defect::Changed(2, 1)],
        );
        planted(
            |ledger| ledger.balances = [(1, 101), (2, 92), (3, 107)].into(),
            &[Defect::Balance(1, 101, 92), Defect::Balance(2, 92, 101)],
        );
    }

    #[test]
    fn a_stale_value_is_found() {
        // Account 3 shows what it had before its last write.
        planted(|ledger| *ledger.balances.entry(3).or_default() -= 9, &[Defect::Balance(3, 98, 107), Defect::Sum(291, 300)]);
        planted(|ledger| ledger.audits.push((1, 295)), &[Defect::Audit(1, 295)]);
    }

    #[test]
    fn what_was_refused_or_never_asked_for_is_found() {
        planted(
            |ledger| {
                ledger.lines.push((1, 2, 2, 3, 7));
                ledger.lines.push((9, 1, 3, 2, 7));
            },
            &[Defect::Ghost(1, 2), Defect::Ghost(9, 1)],
        );
    }

    #[test]
    fn a_gap_is_found() {
        let mut logs = logs();
        logs.get_mut(&2).expect("a writer").remove(&2);
        assert_eq!(check(&BANK, &logs, &right()), [Defect::Gap(2, 2)]);
    }

    #[test]
    fn the_longest_gap_is_the_pause() {
        assert_eq!(longest_gap_ms(&[10, 12, 40, 41]), 28);
        assert_eq!(longest_gap_ms(&[10]), 0);
    }
}
