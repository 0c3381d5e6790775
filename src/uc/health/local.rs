//! Checks for Unified Messaging on premises: dial plans, servers, gateways, numbers, forests.

use super::super::certificate;
use super::super::deployment::Deployment;
use super::super::mode;
use super::super::routing;
use super::whole::is_e164;
use super::{Findings, People, SOON};
use crate::model::error::ModelError;
use crate::model::identity::{fold, without_scheme};
use crate::model::object::Object;
use crate::model::release::Release;
use crate::model::value::Datum;

/// The checks.
pub(super) fn check(
    deployment: &dyn Deployment,
    people: &People,
    found: &mut Findings,
) -> Result<(), ModelError> {
    let plans = deployment.list("UMDialPlan")?;
    let servers = deployment.list("ExchangeServer")?;
    users(people, &plans, found);
    numbers(deployment, people, &plans, found)?;
    for plan in &plans {
        dial_plan(deployment, plan, &servers, people, found)?;
    }
    for server in &servers {
        um_server(deployment, server, found)?;
    }
    gateways(deployment, &plans, people, found)?;
    forests(deployment, found)
}

fn users(people: &People, plans: &[Object], found: &mut Findings) {
    for user in people.local() {
        let own = fold(without_scheme(&user.text("SipAddress")));
        let addresses = mode::eum_addresses(user);
        let sip = addresses.iter().find(|it| it.address.contains('@'));
        found.error(
            "USR-3",
            sip.is_none_or(|it| fold(&it.address) == own),
            &user.identity,
            "the EUM address is another than the SIP address",
            "Set-Mailbox -EmailAddresses",
        );
        for address in &addresses {
            let known = plans
                .iter()
                .any(|plan| fold(&plan.text("PhoneContext")) == fold(&address.phone_context));
            found.error(
                "USR-5",
                known,
                &user.identity,
                format!(
                    "no UM dial plan has the phone context {}",
                    address.phone_context
                ),
                "Disable-UMMailbox and Enable-UMMailbox",
            );
        }
    }
    for user in &people.users {
        let has = mode::is_hosted(user) || !mode::eum_addresses(user).is_empty();
        found.information(
            "USR-4",
            has || !user.flag("EnterpriseVoiceEnabled"),
            &user.identity,
            "has Enterprise Voice and no UM mailbox",
            "Enable-UMMailbox",
        );
    }
}

fn numbers(
    deployment: &dyn Deployment,
    people: &People,
    plans: &[Object],
    found: &mut Findings,
) -> Result<(), ModelError> {
    let contact = |number: &str| {
        people
            .contacts
            .iter()
            .find(|it| fold(&it.text("DisplayNumber")) == fold(number))
    };
    let mut check = |owner: &Object, number: &str, attendant: bool| {
        let holder = contact(number);
        found.error(
            "CON-2",
            holder.is_some(),
            &owner.identity,
            format!("no contact has the number {number}"),
            "OcsUmUtil.exe",
        );
        found.error(
            "CON-5",
            holder.is_none_or(|it| it.flag("AutoAttendant") == attendant),
            &owner.identity,
            format!("the contact of {number} has the wrong AutoAttendant flag"),
            "Set-CsExUmContact -AutoAttendant",
        );
    };
    for plan in plans {
        for number in plan.texts("AccessTelephoneNumbers") {
            check(plan, &number, false);
        }
    }
    for attendant in deployment.list("UMAutoAttendant")? {
        for number in attendant.texts("PilotIdentifierList") {
            check(&attendant, &number, true);
        }
    }
    for attendant in deployment.list("UMAutoAttendant")? {
        let pilots = attendant.texts("PilotIdentifierList");
        let fine = attendant.text("Status") == "Enabled"
            && !attendant.identity.contains(' ')
            && !pilots.is_empty()
            && pilots.iter().all(|it| is_e164(it));
        found.warning(
            "AAT-1",
            fine,
            &attendant.identity,
            "is disabled, has a blank in its name, or a pilot number that is not E.164",
            "Enable-UMAutoAttendant, Set-UMAutoAttendant -PilotIdentifierList",
        );
    }
    Ok(())
}

/// The properties of a dial plan; whether it is one for Lync, so that more is to be asked.
fn dial_plan_itself(
    deployment: &dyn Deployment,
    plan: &Object,
    people: &People,
    found: &mut Findings,
) -> Result<bool, ModelError> {
    let name = plan.identity.as_str();
    let sip = plan.text("URIType") == "SipName";
    let used = people.local().any(|user| {
        mode::eum_addresses(user)
            .iter()
            .any(|it| fold(&it.phone_context) == fold(&plan.text("PhoneContext")))
    });
    found.error(
        "UMD-1",
        sip || !used,
        name,
        "has Lync users and is not of type SipName",
        "a new dial plan",
    );
    if !sip {
        return Ok(false);
    }
    found.error(
        "UMD-2",
        !name.contains(' '),
        name,
        "has a blank in its name",
        "a new dial plan",
    );
    let media = deployment
        .get("CsMediaConfiguration", "Global")?
        .map_or_else(
            || "RequireEncryption".to_owned(),
            |it| it.text("EncryptionLevel"),
        );
    let security = plan.text("VoIPSecurity");
    let fits = match media.as_str() {
        "RequireEncryption" => security == "Secured",
        "SupportEncryption" => security == "Secured" || security == "SIPSecured",
        _ => security == "SIPSecured",
    };
    found.error(
        "UMD-3",
        fits,
        name,
        format!("VoIPSecurity {security} does not fit Lync's {media}"),
        "Set-UMDialPlan -VoIPSecurity",
    );
    let access = plan.texts("AccessTelephoneNumbers");
    found.warning(
        "UMD-4",
        !access.is_empty() && access.iter().all(|it| is_e164(it)),
        name,
        "has no access number in E.164 form",
        "Set-UMDialPlan -AccessTelephoneNumbers",
    );
    Ok(true)
}

