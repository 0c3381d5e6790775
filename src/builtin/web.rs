//! Invoke-WebRequest and Invoke-RestMethod.

use super::json_read::{Reader, Reading, Times};
use super::selection::stop;
use crate::cmdlet::registry::Factory;
use crate::host::http::{Request, Response};
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, ErrorDetails, ErrorRecord, Exception, R, Thrown};
use crate::runtime::types::net::web_client::{follow, request_for, text_of, uri_of};
use crate::runtime::types::net::web_text::url_encode;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{collections::dictionary, find_full};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use base64::Engine;
use std::rc::Rc;
use std::time::Duration;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Invoke-WebRequest", || Box::new(Ask { reads: false })),
    ("Invoke-RestMethod", || Box::new(Ask { reads: true })),
];

/// Asks a server; `reads` for objects in place of pages.
struct Ask {
    reads: bool,
}

const AGENT: &str = "Mozilla/5.0 (Linux; en-US) PowerShell/7.6.5";
const SESSION: &str = "Microsoft.PowerShell.Commands.WebRequestSession";
const FORM: &str = "application/x-www-form-urlencoded";

/// Pairs of a table as text.
fn pairs(vm: &mut Vm, table: &Value) -> R<Vec<(String, String)>> {
    let Value::Dict(table) = table.base() else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (key, value) in table.pairs() {
        found.push((vm.to_text(&key)?, vm.to_text(&value)?));
    }
    Ok(found)
}

fn form(pairs: &[(String, String)]) -> String {
    let coded = pairs.iter().map(|(name, value)| {
        let name = url_encode(name.as_bytes(), true);
        format!("{name}={}", url_encode(value.as_bytes(), true))
    });
    coded.collect::<Vec<_>>().join("&")
}

/// Sets a header in place of one of the same name.
fn set_header(headers: &mut Vec<(String, String)>, name: &str, value: String) {
    headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    headers.push((name.to_string(), value));
}

/// The session whose cookies and headers go with a request, and where a new one is kept.
fn session(vm: &mut Vm, call: &Call) -> R<Value> {
    if let Some(given) = call.get("WebSession").filter(|given| !given.is_null()) {
        return Ok(given);
    }
    let fields = vec![
        ("Headers", dictionary::hashtable([])),
        ("Cookies", dictionary::hashtable([])),
        ("UseDefaultCredentials", Value::Bool(false)),
        ("Credentials", Value::Null),
        ("Certificates", Value::Null),
        ("UserAgent", Value::str(AGENT)),
        ("Proxy", Value::Null),
        ("MaximumRedirection", Value::Int(-1)),
        ("MaximumRetryCount", Value::Int(0)),
        ("RetryIntervalInSeconds", Value::Int(0)),
    ];
    let made = PlainObject::new(SESSION, fields).writable().value();
    if let Some(name) = call.text("SessionVariable") {
        vm.set_variable(&name, made.clone())?;
    }
    Ok(made)
}

fn keep_cookies(vm: &mut Vm, session: &Value, response: &Response) -> R<()> {
    let Some(Value::Dict(jar)) = vm.get_member(session, "Cookies")?.map(Value::into_base) else {
        return Ok(());
    };
    for (name, value) in &response.headers {
        let pair = value.split(';').next().unwrap_or_default();
        if let Some((key, value)) = pair.split_once('=')
            && name.eq_ignore_ascii_case("Set-Cookie")
        {
            jar.set_str(key.trim(), Value::str(value.trim()));
        }
    }
    Ok(())
}

impl Ask {
    fn method(&self, vm: &mut Vm, call: &Call) -> R<String> {
        if let Some(own) = call.text("CustomMethod") {
            return Ok(own.to_uppercase());
        }
        let asked = match call.get("Method") {
            Some(method) => vm.to_text(&method)?,
            None => String::new(),
        };
        Ok(match asked.to_uppercase().as_str() {
            "" | "DEFAULT" => "GET".into(),
            method => method.to_string(),
        })
    }

