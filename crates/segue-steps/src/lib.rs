//! One file a step kind: card, observe, perform, verify, undo.
