//! MailMessage, Attachment and SmtpClient: what a script sends goes to the outbox.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::outbox::Letter;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeRef, collections::list, failures, find_full, generic, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

const MESSAGE: &str = "System.Net.Mail.MailMessage";
const CLIENT: &str = "System.Net.Mail.SmtpClient";
const ATTACHMENT: &str = "System.Net.Mail.Attachment";
const ADDRESS: &str = "System.Net.Mail.MailAddress";

/// A new object of the namespace; the arguments are converted.
pub fn construct(vm: &mut Vm, type_name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match type_name {
        MESSAGE => message(vm, arguments).map(Some),
        CLIENT => Ok(Some(client(arguments))),
        ATTACHMENT => attachment(vm, arguments),
        _ => Ok(None),
    }
}

/// A list of things of a type, with those that are given.
fn things(type_name: &str, items: Vec<Value>) -> Value {
    let element = type_named(type_name);
    match find_full("System.Collections.ObjectModel.Collection`1") {
        Some(definition) => list::of(&generic(&definition, vec![element]), items),
        None => list::list_of(&element, items),
    }
}

/// The addresses of a text that separates them by commas or semicolons.
fn addresses(text: &str) -> R<Vec<Value>> {
    let mut found = Vec::new();
    for part in text
        .split([',', ';'])
        .filter(|part| !part.trim().is_empty())
    {
        found.extend(crate::runtime::types::net::mail_address::construct(&[
            Value::str(part.trim()),
        ])?);
    }
    Ok(found)
}

fn message(vm: &mut Vm, arguments: &[Value]) -> R<Value> {
    let text = |at: usize| arguments.get(at).cloned().unwrap_or_else(|| Value::str(""));
    let mut from = Value::Null;
    let mut to = Vec::new();
    if let [sender, receiver, ..] = arguments {
        let (sender, receiver) = (vm.to_text(sender)?, vm.to_text(receiver)?);
        from = addresses(&sender)?.into_iter().next().unwrap_or_default();
        to = addresses(&receiver)?;
    }
    let fields = vec![
        ("From", from),
        ("Sender", Value::Null),
        ("ReplyToList", things(ADDRESS, Vec::new())),
        ("To", things(ADDRESS, to)),
        ("Bcc", things(ADDRESS, Vec::new())),
        ("CC", things(ADDRESS, Vec::new())),
        (
            "Priority",
            Value::enum_of("System.Net.Mail.MailPriority", 0),
        ),
        (
            "DeliveryNotificationOptions",
            Value::enum_of("System.Net.Mail.DeliveryNotificationOptions", 0),
        ),
        ("Subject", text(2)),
        ("SubjectEncoding", Value::Null),
        ("Headers", headers(vm)?),
        ("HeadersEncoding", Value::Null),
        ("Body", text(3)),
        ("BodyEncoding", Value::Null),
        ("IsBodyHtml", Value::Bool(false)),
        ("Attachments", things(ATTACHMENT, Vec::new())),
        ("AlternateViews", things("System.Object", Vec::new())),
    ];
    Ok(PlainObject::new(MESSAGE, fields).writable().value())
}

fn headers(vm: &mut Vm) -> R<Value> {
    match find_full("System.Collections.Specialized.NameValueCollection") {
        Some(type_ref) => vm.construct(&type_ref, Vec::new()),
        None => Ok(Value::Null),
    }
}

fn attachment(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let Some(name) = arguments.first() else {
        return Ok(None);
    };
    let name = vm.to_text(name)?;
    let path = vm.file_path(&name);
    if let Err(error) = std::fs::metadata(&path) {
        return failures::io(&error, &path.to_string_lossy());
    }
    let leaf = path.file_name().unwrap_or_default().to_string_lossy();
    let fields = vec![
        ("Name", Value::str(&*leaf)),
        ("ContentId", Value::str("")),
        ("FileName", Value::str(path.to_string_lossy())),
    ];
    Ok(Some(
        PlainObject::new(ATTACHMENT, fields).writable().value(),
    ))
}

