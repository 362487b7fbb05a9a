//! How fast a comparison may be: what the databases carry, bytes a second, and a person who stops it.
//!
//! While a bound is passed no batch is read, and the line of progress says which. A bound of a figure that neither side
//! tells is refused: one that is never looked at is worse than none. Tests: below, and `tests/verify/engines.rs`.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use segue_engine::{EngineError, Load};
use segue_journal::{Stop, StopFlag};
use segue_model::plan::Throttle;
use segue_steps::pace::wait_reason;
use segue_verify::{Pace, Side, VerifyError};

use crate::connect::Database;

/// How often the load of the databases is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long one wait is while they carry too much.
const WAIT: Duration = Duration::from_millis(500);

/// How often a person is listened to while a server is silent.
const LISTEN_EVERY: Duration = Duration::from_millis(100);

/// What others may be made to carry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// Of figures and lag; `None`: nobody is asked.
    pub(crate) load: Option<Throttle>,
    /// Bytes read in a second, of both sides together.
    pub(crate) bytes_per_s: Option<u64>,
}

/// A database that tells what it carries.
#[async_trait]
pub(crate) trait Loaded: Send + Sync {
    /// What it carries now.
    async fn now(&self) -> Result<Load, EngineError>;
}

#[async_trait]
impl Loaded for Arc<dyn Database> {
    async fn now(&self) -> Result<Load, EngineError> {
        self.load().await
    }
}

/// Who hears why it waits.
pub(crate) type Tell = Box<dyn Fn(&str) + Send + Sync>;

/// The pace of a comparison.
pub(crate) struct Paced {
    /// Source and target.
    sides: Vec<Box<dyn Loaded>>,
    stop: Arc<StopFlag>,
    bounds: Bounds,
    tell: Tell,
    wait: Duration,
    began: Instant,
    bytes: AtomicU64,
    /// When the load was looked at, in milliseconds since `began`; -1 before the first time.
    looked: AtomicI64,
}

impl Paced {
    /// Of these sides. With no bound of load nobody is asked for it.
    pub(crate) fn new(sides: &[&Arc<dyn Database>], stop: Arc<StopFlag>, bounds: Bounds, tell: Tell) -> Self {
        let sides = sides.iter().map(|side| Box::new(Arc::clone(side)) as Box<dyn Loaded>).collect();
        Self { sides, stop, bounds, tell, wait: WAIT, began: Instant::now(), bytes: AtomicU64::new(0), looked: AtomicI64::new(-1) }
    }

    async fn loads(&self) -> Result<Vec<Load>, VerifyError> {
        let mut loads = Vec::new();
        for (side, of) in self.sides.iter().zip([Side::Source, Side::Target]) {
            loads.push(side.now().await.map_err(|error| VerifyError::Side { side: of, error })?);
        }
        Ok(loads)
    }

    /// Refuses a bound of a figure that neither side tells.
    pub(crate) async fn possible(&self) -> Result<(), VerifyError> {
        let Some(throttle) = self.bounds.load.as_ref().filter(|throttle| !throttle.max_load.is_empty()) else { return Ok(()) };
        let loads = self.loads().await?;
        match throttle.max_load.keys().find(|name| !loads.iter().any(|load| load.figures.contains_key(*name))) {
            None => Ok(()),
            Some(name) => Err(VerifyError::Cannot(format!("throttle.max_load names `{name}`, which neither side tells"))),
        }
    }

    /// Why nothing may be read now.
    async fn too_much(&self, throttle: &Throttle) -> Result<Option<String>, VerifyError> {
        let loads = self.loads().await?;
        // Engines have figures of different names: one that tells nothing of a bound is not asked about it.
        let told = |load: &Load| throttle.max_load.iter().filter(|(name, _)| load.figures.contains_key(*name)).map(own).collect();
        for (load, side) in loads.iter().zip(["source", "target"]) {
            let throttle = Throttle { max_load: told(load), ..throttle.clone() };
            if let Some(why) = wait_reason(load, &throttle).map_err(|error| VerifyError::Cannot(error.to_string()))? {
                return Ok(Some(format!("waiting for the {side}: {why}")));
            }
        }
        Ok(None)
    }

