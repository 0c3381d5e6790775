//! The deployment as plain data: kinds, identities, scopes, constraints.

pub mod kind;
pub mod value;
