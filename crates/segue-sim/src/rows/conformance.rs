//! One suite that every engine's [`segue_engine::rows::Rows`] passes. Cases are in `reading.rs` and `moment.rs`.
//!
//! Must never know an engine by name where the place can say what it lacks.

use super::Place;
use super::{moment, reading};

/// Runs every case; gives their number.
pub async fn conformance(place: &Place) -> usize {
    reading::make(place).await;
    reading::a_table_is_described(place).await;
    reading::everything_is_read(place).await;
    reading::ranges_are_a_partition(place).await;
    reading::order_is_that_of_the_bytes(place).await;
    reading::asked_keys_come(place).await;
    reading::filters_and_expressions(place).await;
    reading::rows_without_a_key(place).await;
    reading::nothing_is_an_end(place).await;
    reading::wide_rows(place).await;
    reading::hostile_names(place).await;
    moment::a_moment_stands_still(place).await;
    moment::readers_share_a_moment(place).await;
    moment::a_dropped_stream_leaves_the_reader_free(place).await;
    moment::what_is_not_there_is_an_error(place).await;
    moment::a_cut_connection_is_an_error(place).await;
    moment::marks_are_honest(place).await;
    16
}
