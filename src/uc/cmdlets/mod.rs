//! Cmdlets of the deployment that are more than a generic verb: one file per behaviour.

pub mod remoting;
pub mod replication;

use crate::cmdlet::registry::Factory;

/// Tables of the behaviours.
const BEHAVIOURS: &[&[(&str, Factory)]] = &[replication::CMDLETS, remoting::CMDLETS];

/// The behaviour of a cmdlet that is more than a generic verb.
pub fn find(name: &str) -> Option<Factory> {
    BEHAVIOURS
        .iter()
        .flat_map(|table| table.iter())
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, factory)| *factory)
}