    fn headers(&self, vm: &mut Vm, call: &Call, session: &Value) -> R<Vec<(String, String)>> {
        let mut headers = vec![("User-Agent".to_string(), AGENT.to_string())];
        headers.push(("Accept-Encoding".into(), "gzip, deflate".into()));
        let own = vm.get_member(session, "Headers")?.unwrap_or_default();
        let given = call.get("Headers").unwrap_or_default();
        for (name, value) in [pairs(vm, &own)?, pairs(vm, &given)?].concat() {
            set_header(&mut headers, &name, value);
        }
        if let Some(agent) = call.text("UserAgent") {
            set_header(&mut headers, "User-Agent", agent.to_string());
        }
        let jar = vm.get_member(session, "Cookies")?.unwrap_or_default();
        let cookies = pairs(vm, &jar)?;
        if !cookies.is_empty() {
            let cookies = cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"));
            let cookies: Vec<String> = cookies.collect();
            set_header(&mut headers, "Cookie", cookies.join("; "));
        }
        let scheme = match call.get("Authentication") {
            Some(scheme) => vm.to_text(&scheme)?,
            None => String::new(),
        };
        let credential = call.get("Credential").filter(|c| !c.is_null());
        if let Some(token) = call.get("Token").filter(|token| !token.is_null()) {
            let holder = credential_of(vm, "token", token)?;
            let plain = vm.invoke_method(&holder, "GetNetworkCredential", vec![])?;
            let plain = vm.get_member(&plain, "Password")?.unwrap_or_default();
            let plain = vm.to_text(&plain)?;
            set_header(&mut headers, "Authorization", format!("Bearer {plain}"));
        } else if let Some(credential) = credential
            && scheme.eq_ignore_ascii_case("basic")
        {
            let plain = vm.invoke_method(&credential, "GetNetworkCredential", vec![])?;
            let user = vm.get_member(&credential, "UserName")?.unwrap_or_default();
            let password = vm.get_member(&plain, "Password")?.unwrap_or_default();
            let both = format!("{}:{}", vm.to_text(&user)?, vm.to_text(&password)?);
            let both = base64::engine::general_purpose::STANDARD.encode(both);
            set_header(&mut headers, "Authorization", format!("Basic {both}"));
        }
        Ok(headers)
    }

    /// Puts the content into the request, or into its address when it only reads.
    fn content(&self, vm: &mut Vm, call: &Call, request: &mut Request) -> R<()> {
        let mut kind = call.text("ContentType").map(|kind| kind.to_string());
        if let Some(file) = call.text("InFile") {
            let path = vm.file_system_path(&file)?;
            match std::fs::read(&path) {
                Ok(bytes) => request.body = Some(bytes),
                Err(error) => {
                    return stop(super::item_changes::io_fault(&error, "FileNotFound", &path));
                }
            }
        } else if let Some(body) = call.get("Body").filter(|body| !body.is_null()) {
            let table = matches!(body.base(), Value::Dict(_));
            if table && request.method == "GET" {
                let query = form(&pairs(vm, &body)?);
                let mark = if request.target.contains('?') {
                    '&'
                } else {
                    '?'
                };
                if !query.is_empty() {
                    request.target.push_str(&format!("{mark}{query}"));
                }
                return Ok(());
            }
            let bytes = match (table, body.base()) {
                (true, _) => {
                    kind.get_or_insert_with(|| FORM.into());
                    form(&pairs(vm, &body)?).into_bytes()
                }
                (_, Value::Array(_)) if is_bytes(vm, &body) => {
                    crate::runtime::types::collections::array::as_bytes(body.base())
                }
                _ => {
                    let outer = vm.get_member(&body, "OuterXml")?.filter(|x| !x.is_null());
                    vm.to_text(&outer.unwrap_or(body))?.into_bytes()
                }
            };
            request.body = Some(bytes);
        } else if matches!(request.method.as_str(), "POST" | "PUT" | "PATCH") {
            request.body = Some(Vec::new());
        }
        if request.method == "POST" && request.body.is_some() {
            kind.get_or_insert_with(|| FORM.into());
        }
        if let Some(kind) = kind.filter(|_| request.body.is_some()) {
            set_header(&mut request.headers, "Content-Type", kind);
        }
        Ok(())
    }

