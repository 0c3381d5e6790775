//! Where the ExUM routing application sends a call: to a hosted mailbox through
//! the Edge, to Unified Messaging on premises, or nowhere.

mod hosted;
pub(crate) use hosted::{access_edge, edge_of, provider_rules, return_route};
mod local;
pub use local::{TRY_LIMIT, candidates, is_enabled, trusts};

use super::deployment::Deployment;
use super::failover;
use super::mode;
use super::policy;
use super::trace::{Decision, Reason, Stop, Trace};
use crate::model::error::ModelError;
use crate::model::identity::{fold, without_scheme};
use crate::model::object::Object;

/// What a call wants from voice mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Leave a message.
    Deposit,
    /// Listen to one's own messages, by a subscriber access number.
    SubscriberAccess,
    /// Talk to an auto attendant.
    AutoAttendant,
    /// Reach the mailbox's server, and nothing more.
    Probe,
}

/// An unanswered call to a user: where the message goes.
pub fn deposit(deployment: &dyn Deployment, sip_address: &str) -> Result<Decision, ModelError> {
    for_user(deployment, sip_address, Purpose::Deposit)
}

/// Whether voice mail can be reached for a user, without leaving a message.
pub fn probe(deployment: &dyn Deployment, sip_address: &str) -> Result<Decision, ModelError> {
    for_user(deployment, sip_address, Purpose::Probe)
}

fn for_user(
    deployment: &dyn Deployment,
    sip_address: &str,
    purpose: Purpose,
) -> Result<Decision, ModelError> {
    let mut trace = Trace::default();
    let end = user_steps(deployment, &mut trace, sip_address, purpose);
    trace.close(end)
}

fn user_steps(
    deployment: &dyn Deployment,
    trace: &mut Trace,
    sip_address: &str,
    purpose: Purpose,
) -> Result<(), Stop> {
    let address = fold(without_scheme(sip_address));
    let user = deployment.by_key("CsUser", "sip", &address)?;
    trace.ask(
        "D1",
        "Does the callee exist?",
        sip_address,
        user.is_some(),
        Reason::CalleeUnknown,
        "",
    )?;
    let Some(user) = user else {
        return Ok(());
    };
    let pool = user.text("RegistrarPool");
    let homed = user.flag("Enabled") && deployment.get("CsPool", &pool)?.is_some();
    trace.ask(
        "D1",
        "Is the callee enabled and on a pool?",
        user.identity.as_str(),
        homed,
        Reason::CalleeDisabled,
        pool.as_str(),
    )?;
    pool_step(deployment, trace, &pool)?;
    trace.ask(
        "D2",
        "Is the callee enabled for Enterprise Voice?",
        user.identity.as_str(),
        user.flag("EnterpriseVoiceEnabled"),
        Reason::CalleeNotVoiceEnabled,
        "",
    )?;
    let is_hosted = mode::is_hosted(&user);
    trace.note(
        "D3",
        "Is the mailbox hosted?",
        user.identity.as_str(),
        user.texts(mode::SETTINGS).join(", "),
    );
    if is_hosted {
        let leg = hosted::Leg {
            holder: &user,
            address: &address,
            number: None,
            purpose,
        };
        return hosted::steps(deployment, trace, &leg);
    }
    let addresses = mode::eum_addresses(&user);
    trace.ask(
        "D4",
        "Has the callee an EUM address?",
        user.identity.as_str(),
        !addresses.is_empty(),
        Reason::NoVoiceMail,
        "With mailboxes in another forest, UM settings have to be synchronised to the Lync forest.",
    )?;
    let primary = addresses.into_iter().find(|it| it.address.contains('@'));
    trace.ask(
        "O1",
        "Which EUM address carries a SIP address?",
        user.identity.as_str(),
        primary.is_some(),
        Reason::NoVoiceMail,
        primary.as_ref().map_or("", |it| it.phone_context.as_str()),
    )?;
    let Some(primary) = primary else {
        return Ok(());
    };
    let reached = local::steps(
        deployment,
        trace,
        &pool,
        &primary.phone_context,
        Some(&user),
    )?;
    if purpose == Purpose::Probe {
        return Ok(());
    }
    local::mailbox_step(trace, &user, &primary.address, &reached)
}

/// A call to a subscriber access or auto attendant number.
pub fn number(
    deployment: &dyn Deployment,
    number: &str,
    purpose: Purpose,
) -> Result<Decision, ModelError> {
    let mut trace = Trace::default();
    let end = number_steps(deployment, &mut trace, number, purpose);
    trace.close(end)
}

