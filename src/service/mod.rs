//! The use-cases, where forges, models and the store meet.
