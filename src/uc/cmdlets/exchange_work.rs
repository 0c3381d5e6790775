//! Work on mailboxes, prompts and call records of Exchange, and its tests of connections: what they check in the
//! deployment, and what they report.

use super::answer::{fault, first_text, refuse, text, texts};
use super::file::read_bytes;
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, R};
use crate::runtime::object::CustomObject;
use crate::runtime::text::datetime::TimeSpan;
use crate::runtime::types::collections::array;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Backup-CsPool", || Box::new(Named("CsPool", "PoolFqdn"))),
    ("Clean-MailboxDatabase", || {
        Box::new(Named("MailboxDatabase", "Identity"))
    }),
    ("Export-UMCallDataRecord", || {
        Box::new(Named("UMDialPlan", "UMDialPlan"))
    }),
    ("Connect-Mailbox", || Box::new(Connect)),
    ("Search-Mailbox", || Box::new(Search)),
    ("Import-UMPrompt", || Box::new(ImportPrompt)),
    ("Export-UMPrompt", || Box::new(ExportPrompt)),
    ("Test-UMConnectivity", || Box::new(TestUm)),
    ("Test-ExchangeUMCallFlow", || Box::new(TestCallFlow)),
    ("Test-OAuthConnectivity", || Box::new(TestOAuth)),
    ("Test-MAPIConnectivity", || Box::new(TestMailboxes)),
    ("Test-Mailflow", || Box::new(TestServers("Mailflow"))),
    ("Test-ReplicationHealth", || {
        Box::new(TestServers("ReplayService"))
    }),
    ("Test-OutlookConnectivity", || {
        Box::new(TestServers("Outlook"))
    }),
    ("Test-OwaConnectivity", || Box::new(TestServers("Owa"))),
    ("Test-EcpConnectivity", || Box::new(TestServers("Ecp"))),
    ("Test-PowerShellConnectivity", || {
        Box::new(TestServers("PowerShell"))
    }),
    ("Test-WebServicesConnectivity", || {
        Box::new(TestServers("WebServices"))
    }),
    ("Test-OutlookWebServices", || {
        Box::new(TestServers("OutlookWebServices"))
    }),
    ("Test-SmtpConnectivity", || Box::new(TestServers("Smtp"))),
    ("Test-EdgeSynchronization", || {
        Box::new(TestServers("EdgeSynchronization"))
    }),
    ("Test-MRSHealth", || {
        Box::new(TestServers("MailboxReplication"))
    }),
    ("Test-SystemHealth", || Box::new(TestServers("System"))),
];

/// Something that is checked to be there, and then done without a trace in the configuration.
struct Named(&'static str, &'static str);

impl Cmdlet for Named {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let typed = text(vm, call, self.1)?.unwrap_or_default();
        if typed.is_empty() {
            return Ok(());
        }
        let found = match store.find_one(self.0, &typed) {
            Ok(found) => found,
            Err(error) => return refuse(vm, &error),
        };
        if vm.should_process(call, &found.identity, &call.info.name.clone())? {
            let name = call.info.name.clone();
            vm.write_verbose(&format!(
                "{name}: nothing in the deployment's configuration depends on it."
            ))?;
        }
        Ok(())
    }
}

/// Gives an account the mailbox that it does not have.
struct Connect;

