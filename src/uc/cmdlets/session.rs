//! How administrators' scripts open their products: Connect-ExchangeOnline, Add-PSSnapin, Import-PSSession and
//! their like. The deployment is at hand already, so that these check what they are given, remember it, and
//! give the commands the names that the script wants them under.

use super::answer::text;
use crate::builtin::aliases::prefix_commands;
use crate::builtin::modules::shipped;
use crate::cmdlet::registry::Factory;
use crate::model::identity::matches;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::module::{Exports, Module};
use crate::runtime::object::CustomObject;
use crate::runtime::types::automation::module_info;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Connect-ExchangeOnline", || Box::new(ConnectTenant)),
    ("Disconnect-ExchangeOnline", || Box::new(DisconnectTenant)),
    ("Get-ConnectionInformation", || {
        Box::new(ConnectionInformation)
    }),
    ("Connect-ExchangeServer", || Box::new(Connect)),
    ("Add-PSSnapin", || Box::new(AddSnapin)),
    ("Get-PSSnapin", || Box::new(GetSnapin)),
    ("Remove-PSSnapin", || Box::new(RemoveSnapin)),
    ("Import-PSSession", || Box::new(ImportSession)),
    ("New-PSSessionOption", || Box::new(SessionOption)),
];

/// The commands that a session offers: those of its product, chosen by name.
fn offered(configuration: &str, place: &str, call: &Call) -> Vec<&'static str> {
    let exchange = configuration.eq_ignore_ascii_case("Microsoft.Exchange");
    let lync = place.to_ascii_lowercase().contains("ocspowershell");
    let modules: Vec<Rc<str>> = match call.texts("Module") {
        named if !named.is_empty() => named,
        _ if exchange => vec!["Exchange".into()],
        _ if lync => vec!["Lync".into()],
        _ => ["Lync", "ActiveDirectory", "DnsServer"]
            .map(Rc::from)
            .to_vec(),
    };
    let wanted = call.texts("CommandName");
    let mut commands: Vec<&'static str> = modules
        .iter()
        .filter_map(|name| shipped(name))
        .flat_map(|(_, commands)| commands)
        .collect();
    if !wanted.is_empty() {
        commands.retain(|command| wanted.iter().any(|it| matches(it, command)));
    }
    commands
}

struct ImportSession;

impl Cmdlet for ImportSession {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(session) = call.get("Session") else {
            return Ok(());
        };
        let mut member = |name: &str| -> R<String> {
            let value = vm.get_member(&session, name)?.unwrap_or_default();
            vm.to_text(&value)
        };
        let (configuration, place) = (member("ConfigurationName")?, member("ConnectionUri")?);
        let host = member("ComputerName")?;
        let commands = offered(&configuration, &place, call);
        let names: Vec<Rc<str>> = match text(vm, call, "Prefix")? {
            Some(prefix) => prefix_commands(vm, &commands, &prefix),
            None => commands.into_iter().map(Rc::from).collect(),
        };
        let seed = vm.session.modules.len() + 1;
        let module = Rc::new(Module::new(&format!("tmp_{seed:08x}.{seed:03x}"), ""));
        *module.version.borrow_mut() = "1.0".into();
        *module.exports.borrow_mut() = Exports {
            cmdlets: names,
            ..Exports::default()
        };
        vm.write_verbose(&format!("Implicit remoting for {host}"))?;
        vm.session.modules.push(module.clone());
        vm.write(module_info::value(module))
    }
}

const TENANT: &str = "tenant connection";

struct ConnectTenant;

impl Cmdlet for ConnectTenant {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        if let Some(prefix) = text(vm, call, "Prefix")? {
            let commands = offered("Microsoft.Exchange", "", call);
            prefix_commands(vm, &commands, &prefix);
        }
        let mut account = text(vm, call, "UserPrincipalName")?;
        if account.is_none()
            && let Some(credential) = call.get("Credential")
        {
            let name = vm.get_member(&credential, "UserName")?.unwrap_or_default();
            account = Some(vm.to_text(&name)?);
        }
        let tenants = store.list("TwinHostedTenant");
        let tenant = vm.model(tenants)?.next();
        let tenant = match tenant {
            Some(tenant) => vm.model(tenant)?.identity,
            None => String::new(),
        };
        let tenant = text(vm, call, "Organization")?.unwrap_or(tenant);
        let place = text(vm, call, "ConnectionUri")?
            .unwrap_or_else(|| "https://outlook.office365.com".into());
        let connection = CustomObject::typed(
            "Microsoft.Exchange.Management.ExoPowershellSnapin.ConnectionInformation",
            [
                (
                    "ConnectionId",
                    Value::str(crate::runtime::text::guid::Guid::new().to_string()),
                ),
                ("State", Value::str("Connected")),
                ("Name", Value::str("ExchangeOnline_1")),
                ("UserPrincipalName", Value::str(account.unwrap_or_default())),
                ("ConnectionUri", Value::str(place)),
                (
                    "AzureAdAuthorizationEndpointUri",
                    Value::str("https://login.microsoftonline.com/organizations"),
                ),
                ("TokenStatus", Value::str("Active")),
                (
                    "ModulePrefix",
                    Value::str(text(vm, call, "Prefix")?.unwrap_or_default()),
                ),
                ("Organization", Value::str(tenant)),
                (
                    "CertificateAuthentication",
                    Value::Bool(call.has("CertificateThumbprint")),
                ),
            ],
        );
        vm.session.state.insert(TENANT, Rc::new(connection));
        vm.write_verbose("Connect-ExchangeOnline: the deployment's hosted tenant answers.")
    }
}

