//! The `planwright` command.
fn main() {}
