//! The Test- cmdlets that try something out and report success or failure: voice mail by the routing rules,
//! federation by the Access Edge's lists, everything else by whether the pool and the users are there and running.

use super::answer::{first_text, text, texts};
use super::service::pool_runs;
use super::test_log::TestLog;
use crate::cmdlet::registry::Factory;
use crate::model::identity::{fold, without_scheme};
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::CustomObject;
use crate::runtime::text::datetime::TimeSpan;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;
use crate::uc::routing;
use crate::uc::trace::Decision;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Test-CsExUMConnectivity", || {
        Box::new(VoiceMail { deposit: false })
    }),
    ("Test-CsExUMVoiceMail", || {
        Box::new(VoiceMail { deposit: true })
    }),
    ("Test-CsFederatedPartner", || Box::new(FederatedPartner)),
    ("Test-CsReplica", || Box::new(Replica)),
    ("Test-ServiceHealth", || Box::new(ServiceHealth)),
];

/// A Test- cmdlet of Lync without rules of its own, which tries the pool and the users it names.
pub fn transaction(name: &str) -> Option<Factory> {
    let noun = name
        .get(..7)
        .filter(|head| head.eq_ignore_ascii_case("Test-Cs"))
        .and_then(|_| name.get(7..))?;
    let tried = [
        "ASConference",
        "AVConference",
        "AVEdgeConnectivity",
        "AddressBookService",
        "AddressBookWebQuery",
        "CertificateConfiguration",
        "ClientAuth",
        "ClientAuthentication",
        "Computer",
        "DataConference",
        "Database",
        "DialInConferencing",
        "ExStorageConnectivity",
        "ExStorageNotification",
        "GroupExpansion",
        "GroupIM",
        "IM",
        "InterTrunkRouting",
        "KerberosAccountAssignment",
        "LisConfiguration",
        "LocationPolicy",
        "ManagementServer",
        "McxConference",
        "McxP2PIM",
        "McxPushNotification",
        "P2PAV",
        "P2PVideoInteropServerSipTrunkAV",
        "PersistentChatMessage",
        "PhoneBootstrap",
        "Presence",
        "PstnOutboundCall",
        "PstnPeerToPeerCall",
        "Registration",
        "Topology",
        "UcwaConference",
        "UnifiedContactStore",
        "WatcherNodeConfiguration",
        "WebApp",
        "WebAppAnonymous",
        "WebScheduler",
        "XmppIM",
        "AudioConferencingProvider",
    ];
    tried
        .iter()
        .any(|known| known.eq_ignore_ascii_case(noun))
        .then_some(|| Box::new(Transaction) as Box<dyn Cmdlet>)
}

/// What a synthetic transaction reports.
fn outcome(target: &str, error: Option<&str>, diagnosis: &str) -> Value {
    let result = if error.is_none() {
        "Success"
    } else {
        "Failure"
    };
    CustomObject::typed(
        "Microsoft.Rtc.SyntheticTransactions.TaskOutput",
        [
            ("TargetFqdn", Value::str(target)),
            ("Result", Value::str(result)),
            ("Latency", Value::TimeSpan(TimeSpan(0))),
            ("Error", Value::str(error.unwrap_or_default())),
            ("Diagnosis", Value::str(diagnosis)),
        ],
    )
}

/// Reports, and keeps the log that the call asks for.
fn report(
    vm: &mut Vm,
    call: &Call,
    (target, error, diagnosis): (&str, Option<&str>, &str),
    steps: &[String],
) -> R<()> {
    let log = TestLog {
        target,
        error,
        steps,
    };
    log.keep(vm, call)?;
    vm.write(outcome(target, error, diagnosis))
}

/// Reports that a test failed, and why.
fn fail(vm: &mut Vm, call: &Call, target: &str, error: &str, diagnosis: &str) -> R<()> {
    report(vm, call, (target, Some(error), diagnosis), &[])
}

/// The pool that a test is about: named, or that of the computer it runs on.
fn target(vm: &mut Vm, call: &Call) -> R<String> {
    if let Some(named) = first_text(
        vm,
        call,
        &[
            "TargetFqdn",
            "PoolFqdn",
            "TargetPoolFqdn",
            "Fqdn",
            "Identity",
            "SqlServerFqdn",
            "TargetUri",
        ],
    )? {
        let host = named.split("//").nth(1).unwrap_or(&named);
        return Ok(host.split(['/', ':']).next().unwrap_or(host).to_owned());
    }
    let computer = vm.deployment_computer()?;
    let store = vm.twin()?;
    let found = store.get("CsComputer", &computer);
    Ok(match vm.model(found)? {
        Some(found) => found.text("Pool"),
        None => computer.to_string(),
    })
}

