//! Durable execution: the append-only log, the transition table, the executor, the lease.
