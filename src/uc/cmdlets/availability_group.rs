//! Members of a database availability group that are out of service, and that come back.

use super::answer::{first_text, refuse, text};
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::vm::Vm;
use crate::store::Store;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Start-DatabaseAvailabilityGroup", || Box::new(Move(true))),
    ("Stop-DatabaseAvailabilityGroup", || Box::new(Move(false))),
];

/// The lists of the members that are in service, and of those that are not.
const LISTS: [&str; 2] = ["StartedMailboxServers", "StoppedMailboxServers"];

/// Moves members from one list to the other; whether into service.
struct Move(bool);

impl Cmdlet for Move {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let group = match store.find_one("DatabaseAvailabilityGroup", &typed) {
            Ok(group) => group,
            Err(error) => return refuse(vm, &error),
        };
        let named = first_text(vm, call, &["MailboxServer"])?;
        let site = text(vm, call, "ActiveDirectorySite")?;
        let moved = match chosen(&store, &group, named.as_deref(), site.as_deref()) {
            Ok(moved) => moved,
            Err(error) => return refuse(vm, &error),
        };
        if moved.is_empty() {
            return vm.write_warning(&format!(
                "None of the servers of \"{}\" is meant: nothing changes.",
                group.identity
            ));
        }
        if !vm.should_process(call, &group.identity, &call.info.name)? {
            return Ok(());
        }
        let [to, from] = match self.0 {
            true => LISTS,
            false => [LISTS[1], LISTS[0]],
        };
        let is_moved = |name: &str| moved.iter().any(|it| fold(it) == fold(name));
        let mut wanted = group.clone();
        wanted.keep_texts(from, |it| !is_moved(it));
        let mut list = group.texts(to);
        list.retain(|it| !is_moved(it));
        list.extend(moved.iter().cloned());
        wanted.set(to, Datum::List(list.into_iter().map(Datum::Text).collect()));
        match store.change(&group, &wanted) {
            Ok(_) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}

/// The members that a call means: one by its name, or those of a site.
fn chosen(
    store: &Store,
    group: &Object,
    named: Option<&str>,
    site: Option<&str>,
) -> Result<Vec<String>, ModelError> {
    let only = match named {
        Some(named) => Some(store.find_one("ExchangeServer", named)?.identity),
        None => None,
    };
    let mut found = Vec::new();
    for member in group.texts("Servers") {
        let fits = match (&only, site) {
            (Some(only), _) => fold(only) == fold(&member),
            (None, Some(site)) => {
                let server = store.find_one("ExchangeServer", &member)?;
                let own = server.text("Site");
                let own = own.rsplit('/').next().unwrap_or_default();
                fold(own) == fold(site)
            }
            (None, None) => true,
        };
        if fits {
            found.push(member);
        }
    }
    Ok(found)
}
