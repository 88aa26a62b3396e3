//! Takes jobs under a lease, works on them, and stops in order.
