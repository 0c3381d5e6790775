//! Tests of what an organisation has agreed with others (federation, connectors, migration endpoints, the
//! sites of site mailboxes), and how far its migrations are.

use super::answer::{fault, first_text, refuse, text, texts};
use super::server_state::server;
use crate::cmdlet::registry::Factory;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, R};
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Test-FederationTrust", || Box::new(TestTrust)),
    ("Test-FederationTrustCertificate", || {
        Box::new(TestTrustCertificate)
    }),
    ("Test-OrganizationRelationship", || {
        Box::new(TestRelationship)
    }),
    ("Validate-OutboundConnector", || Box::new(ValidateConnector)),
    ("Test-MigrationServerAvailability", || {
        Box::new(TestMigrationServer)
    }),
    ("Start-EdgeSynchronization", || Box::new(SynchronizeEdge)),
    ("Get-MigrationStatistics", || Box::new(MigrationStatistics)),
    ("Test-SiteMailbox", || Box::new(TestSiteMailbox)),
    ("Search-MailboxAuditLog", || Box::new(SearchMailboxAudit)),
];

/// One result of a test in steps.
fn step(type_name: &'static str, id: &str, passed: bool, message: &str) -> Value {
    CustomObject::typed(
        type_name,
        [
            ("Id", Value::str(id)),
            ("Type", Value::str(if passed { "Success" } else { "Error" })),
            ("Message", Value::str(message)),
        ],
    )
}

/// All stored objects of a noun.
fn all(vm: &mut Vm, noun: &str) -> R<Vec<Object>> {
    let store = vm.twin()?;
    let listed = store.list(noun);
    let mut found = Vec::new();
    for object in vm.model(listed)? {
        found.push(vm.model(object)?);
    }
    Ok(found)
}

/// The certificate of a thumbprint on any server.
fn certificate(vm: &mut Vm, thumbprint: &str) -> R<Option<Object>> {
    let wanted = format!("/{thumbprint}").to_lowercase();
    let all = all(vm, "ExchangeCertificate")?;
    Ok(all
        .into_iter()
        .find(|it| it.identity.to_lowercase().ends_with(&wanted)))
}

/// The thumbprint that a federation trust signs with.
fn signing(trust: &Object) -> String {
    ["OrgPrivCertificate", "Thumbprint"]
        .iter()
        .map(|name| trust.text(name))
        .find(|it| !it.is_empty())
        .unwrap_or_default()
}

/// Goes through what a federation trust needs.
struct TestTrust;

impl Cmdlet for TestTrust {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        const RESULT: &str = "Microsoft.Exchange.Management.SystemConfigurationTasks.ResultEvent";
        let store = vm.twin()?;
        if let Some(user) = text(vm, call, "UserIdentity")?
            && let Err(error) = store.find_one("Recipient", &user)
        {
            return refuse(vm, &error);
        }
        let Some(trust) = all(vm, "FederationTrust")?.into_iter().next() else {
            let message = "This organization has no federation trust.";
            return vm.write(step(RESULT, "FederationTrustConfiguration", false, message));
        };
        let message = format!(
            "FederationTrust object \"{}\" is configured.",
            trust.identity
        );
        vm.write(step(RESULT, "FederationTrustConfiguration", true, &message))?;
        let held = certificate(vm, &signing(&trust))?.is_some();
        let message = match held {
            true => "The certificate of the organization is on its servers.",
            false => "No server has the certificate that the trust signs with.",
        };
        vm.write(step(RESULT, "OrganizationCertificate", held, message))?;
        for (id, success) in [
            ("TokenRequest", "A delegation token was issued."),
            ("TokenValidation", "The delegation token is valid."),
        ] {
            let message = if held { success } else { "There is no token." };
            vm.write(step(RESULT, id, held, message))?;
        }
        Ok(())
    }
}

/// Shows on which servers the certificates of the federation trust are.
struct TestTrustCertificate;

impl Cmdlet for TestTrustCertificate {
    fn process(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        let servers = all(vm, "ExchangeServer")?;
        let certificates = all(vm, "ExchangeCertificate")?;
        for trust in all(vm, "FederationTrust")? {
            let thumbprint = signing(&trust);
            for server in &servers {
                let wanted = format!("{}/{thumbprint}", server.identity).to_lowercase();
                let held = certificates
                    .iter()
                    .any(|it| it.identity.to_lowercase() == wanted);
                vm.write(CustomObject::typed(
                    "Microsoft.Exchange.Management.SystemConfigurationTasks.FederationTrustCertificateStatus",
                    [
                        ("Server", Value::str(server.identity.as_str())),
                        ("Site", Value::str(server.text("Site"))),
                        (
                            "State",
                            Value::str(if held { "Installed" } else { "NotInstalled" }),
                        ),
                        ("Thumbprint", Value::str(thumbprint.as_str())),
                    ],
                ))?;
            }
        }
        Ok(())
    }
}

