//! Checks for voice mail at a provider: Edge, provider, policies, names, certificates.

use super::super::deployment::Deployment;
use super::super::dns::{self, Zone};
use super::super::routing::access_edge;
use super::super::{certificate, mode, policy};
use super::{Findings, People, SOON};
use crate::model::error::ModelError;
use crate::model::identity::{fold, without_scheme};
use crate::model::object::Object;
use crate::model::value::Datum;

/// The checks.
pub(super) fn check(
    deployment: &dyn Deployment,
    people: &People,
    found: &mut Findings,
) -> Result<(), ModelError> {
    let edges = edges(deployment, people, found)?;
    settings(deployment, found)?;
    for edge in &edges {
        edge_server(deployment, edge, found)?;
    }
    policies(deployment, people, found)?;
    users(deployment, people, found)?;
    numbers(deployment, people, found)?;
    access(deployment, people, found)
}

/// The Edge services of the sites with hosted people.
fn edges(
    deployment: &dyn Deployment,
    people: &People,
    found: &mut Findings,
) -> Result<Vec<Object>, ModelError> {
    let mut sites: Vec<String> = Vec::new();
    let mut edges: Vec<Object> = Vec::new();
    for holder in people.hosted() {
        let site = policy::site_of(deployment, &holder.text("RegistrarPool"))?.unwrap_or_default();
        if site.is_empty() || sites.contains(&site) {
            continue;
        }
        let route = deployment
            .get("CsSite", &site)?
            .map_or_else(String::new, |it| it.text("FederationRoute"));
        let edge = match route.is_empty() {
            true => None,
            false => deployment.get("CsService", &route)?,
        };
        let edge =
            edge.filter(|it| it.text("Role") == "EdgeServer" && it.flag("FederationEnabled"));
        found.error(
            "EDG-1",
            edge.is_some(),
            &site,
            "has hosted users and no federation route to an Edge pool enabled for federation",
            "Set-CsSite -FederationRoute",
        );
        sites.push(site);
        if let Some(edge) = edge
            && !edges.iter().any(|it| it.identity == edge.identity)
        {
            edges.push(edge);
        }
    }
    Ok(edges)
}

fn settings(deployment: &dyn Deployment, found: &mut Findings) -> Result<(), ModelError> {
    let edge = access_edge(deployment)?;
    let name = edge.identity.as_str();
    found.error(
        "EDG-2",
        edge.flag("AllowFederatedUsers"),
        name,
        "AllowFederatedUsers is False: nothing reaches the provider",
        "Set-CsAccessEdgeConfiguration -AllowFederatedUsers $true",
    );
    let by_dns = edge.text("RoutingMethod") == "UseDnsSrvRouting";
    found.error(
        "EDG-3",
        by_dns,
        name,
        "a default route is used instead of DNS SRV routing",
        "Set-CsAccessEdgeConfiguration -UseDnsSrvRouting -EnablePartnerDiscovery $false",
    );
    found.warning(
        "EDG-4",
        !by_dns || !edge.flag("EnablePartnerDiscovery"),
        name,
        "EnablePartnerDiscovery is True: anybody may federate",
        "Set-CsAccessEdgeConfiguration -EnablePartnerDiscovery $false",
    );
    found.error(
        "EXT-2",
        edge.flag("AllowOutsideUsers"),
        name,
        "AllowOutsideUsers is False: nobody signs in from Outlook Web App",
        "Set-CsAccessEdgeConfiguration -AllowOutsideUsers $true",
    );
    Ok(())
}

