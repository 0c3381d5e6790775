//! Cmdlets that keep a real deployment going and leave no trace in its configuration: databases, address books,
//! logging, caches. Here they check the computers and pools that they name, ask as the original does, and are done.
//! Permissions on organisational units are remembered.

use super::answer::{refuse, text, texts};
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Clear-CsDeviceUpdateFile", || Box::new(Maintenance)),
    ("Clear-CsDeviceUpdateLog", || Box::new(Maintenance)),
    ("Debug-CsAddressBookReplication", || Box::new(Maintenance)),
    ("Debug-CsDataConference", || Box::new(Maintenance)),
    ("Debug-CsInterPoolReplication", || Box::new(Maintenance)),
    ("Debug-CsIntraPoolReplication", || Box::new(Maintenance)),
    ("Import-CsDeviceUpdate", || Box::new(OfService)),
    ("Export-CsArchivingData", || Box::new(OfService)),
    ("Debug-CsLisConfiguration", || Box::new(Locations)),
    ("Debug-CsStorageServiceFailures", || Box::new(Maintenance)),
    ("Debug-CsUnifiedContactStore", || Box::new(Maintenance)),
    ("Enable-CsReplica", || Box::new(Maintenance)),
    ("Install-CsAdServerSchema", || Box::new(Maintenance)),
    ("Install-CsDatabase", || Box::new(Maintenance)),
    ("Install-CsMirrorDatabase", || Box::new(Maintenance)),
    ("Uninstall-CsDatabase", || Box::new(Maintenance)),
    ("Uninstall-CsMirrorDatabase", || Box::new(Maintenance)),
    ("Invoke-CsArchivingDatabasePurge", || Box::new(Maintenance)),
    ("Invoke-CsBackupServiceSync", || Box::new(Maintenance)),
    ("Invoke-CsCdrDatabasePurge", || Box::new(Maintenance)),
    ("Invoke-CsQoEDatabasePurge", || Box::new(Maintenance)),
    ("Invoke-CsRgsStoreReplicateData", || Box::new(Maintenance)),
    ("Invoke-CsStorageServiceFlush", || Box::new(Maintenance)),
    ("Publish-CsLisConfiguration", || Box::new(Maintenance)),
    ("Unpublish-CsLisConfiguration", || Box::new(Maintenance)),
    ("Publish-CsTopology", || Box::new(Maintenance)),
    ("Enable-CsTopology", || Box::new(Maintenance)),
    ("Reset-CsNotificationQueues", || Box::new(Maintenance)),
    ("Reset-CsPoolRegistrarState", || Box::new(Maintenance)),
    ("Reset-CsRoutingGroup", || Box::new(Maintenance)),
    ("Sync-CsUserData", || Box::new(Maintenance)),
    ("Update-CsAddressBook", || Box::new(Maintenance)),
    ("Update-CsTenantMeetingUrl", || Box::new(Maintenance)),
    ("Update-CsUserData", || Box::new(Maintenance)),
    ("Update-CsUserDatabase", || Box::new(Maintenance)),
    ("Remove-CsUserStoreBackupData", || Box::new(Maintenance)),
    ("Set-CsManagementServer", || Box::new(Maintenance)),
    ("Update-HybridConfiguration", || Box::new(Maintenance)),
    ("Grant-CsOUPermission", || {
        Box::new(Permission {
            kind: "ou",
            granted: true,
        })
    }),
    ("Revoke-CsOUPermission", || {
        Box::new(Permission {
            kind: "ou",
            granted: false,
        })
    }),
    ("Test-CsOUPermission", || {
        Box::new(TestPermission { kind: "ou" })
    }),
    ("Grant-CsSetupPermission", || {
        Box::new(Permission {
            kind: "setup",
            granted: true,
        })
    }),
    ("Revoke-CsSetupPermission", || {
        Box::new(Permission {
            kind: "setup",
            granted: false,
        })
    }),
    ("Test-CsSetupPermission", || {
        Box::new(TestPermission { kind: "setup" })
    }),
    ("Get-CsTopology", || Box::new(Topology)),
    ("Remove-CsPersistentChatMessage", || Box::new(OfRoom)),
];

struct Maintenance;

impl Cmdlet for Maintenance {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let mut target = String::new();
        for parameter in ["PoolFqdn", "Fqdn", "TargetFqdn", "Pools", "Computers"] {
            for named in texts(vm, call, parameter)? {
                let pool = store.get("CsPool", &named);
                let pool = vm.model(pool)?;
                let computer = store.get("CsComputer", &named);
                if pool.is_none() && vm.model(computer)?.is_none() {
                    let error = ModelError::NotFound {
                        noun: "CsPool".into(),
                        identity: named,
                    };
                    return refuse(vm, &error);
                }
                target = named;
            }
        }
        if target.is_empty() {
            target = "the deployment".into();
        }
        if vm.should_process(call, &target, &call.info.name.clone())? {
            let name = call.info.name.clone();
            vm.write_verbose(&format!(
                "{name}: nothing in the deployment's configuration depends on it."
            ))?;
        }
        Ok(())
    }
}

/// The same for what one service has, which is named.
struct OfService;

impl Cmdlet for OfService {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if let Some(service) = text(vm, call, "Identity")?
            && let Err(error) = vm.twin()?.find_one("CsService", &service)
        {
            return refuse(vm, &error);
        }
        Maintenance.process(vm, call)
    }
}

