//! Checks that concern every deployment: modes, policies, contacts, replicas.

use super::super::deployment::Deployment;
use super::super::mode::{self, VoiceMail};
use super::super::policy;
use super::{Findings, People};
use crate::model::error::ModelError;
use crate::model::identity::{Scope, fold};
use crate::model::kind::ScopeKind;

/// The checks.
pub(super) fn check(
    deployment: &dyn Deployment,
    people: &People,
    found: &mut Findings,
) -> Result<(), ModelError> {
    modes(deployment, people, found)?;
    policies(deployment, people, found)?;
    providers(deployment, found)?;
    contacts(people, found);
    rerouting(deployment, found)?;
    trusted_pools(deployment, found)?;
    replicas(deployment, people, found)
}

fn modes(
    deployment: &dyn Deployment,
    people: &People,
    found: &mut Findings,
) -> Result<(), ModelError> {
    let mixed = mode::mode(deployment)? == mode::Mode::Mixed;
    for user in &people.users {
        let name = user.identity.as_str();
        let kind = mode::voice_mail(deployment, user)?;
        found.information(
            "MOD-1",
            kind != VoiceMail::None || !user.flag("EnterpriseVoiceEnabled"),
            name,
            "has Enterprise Voice and no voice mail, neither hosted nor on premises",
            "Set-CsUser -HostedVoiceMail $true, or Enable-UMMailbox",
        );
        let both = kind == VoiceMail::Hosted && !mode::eum_addresses(user).is_empty();
        let message = "is hosted and still has an EUM address; the attribute decides";
        let remedy = "Set-CsUser -HostedVoiceMail, or Disable-UMMailbox";
        if mixed {
            found.information("MOD-2", !both, name, message, remedy);
        } else {
            found.warning("MOD-2", !both, name, message, remedy);
        }
        let own = user.pair_flag(mode::SETTINGS, "CsHostedVoiceMail");
        let other = user.pair_flag(mode::SETTINGS, "ExchangeHostedVoiceMail");
        found.warning(
            "MOD-3",
            !matches!((own, other), (Some(a), Some(b)) if a != b),
            name,
            "has contradicting values in msExchUCVoiceMailSettings",
            "Set-CsUser -HostedVoiceMail $null",
        );
    }
    Ok(())
}

fn policies(
    deployment: &dyn Deployment,
    people: &People,
    found: &mut Findings,
) -> Result<(), ModelError> {
    let noun = "CsHostedVoicemailPolicy";
    let all = deployment.list(noun)?;
    let global_has = all
        .iter()
        .any(|it| it.identity == "Global" && !it.text("Destination").is_empty());
    let holders = || people.users.iter().chain(&people.contacts);
    for policy in &all {
        let destination = policy.text("Destination");
        let plain = destination.is_empty()
            || destination.contains('.') && !destination.contains([':', '/']);
        found.warning(
            "POL-3",
            plain,
            &policy.identity,
            format!("the Destination \"{destination}\" is no host name of a provider"),
            "Set-CsHostedVoicemailPolicy -Destination",
        );
        found.warning(
            "POL-6",
            policy.identity == "Global" || !destination.is_empty() || !global_has,
            &policy.identity,
            "has no Destination and hides the global policy, which has one",
            "Set-CsHostedVoicemailPolicy -Destination",
        );
        if Scope::parse(&policy.identity).kind() == ScopeKind::Tag {
            let name = fold(Scope::parse(&policy.identity).name());
            let assigned = holders().any(|it| fold(&it.text("HostedVoicemailPolicy")) == name);
            found.information(
                "POL-4",
                assigned,
                &policy.identity,
                "is assigned to nobody",
                "Grant-CsHostedVoicemailPolicy, or Remove-CsHostedVoicemailPolicy",
            );
        }
    }
    for holder in holders() {
        let name = holder.text("HostedVoicemailPolicy");
        let known = name.is_empty()
            || all
                .iter()
                .any(|it| fold(Scope::parse(&it.identity).name()) == fold(&name));
        found.warning(
            "POL-5",
            known,
            &holder.identity,
            format!("is assigned the policy \"{name}\", which is not there"),
            "Grant-CsHostedVoicemailPolicy -PolicyName $null",
        );
    }
    Ok(())
}

