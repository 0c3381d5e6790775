//! Messages in the queues of servers: exported, sent on by another server, and tried against rules.

use super::answer::{fault, refuse, text, texts};
use super::server_state::server;
use crate::cmdlet::registry::Factory;
use crate::model::identity::fold;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, R};
use crate::runtime::types::collections::array;
use crate::runtime::vm::Vm;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Export-Message", || Box::new(Export)),
    ("Redirect-Message", || Box::new(Redirect)),
    ("Test-Message", || Box::new(Try)),
];

/// Gives the bytes of a message that does not go on meanwhile.
struct Export;

impl Cmdlet for Export {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let message = match store.find_one("Message", &typed) {
            Ok(message) => message,
            Err(error) => return refuse(vm, &error),
        };
        let poisoned = fold(&message.identity).contains("\\poison\\");
        if message.text("Status") != "Suspended" && !poisoned {
            return vm.write_fault(fault(
                "MessageNotSuspended",
                Category::InvalidOperation,
                format!(
                    "The message \"{}\" has to be suspended before it is exported (Suspend-Message).",
                    message.identity
                ),
                &message.identity,
            ));
        }
        if !vm.should_process(call, &message.identity, "Export-Message")? {
            return Ok(());
        }
        vm.write(array::bytes(letter(&message).as_bytes()))
    }
}

/// A message as it goes over the wire: what is known of its head, and no body.
fn letter(message: &Object) -> String {
    let to = message.texts("Recipients").join(", ");
    let head = [
        ("From", message.text("FromAddress")),
        ("To", to),
        ("Subject", message.text("Subject")),
        ("Message-ID", message.text("InternetMessageId")),
    ];
    let mut letter: String = head
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    letter.push_str("\r\n");
    letter
}

/// Hands what waits in the queues of a server over to another one.
struct Redirect;

impl Cmdlet for Redirect {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let (Some(from), Some(to)) = (
            server(vm, call, &["Server"])?,
            server(vm, call, &["Target"])?,
        ) else {
            return Ok(());
        };
        if !vm.should_process(call, &from.identity, "Redirect-Message")? {
            return Ok(());
        }
        let prefix = format!("{}\\", fold(&from.identity));
        let listed = store.list("Message");
        for message in vm.model(listed)? {
            let message = vm.model(message)?;
            let folded = fold(&message.identity);
            let stays = ["\\poison\\", "\\shadow\\"]
                .iter()
                .any(|queue| folded.contains(queue));
            let Some((_, rest)) = message.identity.split_once('\\') else {
                continue;
            };
            if stays || !folded.starts_with(&prefix) || message.text("Status") == "Suspended" {
                continue;
            }
            let mut wanted = message.clone();
            wanted.identity = format!("{}\\{rest}", to.identity);
            if let Some((_, queue)) = message.text("Queue").split_once('\\') {
                wanted.set("Queue", Datum::Text(format!("{}\\{queue}", to.identity)));
            }
            if let Err(error) = store.change(&message, &wanted) {
                refuse(vm, &error)?;
            }
        }
        Ok(())
    }
}

/// Runs a message past the rules; what they say goes by mail to who shall have the report.
struct Try;

impl Cmdlet for Try {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let mut people = texts(vm, call, "Recipients")?;
        people.extend(text(vm, call, "SendReportTo")?);
        let own = |address: &str| {
            let domain = address.split_once('@').map(|(_, domain)| domain)?;
            store.find_one("AcceptedDomain", domain).ok()
        };
        for address in people {
            // An address of another organization may be anybody's.
            if own(&address).is_some()
                && let Err(error) = store.find_one("Recipient", &address)
            {
                return refuse(vm, &error);
            }
        }
        vm.should_process(call, "Test-Message", "Test-Message")
            .map(drop)
    }
}
