//! Pure: plan, journal and findings to text a person reads.
