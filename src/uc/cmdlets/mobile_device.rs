//! Remote wipes of mobile devices: asked for, and taken back before the device has come by.

use super::answer::{refuse, text, texts};
use crate::cmdlet::registry::Factory;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::vm::Vm;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[("Clear-MobileDevice", || Box::new(Clear))];

/// Notes that a device is to be emptied the next time it asks for mail, or that it is not.
struct Clear;

impl Cmdlet for Clear {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let device = match store.find_one("MobileDevice", &typed) {
            Ok(device) => device,
            Err(error) => return refuse(vm, &error),
        };
        if !vm.should_process(call, &device.identity, "Clear-MobileDevice")? {
            return Ok(());
        }
        let cancelled = call.switch("Cancel");
        let account_only = call.switch("AccountOnly");
        let notified = texts(vm, call, "NotificationEmailAddresses")?;
        let now = store.now();
        let now = crate::store::clock::ticks(vm.model(now)?);
        let changed = store.modify(device.kind, &device.identity, |device| {
            if cancelled {
                for name in [
                    "DeviceWipeStatus",
                    "DeviceWipeRequestTime",
                    "AccountOnly",
                    "NotificationEmailAddresses",
                ] {
                    device.clear(name);
                }
                return Ok(());
            }
            device.set("DeviceWipeStatus", Datum::Bool(true));
            device.set("DeviceWipeRequestTime", Datum::DateTime(now));
            device.set("AccountOnly", Datum::Bool(account_only));
            let notified = notified.into_iter().map(Datum::Text).collect();
            device.set("NotificationEmailAddresses", Datum::List(notified));
            Ok(())
        });
        match changed {
            Ok(_) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}
