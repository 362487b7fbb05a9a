//! Documents on the web, for `--allow-remote`: fetched through a door that opens to nothing else.
//!
//! The client of `segue_verify` resolves a name once, looks at the address and calls that one; it refuses private and
//! loopback addresses unless they were allowed, follows no redirect, and is bounded in size and time. What a document says
//! is data: it can name further documents of its own host alone by a relative reference, never a file of this machine. Off
//! unless a person asks for it. Tests: `tests/check/{remote,tls}.rs`.

mod reference;

use std::collections::BTreeMap;
use std::sync::Arc;

use clap::ValueEnum;
use segue_verify::checks::api::{Bounds, Client, Egress, PRIVATE};

pub(super) use reference::joined;

use crate::runs;

/// Which hosts may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Remote {
    /// None.
    #[default]
    No,
    /// Hosts with public addresses, by https
    Public,
    /// Private and loopback addresses too, there also by http
    Private,
}

/// The largest document, and how long it may take from the first connection to its last byte.
const BOUNDS: Bounds = Bounds { time_ms_max: 20_000, bytes_max: 16 << 20 };
/// The most documents of a check.
const DOCUMENTS_MAX: usize = 64;

/// Fetches, each URL once.
pub(crate) struct Door {
    client: Option<Client>,
    known: BTreeMap<String, Result<Arc<[u8]>, String>>,
}

impl Door {
    /// A door of that kind.
    pub(crate) fn new(remote: Remote) -> Self {
        let egress = match remote {
            Remote::No => None,
            Remote::Public => Some(Egress::Public),
            Remote::Private => Some(Egress::Private),
        };
        Self { client: egress.map(|egress| Client::new(BOUNDS, Vec::new()).with_egress(egress)), known: BTreeMap::new() }
    }

    /// The bytes of a document, or why there are none.
    pub(crate) fn fetch(&mut self, text: &str) -> Result<Arc<[u8]>, String> {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let fetched = if self.known.len() >= DOCUMENTS_MAX {
            Err(format!("more than {DOCUMENTS_MAX} documents are not fetched"))
        } else {
            self.through(text).map(Arc::from)
        };
        self.known.insert(text.to_owned(), fetched.clone());
        fetched
    }

    fn through(&self, text: &str) -> Result<Vec<u8>, String> {
        let client = self.client.as_ref().ok_or_else(|| "--allow-remote fetches it".to_owned())?;
        runs::block_on(async { Ok(client.document(text).await) })
            .unwrap_or_else(|_| Err("this machine starts no threads".to_owned()))
            .map_err(|why| match why.as_str() {
                PRIVATE => format!("{why}; --allow-remote=private lets it in"),
                _ => why,
            })
    }
}
