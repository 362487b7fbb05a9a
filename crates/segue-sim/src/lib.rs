//! Development only: private servers, conformance, crash loops, step proofs, hostile names, the bank.