fn edge_server(
    deployment: &dyn Deployment,
    edge: &Object,
    found: &mut Findings,
) -> Result<(), ModelError> {
    let host = edge.text("AccessEdgeExternalFqdn");
    let pool = edge.text("PoolFqdn");
    for computer in deployment.list("CsComputer")? {
        if fold(&computer.text("Pool")) != fold(&pool) {
            continue;
        }
        let name = computer.identity.as_str();
        let replica = deployment.on(name)?;
        let same = |noun: &str| -> Result<bool, ModelError> {
            Ok(deployment.list(noun)? == replica.list(noun)?)
        };
        found.error(
            "EDG-5",
            same("CsAccessEdgeConfiguration")? && same("CsHostingProvider")?,
            name,
            "the replica on the Edge Server is behind the Central Management store",
            "Invoke-CsManagementStoreReplication",
        );
        let own = deployment.get("CsCertificate", &format!("{name}/AccessEdgeExternal"))?;
        let now = deployment.now()?;
        let fault = match &own {
            None => Some("there is none".to_owned()),
            Some(own) => certificate::edge_fault(own, &host, now),
        };
        let remedy = "Request-CsCertificate and Set-CsCertificate on the Edge Server";
        found.error(
            "EDG-6",
            fault.is_none(),
            name,
            format!(
                "the external certificate is not acceptable: {}",
                fault.clone().unwrap_or_default()
            ),
            remedy,
        );
        let ends = own.as_ref().map(|it| it.get("NotAfter"));
        let soon = matches!(ends, Some(Datum::DateTime(end)) if end.saturating_sub(now) < SOON);
        found.warning(
            "EDG-6",
            fault.is_some() || !soon,
            name,
            "the external certificate expires within 30 days",
            remedy,
        );
    }
    Ok(())
}

/// Providers and tenants that the effective policies name.
fn policies(
    deployment: &dyn Deployment,
    people: &People,
    found: &mut Findings,
) -> Result<(), ModelError> {
    let providers = deployment.list("CsHostingProvider")?;
    let mut seen: Vec<String> = Vec::new();
    for holder in people.hosted() {
        let policy = policy::effective(deployment, "CsHostedVoicemailPolicy", holder)?;
        let destination = policy.text("Destination");
        found.error(
            "POL-1",
            !destination.is_empty(),
            &holder.identity,
            format!(
                "the policy \"{}\" that applies has no Destination",
                policy.identity
            ),
            "Set-CsHostedVoicemailPolicy -Destination",
        );
        if destination.is_empty() || seen.contains(&policy.identity) {
            continue;
        }
        seen.push(policy.identity.clone());
        let provider = providers
            .iter()
            .find(|it| fold(&it.text("ProxyFqdn")) == fold(&destination));
        found.error(
            "HPV-1",
            provider.is_some(),
            &policy.identity,
            format!("no hosting provider has the proxy \"{destination}\""),
            "New-CsHostingProvider -ProxyFqdn",
        );
        if let Some(provider) = provider {
            provider_flags(provider, found);
        }
        let resolved = dns::addresses(deployment, Zone::External, &destination)?;
        found.error(
            "DNS-3",
            !resolved.is_empty(),
            &destination,
            "does not resolve from the Edge Server",
            "DNS, or the firewall",
        );
        tenants(deployment, &policy, &destination, found)?;
    }
    Ok(())
}

fn provider_flags(provider: &Object, found: &mut Findings) {
    let name = provider.identity.as_str();
    found.error(
        "HPV-2",
        provider.flag("Enabled"),
        name,
        "is not enabled",
        "Enable-CsHostingProvider",
    );
    found.error(
        "HPV-3",
        provider.flag("EnabledSharedAddressSpace"),
        name,
        "does not share the SIP address space",
        "Set-CsHostingProvider -EnabledSharedAddressSpace $true -HostsOCSUsers $false",
    );
    found.error(
        "HPV-4",
        !provider.flag("HostsOCSUsers"),
        name,
        "is said to host Lync users",
        "Set-CsHostingProvider -EnabledSharedAddressSpace $true -HostsOCSUsers $false",
    );
    found.error(
        "HPV-5",
        !provider.flag("IsLocal"),
        name,
        "is said to be part of the own topology",
        "Set-CsHostingProvider -IsLocal $false",
    );
    found.warning(
        "HPV-6",
        provider.text("VerificationLevel") == "UseSourceVerification",
        name,
        format!(
            "VerificationLevel is {}",
            provider.text("VerificationLevel")
        ),
        "Set-CsHostingProvider -VerificationLevel UseSourceVerification",
    );
}

