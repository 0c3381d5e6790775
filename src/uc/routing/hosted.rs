//! The way to a hosted mailbox: policy, Edge, provider, tenant. From the Edge on
//! the Edge Server's own replica decides.

use super::super::deployment::Deployment;
use super::super::dns::{self, Zone};
use super::super::trace::{Reason, Stop, Trace};
use super::super::{certificate, policy};
use super::{Purpose, computers, policy_in_call, runs};
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::object::Object;

/// What goes the hosted way.
pub(super) struct Leg<'a> {
    /// The user or contact whose policy counts.
    pub holder: &'a Object,
    /// The SIP address without its scheme, in lower case.
    pub address: &'a str,
    /// The number called, if one was.
    pub number: Option<&'a str>,
    /// What the call wants.
    pub purpose: Purpose,
}

/// The Edge pool that carries a site's federated traffic.
pub(crate) struct Edge {
    /// The service object.
    pub service: Object,
    /// The computer whose replica decides.
    pub computer: String,
}

/// H1 to H13.
pub(super) fn steps(
    deployment: &dyn Deployment,
    trace: &mut Trace,
    leg: &Leg<'_>,
) -> Result<(), Stop> {
    trace.decision.hosted = true;
    let policy = policy_in_call(deployment, "CsHostedVoicemailPolicy", leg.holder)?;
    let destination = policy.text("Destination");
    trace.ask(
        "H1",
        "Has the hosted voice mail policy a Destination?",
        policy.identity.as_str(),
        !destination.is_empty(),
        Reason::HostedPolicyNoDestination,
        destination.as_str(),
    )?;
    let organization = policy.text("Organization");
    let organizations: Vec<&str> = organization
        .split(',')
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    trace.ask(
        "H2",
        "Has it an Organization?",
        policy.identity.as_str(),
        !organizations.is_empty(),
        Reason::HostedPolicyNoOrganization,
        organization.as_str(),
    )?;
    let pool = leg.holder.text("RegistrarPool");
    let edge = edge_of(deployment, trace, &pool)?;
    let replica = deployment.on(&edge.computer)?;
    edge_rules(replica.as_ref(), trace, &edge)?;
    let providers: Vec<Object> = replica
        .list("CsHostingProvider")?
        .into_iter()
        .filter(|provider| fold(&provider.text("ProxyFqdn")) == fold(&destination))
        .collect();
    provider_rules(trace, providers.first(), &destination)?;
    way_out_and_back(deployment, trace, &edge, &destination, leg.address)?;
    tenant_rules(deployment, trace, leg, &destination, &organizations)?;
    trace.decision.server = destination;
    Ok(())
}

/// H3: the Edge pool of the pool's site.
pub(crate) fn edge_of(
    deployment: &dyn Deployment,
    trace: &mut Trace,
    pool: &str,
) -> Result<Edge, Stop> {
    let site = policy::site_of(deployment, pool)?.unwrap_or_default();
    let route = match deployment.get("CsSite", &site) {
        Ok(Some(site)) => site.text("FederationRoute"),
        _ => String::new(),
    };
    let service = if route.is_empty() {
        None
    } else {
        deployment.get("CsService", &route)?
    };
    let usable =
        service.filter(|it| it.text("Role") == "EdgeServer" && it.flag("FederationEnabled"));
    trace.ask(
        "H3",
        "Does the site's federation route name an Edge pool enabled for federation?",
        site.as_str(),
        usable.is_some(),
        Reason::NoFederationRoute,
        route.as_str(),
    )?;
    let Some(service) = usable else {
        return Err(Stop::Failed(Reason::NoFederationRoute));
    };
    let mut running = None;
    for computer in computers(deployment, &service.text("PoolFqdn"))? {
        if runs(deployment, &computer, "RTCSRV")? {
            running = Some(computer);
            break;
        }
    }
    trace.ask(
        "H3",
        "Does the Edge Server run?",
        service.identity.as_str(),
        running.is_some(),
        Reason::EdgeUnreachable,
        running.clone().unwrap_or_default(),
    )?;
    Ok(Edge {
        service,
        computer: running.unwrap_or_default(),
    })
}

/// H4 and H5: what the Access Edge allows.
fn edge_rules(replica: &dyn Deployment, trace: &mut Trace, edge: &Edge) -> Result<(), Stop> {
    let settings = access_edge(replica)?;
    trace.ask(
        "H4",
        "Does the Access Edge allow federated users?",
        edge.computer.as_str(),
        settings.flag("AllowFederatedUsers"),
        Reason::FederationOff,
        "as the Edge Server's replica has it",
    )?;
    trace.ask(
        "H5",
        "Does it route by DNS SRV?",
        edge.computer.as_str(),
        settings.text("RoutingMethod") == "UseDnsSrvRouting",
        Reason::DefaultRouting,
        settings.text("RoutingMethod"),
    )
}

/// The Access Edge settings.
pub(crate) fn access_edge(replica: &dyn Deployment) -> Result<Object, ModelError> {
    let noun = "CsAccessEdgeConfiguration";
    let settings = replica.get(noun, "Global")?;
    match settings {
        Some(settings) => Ok(settings),
        None => Ok(Object::new(replica.kind(noun)?, "Global")),
    }
}