/// Goes through what an organization relationship needs.
struct TestRelationship;

impl Cmdlet for TestRelationship {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let user = text(vm, call, "UserIdentity")?.unwrap_or_default();
        if let Err(error) = store.find_one("Mailbox", &user) {
            return refuse(vm, &error);
        }
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let relationship = match store.find_one("OrganizationRelationship", &typed) {
            Ok(found) => found,
            Err(error) => return refuse(vm, &error),
        };
        let enabled = relationship.get("Enabled") != Datum::Bool(false);
        let trusted = !all(vm, "FederationTrust")?.is_empty();
        for (id, passed, description) in [
            (
                "VerifyOrganizationRelationship",
                enabled,
                "The organization relationship is enabled.",
            ),
            (
                "VerifyFederationTrust",
                trusted,
                "The organization has a federation trust.",
            ),
        ] {
            vm.write(CustomObject::typed(
                "Microsoft.Exchange.Management.SystemConfigurationTasks.OrganizationRelationshipTestResult",
                [
                    ("Identity", Value::str(relationship.identity.as_str())),
                    ("Id", Value::str(id)),
                    (
                        "Status",
                        Value::str(if passed { "Success" } else { "Error" }),
                    ),
                    ("Description", Value::str(description)),
                    ("IsValid", Value::Bool(true)),
                    ("ObjectState", Value::str("New")),
                ],
            ))?;
        }
        Ok(())
    }
}

/// Sends test mail through a connector: it works while the connector is enabled.
struct ValidateConnector;

impl Cmdlet for ValidateConnector {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let connector = match store.find_one("OutboundConnector", &typed) {
            Ok(found) => found,
            Err(error) => return refuse(vm, &error),
        };
        let passed = connector.get("Enabled") != Datum::Bool(false);
        let mut tasks = vec!["Check connectivity".to_owned()];
        for recipient in texts(vm, call, "Recipients")? {
            tasks.push(format!("Send test email to {recipient}"));
        }
        for task in tasks {
            vm.write(CustomObject::typed(
                "Microsoft.Exchange.Management.SystemConfigurationTasks.ConnectorValidationResult",
                [
                    ("ConnectorName", Value::str(connector.identity.as_str())),
                    ("TaskName", Value::str(task)),
                    ("IsTaskSuccessful", Value::Bool(passed)),
                    (
                        "TaskDetail",
                        Value::str(if passed {
                            ""
                        } else {
                            "The connector is disabled."
                        }),
                    ),
                ],
            ))?;
        }
        Ok(())
    }
}

/// Tries to reach what a migration would read from: an endpoint that is kept, or what the parameters say.
struct TestMigrationServer;

impl Cmdlet for TestMigrationServer {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let mut settings = first_text(vm, call, &["RemoteServer", "ExchangeServer"])?;
        if let Some(typed) = text(vm, call, "Endpoint")? {
            match store.find_one("MigrationEndpoint", &typed) {
                Ok(endpoint) => {
                    let server = endpoint.text("RemoteServer");
                    settings = Some(if server.is_empty() {
                        endpoint.identity
                    } else {
                        server
                    });
                }
                Err(error) => return refuse(vm, &error),
            }
        }
        if settings.is_none() {
            // Autodiscover finds the server of the address's domain.
            settings = text(vm, call, "EmailAddress")?
                .and_then(|it| it.split_once('@').map(|(_, domain)| domain.to_owned()))
                .map(|domain| format!("autodiscover.{domain}"));
        }
        vm.write(CustomObject::typed(
            "Microsoft.Exchange.Management.Migration.MigrationServerConnectionTestResult",
            [
                ("Result", Value::str("Success")),
                ("Message", Value::str("")),
                (
                    "ConnectionSettings",
                    Value::str(settings.unwrap_or_default()),
                ),
                (
                    "SupportsCutover",
                    Value::Bool(call.switch("ExchangeOutlookAnywhere")),
                ),
                ("ErrorDetail", Value::str("")),
                ("Identity", Value::str("")),
                ("IsValid", Value::Bool(true)),
                ("ObjectState", Value::str("New")),
            ],
        ))
    }
}

/// Brings the Edge servers up to date: one result for recipients and one for settings each.
struct SynchronizeEdge;