fn dial_plan(
    deployment: &dyn Deployment,
    plan: &Object,
    servers: &[Object],
    people: &People,
    found: &mut Findings,
) -> Result<(), ModelError> {
    if !dial_plan_itself(deployment, plan, people, found)? {
        return Ok(());
    }
    let name = plan.identity.as_str();
    let candidates = routing::candidates(deployment, plan)?;
    let remedy = "Set-UMService -DialPlans, Set-UMCallRouterSettings -DialPlans";
    found.error(
        "UMD-5",
        !candidates.is_empty(),
        name,
        "no enabled server is in the dial plan",
        remedy,
    );
    found.warning(
        "UMD-5",
        candidates.len() != 1,
        name,
        "only one enabled server is in the dial plan",
        remedy,
    );
    dial_plan_servers(name, servers, remedy, found);
    let old = candidates
        .iter()
        .any(|it| Release::of(it) < Release::E2010Sp1);
    let named = deployment.by_key("CsDialPlan", "simple name", &plan.text("PhoneContext"))?;
    found.error(
        "UMD-8",
        !old || named.is_some(),
        name,
        "no voice dial plan has its phone context as SimpleName",
        "Set-CsDialPlan -SimpleName",
    );
    let gateways = deployment
        .list("UMHuntGroup")?
        .iter()
        .filter(|it| fold(&it.text("UMDialPlan")) == fold(name))
        .count();
    found.error(
        "UMD-9",
        gateways <= 200,
        name,
        "has more than 200 gateways",
        "Remove-UMIPGateway",
    );
    Ok(())
}

/// Which servers are in a dial plan, and whether they fit together.
fn dial_plan_servers(name: &str, servers: &[Object], remedy: &'static str, found: &mut Findings) {
    let mut releases: Vec<u32> = Vec::new();
    for server in servers {
        let release = Release::of(server);
        if release == Release::E2019 {
            continue;
        }
        let in_list = |list: &str| server.texts(list).iter().any(|it| fold(it) == fold(name));
        if in_list("DialPlans") && !releases.contains(&release.major()) {
            releases.push(release.major());
        }
        if !release.has_call_router() {
            continue;
        }
        let complete = (!server.flag("IsMailboxServer") || in_list("DialPlans"))
            && (!server.flag("IsClientAccessServer") || in_list("CallRouter.DialPlans"));
        found.warning(
            "UMD-6",
            complete,
            &server.identity,
            format!("is not in the dial plan {name}"),
            remedy,
        );
    }
    found.warning(
        "UMD-7",
        releases.len() < 2,
        name,
        "servers of several releases are in the dial plan; only the newest get calls",
        "remove the older servers, or complete the migration",
    );
}