fn tenants(
    deployment: &dyn Deployment,
    policy: &Object,
    destination: &str,
    found: &mut Findings,
) -> Result<(), ModelError> {
    let organization = policy.text("Organization");
    let names: Vec<&str> = organization
        .split(',')
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    let remedy = "Set-CsHostedVoicemailPolicy -Organization";
    found.error(
        "POL-2",
        !names.is_empty(),
        &policy.identity,
        "has no Organization",
        remedy,
    );
    for name in names {
        let tenant = deployment.get("TwinHostedTenant", name)?;
        let elsewhere = tenant
            .as_ref()
            .map(|it| it.text("Service"))
            .filter(|service| fold(service) != fold(destination));
        found.error(
            "POL-2",
            tenant.is_some(),
            &policy.identity,
            format!("the provider knows no tenant \"{name}\""),
            remedy,
        );
        found.error(
            "HPV-7",
            elsewhere.is_none(),
            &policy.identity,
            format!(
                "the tenant \"{name}\" is in the cloud of {}, not at {destination}",
                elsewhere.clone().unwrap_or_default()
            ),
            "Remove-CsHostingProvider and New-CsHostingProvider with the cloud's proxy",
        );
    }
    Ok(())
}

/// The tenants of a holder's policy.
fn tenants_of(deployment: &dyn Deployment, holder: &Object) -> Result<Vec<Object>, ModelError> {
    let policy = policy::effective(deployment, "CsHostedVoicemailPolicy", holder)?;
    let mut tenants = Vec::new();
    for name in policy.text("Organization").split(',') {
        let name = name.trim();
        if !name.is_empty() {
            tenants.extend(deployment.get("TwinHostedTenant", name)?);
        }
    }
    Ok(tenants)
}

fn users(
    deployment: &dyn Deployment,
    people: &People,
    found: &mut Findings,
) -> Result<(), ModelError> {
    for user in people.users.iter().filter(|user| mode::is_hosted(user)) {
        found.error(
            "USR-1",
            user.flag("EnterpriseVoiceEnabled"),
            &user.identity,
            "is hosted and has no Enterprise Voice",
            "Set-CsUser -EnterpriseVoiceEnabled $true",
        );
        let address = user.text("SipAddress");
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        let tenants = tenants_of(deployment, user)?;
        let accepted = tenants.is_empty()
            || tenants.iter().any(|tenant| {
                tenant
                    .texts("AuthoritativeDomains")
                    .iter()
                    .any(|it| fold(it) == fold(domain))
            });
        found.error(
            "USR-2",
            accepted,
            &user.identity,
            format!("the SIP domain {domain} is no authoritative domain of the tenant"),
            "the tenant's administrator",
        );
    }
    Ok(())
}

fn numbers(
    deployment: &dyn Deployment,
    people: &People,
    found: &mut Findings,
) -> Result<(), ModelError> {
    for contact in people.contacts.iter().filter(|it| it.flag("Hosted")) {
        let number = contact.text("DisplayNumber");
        let list = if contact.flag("AutoAttendant") {
            "AutoAttendantNumbers"
        } else {
            "SubscriberAccessNumbers"
        };
        let tenants = tenants_of(deployment, contact)?;
        let known = tenants.iter().any(|tenant| {
            tenant
                .texts(list)
                .iter()
                .any(|it| fold(it) == fold(&number))
        });
        found.error(
            "CON-3",
            known || tenants.is_empty(),
            &contact.identity,
            format!("the tenant does not know the number {number} as one of {list}"),
            "the tenant's administrator",
        );
    }
    Ok(())
}

fn access(
    deployment: &dyn Deployment,
    people: &People,
    found: &mut Findings,
) -> Result<(), ModelError> {
    for user in people.users.iter().filter(|user| mode::is_hosted(user)) {
        let policy = policy::effective(deployment, "CsExternalAccessPolicy", user)?;
        found.error(
            "EXT-1",
            policy.flag("EnableOutsideAccess"),
            without_scheme(&user.text("SipAddress")),
            format!(
                "the external access policy \"{}\" does not allow sign-in from outside",
                policy.identity
            ),
            "Set-CsExternalAccessPolicy or Grant-CsExternalAccessPolicy",
        );
    }
    Ok(())
}
