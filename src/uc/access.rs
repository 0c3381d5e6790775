//! Instant messaging from Outlook Web App in Exchange Online: the user counts as
//! a remote one, and both the Edge and the user's policy have to allow that.

use super::deployment::Deployment;
use super::policy;
use super::routing::{access_edge, edge_of, provider_rules, return_route};
use super::trace::{Decision, Reason, Stop, Trace};
use crate::model::error::ModelError;
use crate::model::identity::{fold, without_scheme};

/// Whether a user of a hosted mailbox can sign in to instant messaging from OWA
/// at a service (its proxy).
pub fn owa_sign_in(
    deployment: &dyn Deployment,
    sip_address: &str,
    proxy: &str,
) -> Result<Decision, ModelError> {
    let mut trace = Trace::default();
    trace.decision.hosted = true;
    let end = steps(deployment, &mut trace, sip_address, proxy);
    trace.close(end)
}

fn steps(
    deployment: &dyn Deployment,
    trace: &mut Trace,
    sip_address: &str,
    proxy: &str,
) -> Result<(), Stop> {
    let address = fold(without_scheme(sip_address));
    let user = deployment.by_key("CsUser", "sip", &address)?;
    trace.ask(
        "W2",
        "Does the user exist?",
        sip_address,
        user.is_some(),
        Reason::CalleeUnknown,
        "",
    )?;
    let Some(user) = user else {
        return Ok(());
    };
    let messaging = user.get("InstantMessagingEnabled").as_bool() != Some(false);
    trace.ask(
        "W1",
        "Does the OWA mailbox policy have instant messaging?",
        user.identity.as_str(),
        messaging,
        Reason::NoInstantMessaging,
        "",
    )?;
    let pool = user.text("RegistrarPool");
    let homed = user.flag("Enabled") && deployment.get("CsPool", &pool)?.is_some();
    trace.ask(
        "W2",
        "Is the user enabled and on a pool?",
        user.identity.as_str(),
        homed,
        Reason::CalleeDisabled,
        pool.as_str(),
    )?;
    let edge = edge_of(deployment, trace, &pool)?;
    let replica = deployment.on(&edge.computer)?;
    let settings = access_edge(replica.as_ref())?;
    trace.ask(
        "W3",
        "Does the Access Edge allow federated users?",
        edge.computer.as_str(),
        settings.flag("AllowFederatedUsers"),
        Reason::FederationOff,
        "as the Edge Server's replica has it",
    )?;
    let providers = replica.list("CsHostingProvider")?;
    let provider = providers
        .iter()
        .find(|it| fold(&it.text("ProxyFqdn")) == fold(proxy));
    provider_rules(trace, provider, proxy)?;
    let level = provider
        .map(|it| it.text("VerificationLevel"))
        .unwrap_or_default();
    trace.ask(
        "W5",
        "Are the provider's messages trusted?",
        provider.map_or(proxy, |it| it.identity.as_str()),
        level != "AlwaysUnverifiable",
        Reason::SourceNotVerified,
        level.as_str(),
    )?;
    trace.ask(
        "W6",
        "Does the Access Edge allow users outside?",
        edge.computer.as_str(),
        settings.flag("AllowOutsideUsers"),
        Reason::RemoteAccessNotAllowed,
        "",
    )?;
    let policy = policy::effective(deployment, "CsExternalAccessPolicy", &user)?;
    trace.ask(
        "W7",
        "Does the user's external access policy allow access from outside?",
        policy.identity.as_str(),
        policy.flag("EnableOutsideAccess"),
        Reason::RemoteAccessNotAllowed,
        "",
    )?;
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    let host = edge.service.text("AccessEdgeExternalFqdn");
    return_route(deployment, trace, "W8", domain, &host)
}
