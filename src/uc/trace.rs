//! Decisions as lists of steps: which rule asked what, which object answered,
//! and on failure the reason with its SIP response.

use crate::model::error::ModelError;

/// Why a call or a sign-in fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No such SIP user.
    CalleeUnknown,
    /// The user is not enabled, or on no pool.
    CalleeDisabled,
    /// No Front End Server of the pool runs.
    PoolUnreachable,
    /// The user has no Enterprise Voice.
    CalleeNotVoiceEnabled,
    /// Neither hosted nor known to local Unified Messaging.
    NoVoiceMail,
    /// The effective hosted voice mail policy has no Destination.
    HostedPolicyNoDestination,
    /// The effective hosted voice mail policy has no Organization.
    HostedPolicyNoOrganization,
    /// No hosting provider has the Destination as its proxy.
    NoProviderForDestination,
    /// The hosting provider is not enabled.
    ProviderDisabled,
    /// The hosting provider does not share the address space.
    ProviderNotShared,
    /// The hosting provider is said to host Lync users.
    ProviderHostsUsers,
    /// The hosting provider is said to be part of the own topology.
    ProviderIsLocal,
    /// The Access Edge does not allow federated users.
    FederationOff,
    /// The Access Edge uses a default route.
    DefaultRouting,
    /// The site has no Edge pool for federation.
    NoFederationRoute,
    /// The Edge Server does not run.
    EdgeUnreachable,
    /// The Edge Server cannot resolve the provider's proxy.
    ProxyUnresolvable,
    /// The provider does not accept the Edge Server's certificate.
    EdgeCertificate,
    /// The provider does not find the way back by DNS.
    ReturnRouteMissing,
    /// Organization names no tenant of the provider.
    TenantUnknown,
    /// The SIP domain is not an authoritative domain of the tenant.
    DomainNotAccepted,
    /// The tenant has no UM mailbox for the address.
    HostedMailboxNotEnabled,
    /// Lync may not read the UM objects of the forest.
    UmPermissionMissing,
    /// The Front End Server has not been restarted since it may.
    UmTopologyStale,
    /// No UM dial plan has the phone context, or the number.
    DialPlanUnknown,
    /// The UM dial plan is not of type SipName.
    DialPlanNotSip,
    /// No voice dial plan carries the UM dial plan's name.
    DialPlanNameMismatch,
    /// No usable server is in the UM dial plan.
    NoUmServer,
    /// Encryption of Lync and of the UM dial plan do not fit.
    SecurityMismatch,
    /// The UM server does not listen with TLS.
    UmPortClosed,
    /// The UM server has no address.
    UmServerUnresolvable,
    /// The UM server's certificate is not acceptable.
    UmCertificate,
    /// No UM IP gateway stands for the calling pool.
    UmPeerUnknown,
    /// The UM IP gateway is disabled.
    GatewayDisabled,
    /// The UM IP gateway has no hunt group with the dial plan.
    NoHuntGroup,
    /// The UM service or the whole server does not run.
    UmServiceDown,
    /// The UM server was reached although it is disabled.
    UmServerDisabled,
    /// The UM server has all the calls that it takes.
    UmBusy,
    /// The address is not UM-enabled in the dial plan.
    MailboxNotEnabled,
    /// The server that the call router redirects to is not trusted.
    RedirectUntrusted,
    /// The auto attendant is disabled.
    AutoAttendantDisabled,
    /// The contact is disabled.
    ContactDisabled,
    /// No contact has the number.
    NumberUnknown,
    /// The address is not enabled for access from outside.
    RemoteAccessNotAllowed,
    /// The provider's messages are not trusted.
    SourceNotVerified,
    /// The mailbox policy has no instant messaging.
    NoInstantMessaging,
}

impl Reason {
    /// The SIP response; 0 where no SIP is spoken at all.
    pub fn sip(self) -> u16 {
        use Reason::*;
        match self {
            CalleeNotVoiceEnabled
            | NoVoiceMail
            | HostedPolicyNoDestination
            | UmPermissionMissing
            | UmTopologyStale
            | DialPlanUnknown
            | DialPlanNotSip
            | DialPlanNameMismatch
            | NoUmServer => 480,
            FederationOff
            | DomainNotAccepted
            | UmPeerUnknown
            | GatewayDisabled
            | NoHuntGroup
            | RemoteAccessNotAllowed
            | SourceNotVerified => 403,
            SecurityMismatch => 488,
            PoolUnreachable | EdgeUnreachable | ProxyUnresolvable | EdgeCertificate
            | ReturnRouteMissing | UmPortClosed | UmServerUnresolvable | UmCertificate
            | UmServiceDown | RedirectUntrusted => 504,
            UmServerDisabled | UmBusy => 503,
            NoInstantMessaging => 0,
            _ => 404,
        }
    }

