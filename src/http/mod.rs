//! The only way out: one client with deadlines, size caps and checked addresses.
