//! How a comparison is made.

/// Which engine of comparison.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// The cheapest that fits, with a sentence that says why.
    #[default]
    Auto,
    /// An invertible sketch: memory grows with the differences, not with the table.
    Sketch,
    /// Both sides in the order of the key.
    Merge,
    /// Hashes of chunks by the servers, then bisection: for a slow network.
    Pushdown,
}

/// How.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Which engine.
    pub engine: EngineChoice,
    /// Streams a side, at most.
    pub readers: usize,
    /// Rows of a range, about: what is read again when a sketch does not decode, and what a resumed run has not to read.
    pub range_rows: u64,
    /// Differing rows whose columns are looked up and handed on as examples.
    pub examples: usize,
    /// Every differing row is handed on with its columns (`--diff-rows`, `--repair`).
    pub every_row: bool,
    /// Bytes that sketches and buffers may take together.
    pub memory: usize,
    /// Only so many rows, chosen at random; `None`: all.
    pub sample: Option<u64>,
    /// The seed of that choice and of the sketch.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            engine: EngineChoice::Auto,
            readers: 2,
            range_rows: 262_144,
            examples: 10,
            every_row: false,
            memory: 32 << 20,
            sample: None,
            seed: 0x5e67_7565,
        }
    }
}
