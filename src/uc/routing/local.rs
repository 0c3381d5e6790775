//! The way to Unified Messaging on premises: forest, dial plan, encryption, and
//! the servers one after the other.

use super::super::deployment::Deployment;
use super::super::dns;
use super::super::trace::{Reason, Step, Stop, Trace};
use super::super::{certificate, failover, policy};
use super::{front_end, runs, service};
use crate::model::error::ModelError;
use crate::model::identity::{fold, without_scheme};
use crate::model::object::Object;
use crate::model::release::Release;
use crate::model::value::Datum;

/// The setting that limits how many servers a call tries.
pub const TRY_LIMIT: &str = "ExumNumberOfServersToTry";

/// What a call reached.
pub(super) struct Reached {
    /// The dial plan.
    pub plan: Object,
}

/// O2 to O10.
pub(super) fn steps(
    deployment: &dyn Deployment,
    trace: &mut Trace,
    pool: &str,
    phone_context: &str,
    mailbox: Option<&Object>,
) -> Result<Reached, Stop> {
    let computer = front_end(deployment, pool)?;
    let serving = failover::serving_pool(deployment, pool)?;
    let pool = serving.as_str();
    forest_rules(deployment, trace, phone_context, computer.as_deref())?;
    let plan = deployment.by_key("UMDialPlan", "phone context", phone_context)?;
    trace.ask(
        "O4",
        "Which UM dial plan has the phone context?",
        plan.as_ref()
            .map_or(phone_context, |plan| plan.identity.as_str()),
        plan.is_some(),
        Reason::DialPlanUnknown,
        phone_context,
    )?;
    let Some(plan) = plan else {
        return Err(Stop::Failed(Reason::DialPlanUnknown));
    };
    trace.ask(
        "O5",
        "Is it of type SipName?",
        plan.identity.as_str(),
        plan.text("URIType") == "SipName",
        Reason::DialPlanNotSip,
        plan.text("URIType"),
    )?;
    let candidates = candidates(deployment, &plan)?;
    if candidates
        .iter()
        .any(|it| Release::of(it) < Release::E2010Sp1)
    {
        let named = deployment.by_key("CsDialPlan", "simple name", phone_context)?;
        trace.ask(
            "O6",
            "Does a voice dial plan carry the phone context as its SimpleName?",
            plan.identity.as_str(),
            named.is_some(),
            Reason::DialPlanNameMismatch,
            phone_context,
        )?;
    }
    let names: Vec<String> = candidates.iter().map(|it| it.text("Fqdn")).collect();
    trace.ask(
        "O7",
        "Which servers can take the call?",
        plan.identity.as_str(),
        !candidates.is_empty(),
        Reason::NoUmServer,
        names.join(", "),
    )?;
    encryption_rule(deployment, trace, &plan, pool, computer.as_deref())?;
    let limit = deployment
        .setting(TRY_LIMIT)?
        .and_then(|text| text.parse().ok())
        .unwrap_or(usize::MAX);
    let mut last = Reason::NoUmServer;
    for server in candidates.iter().take(limit.max(1)) {
        let peer = Peer {
            plan: &plan,
            pool,
            host: server.text("Fqdn"),
            router: Release::of(server).has_call_router(),
        };
        match connect(deployment, trace, &peer)? {
            Err(reason) => last = reason,
            Ok(reached) => {
                trace.decision.server = peer.host.clone();
                if peer.router {
                    redirect(deployment, trace, &peer, mailbox)?;
                }
                let _ = reached;
                return Ok(Reached { plan });
            }
        }
    }
    Err(Stop::Failed(last))
}

