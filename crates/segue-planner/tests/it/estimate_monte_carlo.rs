//! The simulation against what can be computed exactly, against a much longer one, and against itself.

use segue_model::plan::Plan;
use segue_planner::estimate::{Model, ends, estimate};

use crate::estimate_fixture::{bare_spec, load, no_work_in, phase, plan, stated};

/// A serial plan of machine work: three points each, in seconds.
const SERIAL: &[[u64; 3]] = &[
    [3_600, 7_200, 14_400],
    [600, 1_800, 2_400],
    [20_000, 30_000, 90_000],
    [100, 100, 100],
    [40_000, 50_000, 60_000],
    [1_000, 9_000, 20_000],
];

fn serial() -> Plan {
    let phases = SERIAL.iter().enumerate().map(|(at, points)| {
        let name = format!("p{at}");
        phase(&name, &[], vec![stated(&name, "machine", "machine.copy", *points)])
    });
    plan(phases.collect())
}

fn model(runs: u64, correlation: u64) -> Model {
    Model::read(&format!(r#"{{"simulation": {{"runs": {runs}}}, "correlation": {{"permille": {correlation}}}}}"#)).expect("a model")
}

/// Mean and variance of the log-normal through three points, by integration (Simpson) and not by the planner's code.
fn exact([p5, p50, p95]: [u64; 3]) -> (f64, f64) {
    let (low, high) = ((p50 as f64 / p5 as f64).ln() / 1.644_853_626_951_472_2, (p95 as f64 / p50 as f64).ln() / 1.644_853_626_951_472_2);
    let value = |z: f64| p50 as f64 * (if z < 0.0 { low * z } else { high * z }).exp();
    let density = |z: f64| (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let integral = |f: &dyn Fn(f64) -> f64| {
        let (from, to, steps) = (-12.0, 12.0, 48_000);
        let width = (to - from) / f64::from(steps);
        let weight = |step: i32| {
            if step == 0 || step == steps {
                1.0
            } else if step % 2 == 1 {
                4.0
            } else {
                2.0
            }
        };
        (0..=steps).map(|step| weight(step) * f(from + width * f64::from(step))).sum::<f64>() * width / 3.0
    };
    let mean = integral(&|z| value(z) * density(z));
    (mean, integral(&|z| value(z) * value(z) * density(z)) - mean * mean)
}

fn moments(values: &[u64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().map(|value| *value as f64 / 1_000.0).sum::<f64>() / count;
    (mean, values.iter().map(|value| (*value as f64 / 1_000.0 - mean).powi(2)).sum::<f64>() / count)
}

#[test]
fn mean_and_variance_of_a_serial_plan_are_the_exact_ones_within_one_per_cent() {
    let values = ends(&serial(), &bare_spec(), None, &model(10_000, 0), None).expect("an end");
    assert_eq!(values.len(), 10_000);
    let (mean, variance) = moments(&values);
    let (exact_mean, exact_variance) =
        SERIAL.iter().map(|points| exact(*points)).fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    assert!((mean / exact_mean - 1.0).abs() < 0.01, "mean {mean} against {exact_mean}");
    assert!((variance / exact_variance - 1.0).abs() < 0.01, "variance {variance} against {exact_variance}");
}

#[test]
fn quantiles_are_those_of_a_much_longer_run() {
    let of = |runs| {
        let mut plan = serial();
        estimate(&mut plan, &bare_spec(), None, &model(runs, 300), None);
        plan.program.duration.expect("a duration")
    };
    let (short, long) = (of(10_000), of(100_000));
    for (short, long) in [(short.p5_s, long.p5_s), (short.p50_s, long.p50_s), (short.p80_s, long.p80_s), (short.p95_s, long.p95_s)] {
        let apart = (short as f64 / long as f64 - 1.0).abs();
        assert!(apart < 0.02, "{short} against {long}");
    }
}

#[test]
fn a_team_that_errs_together_has_a_wider_end() {
    let width = |correlation| {
        let mut plan = serial();
        estimate(&mut plan, &bare_spec(), None, &model(2_000, correlation), None);
        let duration = plan.program.duration.expect("a duration");
        duration.p95_s - duration.p5_s
    };
    let (alone, some, all) = (width(0), width(300), width(1_000));
    assert!(alone < some && some < all, "{alone} {some} {all}");
}

#[test]
fn paths_that_meet_end_later_than_each_alone() {
    let points = [3_600, 7_200, 14_400];
    let of = |count: usize| {
        let mut phases: Vec<_> = (0..count)
            .map(|at| phase(&format!("p{at}"), &[], vec![stated(&format!("p{at}"), "machine", "machine.copy", points)]))
            .collect();
        let names: Vec<String> = phases.iter().map(|phase| phase.name.clone()).collect();
        phases.push(phase("end", &names.iter().map(String::as_str).collect::<Vec<_>>(), Vec::new()));
        let mut plan = plan(phases);
        estimate(&mut plan, &no_work_in(bare_spec(), "end"), None, &model(2_000, 0), None);
        plan.program.duration.expect("a duration").p50_s
    };
    assert!((7_100..7_300).contains(&of(1)), "{}", of(1));
    assert!(of(5) > 9_000, "merge bias: {}", of(5));
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let mut first = serial();
    let mut second = serial();
    estimate(&mut first, &bare_spec(), None, &Model::builtin(), None);
    estimate(&mut second, &bare_spec(), None, &Model::builtin(), None);
    estimate(&mut second, &bare_spec(), None, &Model::builtin(), None);
    assert_eq!(first, second, "and a second estimate changes nothing");
    let digest = first.computed_digest().expect("whole numbers only");
    // Not a property but a fixed point: another value here on another machine means that its arithmetic differs.
    let duration = first.program.duration.expect("a duration");
    assert_eq!((duration.p5_s, duration.p50_s, duration.p80_s, duration.p95_s, digest.len()), (74_700, 100_860, 127_020, 170_220, 64));
}

#[test]
fn quantiles_rise_whatever_the_plan() {
    arbtest::arbtest(|u| {
        let phases = u.int_in_range(1..=6_usize)?;
        let mut out = Vec::new();
        for at in 0..phases {
            let before: Vec<String> = (0..at).filter(|_| u.ratio(1, 2).unwrap_or(false)).map(|before| format!("p{before}")).collect();
            let likely = u.int_in_range(1..=1_000_000_u64)?;
            let points = [likely / u.int_in_range(1..=20_u64)?, likely, likely * u.int_in_range(1..=20_u64)?];
            let mut loads = vec![stated("x", "machine", "machine.copy", points)];
            if u.arbitrary()? {
                loads.push(load("y", "dba", "people.table", u.int_in_range(1..=500_u64)?));
            }
            out.push(phase(&format!("p{at}"), &before.iter().map(String::as_str).collect::<Vec<_>>(), loads));
        }
        let mut plan = plan(out);
        estimate(&mut plan, &bare_spec(), None, &model(200, 300), None);
        let duration = plan.program.duration.expect("a duration");
        let all = plan.phases.iter().flat_map(|phase| [phase.project.starts, phase.project.ends]).flatten().chain([duration]);
        for of in all {
            assert!(of.p5_s <= of.p50_s && of.p50_s <= of.p80_s && of.p80_s <= of.p95_s, "{of:?}");
        }
        let last = plan.phases.iter().filter_map(|phase| phase.project.ends).map(|ends| ends.p95_s).max();
        assert!(duration.p95_s >= last.unwrap_or(0));
        assert!(plan.program.drivers.len() <= 5 && plan.program.drivers.iter().map(|driver| driver.share_permille).sum::<u32>() <= 1_002);
        Ok(())
    })
    .budget_ms(2_000);
}
