//! Checks of what another server, forest or service needs to stand in or to join: repointed names, standby
//! servers, attributes in Lync's forest, Outlook Web App's instant messaging on premises.

use super::super::certificate;
use super::super::deployment::Deployment;
use super::super::dns::{self, Zone};
use super::super::mode;
use super::super::routing;
use super::{Findings, People};
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::object::Object;
use crate::model::release::Release;

/// The checks that concern voice mail on premises.
pub(super) fn check(
    deployment: &dyn Deployment,
    people: &People,
    found: &mut Findings,
) -> Result<(), ModelError> {
    let servers = deployment.list("ExchangeServer")?;
    repointed(deployment, &servers, found)?;
    standby(deployment, &servers, found)?;
    attributes(people, found);
    instant_messaging(deployment, &servers, found)
}

/// The list of dial plans that a server takes calls for.
fn plans_of(server: &Object) -> Vec<String> {
    let list = match Release::of(server).has_call_router() {
        true => "CallRouter.DialPlans",
        false => "DialPlans",
    };
    server.texts(list)
}

/// A name that leads to another server: that one has to have the name in its certificate and to be in
/// the dial plans.
fn repointed(
    deployment: &dyn Deployment,
    servers: &[Object],
    found: &mut Findings,
) -> Result<(), ModelError> {
    let now = deployment.now()?;
    for server in servers {
        let plans = plans_of(server);
        if plans.is_empty() {
            continue;
        }
        let host = server.text("Fqdn");
        let addresses = dns::addresses(deployment, Zone::Internal, &host)?;
        let own = server.texts("NetworkAddress");
        let holder = servers.iter().find(|other| {
            fold(&other.identity) != fold(&server.identity)
                && other
                    .texts("NetworkAddress")
                    .iter()
                    .any(|it| addresses.v4.contains(it) && !own.contains(it))
        });
        let Some(holder) = holder else {
            continue;
        };
        let router = Release::of(holder).has_call_router();
        let (prefix, service) = match router {
            true => ("CallRouter.", "UMCallRouter"),
            false => ("", "UM"),
        };
        let thumbprint = holder.text(&format!("{prefix}RunningThumbprint"));
        let identity = format!("{}/{thumbprint}", holder.identity);
        let fault = match deployment.get("ExchangeCertificate", &identity)? {
            Some(own) => certificate::um_fault(&own, &host, service, !router, now),
            None => Some("there is none".to_owned()),
        };
        found.error(
            "FO-1",
            fault.is_none(),
            &holder.identity,
            format!(
                "answers for {host}, but its certificate does not fit: {}",
                fault.unwrap_or_default()
            ),
            "New-ExchangeCertificate with the names of all partners",
        );
        let joined = plans_of(holder);
        for plan in &plans {
            found.error(
                "FO-2",
                joined.iter().any(|it| fold(it) == fold(plan)),
                &holder.identity,
                format!("answers for {host}, but is not in the dial plan {plan}"),
                "Set-UMService -DialPlans",
            );
        }
    }
    Ok(())
}

/// Where a dial plan has servers that are kept out of it until they are needed, those in use have to live.
fn standby(
    deployment: &dyn Deployment,
    servers: &[Object],
    found: &mut Findings,
) -> Result<(), ModelError> {
    for plan in deployment.list("UMDialPlan")? {
        let mut waiting = Vec::new();
        let mut dead = Vec::new();
        for server in servers {
            let listed = plans_of(server)
                .iter()
                .any(|it| fold(it) == fold(&plan.identity));
            if !listed {
                continue;
            }
            if !routing::is_enabled(deployment, server)? {
                waiting.push(server.identity.clone());
            } else if !server.flag("Available") {
                dead.push(server.identity.clone());
            }
        }
        found.warning(
            "FO-3",
            waiting.is_empty() || dead.is_empty(),
            &plan.identity,
            format!(
                "{} still counts as in service and does not answer, while {} stands by",
                dead.join(", "),
                waiting.join(", ")
            ),
            "enable the standby servers, then disable those that are down",
        );
    }
    Ok(())
}

/// Exchange's side of a user has to have reached Lync's.
fn attributes(people: &People, found: &mut Findings) {
    for user in &people.users {
        let enabled = !user.text("msExchUMTemplateLink").is_empty();
        found.error(
            "FOR-2",
            !enabled || !mode::eum_addresses(user).is_empty() || mode::is_hosted(user),
            &user.identity,
            "is enabled for voice mail in Exchange, but has no EUM address in Lync's forest",
            "the synchronisation of user attributes between the forests",
        );
    }
}

/// Outlook Web App that shows presence signs on as a trusted application.
fn instant_messaging(
    deployment: &dyn Deployment,
    servers: &[Object],
    found: &mut Findings,
) -> Result<(), ModelError> {
    let pools = deployment.list("CsTrustedApplicationPool")?;
    for directory in deployment.list("OwaVirtualDirectory")? {
        if !directory
            .text("InstantMessagingType")
            .eq_ignore_ascii_case("Ocs")
        {
            continue;
        }
        let owner = directory.text("Server");
        let Some(server) = servers.iter().find(|it| fold(&it.identity) == fold(&owner)) else {
            continue;
        };
        let host = server.text("Fqdn");
        let pool = pools.iter().find(|it| fold(&it.identity) == fold(&host));
        let fits = pool.is_some_and(|pool| {
            !pool.flag("RequiresReplication") && !pool.text("Registrar").is_empty()
        });
        found.error(
            "OWA-A",
            fits,
            &directory.identity,
            format!(
                "offers instant messaging, but {host} is no trusted application pool with a registrar and without replication"
            ),
            "New-CsTrustedApplicationPool -RequiresReplication $false, then Enable-CsTopology",
        );
    }
    Ok(())
}
