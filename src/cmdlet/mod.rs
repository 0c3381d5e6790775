//! The declared surface of every cmdlet, and what joins a declaration to its behaviour.
pub mod admin_roles;
pub mod application;
pub mod catalog;
pub mod declaration;
pub mod exchange_rules;
pub mod generic;
mod in_memory;
pub mod kinds;
mod network_rules;
pub mod registry;
pub mod rules;
pub mod surface;
pub mod twin;
pub mod user_rules;