impl Cmdlet for Connect {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = first_text(vm, call, &["User", "Identity"])?.unwrap_or_default();
        let name = text(vm, call, "Database")?.unwrap_or_default();
        let found = store
            .find_one("ADUser", &typed)
            .and_then(|user| Ok((user, store.find_one("MailboxDatabase", &name)?)));
        let (user, database) = match found {
            Ok(found) => found,
            Err(error) => return refuse(vm, &error),
        };
        if !user.text("msExchMailboxGuid").is_empty() {
            return vm.write_fault(fault(
                "UserHasMailbox",
                Category::InvalidOperation,
                format!("\"{}\" has a mailbox already.", user.identity),
                &user.identity,
            ));
        }
        if !vm.should_process(call, &user.identity, "Connect-Mailbox")? {
            return Ok(());
        }
        let alias = text(vm, call, "Alias")?.unwrap_or_else(|| user.text("sAMAccountName"));
        let connected = store.modify(user.kind, &user.identity, |user| {
            let id = crate::runtime::text::guid::Guid::new().to_string();
            user.set("msExchMailboxGuid", Datum::Guid(id));
            user.set("Database", Datum::text(database.identity.as_str()));
            user.set("msExchHomeServerName", Datum::Text(database.text("Server")));
            user.set("mailNickname", Datum::text(alias.as_str()));
            Ok(())
        });
        match connected {
            Ok(_) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}

/// Mailboxes hold no items here: every search ends with none.
struct Search;

impl Cmdlet for Search {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let target = text(vm, call, "TargetMailbox")?;
        if let Some(target) = &target
            && let Err(error) = store.find_one("Mailbox", target)
        {
            return refuse(vm, &error);
        }
        for typed in texts(vm, call, "Identity")? {
            let mailbox = match store.find_one("Mailbox", &typed) {
                Ok(mailbox) => mailbox,
                Err(error) => {
                    refuse(vm, &error)?;
                    continue;
                }
            };
            if !vm.should_process(call, &mailbox.identity, "Search-Mailbox")? {
                continue;
            }
            let folder = text(vm, call, "TargetFolder")?;
            vm.write(CustomObject::typed(
                "Microsoft.Exchange.Management.RecipientTasks.SearchMailboxResult",
                [
                    ("Identity", Value::str(mailbox.identity.as_str())),
                    (
                        "TargetMailbox",
                        target.as_deref().map_or(Value::Null, Value::str),
                    ),
                    ("Success", Value::Bool(true)),
                    ("TargetFolder", folder.map_or(Value::Null, Value::str)),
                    ("ResultItemsCount", Value::Int(0)),
                    ("ResultItemsSize", Value::str("0 B (0 bytes)")),
                ],
            ))?;
        }
        Ok(())
    }
}

/// The dial plan or auto attendant of a prompt.
fn prompt_owner(vm: &mut Vm, call: &Call, store: &Store) -> R<Option<Object>> {
    for noun in ["UMDialPlan", "UMAutoAttendant"] {
        if let Some(typed) = text(vm, call, noun)? {
            return match store.find_one(noun, &typed) {
                Ok(found) => Ok(Some(found)),
                Err(error) => refuse(vm, &error).map(|()| None),
            };
        }
    }
    Ok(None)
}

/// The name under which a prompt is kept.
fn prompt_name(owner: &Object, file: &str) -> String {
    format!(
        "prompt {} {} {}",
        fold(&owner.kind.noun),
        fold(&owner.identity),
        fold(file)
    )
}

struct ImportPrompt;

impl Cmdlet for ImportPrompt {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let Some(owner) = prompt_owner(vm, call, &store)? else {
            return Ok(());
        };
        let file = text(vm, call, "PromptFileName")?.unwrap_or_default();
        let data = match call.get("PromptFileData") {
            Some(data) => array::as_bytes(&data),
            None => read_bytes(vm, &file)?,
        };
        if !vm.should_process(
            call,
            &format!("{} {file}", owner.identity),
            "Import-UMPrompt",
        )? {
            return Ok(());
        }
        let kept = store.set_setting(&prompt_name(&owner, &file), &STANDARD.encode(data));
        vm.model(kept)
    }
}

struct ExportPrompt;

impl Cmdlet for ExportPrompt {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let Some(owner) = prompt_owner(vm, call, &store)? else {
            return Ok(());
        };
        let Some(file) = text(vm, call, "PromptFileName")? else {
            // Greetings that the server speaks itself are no files.
            return vm.write(CustomObject::typed(
                "Microsoft.Exchange.Management.Tasks.UM.UMPrompt",
                [
                    ("Name", Value::str(owner.identity.as_str())),
                    ("AudioData", array::bytes(&[])),
                ],
            ));
        };
        let kept = store.setting(&prompt_name(&owner, &file));
        let Some(data) = vm.model(kept)?.and_then(|it| STANDARD.decode(it).ok()) else {
            let error = ModelError::DirectoryNotFound { identity: file };
            return refuse(vm, &error);
        };
        vm.write(CustomObject::typed(
            "Microsoft.Exchange.Management.Tasks.UM.UMPrompt",
            [
                ("Name", Value::str(file.as_str())),
                ("AudioData", array::bytes(&data)),
            ],
        ))
    }
}

