//! What happens to mail: a rehearsal sends nothing. Each message is kept as a file in the outbox of
//! the user's data folder, and a line on standard error says where.

use super::error::R;
use super::value::Value;
use super::vm::Vm;
use crate::host::{ConsoleStream, UserFolder};
use base64::Engine;
use std::path::PathBuf;

/// A message on its way.
#[derive(Default)]
pub struct Letter {
    /// The server it would go to.
    pub server: String,
    /// Headers with their values; empty ones are left out.
    pub headers: Vec<(&'static str, String)>,
    /// The text.
    pub body: String,
    /// Whether the text is HTML.
    pub is_html: bool,
    /// Names and contents of the files that go with it.
    pub attachments: Vec<(String, Vec<u8>)>,
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

impl Letter {
    fn text(&self, date: &str, edge: &str) -> String {
        let mut text = format!("X-Smtp-Server: {}\r\n", plain_header(&self.server));
        let dated = [("Date", date.to_string())];
        for (name, value) in dated.iter().chain(&self.headers) {
            if !value.is_empty() {
                text.push_str(&format!("{name}: {}\r\n", plain_header(value)));
            }
        }
        let kind = match self.is_html {
            true => "text/html",
            false => "text/plain",
        };
        text.push_str(&format!(
            "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"{edge}\"\r\n\r\n--{edge}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            in_lines(self.body.as_bytes())
        ));
        for (name, bytes) in &self.attachments {
            text.push_str(&format!(
                "--{edge}\r\nContent-Type: application/octet-stream; name=\"{0}\"\r\nContent-Disposition: attachment; filename=\"{0}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{1}\r\n",
                plain_header(name),
                in_lines(bytes)
            ));
        }
        text.push_str(&format!("--{edge}--\r\n"));
        text
    }

    /// Keeps the message and tells where; the file that could not be written, if so.
    pub fn keep(&self, vm: &mut Vm) -> R<Result<(), (std::io::Error, PathBuf)>> {
        let culture = vm.culture();
        let now = Value::datetime(vm.now());
        let date = vm.format_value(&now, Some("R"), culture)?;
        let stamp = vm.format_value(&now, Some("yyyyMMdd-HHmmss-fffffff"), culture)?;
        let folder = vm.host.folder(UserFolder::Data);
        let folder = folder.unwrap_or_else(std::env::temp_dir).join("outbox");
        let file = folder.join(format!("{stamp}.eml"));
        let text = self.text(&date, &format!("ucsh-{stamp}"));
        let kept = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, text));
        if let Err(error) = kept {
            return Ok(Err((error, file)));
        }
        let note = format!(
            "The message was not sent; it is kept in '{}'.\n",
            file.display()
        );
        vm.host.write(ConsoleStream::Error, &note);
        Ok(Ok(()))
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

    #[test]
    fn a_letter_has_its_headers_and_parts() {
        let letter = Letter {
            server: "mail".into(),
            headers: vec![("From", "a@b.c".into()), ("Cc", String::new())],
            body: "x".into(),
            is_html: true,
            attachments: vec![("f.txt".into(), b"y".to_vec())],
        };
        let text = letter.text("now", "edge");
        for part in [
            "X-Smtp-Server: mail\r\nDate: now\r\nFrom: a@b.c\r\nMIME",
            "text/html",
            "filename=\"f.txt\"",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("Cc:"));
    }
}