/// O2 and O3: may Lync read the UM objects, and has it looked since.
fn forest_rules(
    deployment: &dyn Deployment,
    trace: &mut Trace,
    phone_context: &str,
    computer: Option<&str>,
) -> Result<(), Stop> {
    let forests = deployment.list("ADForest")?;
    let lync = forests
        .iter()
        .find(|forest| forest.flag("Lync"))
        .or(forests.first());
    let owner = forests
        .iter()
        .filter(|forest| dns::within(phone_context, &forest.identity))
        .max_by_key(|forest| forest.identity.len());
    let (Some(lync), Some(owner)) = (lync, owner) else {
        return trace.ask(
            "O2",
            "Which forest owns the phone context?",
            phone_context,
            false,
            Reason::UmPermissionMissing,
            "no known forest",
        );
    };
    if fold(&lync.identity) != fold(&owner.identity) {
        let here = trusts(deployment, &lync.identity, &owner.identity)?;
        let there = trusts(deployment, &owner.identity, &lync.identity)?;
        let detail = match (here, there) {
            (true, true) => "both ways".to_owned(),
            (true, false) => format!("{} does not trust {}", owner.identity, lync.identity),
            (false, true) => format!("{} does not trust {}", lync.identity, owner.identity),
            (false, false) => "in no direction".to_owned(),
        };
        trace.ask(
            "O2",
            "Do the two forests trust each other?",
            owner.identity.as_str(),
            here && there,
            Reason::UmPermissionMissing,
            detail,
        )?;
    }
    let granted = owner
        .texts("UmPermissionGrantedTo")
        .iter()
        .any(|it| fold(it) == fold(&lync.identity));
    trace.ask(
        "O2",
        "May Lync read the UM objects of the forest?",
        owner.identity.as_str(),
        granted,
        Reason::UmPermissionMissing,
        "ExchUCUtil.ps1 grants it",
    )?;
    let Some(computer) = computer else {
        return Ok(());
    };
    let started = service(deployment, computer, "RTCSRV")?.map(|it| it.get("StartedAt"));
    let stale = match (started, owner.get("UmPermissionGrantedAt")) {
        (Some(Datum::DateTime(started)), Datum::DateTime(granted)) => started < granted,
        _ => false,
    };
    trace.ask(
        "O3",
        "Has the Front End service been restarted since?",
        computer,
        !stale,
        Reason::UmTopologyStale,
        "",
    )
}

/// Whether a forest trusts another one.
pub fn trusts(deployment: &dyn Deployment, who: &str, whom: &str) -> Result<bool, ModelError> {
    Ok(deployment.list("ADTrust")?.iter().any(|trust| {
        let source = fold(&trust.text("Source"));
        let target = fold(&trust.text("Target"));
        let direction = trust.text("Direction");
        let outbound = matches!(direction.as_str(), "Outbound" | "BiDirectional");
        let inbound = matches!(direction.as_str(), "Inbound" | "BiDirectional");
        (source == fold(who) && target == fold(whom) && outbound)
            || (source == fold(whom) && target == fold(who) && inbound)
    }))
}

/// The servers of a dial plan that can take calls: enabled ones of the highest
/// version, in the order of their names.
pub fn candidates(deployment: &dyn Deployment, plan: &Object) -> Result<Vec<Object>, ModelError> {
    let mut servers = Vec::new();
    for server in deployment.list("ExchangeServer")? {
        let release = Release::of(&server);
        let (list, role) = if release.has_call_router() {
            ("CallRouter.DialPlans", "IsClientAccessServer")
        } else {
            ("DialPlans", "IsUnifiedMessagingServer")
        };
        let usable = release != Release::E2019
            && server.flag(role)
            && in_plan(&server, list, &plan.identity)
            && is_enabled(deployment, &server)?;
        if usable {
            servers.push(server);
        }
    }
    let highest = servers.iter().map(|it| Release::of(it).major()).max();
    servers.retain(|it| Some(Release::of(it).major()) == highest);
    servers.sort_by_key(|it| fold(&it.text("Fqdn")));
    Ok(servers)
}

fn in_plan(server: &Object, list: &str, plan: &str) -> bool {
    server.texts(list).iter().any(|it| fold(it) == fold(plan))
}