fn number_steps(
    deployment: &dyn Deployment,
    trace: &mut Trace,
    number: &str,
    purpose: Purpose,
) -> Result<(), Stop> {
    let attendant = purpose == Purpose::AutoAttendant;
    let number = without_scheme(number);
    let contact = deployment
        .by_key("CsExUmContact", "contact number", number)?
        .filter(|contact| contact.flag("AutoAttendant") == attendant);
    trace.ask(
        "S1",
        "Which contact has the number?",
        number,
        contact.is_some(),
        Reason::NumberUnknown,
        if attendant {
            "auto attendant"
        } else {
            "subscriber access"
        },
    )?;
    let Some(contact) = contact else {
        return Ok(());
    };
    trace.ask(
        "S1",
        "Is the contact enabled?",
        contact.identity.as_str(),
        contact.flag("Enabled") && contact.flag("EnterpriseVoiceEnabled"),
        Reason::ContactDisabled,
        "",
    )?;
    let pool = contact.text("RegistrarPool");
    pool_step(deployment, trace, &pool)?;
    if contact.flag("Hosted") {
        let address = fold(without_scheme(&contact.text("SipAddress")));
        let leg = hosted::Leg {
            holder: &contact,
            address: &address,
            number: Some(number),
            purpose,
        };
        return hosted::steps(deployment, trace, &leg);
    }
    let (plan, found) = if attendant {
        let found = attendant_with(deployment, number)?;
        (found.as_ref().map(|it| it.text("UMDialPlan")), found)
    } else {
        (
            plan_with(deployment, number)?.map(|plan| plan.identity),
            None,
        )
    };
    trace.ask(
        "S3",
        if attendant {
            "Which auto attendant has the number?"
        } else {
            "Which UM dial plan has the number?"
        },
        plan.clone().unwrap_or_else(|| number.to_owned()),
        plan.is_some(),
        if attendant {
            Reason::NumberUnknown
        } else {
            Reason::DialPlanUnknown
        },
        "",
    )?;
    if let Some(attendant) = &found {
        trace.ask(
            "S3",
            "Is the auto attendant enabled?",
            attendant.identity.as_str(),
            attendant.text("Status") == "Enabled",
            Reason::AutoAttendantDisabled,
            "",
        )?;
    }
    let plan = deployment.get("UMDialPlan", &plan.unwrap_or_default())?;
    let context = plan
        .map(|plan| plan.text("PhoneContext"))
        .unwrap_or_default();
    local::steps(deployment, trace, &pool, &context, None).map(|_| ())
}

fn attendant_with(deployment: &dyn Deployment, number: &str) -> Result<Option<Object>, ModelError> {
    deployment.by_key("UMAutoAttendant", "auto attendant number", number)
}

fn plan_with(deployment: &dyn Deployment, number: &str) -> Result<Option<Object>, ModelError> {
    Ok(deployment.list("UMDialPlan")?.into_iter().find(|plan| {
        let mut numbers = plan.texts("AccessTelephoneNumbers");
        numbers.extend(plan.texts("PilotIdentifierList"));
        numbers.iter().any(|it| fold(it) == fold(number))
    }))
}

/// Whether a pool, or after a failover its backup pool, can take calls at all.
fn pool_step(deployment: &dyn Deployment, trace: &mut Trace, pool: &str) -> Result<(), Stop> {
    let serving = failover::serving_pool(deployment, pool)?;
    let reached = front_end(deployment, pool)?;
    let silent = reached.is_none() && !computers(deployment, &serving)?.is_empty();
    if silent || fold(&serving) != fold(pool) {
        trace.ask(
            "D1",
            "Does the pool that serves the callee run?",
            serving,
            !silent,
            Reason::PoolUnreachable,
            format!("home pool {pool}"),
        )?;
    }
    Ok(())
}

/// The computers of a pool.
fn computers(deployment: &dyn Deployment, pool: &str) -> Result<Vec<String>, ModelError> {
    let pool = deployment.get("CsPool", pool)?;
    Ok(pool.map(|pool| pool.texts("Computers")).unwrap_or_default())
}

/// The service on a computer, if it is known.
fn service(
    deployment: &dyn Deployment,
    computer: &str,
    name: &str,
) -> Result<Option<Object>, ModelError> {
    deployment.get("TwinWindowsService", &format!("{computer}/{name}"))
}

/// Whether a service on a computer runs; one that nobody has noted does.
fn runs(deployment: &dyn Deployment, computer: &str, name: &str) -> Result<bool, ModelError> {
    let service = service(deployment, computer, name)?;
    Ok(service.is_none_or(|service| service.text("Status") == "Running"))
}

/// The Front End Server that takes a pool's call: the first by name whose
/// service runs; of the backup pool if the pool is failed over.
fn front_end(deployment: &dyn Deployment, pool: &str) -> Result<Option<String>, ModelError> {
    let pool = failover::serving_pool(deployment, pool)?;
    for computer in computers(deployment, &pool)? {
        if runs(deployment, &computer, "RTCSRV")? {
            return Ok(Some(computer));
        }
    }
    Ok(None)
}

/// The policy that counts in a call, as the Front End Server's replica has it.
fn policy_in_call(
    deployment: &dyn Deployment,
    noun: &str,
    holder: &Object,
) -> Result<Object, ModelError> {
    match front_end(deployment, &holder.text("RegistrarPool"))? {
        Some(computer) => policy::effective(deployment.on(&computer)?.as_ref(), noun, holder),
        None => policy::effective(deployment, noun, holder),
    }
}
