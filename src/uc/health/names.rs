//! Checks of name resolution.

use super::super::deployment::Deployment;
use super::super::dns::{self, Zone};
use super::super::policy;
use super::{Findings, People};
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::release::Release;

/// The checks.
pub(super) fn check(
    deployment: &dyn Deployment,
    people: &People,
    found: &mut Findings,
) -> Result<(), ModelError> {
    federation(deployment, people, found)?;
    if people.local().next().is_none() {
        return Ok(());
    }
    for server in deployment.list("ExchangeServer")? {
        if Release::of(&server) == Release::E2019 {
            continue;
        }
        let host = server.text("Fqdn");
        let addresses = dns::addresses(deployment, Zone::Internal, &host)?;
        found.error(
            "DNS-4",
            !addresses.is_empty(),
            &host,
            "has no address inside",
            "DNS",
        );
        found.error(
            "UMS-6",
            Release::of(&server).has_call_router()
                || !addresses.v4.is_empty()
                || addresses.is_empty(),
            &host,
            "has only an IPv6 address, which Unified Messaging of this release does not use",
            "DNS",
        );
    }
    for gateway in deployment.list("UMIPGateway")? {
        let host = gateway.text("Address");
        if host.parse::<std::net::IpAddr>().is_ok() {
            continue;
        }
        let addresses = dns::addresses(deployment, Zone::Internal, &host)?;
        found.error(
            "DNS-4",
            !addresses.is_empty(),
            &host,
            "has no address inside",
            "DNS",
        );
    }
    Ok(())
}

/// The SRV records by which a provider finds the way back.
fn federation(
    deployment: &dyn Deployment,
    people: &People,
    found: &mut Findings,
) -> Result<(), ModelError> {
    let mut seen: Vec<(String, String)> = Vec::new();
    for holder in people.hosted() {
        let address = holder.text("SipAddress");
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        let site = policy::site_of(deployment, &holder.text("RegistrarPool"))?.unwrap_or_default();
        let key = (fold(domain), site.clone());
        if domain.is_empty() || site.is_empty() || seen.contains(&key) {
            continue;
        }
        seen.push(key);
        let route = deployment
            .get("CsSite", &site)?
            .map_or_else(String::new, |it| it.text("FederationRoute"));
        let edge = match route.is_empty() {
            true => None,
            false => deployment.get("CsService", &route)?,
        };
        let host = edge.map_or_else(String::new, |it| it.text("AccessEdgeExternalFqdn"));
        let name = format!("_sipfederationtls._tcp.{domain}");
        let outside = dns::services(deployment, Zone::External, &name)?;
        let usable = outside.iter().any(|it| {
            it.port == 5061 && fold(&it.target) == fold(&host) && dns::within(&it.target, domain)
        });
        found.error(
            "DNS-1",
            usable,
            &name,
            format!("no external SRV record leads to {host} at port 5061"),
            "DNS",
        );
        let inside = dns::services(deployment, Zone::Internal, &name)?;
        found.warning(
            "DNS-2",
            !inside.is_empty(),
            &name,
            "does not resolve inside",
            "DNS",
        );
    }
    Ok(())
}