/// The Exchange server that a test runs on.
fn local_server(vm: &mut Vm, store: &Store) -> R<Option<Object>> {
    if let Some(chosen) = vm.chosen_computer()
        && let Ok(server) = store.find_one("ExchangeServer", &chosen)
    {
        return Ok(Some(server));
    }
    let listed = store.list("ExchangeServer");
    match vm.model(listed)?.next() {
        Some(first) => vm.model(first).map(Some),
        None => Ok(None),
    }
}

/// Whether a service of a server runs; one that nobody noted does.
fn runs(vm: &mut Vm, store: &Store, computer: &str, service: &str) -> R<bool> {
    let found = store.get("TwinWindowsService", &format!("{computer}/{service}"));
    Ok(vm
        .model(found)?
        .is_none_or(|it| it.text("Status") == "Running"))
}

struct TestUm;

impl TestUm {
    /// Why the test fails; nothing if it does not.
    fn failure(vm: &mut Vm, call: &Call, store: &Store, server: &Object) -> R<Option<String>> {
        for (noun, parameter) in [("UMIPGateway", "UMIPGateway"), ("UMDialPlan", "UMDialPlan")] {
            let Some(typed) = text(vm, call, parameter)? else {
                continue;
            };
            match store.find_one(noun, &typed) {
                Ok(found) if noun == "UMIPGateway" && found.text("Status") != "Enabled" => {
                    return Ok(Some(format!(
                        "The UM IP gateway {} is disabled.",
                        found.identity
                    )));
                }
                Ok(_) => {}
                Err(error) => return Ok(Some(error.to_string())),
            }
        }
        let (service, prefix) = if call.switch("CallRouter") {
            ("MSExchangeUMCR", "CallRouter.")
        } else {
            ("MSExchangeUM", "")
        };
        let host = server.text("Fqdn");
        if !runs(vm, store, &host, service)? {
            return Ok(Some(format!("{service} does not run on {host}.")));
        }
        let secured = call.get("Secured").is_some_and(|it| vm.to_bool(&it));
        let mode = server.text(&format!("{prefix}RunningStartupMode"));
        let listens = match mode.as_str() {
            "Dual" => true,
            "TLS" => secured,
            _ => !secured,
        };
        Ok((!listens).then(|| {
            format!(
                "{service} on {host} does not listen with {}.",
                if secured { "TLS" } else { "TCP" }
            )
        }))
    }
}

impl Cmdlet for TestUm {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let Some(server) = local_server(vm, &store)? else {
            return Ok(());
        };
        let failure = TestUm::failure(vm, call, &store, &server)?;
        let address = server.texts("NetworkAddress").into_iter().next();
        vm.write(CustomObject::typed(
            "Microsoft.Exchange.Management.Tasks.UM.TestUMConnectivityResults",
            [
                (
                    "UmserverAcceptingCallAnsweringMessages",
                    Value::Bool(failure.is_none()),
                ),
                ("TotalQueuedMessages", Value::Int(0)),
                ("CurrCalls", Value::str(server.text("ActiveCalls"))),
                ("Latency", Value::Double(0.0)),
                ("UmIPAddress", Value::str(address.unwrap_or_default())),
                ("EntireOperationSuccess", Value::Bool(failure.is_none())),
                ("ReasonForFailure", Value::str(failure.unwrap_or_default())),
            ],
        ))
    }
}

struct TestCallFlow;

impl Cmdlet for TestCallFlow {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let target = first_text(vm, call, &["NextHop", "CalledParty"])?.unwrap_or_default();
        let host = target.split(':').next().unwrap_or(&target).to_owned();
        let server = store.find_one("ExchangeServer", &host).ok();
        let failure = match &server {
            Some(server) if !runs(vm, &store, &server.text("Fqdn"), "MSExchangeUM")? => {
                Some("The Unified Messaging service does not run.")
            }
            _ => None,
        };
        vm.write(CustomObject::typed(
            "Microsoft.Exchange.Management.Tasks.UM.TestUMCallFlowResult",
            [
                ("EntireOperationSuccess", Value::Bool(failure.is_none())),
                ("NextHop", Value::str(target)),
                ("ReasonForFailure", Value::str(failure.unwrap_or_default())),
            ],
        ))
    }
}

/// Succeeds when there is somebody whose tokens are trusted.
struct TestOAuth;

