//! Whose voice mail is where: the pairs of `msExchUCVoiceMailSettings`, the EUM
//! addresses, and what follows for a user and for the deployment.

use super::deployment::Deployment;
use crate::model::error::ModelError;
use crate::model::object::Object;

/// The attribute that several authors write.
pub const SETTINGS: &str = "msExchUCVoiceMailSettings";

/// Lync's key in it.
const LYNC_KEY: &str = "CsHostedVoiceMail";

/// Exchange's key in it.
const EXCHANGE_KEY: &str = "ExchangeHostedVoiceMail";

/// Where a user's voice mail is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoiceMail {
    /// At an online provider.
    Hosted,
    /// In Exchange on premises.
    Local,
    /// Nowhere.
    None,
}

/// How a deployment offers voice mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nobody has voice mail.
    None,
    /// Lync and Unified Messaging on premises.
    OnPremises,
    /// Lync on premises, every mailbox at an online provider.
    CrossPremises,
    /// Some here, some there.
    Mixed,
}

/// An EUM proxy address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EumAddress {
    /// The SIP address or extension.
    pub address: String,
    /// The phone context of the UM dial plan.
    pub phone_context: String,
    /// Whether it is the primary one.
    pub primary: bool,
}

/// Whether the attribute makes a user hosted: any author's pair with the value 1.
pub fn is_hosted(user: &Object) -> bool {
    user.texts(SETTINGS).iter().any(|entry| {
        entry.split_once('=').is_some_and(|(key, value)| {
            let key = key.trim();
            value.trim() == "1"
                && (key.eq_ignore_ascii_case(LYNC_KEY) || key.eq_ignore_ascii_case(EXCHANGE_KEY))
        })
    })
}

/// The EUM proxy addresses of a user, primary first.
pub fn eum_addresses(user: &Object) -> Vec<EumAddress> {
    let mut addresses: Vec<EumAddress> = user
        .texts("proxyAddresses")
        .iter()
        .filter_map(|text| eum_address(text))
        .collect();
    addresses.sort_by_key(|address| !address.primary);
    addresses
}

fn eum_address(text: &str) -> Option<EumAddress> {
    let (scheme, rest) = text.split_once(':')?;
    if !scheme.eq_ignore_ascii_case("eum") {
        return None;
    }
    let (address, parameters) = rest.split_once(';')?;
    let phone_context = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("phone-context")
            .then(|| value.trim().to_owned())
    })?;
    Some(EumAddress {
        address: address.to_owned(),
        phone_context,
        primary: scheme == "EUM",
    })
}

/// Where a user's voice mail is.
pub fn voice_mail(deployment: &dyn Deployment, user: &Object) -> Result<VoiceMail, ModelError> {
    if is_hosted(user) {
        return Ok(VoiceMail::Hosted);
    }
    for address in eum_addresses(user) {
        let context = &address.phone_context;
        if let Some(plan) = deployment.by_key("UMDialPlan", "phone context", context)?
            && plan.text("URIType") == "SipName"
        {
            return Ok(VoiceMail::Local);
        }
    }
    Ok(VoiceMail::None)
}

/// How the deployment offers voice mail: by its users, or by its contacts if no
/// user has any.
pub fn mode(deployment: &dyn Deployment) -> Result<Mode, ModelError> {
    let (mut hosted, mut local) = (false, false);
    for user in deployment.list("CsUser")? {
        match voice_mail(deployment, &user)? {
            VoiceMail::Hosted => hosted = true,
            VoiceMail::Local => local = true,
            VoiceMail::None => {}
        }
        if hosted && local {
            return Ok(Mode::Mixed);
        }
    }
    if !hosted && !local {
        for contact in deployment.list("CsExUmContact")? {
            match contact.flag("Hosted") {
                true => hosted = true,
                false => local = true,
            }
        }
    }
    Ok(match (hosted, local) {
        (true, true) => Mode::Mixed,
        (true, false) => Mode::CrossPremises,
        (false, true) => Mode::OnPremises,
        (false, false) => Mode::None,
    })
}
