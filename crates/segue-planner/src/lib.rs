//! Pure: from a spec and observations to a plan.