impl Cmdlet for SynchronizeEdge {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if call.has("Server") && server(vm, call, &["Server"])?.is_none() {
            return Ok(());
        }
        for edge in all(vm, "EdgeSubscription")? {
            for kind in ["Recipients", "Configuration"] {
                vm.write(CustomObject::typed(
                    "Microsoft.Exchange.EdgeSync.Common.Status",
                    [
                        ("Result", Value::str("Success")),
                        ("Type", Value::str(kind)),
                        ("Name", Value::str(edge.identity.as_str())),
                        ("FailureDetails", Value::str("")),
                        ("Added", Value::Int(0)),
                        ("Deleted", Value::Int(0)),
                        ("Updated", Value::Int(0)),
                        ("Scanned", Value::Int(0)),
                        ("TargetScanned", Value::Int(0)),
                    ],
                ))?;
            }
        }
        Ok(())
    }
}

/// The deployment records what administrators do, not what happens inside mailboxes: no entries.
struct SearchMailboxAudit;

impl Cmdlet for SearchMailboxAudit {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let mut mailboxes = texts(vm, call, "Mailboxes")?;
        mailboxes.extend(text(vm, call, "Identity")?);
        for typed in mailboxes {
            if let Err(error) = store.find_one("Mailbox", &typed) {
                refuse(vm, &error)?;
            }
        }
        Ok(())
    }
}

/// Counts the users of all migration batches by what has become of them.
struct MigrationStatistics;

impl Cmdlet for MigrationStatistics {
    fn process(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        const COUNTS: &[(&str, &[&str])] = &[
            (
                "ActiveCount",
                &["Syncing", "Completing", "InProgress", "Starting"],
            ),
            ("StoppedCount", &["Stopped", "Stopping", "Suspended"]),
            ("SyncedCount", &["Synced"]),
            ("FinalizedCount", &["Completed", "Finalized"]),
            ("FailedCount", &["Failed", "Corrupted"]),
            (
                "PendingCount",
                &["Created", "Queued", "Validating", "Provisioning", ""],
            ),
        ];
        let users = all(vm, "MigrationUser")?;
        let count = |states: &[&str]| {
            let fits = |user: &&Object| {
                let status = user.text("Status");
                states.iter().any(|it| status.eq_ignore_ascii_case(it))
            };
            i32::try_from(users.iter().filter(fits).count()).unwrap_or(i32::MAX)
        };
        let total = i32::try_from(users.len()).unwrap_or(i32::MAX);
        let mut shown = vec![
            ("Identity", Value::str("Migration")),
            ("TotalCount", Value::Int(total)),
        ];
        shown.extend(
            COUNTS
                .iter()
                .map(|(name, states)| (*name, Value::Int(count(states)))),
        );
        shown.push(("IsValid", Value::Bool(true)));
        shown.push(("ObjectState", Value::str("New")));
        vm.write(CustomObject::typed(
            "Microsoft.Exchange.Data.Storage.Management.MigrationStatistics",
            shown,
        ))
    }
}

/// Goes through what a site mailbox needs of its site: who asks, the address, and the way there.
struct TestSiteMailbox;

impl Cmdlet for TestSiteMailbox {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        for (one, other) in [
            ("Identity", "SharePointUrl"),
            ("RequestorIdentity", "UseAppTokenOnly"),
        ] {
            if call.has(one) && call.has(other) {
                let message =
                    format!("The parameters \"{one}\" and \"{other}\" cannot be used together.");
                let id = "ParametersCannotBeUsedTogether";
                return vm.write_fault(fault(id, Category::InvalidArgument, message, one));
            }
        }
        let mut address = text(vm, call, "SharePointUrl")?.unwrap_or_default();
        if let Some(typed) = text(vm, call, "Identity")? {
            match store.find_one("SiteMailbox", &typed) {
                Ok(mailbox) => address = mailbox.text("SharePointUrl"),
                Err(error) => return refuse(vm, &error),
            }
        }
        let requestor = match text(vm, call, "RequestorIdentity")? {
            Some(typed) => match store.find_one("Recipient", &typed) {
                Ok(found) => found.identity,
                Err(error) => return refuse(vm, &error),
            },
            None if call.switch("UseAppTokenOnly") => "the Exchange server".to_owned(),
            None => "the user who runs the command".to_owned(),
        };
        let web = ["http://", "https://"]
            .iter()
            .any(|scheme| address.to_lowercase().starts_with(scheme));
        let steps = [
            (
                "1. Identity",
                true,
                format!("The site is asked as {requestor}."),
            ),
            (
                "2. Address",
                web,
                match web {
                    true => format!("The site is at {address}."),
                    false => format!("\"{address}\" is not the address of a site."),
                },
            ),
        ];
        for (name, passed, detail) in steps {
            vm.write(CustomObject::typed(
                "Microsoft.Exchange.Management.RecipientTasks.TestSiteMailboxResult",
                [
                    ("Step", Value::str(name)),
                    (
                        "Result",
                        Value::str(if passed { "Success" } else { "Error" }),
                    ),
                    ("Details", Value::str(detail)),
                ],
            ))?;
        }
        Ok(())
    }
}
