//! The voice mail of mailboxes: Enable- and Disable-UMMailbox, and PINs.

use super::answer::{fault, refuse, text, texts, write_object};
use crate::cmdlet::{kinds, registry::Factory};
use crate::model::identity::fold;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Enable-UMMailbox", || Box::new(EnableUm)),
    ("Disable-UMMailbox", || Box::new(DisableUm)),
    ("Get-UMMailboxPin", || Box::new(GetPin)),
    ("Set-UMMailboxPin", || Box::new(SetPin)),
];

/// The proxy addresses of voice mail.
fn is_eum(address: &str) -> bool {
    fold(address).starts_with("eum:")
}

fn um_fault(id: &str, message: String, target: &str) -> Fault {
    fault(id, Category::InvalidArgument, message, target)
}

/// The object as it is stored, whatever view it was found through.
fn stored_user(object: &Object) -> Object {
    match kinds::find("ADUser") {
        Some(kind) => object.seen_as(kind),
        None => object.clone(),
    }
}

struct EnableUm;

impl EnableUm {
    /// Writes the voice mail settings into the user, or says what is wrong with them.
    fn apply(
        vm: &mut Vm,
        call: &Call,
        user: &mut Object,
        policy: &Object,
        plan: &Object,
    ) -> R<Option<Fault>> {
        let digits = plan
            .get("NumberOfDigitsInExtension")
            .as_int()
            .unwrap_or_default();
        let extensions = texts(vm, call, "Extensions")?;
        if extensions.is_empty() {
            return Ok(Some(um_fault(
                "ExtensionRequired",
                "At least one extension is needed (-Extensions).".into(),
                &user.identity,
            )));
        }
        for extension in &extensions {
            let fits =
                extension.len() as i64 == digits && extension.bytes().all(|b| b.is_ascii_digit());
            if !fits {
                return Ok(Some(um_fault(
                    "InvalidExtension",
                    format!(
                        "The extension \"{extension}\" does not have the {digits} digits that the UM dial plan \"{}\" asks for.",
                        plan.identity
                    ),
                    extension,
                )));
            }
        }
        let resource = text(vm, call, "SIPResourceIdentifier")?;
        let uri_type = plan.text("URIType");
        match (&*uri_type, &resource) {
            ("SipName" | "E164", None) => {
                return Ok(Some(um_fault(
                    "SipResourceIdRequired",
                    format!("A dial plan of type {uri_type} needs -SIPResourceIdentifier."),
                    &user.identity,
                )));
            }
            ("TelExtn", Some(given)) => {
                return Ok(Some(um_fault(
                    "SipResourceIdNotAllowed",
                    "-SIPResourceIdentifier is not allowed with a dial plan of type TelExtn."
                        .into(),
                    given,
                )));
            }
            _ => {}
        }
        if let Some(fault) = pin_fault(vm, call, "PIN", policy)? {
            return Ok(Some(fault));
        }
        let context = plan.text("PhoneContext");
        let mut addresses: Vec<String> = user.texts("proxyAddresses");
        addresses.retain(|it| !is_eum(it));
        if let Some(resource) = &resource {
            let plain = crate::model::identity::without_scheme(resource).to_owned();
            addresses.push(format!("EUM:{plain};phone-context={context}"));
            user.set("SIPResourceIdentifier", Datum::Text(plain));
        }
        for (index, extension) in extensions.iter().enumerate() {
            let scheme = if index == 0 && resource.is_none() {
                "EUM"
            } else {
                "eum"
            };
            addresses.push(format!("{scheme}:{extension};phone-context={context}"));
        }
        let list = |texts: Vec<String>| Datum::List(texts.into_iter().map(Datum::Text).collect());
        user.set("proxyAddresses", list(addresses));
        user.set("Extensions", list(extensions));
        user.set("UMDialPlan", Datum::text(plan.identity.as_str()));
        user.set(
            "msExchUMTemplateLink",
            Datum::text(policy.identity.as_str()),
        );
        user.set("UMEnabled", Datum::Bool(true));
        Ok(None)
    }
}

impl Cmdlet for EnableUm {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let mailbox = match store.find_one("Mailbox", &typed) {
            Ok(mailbox) => mailbox,
            Err(error) => return refuse(vm, &error),
        };
        let mut user = stored_user(&mailbox);
        if user.flag("UMEnabled") || !user.text("msExchUMTemplateLink").is_empty() {
            return vm.write_fault(fault(
                "UserAlreadyUmEnabled",
                Category::InvalidOperation,
                format!(
                    "The user \"{}\" is already enabled for Unified Messaging.",
                    mailbox.text("Name")
                ),
                &mailbox.identity,
            ));
        }
        let typed = text(vm, call, "UMMailboxPolicy")?.unwrap_or_default();
        let policy = match store.find_one("UMMailboxPolicy", &typed) {
            Ok(policy) => policy,
            Err(error) => return refuse(vm, &error),
        };
        let plan = store.find_one("UMDialPlan", &policy.text("UMDialPlan"));
        let plan = vm.model(plan)?;
        if let Some(fault) = EnableUm::apply(vm, call, &mut user, &policy, &plan)? {
            return vm.write_fault(fault);
        }
        if call.switch("ValidateOnly")
            || !vm.should_process(call, &mailbox.identity, "Enable-UMMailbox")?
        {
            return Ok(());
        }
        match rewrite(&store, &user) {
            Ok(after) => match kinds::find("UMMailbox") {
                Some(kind) => write_object(vm, &after.seen_as(kind)),
                None => Ok(()),
            },
            Err(error) => refuse(vm, &error),
        }
    }
}

