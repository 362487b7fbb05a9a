//! The pages that `segue explain` shows, embedded at build time from `docs/`.

include!(concat!(env!("OUT_DIR"), "/pages.rs"));
