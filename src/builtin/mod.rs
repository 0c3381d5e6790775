//! The general cmdlets, one file per family.
//!
//! Each family lists its cmdlets in a `CMDLETS` table of names and factories;
//! the surface of each is declared under `cmdlets/`.

pub mod console;
pub mod each;
pub mod output;

use crate::cmdlet::registry::Factory;

/// Tables of the families.
const FAMILIES: &[&[(&str, Factory)]] = &[console::CMDLETS, each::CMDLETS, output::CMDLETS];

/// The behaviour of a general cmdlet.
pub fn find(name: &str) -> Option<Factory> {
    FAMILIES
        .iter()
        .flat_map(|family| family.iter())
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, factory)| *factory)
}