    fn is_time(&self) -> bool {
        let now = i64::try_from(self.began.elapsed().as_millis()).unwrap_or(i64::MAX);
        let last = self.looked.load(Ordering::Relaxed);
        let due = last < 0 || now - last >= i64::try_from(LOOK_EVERY.as_millis()).unwrap_or(i64::MAX);
        due && self.looked.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// How much earlier than it may be so many bytes were read.
    fn ahead(&self, per_second: u64) -> Duration {
        ahead(self.bytes.load(Ordering::Relaxed), per_second, self.began.elapsed())
    }

    fn stopped(&self) -> Result<(), VerifyError> {
        if self.stop.get() == Stop::No { Ok(()) } else { Err(VerifyError::Interrupted) }
    }
}

fn own((name, most): (&String, &u64)) -> (String, u64) {
    (name.clone(), *most)
}

fn ahead(bytes: u64, per_second: u64, elapsed: Duration) -> Duration {
    let due_ms = u128::from(bytes) * 1_000 / u128::from(per_second.max(1));
    Duration::from_millis(u64::try_from(due_ms).unwrap_or(u64::MAX)).saturating_sub(elapsed)
}

#[async_trait]
impl Pace for Paced {
    async fn breathe(&self) -> Result<(), VerifyError> {
        self.stopped()?;
        if let Some(per_second) = self.bounds.bytes_per_s {
            while !self.ahead(per_second).is_zero() {
                tokio::time::sleep(self.ahead(per_second).min(WAIT)).await;
                self.stopped()?;
            }
        }
        let Some(throttle) = self.bounds.load.as_ref().filter(|_| self.is_time()) else { return Ok(()) };
        while let Some(why) = self.too_much(throttle).await? {
            (self.tell)(&why);
            tokio::time::sleep(self.wait).await;
            self.stopped()?;
        }
        Ok(())
    }

    async fn stopped(&self) {
        while self.stop.get() == Stop::No {
            tokio::time::sleep(LISTEN_EVERY).await;
        }
    }

    fn read(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Tells these loads one after the other, and the last one for ever.
    struct Told(Mutex<Vec<Load>>);

    #[async_trait]
    impl Loaded for Told {
        async fn now(&self) -> Result<Load, EngineError> {
            let mut loads = self.0.lock().expect("no test panicked");
            Ok(if loads.len() > 1 { loads.remove(0) } else { loads[0].clone() })
        }
    }

    fn lag(ms: u64) -> Load {
        Load { replication_lag_ms: Some(ms), ..Load::default() }
    }

    fn busy(threads: u64) -> Load {
        Load { figures: [("threads_running".to_owned(), threads)].into(), ..Load::default() }
    }

    fn breathe(source: Vec<Load>, target: Vec<Load>, throttle: Throttle, stop: Stop) -> (Result<(), VerifyError>, Vec<String>) {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (flag, ears) = (Arc::new(StopFlag::new()), Arc::clone(&heard));
        let stopping = Arc::clone(&flag);
        let tell = Box::new(move |why: &str| {
            ears.lock().expect("no test panicked").push(why.to_owned());
            if stop != Stop::No {
                stopping.press();
            }
        });
        let paced = Paced {
            sides: vec![Box::new(Told(Mutex::new(source))), Box::new(Told(Mutex::new(target)))],
            wait: Duration::ZERO,
            ..Paced::new(&[], flag, Bounds { load: Some(throttle), bytes_per_s: None }, tell)
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let done = runtime.block_on(async {
            paced.possible().await?;
            paced.breathe().await
        });
        drop(paced);
        (done, Arc::into_inner(heard).expect("nobody else hears").into_inner().expect("no test panicked"))
    }

    #[test]
    fn a_replica_that_lags_pauses_the_readers_until_it_has_caught_up() {
        let (done, heard) = breathe(vec![Load::default()], vec![lag(9_000), lag(6_000), lag(4_999)], Throttle::default(), Stop::No);
        assert!(done.is_ok());
        assert_eq!(
            heard,
            [
                "waiting for the target: a replica is 9000 ms behind (at most 5000)",
                "waiting for the target: a replica is 6000 ms behind (at most 5000)"
            ]
        );
    }

    #[test]
    fn a_busy_side_pauses_the_readers_and_one_that_tells_nothing_does_not() {
        let throttle = Throttle { max_load: [("threads_running".to_owned(), 40)].into(), ..Throttle::default() };
        let (done, heard) = breathe(vec![busy(41), busy(41), busy(40)], vec![Load::default()], throttle.clone(), Stop::No);
        assert!(done.is_ok());
        assert_eq!(heard, ["waiting for the source: threads_running is 41 (at most 40)"]);
        let (done, _) = breathe(vec![Load::default()], vec![Load::default()], throttle, Stop::No);
        assert!(done.expect_err("a bound that nobody can look at").to_string().contains("threads_running"));
    }

    #[test]
    fn a_person_can_stop_it_while_it_waits() {
        let (done, heard) = breathe(vec![lag(9_000)], vec![Load::default()], Throttle::default(), Stop::AfterBatch);
        assert!(matches!(done, Err(VerifyError::Interrupted)) && heard.len() == 1);
    }

    #[test]
    fn bytes_a_second_are_a_bound() {
        assert_eq!(ahead(3_000, 1_000, Duration::from_secs(1)), Duration::from_secs(2));
        assert_eq!(ahead(3_000, 1_000, Duration::from_secs(4)), Duration::ZERO);
    }
}