struct DisconnectTenant;

impl Cmdlet for DisconnectTenant {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if vm.should_process(call, "the hosted tenant", "Disconnect-ExchangeOnline")? {
            vm.session.state.remove(TENANT);
        }
        Ok(())
    }
}

struct ConnectionInformation;

impl Cmdlet for ConnectionInformation {
    fn process(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        let known = vm.session.state.get(TENANT).cloned();
        match known.map(|state| state.downcast::<Value>()) {
            Some(Ok(connection)) => vm.write((*connection).clone()),
            _ => Ok(()),
        }
    }
}

struct Connect;

impl Cmdlet for Connect {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        if let Some(server) = text(vm, call, "ServerFqdn")?
            && let Err(error) = store.find_one("ExchangeServer", &server)
        {
            return super::answer::refuse(vm, &error);
        }
        vm.write_verbose("Connect-ExchangeServer: the deployment's own servers answer.")
    }
}

const SNAPINS: &str = "snap-ins";

/// The snap-ins that scripts for these products know.
const KNOWN: &[&str] = &[
    "Microsoft.Exchange.Management.PowerShell.E2010",
    "Microsoft.Exchange.Management.PowerShell.SnapIn",
    "Microsoft.Exchange.Management.PowerShell.Admin",
    "Microsoft.Exchange.Management.PowerShell.Support",
    "Microsoft.Exchange.Management.PowerShell.Setup",
];

fn loaded(vm: &Vm) -> Vec<String> {
    let state = vm.session.state.get(SNAPINS).cloned();
    match state.map(|state| state.downcast::<Vec<String>>()) {
        Some(Ok(list)) => (*list).clone(),
        _ => Vec::new(),
    }
}

fn snapin(name: &str) -> Value {
    CustomObject::typed(
        "System.Management.Automation.PSSnapInInfo",
        [
            ("Name", Value::str(name)),
            ("PSVersion", Value::str("2.0")),
            ("Description", Value::str("The cmdlets of Exchange.")),
        ],
    )
}

struct AddSnapin;

impl Cmdlet for AddSnapin {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut list = loaded(vm);
        for name in call.texts("Name") {
            let mut meant: Vec<&str> = KNOWN
                .iter()
                .copied()
                .filter(|it| matches(&name, it))
                .collect();
            if meant.is_empty() && !name.contains('*') {
                meant.push(&name);
            }
            for name in meant {
                if !list.iter().any(|it| it.eq_ignore_ascii_case(name)) {
                    list.push(name.to_owned());
                }
                if call.switch("PassThru") {
                    vm.write(snapin(name))?;
                }
            }
        }
        vm.session.state.insert(SNAPINS, Rc::new(list));
        Ok(())
    }
}

struct GetSnapin;

impl Cmdlet for GetSnapin {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let names = call.texts("Name");
        let list = match call.switch("Registered") {
            true => KNOWN.iter().map(|it| (*it).to_owned()).collect(),
            false => loaded(vm),
        };
        for name in list {
            if names.is_empty() || names.iter().any(|it| matches(it, &name)) {
                vm.write(snapin(&name))?;
            }
        }
        Ok(())
    }
}

struct RemoveSnapin;

impl Cmdlet for RemoveSnapin {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let names = call.texts("Name");
        let mut list = loaded(vm);
        list.retain(|known| !names.iter().any(|it| matches(it, known)));
        vm.session.state.insert(SNAPINS, Rc::new(list));
        Ok(())
    }
}

/// The options of a session as an object; nothing here depends on them.
struct SessionOption;

impl Cmdlet for SessionOption {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let flag = |name: &str| Value::Bool(call.switch(name));
        let number = |name: &str, otherwise: i32| {
            let given = call.int(name).and_then(|n| i32::try_from(n).ok());
            Value::Int(given.unwrap_or(otherwise))
        };
        vm.write(CustomObject::typed(
            "System.Management.Automation.Remoting.PSSessionOption",
            [
                (
                    "MaximumConnectionRedirectionCount",
                    number("MaximumRedirection", 5),
                ),
                ("NoCompression", flag("NoCompression")),
                ("NoMachineProfile", flag("NoMachineProfile")),
                (
                    "ProxyAccessType",
                    call.get("ProxyAccessType")
                        .unwrap_or_else(|| Value::str("None")),
                ),
                (
                    "ProxyAuthentication",
                    call.get("ProxyAuthentication")
                        .unwrap_or_else(|| Value::str("Negotiate")),
                ),
                (
                    "ProxyCredential",
                    call.get("ProxyCredential").unwrap_or(Value::Null),
                ),
                ("SkipCACheck", flag("SkipCACheck")),
                ("SkipCNCheck", flag("SkipCNCheck")),
                ("SkipRevocationCheck", flag("SkipRevocationCheck")),
                ("NoEncryption", flag("NoEncryption")),
                ("UseUTF16", flag("UseUTF16")),
                ("IncludePortInSPN", flag("IncludePortInSPN")),
                (
                    "MaxConnectionRetryCount",
                    number("MaxConnectionRetryCount", 5),
                ),
                ("Culture", call.get("Culture").unwrap_or(Value::Null)),
                ("UICulture", call.get("UICulture").unwrap_or(Value::Null)),
            ],
        ))
    }
}