/// Whether a server takes new calls: by its status before 2013, by the state of
/// its components from then on.
pub fn is_enabled(deployment: &dyn Deployment, server: &Object) -> Result<bool, ModelError> {
    if !Release::of(server).has_call_router() {
        return Ok(server.text("Status") == "Enabled");
    }
    for component in ["ServerWideOffline", "UMCallRouter", "UnifiedMessaging"] {
        let identity = format!("{}/{component}", server.identity);
        if let Some(state) = deployment.get("ServerComponentState", &identity)?
            && state.text("State") != "Active"
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// O8: Lync's encryption and that of the dial plan.
fn encryption_rule(
    deployment: &dyn Deployment,
    trace: &mut Trace,
    plan: &Object,
    pool: &str,
    computer: Option<&str>,
) -> Result<(), Stop> {
    let noun = "CsMediaConfiguration";
    let media = match computer {
        Some(computer) => policy::for_pool(deployment.on(computer)?.as_ref(), noun, pool)?,
        None => policy::for_pool(deployment, noun, pool)?,
    };
    let (level, security) = (media.text("EncryptionLevel"), plan.text("VoIPSecurity"));
    let compatible = match level.as_str() {
        "RequireEncryption" => security == "Secured",
        "SupportEncryption" => security == "Secured" || security == "SIPSecured",
        _ => security == "SIPSecured",
    };
    trace.ask(
        "O8",
        "Do the encryption of Lync and of the UM dial plan fit?",
        plan.identity.as_str(),
        compatible,
        Reason::SecurityMismatch,
        if compatible {
            format!("{level}, {security}")
        } else {
            format!("Incompatible security setting: {level}, {security}")
        },
    )
}

/// A UM server that a call tries.
struct Peer<'a> {
    plan: &'a Object,
    pool: &'a str,
    host: String,
    router: bool,
}

/// O9 for one server: the server that answered, or why none did.
fn connect(
    deployment: &dyn Deployment,
    trace: &mut Trace,
    peer: &Peer<'_>,
) -> Result<Result<Object, Reason>, ModelError> {
    let (passed, detail) = match endpoint(deployment, &peer.host, peer.router)? {
        Err((reason, detail)) => (Err(reason), detail),
        Ok(server) => match admits(deployment, &server, peer)? {
            Some((reason, detail)) => (Err(reason), detail),
            None => (Ok(server), String::new()),
        },
    };
    trace.decision.steps.push(Step {
        rule: "O9",
        question: "Does the server take the call?".into(),
        object: peer.host.clone(),
        passed: passed.is_ok(),
        detail,
        reason: passed.as_ref().err().copied(),
    });
    Ok(passed)
}

/// The server behind a name, with a working and trusted TLS endpoint.
fn endpoint(
    deployment: &dyn Deployment,
    host: &str,
    router: bool,
) -> Result<Result<Object, (Reason, String)>, ModelError> {
    let no = |reason: Reason, detail: String| Ok(Err((reason, detail)));
    let addresses = dns::cached_addresses(deployment, host)?;
    if addresses.is_empty() {
        return no(
            Reason::UmServerUnresolvable,
            format!("{host} has no address"),
        );
    }
    let Some(server) = at_address(deployment, &addresses, host)? else {
        return no(Reason::UmServiceDown, "no server has the address".into());
    };
    let release = Release::of(&server);
    let prefix = if router { "CallRouter." } else { "" };
    let family = server.text(&format!("{prefix}IPAddressFamily"));
    let only_v6 = addresses.v4.is_empty();
    if only_v6 && (!release.has_call_router() || family == "IPv4Only") {
        return no(
            Reason::UmServerUnresolvable,
            "it has only an IPv6 address, which the server does not use".into(),
        );
    }
    if addresses.v6.is_empty() && family == "IPv6Only" {
        return no(
            Reason::UmServerUnresolvable,
            "it has only an IPv4 address, which the server does not use".into(),
        );
    }
    let name = if router {
        "MSExchangeUMCR"
    } else {
        "MSExchangeUM"
    };
    let fqdn = server.text("Fqdn");
    if !server.flag("Available") || !runs(deployment, &fqdn, name)? {
        return no(
            Reason::UmServiceDown,
            format!("{name} does not run on {fqdn}"),
        );
    }
    let configured = server.text(&format!("{prefix}UMStartupMode"));
    let running = match server.text(&format!("{prefix}RunningStartupMode")) {
        mode if mode.is_empty() => "TCP".to_owned(),
        mode => mode,
    };
    if running != "TLS" && running != "Dual" {
        let detail = if configured == running {
            format!("startup mode {running}, TLS or Dual is needed")
        } else {
            format!("startup mode is {configured} but {name} has not been restarted: {running}")
        };
        return no(Reason::UmPortClosed, detail);
    }
    if router && server.get("CallRouter.SipTlsListeningPort") != Datum::Int(5061) {
        return no(
            Reason::UmPortClosed,
            "the call router does not listen on 5061".into(),
        );
    }
    let thumbprint = server.text(&format!("{prefix}RunningThumbprint"));
    let service = if router { "UMCallRouter" } else { "UM" };
    let fault = if thumbprint.is_empty() {
        Some(format!(
            "no certificate is assigned to {service}, or it has not been restarted since"
        ))
    } else {
        match deployment.get(
            "ExchangeCertificate",
            &format!("{}/{thumbprint}", server.identity),
        )? {
            None => Some(format!("the certificate {thumbprint} is gone")),
            Some(found) => certificate::um_fault(
                &found,
                host,
                service,
                !release.has_call_router(),
                deployment.now()?,
            ),
        }
    };
    match fault {
        Some(fault) => no(Reason::UmCertificate, fault),
        None => Ok(Ok(server)),
    }
}

/// The server that has one of the addresses; without notes about addresses the
/// one of the name.
fn at_address(
    deployment: &dyn Deployment,
    addresses: &dns::Addresses,
    host: &str,
) -> Result<Option<Object>, ModelError> {
    let servers = deployment.list("ExchangeServer")?;
    let wanted: Vec<&String> = addresses.v4.iter().chain(&addresses.v6).collect();
    let holder = servers.iter().find(|server| {
        let own = server.texts("NetworkAddress");
        own.iter()
            .any(|one| wanted.iter().any(|it| fold(it) == fold(one)))
    });
    let named = || {
        servers.iter().find(|it| {
            fold(&it.text("Fqdn")) == fold(host) && it.texts("NetworkAddress").is_empty()
        })
    };
    Ok(holder.or_else(named).cloned())
}

/// Whether the server takes a call from the pool for the dial plan.
fn admits(
    deployment: &dyn Deployment,
    server: &Object,
    peer: &Peer<'_>,
) -> Result<Option<(Reason, String)>, ModelError> {
    let gateway = deployment
        .list("UMIPGateway")?
        .into_iter()
        .find(|it| fold(&it.text("Address")) == fold(peer.pool));
    let Some(gateway) = gateway else {
        return Ok(Some((
            Reason::UmPeerUnknown,
            format!("no UM IP gateway has the address {}", peer.pool),
        )));
    };
    if gateway.text("Status") != "Enabled" {
        return Ok(Some((Reason::GatewayDisabled, gateway.identity)));
    }
    let grouped = deployment.list("UMHuntGroup")?.iter().any(|group| {
        fold(&group.text("UMIPGateway")) == fold(&gateway.identity)
            && fold(&group.text("UMDialPlan")) == fold(&peer.plan.identity)
    });
    if !grouped {
        return Ok(Some((Reason::NoHuntGroup, gateway.identity)));
    }
    if !is_enabled(deployment, server)? {
        return Ok(Some((Reason::UmServerDisabled, server.text("Fqdn"))));
    }
    let list = if peer.router {
        "CallRouter.DialPlans"
    } else {
        "DialPlans"
    };
    if !in_plan(server, list, &peer.plan.identity) {
        let detail = format!("{} is not in the dial plan", server.text("Fqdn"));
        return Ok(Some((Reason::MailboxNotEnabled, detail)));
    }
    let calls = server.get("ActiveCalls").as_int().unwrap_or_default();
    let most = server.get("MaxCallsAllowed").as_int().unwrap_or(100);
    if calls >= most {
        return Ok(Some((Reason::UmBusy, format!("{calls} calls"))));
    }
    Ok(None)
}

/// O10: the call router answers with the Mailbox server that holds the mailbox.
fn redirect(
    deployment: &dyn Deployment,
    trace: &mut Trace,
    peer: &Peer<'_>,
    mailbox: Option<&Object>,
) -> Result<(), Stop> {
    let home = mailbox.map(|user| {
        let home = user.text("msExchHomeServerName");
        home.rsplit(['/', '='])
            .next()
            .unwrap_or_default()
            .to_owned()
    });
    let host = match home.filter(|home| !home.is_empty()) {
        None => peer.host.clone(),
        Some(home) => match deployment.get("ExchangeServer", &home)? {
            Some(server) => server.text("Fqdn"),
            None => home,
        },
    };
    let (reason, detail) = match endpoint(deployment, &host, false)? {
        Err((Reason::UmCertificate, detail)) => (Some(Reason::RedirectUntrusted), detail),
        Err((reason, detail)) => (Some(reason), detail),
        Ok(server) if !in_plan(&server, "DialPlans", &peer.plan.identity) => (
            Some(Reason::RedirectUntrusted),
            format!("{} is not in the dial plan", server.text("Fqdn")),
        ),
        Ok(_) => (None, String::new()),
    };
    trace.decision.server = host.clone();
    trace.ask(
        "O10",
        "Is the Mailbox server that the call router names reachable and trusted?",
        host,
        reason.is_none(),
        reason.unwrap_or(Reason::RedirectUntrusted),
        detail,
    )
}

/// O11: the mailbox itself.
pub(super) fn mailbox_step(
    trace: &mut Trace,
    user: &Object,
    address: &str,
    reached: &Reached,
) -> Result<(), Stop> {
    let policy = user.text("msExchUMTemplateLink");
    let own = fold(without_scheme(&user.text("SipAddress")));
    let enabled = !policy.is_empty()
        && fold(&user.text("UMDialPlan")) == fold(&reached.plan.identity)
        && fold(address) == own;
    trace.ask(
        "O11",
        "Is the mailbox UM-enabled for the address in the dial plan?",
        user.identity.as_str(),
        enabled,
        Reason::MailboxNotEnabled,
        user.text("UMDialPlan"),
    )
}
