//! Send-MailMessage: a message goes to the outbox.

use super::selection::stop;
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::outbox::Letter;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[("Send-MailMessage", || Box::<SendMail>::default())];

#[derive(Default)]
struct SendMail {
    attachments: Vec<String>,
}

impl Cmdlet for SendMail {
    fn process(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        let given = call.texts("Attachments");
        self.attachments.extend(given.iter().map(|a| a.to_string()));
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        vm.write_warning("The command 'Send-MailMessage' is obsolete. This cmdlet does not guarantee secure connections to SMTP servers. While there is no immediate replacement available in PowerShell, we recommend you do not use Send-MailMessage at this time. See https://aka.ms/SendMailMessage for more information.")?;
        let server = match call.text("SmtpServer") {
            Some(server) => server.to_string(),
            None => {
                let server = vm.variable("PSEmailServer").unwrap_or_default();
                vm.to_text(&server)?
            }
        };
        if server.is_empty() {
            return stop(Fault::of(
                "System.InvalidOperationException",
                "System.InvalidOperationException",
                Category::InvalidArgument,
                "The email cannot be sent because no SMTP server was specified. You must specify an SMTP server by using either the SmtpServer parameter or the $PSEmailServer variable.",
            ));
        }
        let from = call.text("From").unwrap_or_default();
        let to = call.texts("To");
        for address in to.iter().chain([&from]) {
            if !address.contains('@') {
                return stop(
                    Fault::of(
                        "System.FormatException",
                        "FormatException",
                        Category::InvalidType,
                        "The specified string is not in the form required for an e-mail address.",
                    )
                    .target(Value::str(&**address)),
                );
            }
        }
        let text = |name: &str| call.text(name).unwrap_or_default().to_string();
        let priority = match call.get("Priority") {
            Some(priority) => vm.to_text(&priority)?,
            None => String::new(),
        };
        let mut letter = Letter {
            server,
            headers: vec![
                ("From", from.to_string()),
                ("To", to.join(", ")),
                ("Cc", call.texts("Cc").join(", ")),
                ("Bcc", call.texts("Bcc").join(", ")),
                ("Reply-To", call.texts("ReplyTo").join(", ")),
                ("Subject", text("Subject")),
                ("Importance", priority),
            ],
            body: text("Body"),
            is_html: call.switch("BodyAsHtml"),
            attachments: Vec::new(),
        };
        for attachment in std::mem::take(&mut self.attachments) {
            let path = vm.file_system_path(&attachment)?;
            match crate::host::file::read(&path) {
                Ok(bytes) => {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    letter.attachments.push((name.into_owned(), bytes));
                }
                Err(error) => {
                    let fault = super::item_changes::io_fault(&error, "FileNotFound", &path);
                    vm.write_fault(fault)?;
                }
            }
        }
        match letter.keep(vm)? {
            Ok(()) => Ok(()),
            Err((error, file)) => vm.write_fault(super::item_changes::io_fault(
                &error,
                "MessageNotKept",
                &file,
            )),
        }
    }
}
