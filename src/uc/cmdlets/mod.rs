//! Cmdlets of the deployment that are more than a generic verb: one file per behaviour.

pub mod answer;
pub mod availability_group;
pub mod collected;
pub mod computer_service;
pub mod connection;
pub mod database_copy;
pub mod decision;
pub mod derived;
pub mod directory;
pub mod event_log;
pub mod exchange_certificate;
pub mod exchange_work;
pub mod failover;
pub mod file;
pub mod health;
pub mod history;
pub mod location;
pub mod logging;
pub mod lync_certificate;
pub mod mail_group;
pub mod mail_user;
pub mod mailbox;
pub mod mailbox_folder;
pub mod maintenance;
pub mod message;
pub mod migration;
pub mod mobile_device;
pub mod name_server;
pub mod organization_test;
pub mod organizational_unit;
pub mod parts;
pub mod policy;
pub mod preparation;
pub mod public_folder;
pub mod remoting;
pub mod replication;
pub mod server_state;
pub mod service;
pub mod session;
pub mod synthetic;
pub mod test_log;
pub mod voice;
pub mod voice_mailbox;

use crate::cmdlet::registry::Factory;

/// Tables of the behaviours.
const BEHAVIOURS: &[&[(&str, Factory)]] = &[
    replication::CMDLETS,
    remoting::CMDLETS,
    connection::CMDLETS,
    parts::CMDLETS,
    policy::CMDLETS,
    service::CMDLETS,
    history::CMDLETS,
    decision::CMDLETS,
    synthetic::CMDLETS,
    voice::CMDLETS,
    name_server::CMDLETS,
    directory::CMDLETS,
    session::CMDLETS,
    voice_mailbox::CMDLETS,
    server_state::CMDLETS,
    exchange_certificate::CMDLETS,
    lync_certificate::CMDLETS,
    failover::CMDLETS,
    exchange_work::CMDLETS,
    database_copy::CMDLETS,
    preparation::CMDLETS,
    health::CMDLETS,
    computer_service::CMDLETS,
    maintenance::CMDLETS,
    migration::CMDLETS,
    derived::CMDLETS,
    logging::CMDLETS,
    location::CMDLETS,
    event_log::CMDLETS,
    mail_group::CMDLETS,
    mail_user::CMDLETS,
    mailbox::CMDLETS,
    availability_group::CMDLETS,
    organization_test::CMDLETS,
    organizational_unit::CMDLETS,
    mailbox_folder::CMDLETS,
    message::CMDLETS,
    mobile_device::CMDLETS,
    public_folder::CMDLETS,
];

/// The behaviour of a cmdlet that is more than a generic verb.
pub fn find(name: &str) -> Option<Factory> {
    BEHAVIOURS
        .iter()
        .flat_map(|table| table.iter())
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, factory)| *factory)
        .or_else(|| synthetic::transaction(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_cmdlet_has_one_behaviour() {
        let mut seen = HashSet::new();
        let own = BEHAVIOURS.iter().flat_map(|table| table.iter());
        for (name, _) in own.chain(crate::builtin::all()) {
            assert!(seen.insert(*name), "{name} has two");
        }
    }
}