/// Stores all properties of a user as they stand.
pub(super) fn rewrite(
    store: &Store,
    user: &Object,
) -> Result<Object, crate::model::error::ModelError> {
    let properties = user.properties.clone();
    store
        .modify(user.kind, &user.identity, |stored| {
            stored.properties = properties;
            Ok(())
        })
        .map(|(after, _)| after)
}

/// What is wrong with a PIN under a policy; nothing if none was given or it is right.
fn pin_fault(vm: &mut Vm, call: &Call, parameter: &str, policy: &Object) -> R<Option<Fault>> {
    let Some(pin) = text(vm, call, parameter)? else {
        return Ok(None);
    };
    let least = usize::try_from(policy.get("MinPINLength").as_int().unwrap_or(6)).unwrap_or(6);
    let digits = !pin.is_empty() && pin.bytes().all(|b| b.is_ascii_digit());
    let common = pin.bytes().zip(pin.bytes().skip(1)).all(|(a, b)| a == b)
        || pin
            .bytes()
            .zip(pin.bytes().skip(1))
            .all(|(a, b)| b == a.wrapping_add(1));
    let wrong = if !digits {
        Some("it may have digits only".to_owned())
    } else if pin.len() < least || pin.len() > 24 {
        Some(format!("it needs {least} to 24 digits"))
    } else if common && !policy.flag("AllowCommonPatterns") {
        Some("the policy does not allow common patterns".to_owned())
    } else {
        None
    };
    Ok(wrong.map(|why| {
        um_fault(
            "InvalidPin",
            format!("The PIN is not valid: {why}."),
            &policy.identity,
        )
    }))
}

struct DisableUm;

impl Cmdlet for DisableUm {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        change_user(vm, call, "UMMailbox", take_voice_mail)
    }
}

/// Changes the user behind the mailbox that `-Identity` names, once it is confirmed.
pub(super) fn change_user(
    vm: &mut Vm,
    call: &Call,
    kind: &str,
    change: impl FnOnce(&mut Object),
) -> R<()> {
    let store = vm.sign_changes(call)?;
    let typed = text(vm, call, "Identity")?.unwrap_or_default();
    let mailbox = match store.find_one(kind, &typed) {
        Ok(mailbox) => mailbox,
        Err(error) => return refuse(vm, &error),
    };
    if !vm.should_process(call, &mailbox.identity, &call.info.name)? {
        return Ok(());
    }
    let mut user = stored_user(&mailbox);
    change(&mut user);
    match rewrite(&store, &user) {
        Ok(_) => Ok(()),
        Err(error) => refuse(vm, &error),
    }
}

pub(super) fn take_voice_mail(user: &mut Object) {
    user.keep_texts("proxyAddresses", |it| !is_eum(it));
    for name in [
        "msExchUMTemplateLink",
        "UMDialPlan",
        "UMEnabled",
        "Extensions",
        "SIPResourceIdentifier",
    ] {
        user.clear(name);
    }
}

fn pin_value(user: &Object) -> Value {
    CustomObject::typed(
        "Microsoft.Exchange.Management.UM.UMMailboxPin",
        [
            ("UserID", Value::str(user.identity.as_str())),
            ("PinExpired", Value::Bool(user.flag("PINExpired"))),
            ("FirstTimeUser", Value::Bool(false)),
            ("LockedOut", Value::Bool(user.flag("UMLockedOut"))),
            ("ObjectState", Value::str("New")),
            ("IsValid", Value::Bool(true)),
            ("Identity", Value::str(user.identity.as_str())),
        ],
    )
}

struct GetPin;

impl Cmdlet for GetPin {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        match text(vm, call, "Identity")? {
            Some(typed) => match store.find_one("UMMailbox", &typed) {
                Ok(mailbox) => vm.write(pin_value(&mailbox)),
                Err(error) => refuse(vm, &error),
            },
            None => {
                let listed = store.list("UMMailbox");
                for mailbox in vm.model(listed)? {
                    let mailbox = vm.model(mailbox)?;
                    vm.write(pin_value(&mailbox))?;
                }
                Ok(())
            }
        }
    }
}

/// PINs themselves are not kept; whether one has expired or is locked is.
struct SetPin;

impl Cmdlet for SetPin {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let mailbox = match store.find_one("UMMailbox", &typed) {
            Ok(mailbox) => mailbox,
            Err(error) => return refuse(vm, &error),
        };
        let policy = store.find_one("UMMailboxPolicy", &mailbox.text("UMMailboxPolicy"));
        if let Ok(policy) = policy
            && let Some(fault) = pin_fault(vm, call, "Pin", &policy)?
        {
            return vm.write_fault(fault);
        }
        if !vm.should_process(call, &mailbox.identity, "Set-UMMailboxPIN")? {
            return Ok(());
        }
        let mut user = stored_user(&mailbox);
        if call.has("PINExpired") {
            user.set("PINExpired", Datum::Bool(call.switch("PINExpired")));
        }
        if call.has("LockedOut") {
            user.set("UMLockedOut", Datum::Bool(call.switch("LockedOut")));
        }
        match rewrite(&store, &user) {
            Ok(_) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}