    fn refuse(&self, call: &Call, exception: Exception, details: &str, target: &Value) -> R<()> {
        let late = &*exception.type_ref.name == "TaskCanceledException";
        let (id, category) = match late {
            true => ("ConnectionTimeoutReached", Category::OperationTimeout),
            false => ("WebCmdletWebResponseException", Category::InvalidOperation),
        };
        let record = ErrorRecord::new(exception.value(), id, category, target.clone());
        if !details.is_empty() {
            *record.details.borrow_mut() = Some(ErrorDetails {
                message: details.into(),
                ..ErrorDetails::default()
            });
        }
        *record.raiser.borrow_mut() = call.info.class.clone();
        Err(Thrown {
            record: Rc::new(record),
            ends_script: false,
        }
        .into())
    }

    /// What the answer says, as objects where it is JSON or XML.
    fn read(&self, vm: &mut Vm, response: &Response) -> R<Value> {
        let text = text_of(response);
        let kind = response.header("Content-Type").unwrap_or_default();
        let kind = kind.to_ascii_lowercase();
        if kind.contains("xml")
            && let Some(type_ref) = find_full("System.Xml.XmlDocument")
            && let Ok(document) = vm.convert(&Value::str(text.as_str()), &type_ref)
        {
            return Ok(document);
        }
        let reading = Reading {
            hashtable: false,
            depth: 1024,
            times: Times::AsWritten,
        };
        match Reader::new(&text, reading).document() {
            Ok(value) if !text.trim().is_empty() => Ok(value),
            _ => Ok(Value::str(text)),
        }
    }
}

fn is_bytes(vm: &mut Vm, value: &Value) -> bool {
    vm.type_of(value).full_name.starts_with("System.Byte")
}

fn credential_of(vm: &mut Vm, user: &str, password: Value) -> R<Value> {
    match find_full("System.Management.Automation.PSCredential") {
        Some(type_ref) => vm.construct(&type_ref, vec![Value::str(user), password]),
        None => Ok(Value::Null),
    }
}

/// Headers by name, each a list of texts.
fn header_table(response: &Response) -> Value {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in &response.headers {
        if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name);
        }
    }
    let entries = names.into_iter().map(|name| {
        let same = response
            .headers
            .iter()
            .filter(|(n, _)| n.eq_ignore_ascii_case(name));
        let values = same.map(|(_, value)| Value::str(value.as_str())).collect();
        let strings = crate::runtime::types::collections::array::of(
            &crate::runtime::types::known::string(),
            values,
        );
        (name, strings)
    });
    dictionary::hashtable(entries)
}

/// The elements of a page with a tag of these names, by their attributes.
fn elements(text: &str, tags: &[&str]) -> Value {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at..).unwrap_or_default();
        let Some(end) = rest.find('>') else { break };
        let inside = rest.get(1..end).unwrap_or_default();
        let name = inside
            .split([' ', '\t', '\n', '\r', '/'])
            .next()
            .unwrap_or_default();
        if let Some(tag) = tags.iter().find(|tag| tag.eq_ignore_ascii_case(name)) {
            let closing = format!("</{tag}>");
            let lower = rest.to_ascii_lowercase();
            let length = match lower.find(&closing) {
                Some(at) if !tag.eq_ignore_ascii_case("img") => at + closing.len(),
                _ => end + 1,
            };
            let outer = rest.get(..length).unwrap_or_default();
            let mut notes: Vec<(String, Value)> = vec![
                ("outerHTML".into(), Value::str(outer)),
                ("tagName".into(), Value::str(tag.to_ascii_uppercase())),
            ];
            notes.extend(attributes(inside.get(name.len()..).unwrap_or_default()));
            let object = crate::runtime::object::CustomObject::from_notes([]);
            for (name, value) in notes {
                crate::runtime::member::added::add_member(
                    &object,
                    &name,
                    crate::runtime::object::Member::Note(value),
                );
            }
            found.push(object);
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    Value::array(found)
}

