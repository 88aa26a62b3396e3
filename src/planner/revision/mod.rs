//! Planning with what others said before: what of the earlier plan the model is shown, where it and the
//! reviewers are in the code as it is, and how the parts of the new plan get their names.

mod earlier;
mod naming;

pub(in crate::planner) use earlier::{list, places, reviewed_places};
pub(in crate::planner) use naming::name_parts;

#[cfg(test)]
mod tests;