/// Why a pool or computer cannot be reached; nothing if it can.
fn unreachable(vm: &mut Vm, store: &Store, target: &str) -> R<Option<String>> {
    let pool = store.get("CsPool", target);
    let mut pool = vm.model(pool)?.map(|pool| pool.identity);
    if pool.is_none() {
        let computer = store.get("CsComputer", target);
        pool = vm.model(computer)?.map(|computer| computer.text("Pool"));
    }
    let Some(pool) = pool else {
        vm.write_warning(&format!(
            "Cannot read the Registrar port number of the fully qualified domain name (FQDN) {target}. The default Registrar port number is used."
        ))?;
        return Ok(Some(format!("No such host is known: {target}")));
    };
    if pool_runs(vm, store, &pool)? {
        return Ok(None);
    }
    Ok(Some(format!(
        "504 Server time-out: the Front End service does not run on {pool}"
    )))
}

/// The users that take part: named ones, else the pool's test users.
fn users(vm: &mut Vm, call: &Call, target: &str, wanted: &[&str]) -> R<Vec<String>> {
    let mut list = Vec::new();
    for name in wanted {
        list.extend(texts(vm, call, name)?);
    }
    if !list.is_empty() {
        return Ok(list);
    }
    let store = vm.twin()?;
    let configured = store.get("CsHealthMonitoringConfiguration", target);
    if let Ok(Some(configured)) = configured {
        for name in ["FirstTestUserSipUri", "SecondTestUserSipUri"] {
            let uri = configured.text(name);
            if !uri.is_empty() {
                list.push(uri);
            }
        }
    }
    Ok(list)
}

fn no_test_users(pool: &str) -> Fault {
    Fault::of(
        "System.InvalidOperationException",
        "NotFoundTestUsers",
        Category::ResourceUnavailable,
        format!("No test users are configured for the pool {pool}. Name users, or create them with New-CsHealthMonitoringConfiguration."),
    )
    .target(Value::str(pool))
}

/// Why a user cannot sign in; nothing if he can.
fn user_fault(vm: &mut Vm, store: &Store, address: &str) -> R<Option<String>> {
    let found = store.by_key("CsUser", "sip", &fold(without_scheme(address)));
    Ok(match vm.model(found)? {
        None => Some(format!("404 Not Found: there is no user {address}")),
        Some(user) if !user.flag("Enabled") => {
            Some(format!("404 Not Found: the user {address} is not enabled"))
        }
        Some(_) => None,
    })
}

/// The parameters by which tests name users.
const USERS: &[&str] = &[
    "UserSipAddress",
    "SenderSipAddress",
    "ReceiverSipAddress",
    "CallerSipAddress",
    "PublisherSipAddress",
    "SubscriberSipAddress",
    "OrganizerSipAddress",
    "ParticipantSipAddress",
    "ConferenceOrganizerSipAddress",
];

struct Transaction;

impl Cmdlet for Transaction {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let target = target(vm, call)?;
        if let Some(error) = unreachable(vm, &store, &target)? {
            return fail(vm, call, &target, &error, "The pool did not answer.");
        }
        for name in USERS {
            for address in texts(vm, call, name)? {
                if let Some(error) = user_fault(vm, &store, &address)? {
                    return fail(vm, call, &target, &error, "The user cannot sign in.");
                }
            }
        }
        report(vm, call, (&target, None, ""), &[])
    }
}

struct VoiceMail {
    deposit: bool,
}

impl Cmdlet for VoiceMail {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let target = target(vm, call)?;
        if let Some(error) = unreachable(vm, &store, &target)? {
            return fail(vm, call, &target, &error, "The pool did not answer.");
        }
        let named = if self.deposit {
            ["ReceiverSipAddress", "SipAddress"]
        } else {
            ["UserSipAddress", "SipAddress"]
        };
        let Some(address) = users(vm, call, &target, &named)?.pop() else {
            return vm.write_fault(no_test_users(&target));
        };
        let sender = texts(vm, call, "SenderSipAddress")?.pop();
        if let Some(sender) = sender.filter(|_| self.deposit) {
            if fold(&sender) == fold(&address) {
                let error = "400 Bad Request: sender and receiver are the same user";
                return fail(vm, call, &target, error, "Name another sender.");
            }
            if let Some(error) = user_fault(vm, &store, &sender)? {
                return fail(vm, call, &target, &error, "The sender cannot sign in.");
            }
        }
        let view = store.at(i64::MAX);
        let decided = if self.deposit {
            routing::deposit(&view, &address)
        } else {
            routing::probe(&view, &address)
        };
        let decision = vm.model(decided)?;
        let mut steps = Vec::new();
        for step in &decision.steps {
            let answer = if step.passed { "yes" } else { "no" };
            let line = format!(
                "{} {} {}: {answer} {}",
                step.rule, step.question, step.object, step.detail
            );
            vm.write_verbose(&line)?;
            steps.push(line);
        }
        let (error, diagnosis) = explained(&decision);
        report(vm, call, (&target, error.as_deref(), &diagnosis), &steps)
    }
}