/// `name="value"`, `name='value'`, `name=value` and `name`.
fn attributes(text: &str) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() && !rest.starts_with('/') {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace());
        let (name, behind) = rest.split_at(end.unwrap_or(rest.len()));
        let behind = behind.trim_start();
        let (value, behind) = match behind.strip_prefix('=').map(str::trim_start) {
            None => ("", behind),
            Some(value) => match value.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    let value = value.strip_prefix(quote).unwrap_or(value);
                    value.split_once(quote).unwrap_or((value, ""))
                }
                _ => {
                    let end = value.find(char::is_whitespace).unwrap_or(value.len());
                    value.split_at(end)
                }
            },
        };
        if !name.is_empty() {
            found.push((name.to_string(), Value::str(value)));
        }
        rest = behind.trim_start();
        if end.is_none() {
            break;
        }
    }
    found
}

fn raw(response: &Response, text: &str) -> String {
    let mut raw = format!(
        "HTTP/{} {} {}\r\n",
        response.version, response.status, response.reason
    );
    for (name, value) in &response.headers {
        raw.push_str(&format!("{name}: {value}\r\n"));
    }
    format!("{raw}\r\n{text}")
}

/// The object of a page, or of content that is no text.
fn page(response: &Response, base: Value) -> Value {
    let kind = response.header("Content-Type").unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    let is_text = kind.is_empty()
        || ["text/", "xml", "json", "javascript"]
            .iter()
            .any(|word| kind.contains(word));
    let text = text_of(response);
    let length = i64::try_from(response.body.len()).unwrap_or(i64::MAX);
    let mut fields = vec![
        ("StatusCode", Value::Int(i32::from(response.status))),
        ("StatusDescription", Value::str(response.reason.as_str())),
        ("RawContent", Value::str(raw(response, &text))),
        ("Headers", header_table(response)),
        ("RawContentLength", Value::Long(length)),
        ("RelationLink", dictionary::hashtable([])),
        ("BaseResponse", base),
    ];
    let name = match is_text {
        true => {
            fields.push(("Links", elements(&text, &["a"])));
            fields.push(("Images", elements(&text, &["img"])));
            fields.push(("InputFields", elements(&text, &["input"])));
            fields.push(("Content", Value::str(text.as_str())));
            "Microsoft.PowerShell.Commands.BasicHtmlWebResponseObject"
        }
        false => {
            let bytes = crate::runtime::types::collections::array::bytes(&response.body);
            fields.push(("Content", bytes));
            "Microsoft.PowerShell.Commands.WebResponseObject"
        }
    };
    let raw = raw(response, &text);
    PlainObject::new(name, fields).with_text(raw).value()
}

/// The answer as .NET's own object.
fn message(response: &Response) -> Value {
    let code = Value::enum_of("System.Net.HttpStatusCode", i64::from(response.status));
    let success = (200..300).contains(&response.status);
    let fields = vec![
        ("StatusCode", code),
        ("ReasonPhrase", Value::str(response.reason.as_str())),
        ("IsSuccessStatusCode", Value::Bool(success)),
        ("Headers", header_table(response)),
    ];
    PlainObject::new("System.Net.Http.HttpResponseMessage", fields).value()
}