    /// The number in the `ms-diagnostics` header, where one is known.
    pub fn diagnostic(self) -> Option<u32> {
        use Reason::*;
        match self {
            CalleeUnknown => Some(1003),
            CalleeDisabled | ContactDisabled | NumberUnknown => Some(4005),
            NoProviderForDestination
            | ProviderDisabled
            | ProviderNotShared
            | ProviderHostsUsers
            | ProviderIsLocal
            | DefaultRouting
            | NoFederationRoute => Some(1005),
            FederationOff => Some(1012),
            PoolUnreachable | EdgeUnreachable | UmPortClosed | UmServiceDown => Some(1007),
            ProxyUnresolvable | UmServerUnresolvable => Some(1014),
            EdgeCertificate | UmCertificate | RedirectUntrusted => Some(1010),
            ReturnRouteMissing => Some(1008),
            RemoteAccessNotAllowed => Some(4003),
            _ => None,
        }
    }

    /// The name.
    pub fn name(self) -> String {
        format!("{self:?}")
    }
}

/// One question of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The rule (`H4`).
    pub rule: &'static str,
    /// What was asked.
    pub question: String,
    /// The object that answered.
    pub object: String,
    /// Whether it may go on.
    pub passed: bool,
    /// What the answer rests on.
    pub detail: String,
    /// Why not.
    pub reason: Option<Reason>,
}

/// A decision with all its steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// The steps in order; the last one decided.
    pub steps: Vec<Step>,
    /// Why it failed, if it did.
    pub failure: Option<Reason>,
    /// Whether the way led to a hosted mailbox.
    pub hosted: bool,
    /// The server or service that took the call.
    pub server: String,
}

impl Decision {
    /// Whether it succeeded.
    pub fn succeeded(&self) -> bool {
        self.failure.is_none()
    }

    /// The SIP response.
    pub fn sip(&self) -> u16 {
        self.failure.map_or(200, Reason::sip)
    }

    /// The `ms-diagnostics` number.
    pub fn diagnostic(&self) -> Option<u32> {
        self.failure.and_then(Reason::diagnostic)
    }
}

/// Why a decision ends before its last step.
#[derive(Debug)]
pub enum Stop {
    /// A rule was not met.
    Failed(Reason),
    /// The deployment could not be read.
    Broken(ModelError),
}

impl From<ModelError> for Stop {
    fn from(error: ModelError) -> Stop {
        Stop::Broken(error)
    }
}

/// A decision in the making.
#[derive(Default)]
pub struct Trace {
    /// What is known so far.
    pub decision: Decision,
}

impl Trace {
    /// Notes a step, and stops if it is not passed.
    pub fn ask(
        &mut self,
        rule: &'static str,
        question: &str,
        object: impl Into<String>,
        passed: bool,
        reason: Reason,
        detail: impl Into<String>,
    ) -> Result<(), Stop> {
        self.decision.steps.push(Step {
            rule,
            question: question.to_owned(),
            object: object.into(),
            passed,
            detail: detail.into(),
            reason: (!passed).then_some(reason),
        });
        if passed {
            Ok(())
        } else {
            Err(Stop::Failed(reason))
        }
    }

    /// Notes a step that says something without deciding.
    pub fn note(
        &mut self,
        rule: &'static str,
        question: &str,
        object: impl Into<String>,
        detail: impl Into<String>,
    ) {
        self.decision.steps.push(Step {
            rule,
            question: question.to_owned(),
            object: object.into(),
            passed: true,
            detail: detail.into(),
            reason: None,
        });
    }

    /// The decision, from how the work ended.
    pub fn close(mut self, end: Result<(), Stop>) -> Result<Decision, ModelError> {
        match end {
            Ok(()) => {}
            Err(Stop::Failed(reason)) => self.decision.failure = Some(reason),
            Err(Stop::Broken(error)) => return Err(error),
        }
        Ok(self.decision)
    }
}
