//! The declared surface of every cmdlet, and what joins a declaration to its behaviour.
pub mod catalog;
pub mod declaration;
pub mod kinds;
pub mod registry;
pub mod surface;
pub mod generic;
pub mod rules;
pub mod twin;