fn um_server(
    deployment: &dyn Deployment,
    server: &Object,
    found: &mut Findings,
) -> Result<(), ModelError> {
    let release = Release::of(server);
    if release == Release::E2019 {
        return Ok(());
    }
    let host = server.text("Fqdn");
    let mut roles = Vec::new();
    if server.flag("IsMailboxServer") || server.flag("IsUnifiedMessagingServer") {
        roles.push(("", "UM", "MSExchangeUM", "DialPlans"));
    }
    if release.has_call_router() && server.flag("IsClientAccessServer") {
        roles.push((
            "CallRouter.",
            "UMCallRouter",
            "MSExchangeUMCR",
            "CallRouter.DialPlans",
        ));
    }
    for (prefix, service, name, plans) in roles {
        if server.texts(plans).is_empty() {
            continue;
        }
        let configured = server.text(&format!("{prefix}UMStartupMode"));
        let running = server.text(&format!("{prefix}RunningStartupMode"));
        found.error(
            "UMS-1",
            configured == "TLS" || configured == "Dual",
            &host,
            format!("{name} is configured for {configured}; Lync needs TLS or Dual"),
            "Set-UMService or Set-UMCallRouterSettings -UMStartupMode Dual",
        );
        let assigned = server.text(&format!("{prefix}UMCertificateThumbprint"));
        let thumbprint = server.text(&format!("{prefix}RunningThumbprint"));
        let pending = fold(&configured) != fold(&running)
            || !assigned.is_empty() && fold(&assigned) != fold(&thumbprint);
        found.error(
            "UMS-2",
            !pending,
            &host,
            format!("{name} has not been restarted since its settings changed"),
            "Restart-Service",
        );
        let own = match thumbprint.is_empty() {
            true => None,
            false => deployment.get(
                "ExchangeCertificate",
                &format!("{}/{thumbprint}", server.identity),
            )?,
        };
        let now = deployment.now()?;
        let fault = match &own {
            None => Some("there is none".to_owned()),
            Some(own) => {
                certificate::um_fault(own, &host, service, !release.has_call_router(), now)
            }
        };
        found.error(
            "UMS-3",
            fault.is_none(),
            &host,
            format!(
                "the certificate of {service} is not acceptable: {}",
                fault.clone().unwrap_or_default()
            ),
            "Enable-ExchangeCertificate -Services UM,UMCallRouter",
        );
        let ends = own.as_ref().map(|it| it.get("NotAfter"));
        let soon = matches!(ends, Some(Datum::DateTime(end)) if end.saturating_sub(now) < SOON);
        found.warning(
            "UMS-4",
            fault.is_some() || !soon,
            &host,
            format!("the certificate of {service} expires within 30 days"),
            "New-ExchangeCertificate",
        );
    }
    found.warning(
        "UMS-5",
        routing::is_enabled(deployment, server)?,
        &host,
        "takes no calls: its status or a component is disabled",
        "Set-ServerComponentState, or Enable-UMServer",
    );
    Ok(())
}

fn gateways(
    deployment: &dyn Deployment,
    plans: &[Object],
    people: &People,
    found: &mut Findings,
) -> Result<(), ModelError> {
    let all = deployment.list("UMIPGateway")?;
    let groups = deployment.list("UMHuntGroup")?;
    let mut pools: Vec<String> = Vec::new();
    for user in people.local() {
        let pool = user.text("RegistrarPool");
        if !pools.iter().any(|it| fold(it) == fold(&pool)) {
            pools.push(pool);
        }
    }
    for pool in &pools {
        let gateway = all
            .iter()
            .find(|it| fold(&it.text("Address")) == fold(pool));
        let fine = gateway
            .is_some_and(|it| it.text("Status") == "Enabled" && it.get("Port") == Datum::Int(5061));
        found.error(
            "GWY-1",
            fine,
            pool,
            "has no enabled UM IP gateway with its name and port 5061",
            "ExchUCUtil.ps1, Set-UMIPGateway",
        );
        let Some(gateway) = gateway else { continue };
        let grouped = groups
            .iter()
            .any(|it| fold(&it.text("UMIPGateway")) == fold(&gateway.identity));
        found.error(
            "GWY-2",
            grouped,
            &gateway.identity,
            "has no hunt group",
            "New-UMHuntGroup",
        );
    }
    for plan in plans.iter().filter(|it| it.text("URIType") == "SipName") {
        let outgoing = all
            .iter()
            .filter(|gateway| {
                gateway.flag("OutcallsAllowed")
                    && groups.iter().any(|it| {
                        fold(&it.text("UMIPGateway")) == fold(&gateway.identity)
                            && fold(&it.text("UMDialPlan")) == fold(&plan.identity)
                    })
            })
            .count();
        found.warning(
            "GWY-3",
            outgoing == 1,
            &plan.identity,
            format!("{outgoing} of its gateways allow outgoing calls, one should"),
            "Set-UMIPGateway -OutcallsAllowed",
        );
    }
    Ok(())
}

fn forests(deployment: &dyn Deployment, found: &mut Findings) -> Result<(), ModelError> {
    let forests = deployment.list("ADForest")?;
    let Some(lync) = forests
        .iter()
        .find(|it| it.flag("Lync"))
        .or(forests.first())
    else {
        return Ok(());
    };
    let mut owners: Vec<&Object> = Vec::new();
    for plan in deployment.list("UMDialPlan")? {
        let context = plan.text("PhoneContext");
        let owner = forests
            .iter()
            .filter(|it| super::super::dns::within(&context, &it.identity))
            .max_by_key(|it| it.identity.len());
        if let Some(owner) = owner
            && !owners.iter().any(|it| it.identity == owner.identity)
        {
            owners.push(owner);
        }
    }
    for owner in owners {
        let granted = owner
            .texts("UmPermissionGrantedTo")
            .iter()
            .any(|it| fold(it) == fold(&lync.identity));
        found.error(
            "GWY-4",
            granted,
            &owner.identity,
            "Lync may not read the UM objects of the forest",
            "ExchUCUtil.ps1, then restart RTCSRV",
        );
        if fold(&owner.identity) == fold(&lync.identity) {
            continue;
        }
        let both = routing::trusts(deployment, &lync.identity, &owner.identity)?
            && routing::trusts(deployment, &owner.identity, &lync.identity)?;
        found.error(
            "FOR-1",
            both,
            &owner.identity,
            "does not trust the Lync forest, or is not trusted by it",
            "the domains' administrators",
        );
    }
    Ok(())
}
