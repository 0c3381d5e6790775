//! Send-MailMessage. A rehearsal sends nothing: each message is kept as a file in the outbox of the
//! user's data folder, and a warning says where.

use super::selection::stop;
use crate::cmdlet::registry::Factory;
use crate::host::UserFolder;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use base64::Engine;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[("Send-MailMessage", || Box::<SendMail>::default())];

#[derive(Default)]
struct SendMail {
    attachments: Vec<String>,
}

fn plain_header(text: &str) -> String {
    // A line break in a header would begin another one.
    let text = text.replace(['\r', '\n'], " ");
    match text.is_ascii() {
        true => text,
        false => {
            let coded = base64::engine::general_purpose::STANDARD.encode(text);
            format!("=?utf-8?B?{coded}?=")
        }
    }
}

fn in_lines(bytes: &[u8]) -> String {
    let coded = base64::engine::general_purpose::STANDARD.encode(bytes);
    let mut text = String::new();
    for (at, c) in coded.chars().enumerate() {
        if at > 0 && at % 76 == 0 {
            text.push_str("\r\n");
        }
        text.push(c);
    }
    text
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
        let culture = vm.culture();
        let now = Value::datetime(vm.now());
        let date = vm.format_value(&now, Some("R"), culture)?;
        let stamp = vm.format_value(&now, Some("yyyyMMdd-HHmmss-fffffff"), culture)?;
        let mut text = format!("X-Smtp-Server: {}\r\n", plain_header(&server));
        let mut header = |name: &str, value: &str| {
            if !value.is_empty() {
                text.push_str(&format!("{name}: {}\r\n", plain_header(value)));
            }
        };
        header("Date", &date);
        header("From", &from);
        header("To", &to.join(", "));
        header("Cc", &call.texts("Cc").join(", "));
        header("Bcc", &call.texts("Bcc").join(", "));
        header("Reply-To", &call.texts("ReplyTo").join(", "));
        header("Subject", &call.text("Subject").unwrap_or_default());
        if let Some(priority) = call.get("Priority") {
            let name = vm.to_text(&priority)?;
            header("Importance", &name);
        }
        let kind = match call.switch("BodyAsHtml") {
            true => "text/html",
            false => "text/plain",
        };
        let body = call.text("Body").unwrap_or_default();
        let edge = format!("ucsh-{stamp}");
        text.push_str(&format!(
            "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"{edge}\"\r\n\r\n--{edge}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            in_lines(body.as_bytes())
        ));
        for attachment in std::mem::take(&mut self.attachments) {
            let path = vm.file_path(&attachment);
            let bytes = match std::fs::read(&path) {
                Ok(bytes) => bytes,
                Err(error) => {
                    let fault = super::item_changes::io_fault(&error, "FileNotFound", &path);
                    vm.write_fault(fault)?;
                    continue;
                }
            };
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            text.push_str(&format!(
                "--{edge}\r\nContent-Type: application/octet-stream; name=\"{0}\"\r\nContent-Disposition: attachment; filename=\"{0}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{1}\r\n",
                plain_header(&name),
                in_lines(&bytes)
            ));
        }
        text.push_str(&format!("--{edge}--\r\n"));
        let folder = vm.host.folder(UserFolder::Data);
        let folder = folder.unwrap_or_else(std::env::temp_dir).join("outbox");
        let file = folder.join(format!("{stamp}.eml"));
        let kept = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, text));
        match kept {
            Ok(()) => vm.write_warning(&format!(
                "The message was not sent; it is kept in '{}'.",
                file.display()
            )),
            Err(error) => vm.write_fault(super::item_changes::io_fault(
                &error,
                "MessageNotKept",
                &file,
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_stay_on_their_line() {
        for (text, want) in [
            ("plain", "plain"),
            ("a\r\nBcc: x", "a  Bcc: x"),
            ("ä", "=?utf-8?B?w6Q=?="),
        ] {
            assert_eq!(plain_header(text), want);
        }
    }
}