/// The same for what one chat room has: messages are no part of a configuration.
struct OfRoom;

impl Cmdlet for OfRoom {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let room = text(vm, call, "Identity")?.unwrap_or_default();
        if let Err(error) = vm.twin()?.find_one("CsPersistentChatRoom", &room) {
            return refuse(vm, &error);
        }
        Maintenance.process(vm, call)
    }
}

/// The name under which a permission is remembered.
fn permission(vm: &mut Vm, call: &Call, kind: &str) -> R<String> {
    let unit = super::answer::first_text(vm, call, &["OU", "ComputerOU"])?.unwrap_or_default();
    let object = text(vm, call, "ObjectType")?.unwrap_or_default();
    Ok(format!(
        "permission {kind} {} {}",
        fold(&unit),
        fold(&object)
    ))
}

struct Permission {
    kind: &'static str,
    granted: bool,
}

impl Cmdlet for Permission {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let name = permission(vm, call, self.kind)?;
        if !vm.should_process(call, &name, &call.info.name.clone())? {
            return Ok(());
        }
        let done = store.set_setting(&name, if self.granted { "granted" } else { "" });
        vm.model(done)
    }
}

struct TestPermission {
    kind: &'static str,
}

impl Cmdlet for TestPermission {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let name = permission(vm, call, self.kind)?;
        let found = store.setting(&name);
        let granted = vm.model(found)?.is_some_and(|it| it == "granted");
        vm.write(Value::Bool(granted))
    }
}

/// What the location information service tells clients: where their subnets, switches, ports and
/// access points are.
struct Locations;

impl Cmdlet for Locations {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        for (kind, noun, keys) in [
            ("Subnet", "CsLisSubnet", &["Subnet"][..]),
            ("Switch", "CsLisSwitch", &["ChassisID"][..]),
            ("Port", "CsLisPort", &["ChassisID", "PortID"][..]),
            (
                "WirelessAccessPoint",
                "CsLisWirelessAccessPoint",
                &["BSSID"][..],
            ),
        ] {
            let listed = store.list(noun);
            for object in vm.model(listed)? {
                let object = vm.model(object)?;
                let key: Vec<String> = keys.iter().map(|key| object.text(key)).collect();
                let mut notes = vec![
                    ("Type", Value::str(kind)),
                    ("Key", Value::str(key.join("/"))),
                ];
                let described = ["Description", "Location", "CompanyName"];
                for part in described.iter().chain(super::location::PARTS).copied() {
                    notes.push((part, Value::str(object.text(part))));
                }
                vm.write(CustomObject::typed(
                    "System.Management.Automation.PSCustomObject",
                    notes,
                ))?;
            }
        }
        Maintenance.process(vm, call)
    }
}

/// The names of the topology's parts, by what they are.
fn topology(vm: &mut Vm) -> R<Vec<(&'static str, Vec<String>)>> {
    let store = vm.twin()?;
    let mut parts: Vec<(&'static str, Vec<String>)> = Vec::new();
    for (name, noun) in [
        ("InternalDomains", "CsSipDomain"),
        ("Sites", "CsSite"),
        ("Clusters", "CsPool"),
        ("Machines", "CsComputer"),
        ("Services", "CsService"),
        ("SipDomains", "CsSipDomain"),
        ("SqlInstances", "CsService"),
    ] {
        let listed = store.list(noun);
        let mut names = Vec::new();
        for object in vm.model(listed)? {
            let object = vm.model(object)?;
            if name != "SqlInstances" {
                names.push(object.identity);
                continue;
            }
            let server = object.text("PoolFqdn");
            let instance = match object.text("SqlInstanceName") {
                unnamed if unnamed.is_empty() => server,
                instance => format!("{server}\\{instance}"),
            };
            let role = object.identity.split(':').next().unwrap_or_default();
            if role.ends_with("Database") && !names.contains(&instance) {
                names.push(instance);
            }
        }
        parts.push((name, names));
    }
    Ok(parts)
}

/// The topology as XML.
pub fn topology_xml(vm: &mut Vm) -> R<String> {
    Ok(xml(&topology(vm)?))
}

fn xml(parts: &[(&str, Vec<String>)]) -> String {
    let mut xml = String::from(
        "<Topology xmlns=\"urn:schema:Microsoft.Rtc.Management.Deploy.Topology.2008\">\n",
    );
    for (name, names) in parts {
        xml.push_str(&format!("  <{name}>\n"));
        let one = name.trim_end_matches('s');
        for name in names {
            let escaped = name
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('"', "&quot;");
            xml.push_str(&format!("    <{one} Name=\"{escaped}\" />\n"));
        }
        xml.push_str(&format!("  </{name}>\n"));
    }
    xml.push_str("</Topology>");
    xml
}

/// The whole topology as one object, or as XML.
struct Topology;

impl Cmdlet for Topology {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let parts = topology(vm)?;
        if call.switch("AsXml") {
            let xml = xml(&parts);
            return vm.write(Value::str(xml));
        }
        let notes = parts
            .into_iter()
            .map(|(name, names)| (name, Value::strings(names)));
        vm.write(CustomObject::typed(
            "Microsoft.Rtc.Management.Deploy.Internal.DefaultTopology",
            notes,
        ))
    }
}