impl Cmdlet for Ask {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut uri = call.get("Uri").unwrap_or_default();
        let absolute = vm.get_member(&uri, "IsAbsoluteUri")?;
        if !matches!(absolute, Some(Value::Bool(true))) {
            let text = vm.to_text(&uri)?;
            uri = uri_of(&format!("http://{text}"), None)?;
        }
        let session = session(vm, call)?;
        let method = self.method(vm, call)?;
        let mut request = request_for(vm, &method, &uri)?;
        request.headers = self.headers(vm, call, &session)?;
        let seconds = call
            .int("ConnectionTimeoutSeconds")
            .filter(|seconds| *seconds > 0);
        request.limit = seconds
            .and_then(|seconds| u64::try_from(seconds).ok())
            .map(Duration::from_secs);
        self.content(vm, call, &mut request)?;
        let absolute = vm.get_member(&uri, "AbsoluteUri")?.unwrap_or_default();
        let absolute = vm.to_text(&absolute)?;
        let length = request.body.as_ref().map_or(0, Vec::len);
        vm.write_verbose(&format!(
            "Requested HTTP/1.1 {method} with {length}-byte payload"
        ))?;
        let fields = vec![
            ("Method", Value::str(method.as_str())),
            ("RequestUri", uri.clone()),
        ];
        let target = PlainObject::new("System.Net.Http.HttpRequestMessage", fields)
            .with_text(format!(
                "Method: {method}, RequestUri: '{absolute}', Version: 1.1, Content: <null>, Headers:\n{{\n  User-Agent: {AGENT}\n}}"
            ))
            .value();
        let most = match call.int("MaximumRedirection") {
            Some(most) => usize::try_from(most).unwrap_or(50),
            None => 50,
        };
        let response = match follow(vm, request, &uri, most)? {
            Ok((response, _)) => response,
            Err(exception) => {
                let inner = exception.inner.borrow().clone();
                let details = inner.map(|inner| crate::runtime::error::exception_message(&inner));
                return self.refuse(call, exception, &details.unwrap_or_default(), &target);
            }
        };
        vm.write_verbose(&format!(
            "Received HTTP/{} {}-byte response of content type {}",
            response.version,
            response.body.len(),
            response.header("Content-Type").unwrap_or_default()
        ))?;
        keep_cookies(vm, &session, &response)?;
        let success = (200..300).contains(&response.status);
        if !success && !call.switch("SkipHttpErrorCheck") {
            let exception = Exception::of(
                "Microsoft.PowerShell.Commands.HttpResponseException",
                format!(
                    "Response status code does not indicate success: {} ({}).",
                    response.status, response.reason
                ),
            );
            let code = Value::enum_of("System.Net.HttpStatusCode", i64::from(response.status));
            let exception = exception
                .with("Response", message(&response))
                .with("StatusCode", code);
            return self.refuse(call, exception, &text_of(&response), &target);
        }
        if let Some(name) = call.text("StatusCodeVariable") {
            vm.set_variable(&name, Value::Int(i32::from(response.status)))?;
        }
        if let Some(name) = call.text("ResponseHeadersVariable") {
            vm.set_variable(&name, header_table(&response))?;
        }
        if let Some(file) = call.text("OutFile") {
            let path = vm.file_system_path(&file)?;
            if let Err(error) = std::fs::write(&path, &response.body) {
                return stop(super::item_changes::io_fault(
                    &error,
                    "FileOpenFailure",
                    &path,
                ));
            }
            if !call.switch("PassThru") {
                return Ok(());
            }
        }
        match self.reads {
            true => {
                let value = self.read(vm, &response)?;
                vm.write(value)
            }
            false => {
                let base = message(&response);
                vm.write(page(&response, base))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_in_every_notation() {
        for (text, want) in [
            (" href=\"/a b\" id=x", "href=/a b;id=x"),
            (" checked name='n'", "checked=;name=n"),
            (" type = text/", "type=text/"),
            ("/", ""),
        ] {
            let found = attributes(text);
            let found = found.iter().map(|(name, value)| {
                let value = value.as_str().unwrap_or_default();
                format!("{name}={value}")
            });
            assert_eq!(found.collect::<Vec<_>>().join(";"), want, "{text}");
        }
    }

    #[test]
    fn forms_are_coded() {
        let pairs = [("a b".to_string(), "ä&=".to_string())];
        assert_eq!(form(&pairs), "a+b=%C3%A4%26%3D");
    }
}
