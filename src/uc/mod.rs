//! What the deployment does: routing, policy resolution, replication.
//!
//! Everything here reads the deployment through [`deployment::Deployment`], so
//! that the same rules answer for the Central Management store, for what a
//! replica knows, and for a planned state.

pub mod access;
pub mod certificate;
pub mod certificate_file;
pub mod deployment;
pub mod dns;
pub mod failover;
pub mod health;
pub mod mode;
pub mod policy;
pub mod routing;
#[cfg(test)]
mod tests;
pub mod trace;

pub mod cmdlets;