impl Cmdlet for TestOAuth {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        if let Some(mailbox) = text(vm, call, "Mailbox")?
            && let Err(error) = store.find_one("Mailbox", &mailbox)
        {
            return refuse(vm, &error);
        }
        let mut trusted = false;
        for noun in ["PartnerApplication", "AuthServer"] {
            let listed = store.list(noun);
            for object in vm.model(listed)? {
                trusted |= vm.model(object)?.get("Enabled") != Datum::Bool(false);
            }
        }
        let target = text(vm, call, "TargetUri")?.unwrap_or_default();
        let service = text(vm, call, "Service")?.unwrap_or_default();
        let (result, detail) = if trusted {
            (
                "Success",
                format!("{target} accepts tokens of this organization."),
            )
        } else {
            (
                "Error",
                format!(
                    "{target} accepts no token: there is neither a partner application nor an authorization server."
                ),
            )
        };
        vm.write(CustomObject::typed(
            "Microsoft.Exchange.Monitoring.OAuthConnectivityResult",
            [
                (
                    "Task",
                    Value::str(format!("Checking {service} API Call Under Oauth")),
                ),
                ("Detail", Value::str(detail)),
                ("ResultType", Value::str(result)),
                (
                    "Identity",
                    Value::str("Microsoft.Exchange.Security.OAuth.ValidationResultNodeId"),
                ),
                ("IsValid", Value::Bool(true)),
            ],
        ))
    }
}

/// A result of a test, as Exchange words it.
fn outcome(server: &str, scenario: &str, error: &str) -> Value {
    CustomObject::typed(
        "Microsoft.Exchange.Monitoring.TransactionOutcomeBase",
        [
            ("Server", Value::str(server)),
            ("Scenario", Value::str(scenario)),
            (
                "Result",
                Value::str(if error.is_empty() {
                    "Success"
                } else {
                    "Failure"
                }),
            ),
            ("Latency", Value::TimeSpan(TimeSpan(0))),
            ("Error", Value::str(error)),
        ],
    )
}

/// Logs on to mailboxes: their databases have to be mounted.
struct TestMailboxes;

impl Cmdlet for TestMailboxes {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let mut databases = Vec::new();
        if let Some(typed) = text(vm, call, "Identity")? {
            match store.find_one("Mailbox", &typed) {
                Ok(mailbox) => databases.push(mailbox.text("Database")),
                Err(error) => return refuse(vm, &error),
            }
        } else if let Some(typed) = text(vm, call, "Database")? {
            databases.push(typed);
        } else {
            let listed = store.list("MailboxDatabase");
            for database in vm.model(listed)? {
                databases.push(vm.model(database)?.identity);
            }
        }
        for name in databases {
            let found = match store.find_one("MailboxDatabase", &name) {
                Ok(found) => found,
                Err(error) => {
                    refuse(vm, &error)?;
                    continue;
                }
            };
            let error = if found.get("Mounted") == Datum::Bool(false) {
                "The database is dismounted."
            } else {
                ""
            };
            vm.write(CustomObject::typed(
                "Microsoft.Exchange.Monitoring.MapiTransactionOutcome",
                [
                    ("MailboxServer", Value::str(found.text("Server"))),
                    ("Database", Value::str(found.identity.as_str())),
                    (
                        "Result",
                        Value::str(if error.is_empty() {
                            "Success"
                        } else {
                            "*FAILURE*"
                        }),
                    ),
                    ("Error", Value::str(error)),
                ],
            ))?;
        }
        Ok(())
    }
}

/// Tries something on servers: named ones, or the one that the test runs on.
struct TestServers(&'static str);

impl Cmdlet for TestServers {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let names = [
            "Identity",
            "Server",
            "ClientAccessServer",
            "RunFromServerId",
        ];
        let server = match first_text(vm, call, &names)? {
            Some(typed) => store.find_one("ExchangeServer", &typed).ok(),
            None => None,
        };
        let server = match server {
            Some(server) => Some(server),
            None => local_server(vm, &store)?,
        };
        let Some(server) = server else {
            return Ok(());
        };
        let error = if server.flag("Available") {
            String::new()
        } else {
            format!("{} does not answer.", server.text("Fqdn"))
        };
        vm.write(outcome(&server.identity, self.0, &error))
    }
}
