//! Stopping in order: one token, tracked tasks, a drain time.