fn providers(deployment: &dyn Deployment, found: &mut Findings) -> Result<(), ModelError> {
    let policies = deployment.list("CsHostedVoicemailPolicy")?;
    for provider in deployment.list("CsHostingProvider")? {
        let proxy = fold(&provider.text("ProxyFqdn"));
        let used = policies
            .iter()
            .any(|it| fold(&it.text("Destination")) == proxy);
        found.information(
            "HPV-8",
            used,
            &provider.identity,
            "no hosted voicemail policy names its proxy as the Destination",
            "Set-CsHostedVoicemailPolicy -Destination",
        );
    }
    Ok(())
}

fn contacts(people: &People, found: &mut Findings) {
    for contact in &people.contacts {
        found.error(
            "CON-1",
            contact.flag("Enabled") && contact.flag("EnterpriseVoiceEnabled"),
            &contact.identity,
            "is not enabled, or has no Enterprise Voice: its number is dead",
            "Set-CsExUmContact -Enabled $true -EnterpriseVoiceEnabled $true",
        );
        let number = contact.text("DisplayNumber");
        found.warning(
            "CON-4",
            is_e164(&number),
            &contact.identity,
            format!("the number {number} is not in E.164 form; normalised calls will not find it"),
            "Set-CsExUmContact -DisplayNumber",
        );
    }
}

/// Whether a number has a plus sign, and two to fifteen digits that do not begin with zero.
pub(super) fn is_e164(number: &str) -> bool {
    number.strip_prefix('+').is_some_and(|digits| {
        (2..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn rerouting(deployment: &dyn Deployment, found: &mut Findings) -> Result<(), ModelError> {
    for service in deployment.list("CsService")? {
        if service.text("Role") != "Registrar" || !service.flag("IsBranch") {
            continue;
        }
        let pool = service.text("PoolFqdn");
        let settings = policy::for_pool(deployment, "CsVoicemailReroutingConfiguration", &pool)?;
        let usable = settings.flag("Enabled")
            && !settings.text("SubscriberAccessNumber").is_empty()
            && !settings.text("AutoAttendantNumber").is_empty();
        found.warning(
            "VMR-1",
            usable,
            &pool,
            "calls to voice mail are not rerouted while the branch site is cut off",
            "Set-CsVoicemailReroutingConfiguration -Enabled $true with both numbers",
        );
    }
    Ok(())
}

fn trusted_pools(deployment: &dyn Deployment, found: &mut Findings) -> Result<(), ModelError> {
    for pool in deployment.list("CsTrustedApplicationPool")? {
        found.warning(
            "REP-B",
            !pool.flag("RequiresReplication"),
            &pool.identity,
            "requires replication, but no replica agent runs on such a computer",
            "New-CsTrustedApplicationPool -RequiresReplication $false",
        );
    }
    Ok(())
}

/// Every replica should have what the Central Management Store has; where voice mail is hosted, calls
/// depend on that of the Edge Servers.
fn replicas(
    deployment: &dyn Deployment,
    people: &People,
    found: &mut Findings,
) -> Result<(), ModelError> {
    let hosted = people.hosted().next().is_some();
    for (fqdn, up_to_date) in deployment.replicas()? {
        if up_to_date {
            continue;
        }
        let edge = deployment.get("CsService", &format!("EdgeServer:{fqdn}"))?;
        let computer = deployment.get("CsComputer", &fqdn)?;
        let pool = computer.map(|it| it.text("Pool")).unwrap_or_default();
        let edge = match edge {
            Some(edge) => Some(edge),
            None => deployment.get("CsService", &format!("EdgeServer:{pool}"))?,
        };
        let message = "has not received all changes yet";
        let remedy = "Invoke-CsManagementStoreReplication";
        if hosted && edge.is_some() {
            found.error("REP-A", false, &fqdn, message, remedy);
        } else {
            found.warning("REP-A", false, &fqdn, message, remedy);
        }
    }
    Ok(())
}