/// H6 and H7: the provider and its flags.
pub(crate) fn provider_rules(
    trace: &mut Trace,
    provider: Option<&Object>,
    destination: &str,
) -> Result<(), Stop> {
    trace.ask(
        "H6",
        "Is there a hosting provider with the Destination as its ProxyFqdn?",
        provider.map_or(destination, |provider| provider.identity.as_str()),
        provider.is_some(),
        Reason::NoProviderForDestination,
        destination,
    )?;
    let Some(provider) = provider else {
        return Ok(());
    };
    let flags = [
        (
            "Is the provider enabled?",
            "Enabled",
            true,
            Reason::ProviderDisabled,
        ),
        (
            "Does it share the SIP address space?",
            "EnabledSharedAddressSpace",
            true,
            Reason::ProviderNotShared,
        ),
        (
            "Does it host no Lync users?",
            "HostsOCSUsers",
            false,
            Reason::ProviderHostsUsers,
        ),
        (
            "Is it outside the own topology?",
            "IsLocal",
            false,
            Reason::ProviderIsLocal,
        ),
    ];
    for (question, name, wanted, reason) in flags {
        let flag = provider.flag(name);
        let detail = format!("{name} {}", if flag { "True" } else { "False" });
        let identity = provider.identity.as_str();
        trace.ask("H7", question, identity, flag == wanted, reason, detail)?;
    }
    Ok(())
}

/// H8 to H10: name, certificate, and the way back.
fn way_out_and_back(
    deployment: &dyn Deployment,
    trace: &mut Trace,
    edge: &Edge,
    destination: &str,
    address: &str,
) -> Result<(), Stop> {
    let found = dns::addresses(deployment, Zone::External, destination)?;
    trace.ask(
        "H8",
        "Does the provider's proxy resolve outside?",
        destination,
        !found.is_empty(),
        Reason::ProxyUnresolvable,
        found.v4.join(", "),
    )?;
    let host = edge.service.text("AccessEdgeExternalFqdn");
    let identity = format!("{}/AccessEdgeExternal", edge.computer);
    let fault = match deployment.get("CsCertificate", &identity)? {
        None => Some("there is none".to_owned()),
        Some(found) => certificate::edge_fault(&found, &host, deployment.now()?),
    };
    let trusts = deployment
        .get("TwinHostedService", destination)?
        .is_none_or(|service| service.flag("TrustsPublicAuthorities"));
    trace.ask(
        "H9",
        "Is the Edge Server's external certificate acceptable?",
        identity,
        fault.is_none() && trusts,
        Reason::EdgeCertificate,
        fault.unwrap_or_default(),
    )?;
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    return_route(deployment, trace, "H10", domain, &host)
}

/// The provider finds the Edge by the SRV record of the SIP domain.
pub(crate) fn return_route(
    deployment: &dyn Deployment,
    trace: &mut Trace,
    rule: &'static str,
    domain: &str,
    host: &str,
) -> Result<(), Stop> {
    let name = format!("_sipfederationtls._tcp.{domain}");
    let mut found = false;
    let services = dns::services(deployment, Zone::External, &name)?;
    for service in &services {
        found |= service.port == 5061
            && fold(&service.target) == fold(host)
            && dns::within(&service.target, domain)
            && !dns::addresses(deployment, Zone::External, &service.target)?.is_empty();
    }
    let detail = match services.first() {
        Some(service) => format!("{}:{}, wanted {host}:5061", service.target, service.port),
        None => format!("no record, wanted {host}:5061"),
    };
    trace.ask(
        rule,
        "Does the provider find the way back by the external SRV record?",
        name,
        found,
        Reason::ReturnRouteMissing,
        detail,
    )
}

/// H11 to H13, and the numbers of a tenant.
fn tenant_rules(
    deployment: &dyn Deployment,
    trace: &mut Trace,
    leg: &Leg<'_>,
    destination: &str,
    organizations: &[&str],
) -> Result<(), Stop> {
    let mut tenants = Vec::new();
    for organization in organizations {
        if let Some(tenant) = deployment.get("TwinHostedTenant", organization)?
            && fold(&tenant.text("Service")) == fold(destination)
        {
            tenants.push(tenant);
        }
    }
    trace.ask(
        "H11",
        "Does Organization name a tenant of the provider?",
        organizations.join(", "),
        !tenants.is_empty(),
        Reason::TenantUnknown,
        destination,
    )?;
    let domain = leg
        .address
        .rsplit_once('@')
        .map_or("", |(_, domain)| domain);
    tenants.retain(|tenant| holds(tenant, "AuthoritativeDomains", domain));
    trace.ask(
        "H12",
        "Is the SIP domain an authoritative domain of the tenant?",
        domain,
        !tenants.is_empty(),
        Reason::DomainNotAccepted,
        "",
    )?;
    if leg.purpose == Purpose::Probe {
        return Ok(());
    }
    let (list, wanted, reason) = match leg.purpose {
        Purpose::SubscriberAccess => (
            "SubscriberAccessNumbers",
            leg.number.unwrap_or_default(),
            Reason::NumberUnknown,
        ),
        Purpose::AutoAttendant => (
            "AutoAttendantNumbers",
            leg.number.unwrap_or_default(),
            Reason::NumberUnknown,
        ),
        _ => (
            "UmEnabledAddresses",
            leg.address,
            Reason::HostedMailboxNotEnabled,
        ),
    };
    let holder = tenants.iter().find(|tenant| holds(tenant, list, wanted));
    trace.ask(
        "H13",
        "Does the tenant know the address or number?",
        holder.map_or(wanted, |tenant| tenant.identity.as_str()),
        holder.is_some(),
        reason,
        wanted,
    )
}

fn holds(tenant: &Object, list: &str, wanted: &str) -> bool {
    tenant.texts(list).iter().any(|it| fold(it) == fold(wanted))
}
