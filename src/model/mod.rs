//! The deployment as plain data: kinds, identities, scopes, constraints.

pub mod constraint;
pub mod deployment;
pub mod error;
pub mod identity;
pub mod kind;
pub mod object;
pub mod policy;
pub mod range;
pub mod release;
pub mod size;
#[cfg(test)]
pub mod testing;
pub mod value;