/// The error and the diagnosis of a decision, as a synthetic transaction words them.
fn explained(decision: &Decision) -> (Option<String>, String) {
    let Some(reason) = decision.failure else {
        return (None, String::new());
    };
    let error = format!("{}: {}", decision.sip(), reason.name());
    let last = decision.steps.last();
    let mut diagnosis = last.map_or_else(String::new, |step| {
        format!("{} {} ({})", step.rule, step.question, step.object)
    });
    if let Some(number) = decision.diagnostic() {
        diagnosis = format!(
            "ErrorCode={number},Source={},Reason={diagnosis}",
            decision.server
        );
    }
    (Some(error), diagnosis)
}

struct FederatedPartner;

impl Cmdlet for FederatedPartner {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let target = target(vm, call)?;
        let domain = text(vm, call, "Domain")?.unwrap_or_default();
        let edge = store.get("CsAccessEdgeConfiguration", "Global");
        let edge = vm.model(edge)?;
        let blocked = store.get("CsBlockedDomain", &domain);
        let blocked = vm.model(blocked)?;
        let allowed = store.get("CsAllowedDomain", &domain);
        let allowed = vm.model(allowed)?;
        let flag = |name: &str| edge.as_ref().is_some_and(|edge| edge.flag(name));
        let error = if !flag("AllowFederatedUsers") {
            Some("403 Forbidden: federation is switched off (Set-CsAccessEdgeConfiguration -AllowFederatedUsers $true)".to_owned())
        } else if blocked.is_some() {
            Some(format!("403 Forbidden: the domain {domain} is blocked"))
        } else if allowed.is_none() && !flag("EnablePartnerDiscovery") {
            Some(format!(
                "404 Not Found: the domain {domain} is not an allowed domain, and partner discovery is switched off"
            ))
        } else {
            None
        };
        report(vm, call, (&target, error.as_deref(), ""), &[])
    }
}

/// Whether the replica of a computer is there and runs.
struct Replica;

impl Cmdlet for Replica {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let computer = match first_text(vm, call, &["ComputerName", "Fqdn", "TargetFqdn"])? {
            Some(computer) => computer,
            None => vm.deployment_computer()?.to_string(),
        };
        let found = store.replica(&computer);
        let error = found.err().map(|error| error.to_string());
        report(vm, call, (&computer, error.as_deref(), ""), &[])
    }
}

/// The services of an Exchange server, by role.
struct ServiceHealth;

impl Cmdlet for ServiceHealth {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let mut servers = Vec::new();
        match first_text(vm, call, &["Server"])? {
            Some(typed) => match store.find_one("ExchangeServer", &typed) {
                Ok(server) => servers.push(server),
                Err(error) => return super::answer::refuse(vm, &error),
            },
            None => {
                let listed = store.list("ExchangeServer");
                if let Some(first) = vm.model(listed)?.next() {
                    servers.push(vm.model(first)?);
                }
            }
        }
        for server in servers {
            let mut computer = server.text("Fqdn");
            if computer.is_empty() {
                computer = server.identity.clone();
            }
            let listed = store.by_link("TwinWindowsService", "service computer", &computer);
            let (mut running, mut stopped) = (Vec::new(), Vec::new());
            for service in vm.model(listed)? {
                let name = Value::str(service.text("Name"));
                if service.text("Status") == "Running" {
                    running.push(name);
                } else {
                    stopped.push(name);
                }
            }
            vm.write(CustomObject::typed(
                "Microsoft.Exchange.Management.Deployment.ServiceHealthResult",
                [
                    (
                        "Role",
                        Value::str(format!("{} Server Role", server.text("ServerRole"))),
                    ),
                    ("RequiredServicesRunning", Value::Bool(stopped.is_empty())),
                    ("ServicesRunning", Value::array(running)),
                    ("ServicesNotRunning", Value::array(stopped)),
                ],
            ))?;
        }
        Ok(())
    }
}
