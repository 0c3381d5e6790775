//! `System.Net.WebRequest`: requests that are made first, changed, and then asked for their answer.

use crate::host::http::Response;
use crate::runtime::error::{Exception, R};
use crate::runtime::native::Native;
use crate::runtime::types::net::web_client::{failed, follow, request_for, uri_of};
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeRef, failures, find_full, io::stream, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::time::Duration;

const HTTP: &str = "System.Net.HttpWebRequest";

/// A static method; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match (name, arguments) {
        ("create" | "createhttp" | "createdefault", [address]) => create(vm, address).map(Some),
        ("getsystemwebproxy", []) => Ok(Some(Value::Null)),
        _ => Ok(None),
    }
}

/// A request for an address, of the kind its scheme asks for.
fn create(vm: &mut Vm, address: &Value) -> R<Value> {
    if address.is_null() {
        return failures::argument_null("requestUriString");
    }
    let text = vm.to_text(address)?;
    let uri = uri_of(&text, None)?;
    let scheme = vm.get_member(&uri, "Scheme")?.unwrap_or_default();
    let type_name = match vm.to_text(&scheme)?.as_str() {
        "http" | "https" => HTTP,
        "ftp" => "System.Net.FtpWebRequest",
        "file" => "System.Net.FileWebRequest",
        _ => {
            return failures::fail(
                "System.NotSupportedException",
                "The URI prefix is not recognized.",
            );
        }
    };
    let headers = vm.construct(
        &type_named("System.Collections.Specialized.NameValueCollection"),
        Vec::new(),
    )?;
    let method = match type_name {
        "System.Net.FtpWebRequest" => "RETR",
        _ => "GET",
    };
    let host = vm.get_member(&uri, "Host")?.unwrap_or_default();
    let fields = vec![
        ("Accept", Value::Null),
        ("Address", uri.clone()),
        ("AllowAutoRedirect", Value::Bool(true)),
        ("ContentLength", Value::Long(-1)),
        ("ContentType", Value::Null),
        ("CookieContainer", Value::Null),
        ("Credentials", Value::Null),
        ("Expect", Value::Null),
        ("Headers", headers),
        ("Host", host),
        ("KeepAlive", Value::Bool(true)),
        ("MaximumAutomaticRedirections", Value::Int(50)),
        ("Method", Value::str(method)),
        ("PreAuthenticate", Value::Bool(false)),
        ("Proxy", Value::Null),
        ("ReadWriteTimeout", Value::Int(300_000)),
        ("Referer", Value::Null),
        ("RequestUri", uri),
        ("ServerCertificateValidationCallback", Value::Null),
        ("ServicePoint", Value::Null),
        ("Timeout", Value::Int(100_000)),
        ("UseBinary", Value::Bool(true)),
        ("UseDefaultCredentials", Value::Bool(false)),
        ("UserAgent", Value::Null),
        ("UsePassive", Value::Bool(true)),
    ];
    let body = vm.construct(&type_named("System.IO.MemoryStream"), Vec::new())?;
    Ok(Value::native(WebRequest {
        type_name,
        fields: PlainObject::new(type_name, fields).writable(),
        body,
    }))
}

/// A request that can be changed until it is sent.
struct WebRequest {
    type_name: &'static str,
    fields: PlainObject,
    /// What is written to its stream.
    body: Value,
}

impl WebRequest {
    fn text(&self, vm: &mut Vm, name: &str) -> R<Option<String>> {
        match self.fields.field(name) {
            Some(value) if !value.is_null() => vm.to_text(&value).map(Some),
            _ => Ok(None),
        }
    }

    fn send(&self, vm: &mut Vm) -> R<Value> {
        let uri = self.fields.field("RequestUri").unwrap_or_default();
        if self.type_name != HTTP {
            let exception =
                Exception::of("System.Net.Sockets.SocketException", "Connection refused");
            return failed("Unable to connect to the remote server".into(), exception);
        }
        let method = self.text(vm, "Method")?.unwrap_or_default();
        let mut request = request_for(vm, &method, &uri)?;
        for (field, header) in [
            ("Accept", "Accept"),
            ("ContentType", "Content-Type"),
            ("Referer", "Referer"),
            ("UserAgent", "User-Agent"),
        ] {
            if let Some(text) = self.text(vm, field)? {
                request.headers.push((header.to_string(), text));
            }
        }
        let headers = self.fields.field("Headers").unwrap_or_default();
        for key in vm.enumerate(&headers)?.unwrap_or_default() {
            let value = vm.invoke_method(&headers, "Get", vec![key.clone()])?;
            request
                .headers
                .push((vm.to_text(&key)?, vm.to_text(&value)?));
        }
        let written = vm.invoke_method(&self.body, "ToArray", Vec::new())?;
        if let Value::Array(bytes) = written.base()
            && !bytes.is_empty()
        {
            let bytes = bytes.items.borrow();
            let byte = |value: &Value| match value {
                Value::Byte(byte) => *byte,
                _ => 0,
            };
            request.body = Some(bytes.iter().map(byte).collect());
        }
        if let Some(Value::Int(limit @ 0..)) = self.fields.field("Timeout") {
            request.limit = Some(Duration::from_millis(limit.unsigned_abs().into()));
        }
        match follow(vm, request, &uri, 50)? {
            Ok((response, from)) if response.status < 400 => Ok(answer(response, from, &method)),
            Ok((response, _)) => {
                let message = format!(
                    "The remote server returned an error: ({}) {}.",
                    response.status, response.reason
                );
                failures::fail("System.Net.WebException", message)
            }
            Err(exception) => {
                let message = exception.message.borrow().to_string();
                failed(message, exception)
            }
        }
    }
}

impl Native for WebRequest {
    fn type_ref(&self) -> TypeRef {
        find_full(self.type_name).unwrap_or_else(known::object)
    }

    fn fields(&self) -> Option<&PlainObject> {
        Some(&self.fields)
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("getresponse", []) => self.send(vm)?,
            ("getrequeststream", []) => self.body.clone(),
            ("abort", []) => Value::Nothing,
            _ => return Ok(None),
        }))
    }
}

/// What came for a request.
struct WebResponse {
    fields: PlainObject,
    body: Value,
}

fn answer(response: Response, from: Value, method: &str) -> Value {
    let header = |name: &str| Value::str(response.header(name).unwrap_or_default());
    let fields = vec![
        ("ContentType", header("Content-Type")),
        (
            "ContentLength",
            Value::Long(i64::try_from(response.body.len()).unwrap_or(-1)),
        ),
        ("Method", Value::str(method)),
        ("ResponseUri", from),
        ("Server", header("Server")),
        (
            "StatusCode",
            Value::enum_of("System.Net.HttpStatusCode", response.status.into()),
        ),
        ("StatusDescription", Value::str(&response.reason)),
    ];
    Value::native(WebResponse {
        fields: PlainObject::new("System.Net.HttpWebResponse", fields),
        body: stream::reading(response.body),
    })
}

impl Native for WebResponse {
    fn type_ref(&self) -> TypeRef {
        find_full("System.Net.HttpWebResponse").unwrap_or_else(known::object)
    }

    fn fields(&self) -> Option<&PlainObject> {
        Some(&self.fields)
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("getresponsestream", []) => self.body.clone(),
            ("close" | "dispose", []) => Value::Nothing,
            _ => return Ok(None),
        }))
    }
}