fn client(arguments: &[Value]) -> Value {
    let fields = vec![
        ("Host", arguments.first().cloned().unwrap_or_default()),
        ("Port", arguments.get(1).cloned().unwrap_or(Value::Int(25))),
        ("UseDefaultCredentials", Value::Bool(false)),
        ("Credentials", Value::Null),
        ("Timeout", Value::Int(100_000)),
        (
            "DeliveryMethod",
            Value::enum_of("System.Net.Mail.SmtpDeliveryMethod", 0),
        ),
        ("PickupDirectoryLocation", Value::Null),
        ("EnableSsl", Value::Bool(false)),
        ("TargetName", Value::Null),
    ];
    Value::native(SmtpClient(PlainObject::new(CLIENT, fields).writable()))
}

/// What would hand messages to a server.
struct SmtpClient(PlainObject);

impl SmtpClient {
    fn send(&self, vm: &mut Vm, message: &Value) -> R<()> {
        let server = self.0.field("Host").unwrap_or_default();
        let server = vm.to_text(&server)?;
        if server.is_empty() {
            return failures::invalid_operation("The SMTP host was not specified.");
        }
        let Some(message) = message.as_native::<PlainObject>() else {
            return failures::argument_null("message");
        };
        let field = |name: &str| message.field(name).unwrap_or_default();
        let from = field("From");
        if from.is_null() {
            return failures::invalid_operation("A from address must be specified.");
        }
        let mut headers = vec![("From", vm.to_text(&from)?)];
        let mut receivers = 0;
        for (header, name) in [
            ("To", "To"),
            ("Cc", "CC"),
            ("Bcc", "Bcc"),
            ("Reply-To", "ReplyToList"),
        ] {
            let mut texts = Vec::new();
            for address in vm.enumerate(&field(name))?.unwrap_or_default() {
                texts.push(vm.to_text(&address)?);
            }
            if header != "Reply-To" {
                receivers += texts.len();
            }
            headers.push((header, texts.join(", ")));
        }
        if receivers == 0 {
            return failures::invalid_operation("A recipient must be specified.");
        }
        headers.push(("Subject", vm.to_text(&field("Subject"))?));
        headers.push(("Importance", vm.to_text(&field("Priority"))?));
        let mut attachments = Vec::new();
        for attachment in vm.enumerate(&field("Attachments"))?.unwrap_or_default() {
            let Some(attachment) = attachment.as_native::<PlainObject>() else {
                continue;
            };
            let file = attachment.field("FileName").unwrap_or_default();
            let file = vm.to_text(&file)?;
            let name = attachment.field("Name").unwrap_or_default();
            match std::fs::read(&file) {
                Ok(bytes) => attachments.push((vm.to_text(&name)?, bytes)),
                Err(error) => return failures::io(&error, &file),
            }
        }
        let letter = Letter {
            server,
            headers,
            body: vm.to_text(&field("Body"))?,
            is_html: matches!(field("IsBodyHtml"), Value::Bool(true)),
            attachments,
        };
        match letter.keep(vm)? {
            Ok(()) => Ok(()),
            Err(_) => failures::fail("System.Net.Mail.SmtpException", "Failure sending mail."),
        }
    }
}

impl Native for SmtpClient {
    fn type_ref(&self) -> TypeRef {
        self.0.type_ref()
    }

    fn fields(&self) -> Option<&PlainObject> {
        Some(&self.0)
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match (name, arguments) {
            ("send", [message]) | ("sendasync", [message, _]) => {
                self.send(vm, message)?;
            }
            ("send", [_, _, _, _]) => {
                let message = message(vm, arguments)?;
                self.send(vm, &message)?;
            }
            ("dispose" | "sendasynccancel", _) => {}
            _ => return Ok(None),
        }
        Ok(Some(Value::Nothing))
    }
}
