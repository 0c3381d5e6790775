//! Mail users and remote mailboxes: accounts whose mail is kept elsewhere. Made, given to an account, taken from it.

use super::answer::{fault, refuse, text, write_object};
use super::mailbox::{account, give_addresses, new_account};
use crate::cmdlet::generic::Subject;
use crate::cmdlet::{catalog, kinds, registry::Factory};
use crate::model::identity::fold;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, R};
use crate::runtime::vm::Vm;
use crate::store::Store;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("New-MailUser", || Box::new(New("MailUser"))),
    ("New-RemoteMailbox", || Box::new(New("RemoteMailbox"))),
    ("Enable-MailUser", || Box::new(Enable("MailUser"))),
    ("Enable-RemoteMailbox", || Box::new(Enable("RemoteMailbox"))),
    ("Disable-MailUser", || Box::new(Disable("MailUser"))),
    ("Disable-RemoteMailbox", || {
        Box::new(Disable("RemoteMailbox"))
    }),
];

/// The kinds of remote mailbox that a switch asks for.
const REMOTE_TYPES: &[&str] = &["Room", "Equipment", "Shared"];

/// What the parameters of a cmdlet say about its object, written into an account.
pub(super) fn described(vm: &mut Vm, call: &Call, noun: &str, user: Object) -> R<Object> {
    let (Some(kind), Some(declaration)) = (kinds::find(noun), catalog::find(&call.info.name))
    else {
        return Ok(user);
    };
    let verb = declaration.verb().into();
    let subject = Subject {
        kind,
        declaration,
        verb,
    };
    let mut seen = user.into_kind(kind);
    subject.apply_parameters(vm, call, &mut seen)?;
    Ok(seen)
}

/// The tenant's domain that mail is routed to, if the organisation has one.
fn routing_domain(vm: &mut Vm, store: &Store) -> R<Option<String>> {
    let listed = store.list("AcceptedDomain");
    for domain in vm.model(listed)? {
        let name = vm.model(domain)?.text("DomainName");
        if fold(&name).ends_with(".mail.onmicrosoft.com") {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// Marks an account as what the noun says.
fn mark(vm: &mut Vm, call: &Call, store: &Store, noun: &str, user: &mut Object) -> R<()> {
    user.set("RecipientType", Datum::text("MailUser"));
    if noun == "MailUser" {
        user.set("RecipientTypeDetails", Datum::text("MailUser"));
        return Ok(());
    }
    let special = REMOTE_TYPES.iter().find(|it| call.switch(it));
    let details = format!("Remote{}Mailbox", special.unwrap_or(&"User"));
    user.set("RecipientTypeDetails", Datum::Text(details));
    user.set("RemoteRecipientType", Datum::text("ProvisionMailbox"));
    if call.switch("Archive") {
        user.set("ArchiveStatus", Datum::text("Active"));
    }
    if !call.has("RemoteRoutingAddress")
        && let Some(domain) = routing_domain(vm, store)?
    {
        let address = format!("SMTP:{}@{domain}", user.text("mailNickname"));
        user.set("RemoteRoutingAddress", Datum::Text(address));
    }
    Ok(())
}

struct New(&'static str);

impl Cmdlet for New {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let Some(mut user) = new_account(vm, call)? else {
            return Ok(());
        };
        give_addresses(vm, call, &mut user)?;
        mark(vm, call, &store, self.0, &mut user)?;
        let kind = user.kind;
        let user = described(vm, call, self.0, user)?;
        if !vm.should_process(call, &user.identity, &call.info.name)? {
            return Ok(());
        }
        let view = user.kind;
        match store.create(user.into_kind(kind)) {
            Ok(made) => write_object(vm, &made.seen_as(view)),
            Err(error) => refuse(vm, &error),
        }
    }
}

struct Enable(&'static str);

impl Cmdlet for Enable {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let mut user = match account(&store, &typed) {
            Ok(user) => user,
            Err(error) => return refuse(vm, &error),
        };
        let before = user.clone();
        let is_remote = !user.text("RemoteRecipientType").is_empty();
        if self.0 == "RemoteMailbox" && is_remote && call.switch("Archive") {
            user.set("ArchiveStatus", Datum::text("Active"));
        } else {
            if user.text("RecipientType") == "MailUser"
                || !user.text("msExchMailboxGuid").is_empty()
            {
                return vm.write_fault(fault(
                    "RecipientTypeInvalid",
                    Category::InvalidArgument,
                    format!(
                        "\"{}\" has mail already: {} works on accounts without.",
                        user.text("Name"),
                        call.info.name
                    ),
                    &user.identity,
                ));
            }
            give_addresses(vm, call, &mut user)?;
            mark(vm, call, &store, self.0, &mut user)?;
        }
        let kind = user.kind;
        let user = described(vm, call, self.0, user)?;
        if !vm.should_process(call, &user.identity, &call.info.name)? {
            return Ok(());
        }
        let view = user.kind;
        match store.change(&before, &user.into_kind(kind)) {
            Ok((after, _)) => write_object(vm, &after.seen_as(view)),
            Err(error) => refuse(vm, &error),
        }
    }
}

struct Disable(&'static str);

impl Cmdlet for Disable {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let found = match store.find_one(self.0, &typed) {
            Ok(found) => found,
            Err(error) => return refuse(vm, &error),
        };
        if !vm.should_process(call, &found.identity, &call.info.name)? {
            return Ok(());
        }
        let mut wanted = found.clone();
        if call.switch("Archive") {
            wanted.clear("ArchiveStatus");
        } else {
            wanted.keep_texts("EmailAddresses", |it| !fold(it).starts_with("smtp:"));
            for name in [
                "Alias",
                "PrimarySmtpAddress",
                "RecipientType",
                "RecipientTypeDetails",
                "RemoteRecipientType",
                "RemoteRoutingAddress",
                "ExternalEmailAddress",
                "ArchiveStatus",
            ] {
                wanted.clear(name);
            }
        }
        match store.change(&found, &wanted) {
            Ok(_) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}
