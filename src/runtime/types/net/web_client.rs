//! What scripts ask web servers with: a request for a Uri, and WebClient.

use crate::host::http::{Failure, Request, Response};
use crate::runtime::error::{Exception, Fault, R};
use crate::runtime::native::Native;
use crate::runtime::types::{
    TypeRef, failures, find_full, net::uri, plain_object::PlainObject, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A request without headers for an absolute Uri.
pub fn request_for(vm: &mut Vm, method: &str, uri: &Value) -> R<Request> {
    let text = |vm: &mut Vm, name: &str| -> R<String> {
        let value = vm.get_member(uri, name)?.unwrap_or_default();
        vm.to_text(&value)
    };
    Ok(Request {
        method: method.to_string(),
        host: text(vm, "DnsSafeHost")?,
        port: text(vm, "Port")?.parse().unwrap_or(80),
        secure: text(vm, "Scheme")?.eq_ignore_ascii_case("https"),
        target: text(vm, "PathAndQuery")?,
        ..Request::default()
    })
}

/// The Uri of a text, which may stand relative to another.
pub fn uri_of(text: &str, base: Option<&Value>) -> R<Value> {
    let arguments: Vec<Value> = base
        .cloned()
        .into_iter()
        .chain([Value::str(text)])
        .collect();
    Ok(uri::construct(&arguments)?.unwrap_or_default())
}

/// Sends a request on to where the answers point, so many times.
pub fn follow(vm: &mut Vm, mut request: Request, from: &Value, most: usize) -> R<Answer> {
    let mut uri = from.clone();
    let mut left = most;
    loop {
        let response = match vm.host.ask(&request) {
            Ok(response) => response,
            Err(failure) => return Ok(Err(describe(&request, failure))),
        };
        let next = match response.status {
            301 | 302 | 303 | 307 | 308 if left > 0 => response.header("Location"),
            _ => None,
        };
        let Some(next) = next else {
            return Ok(Ok((response, uri)));
        };
        left -= 1;
        uri = uri_of(next, Some(&uri))?;
        let onward = request_for(vm, &request.method, &uri)?;
        // A form that was sent is answered by a page to read.
        let reads = matches!(response.status, 301..=303) && request.method == "POST";
        request = Request {
            method: if reads { "GET".into() } else { request.method },
            body: request.body.filter(|_| !reads),
            headers: request.headers,
            limit: request.limit,
            ..onward
        };
    }
}

/// What came and from where, or the exception that tells why nothing did.
pub type Answer = Result<(Response, Value), Exception>;

const REQUEST_FAILED: &str = "System.Net.Http.HttpRequestException";

fn describe(request: &Request, failure: Failure) -> Exception {
    let place = format!("{}:{}", request.host, request.port);
    match failure {
        Failure::NoConnection(words) => {
            let inner = Exception::of("System.Net.Sockets.SocketException", words.as_str());
            Exception::of(REQUEST_FAILED, format!("{words} ({place})")).with_inner(inner.value())
        }
        Failure::Late => {
            let seconds = request.limit.unwrap_or_default().as_secs_f64();
            Exception::of(
                "System.Threading.Tasks.TaskCanceledException",
                format!(
                    "The request was canceled due to the configured HttpClient.Timeout of {seconds} seconds elapsing."
                ),
            )
        }
        Failure::Secure => {
            let inner = Exception::of(
                "System.Security.Authentication.AuthenticationException",
                "This shell makes no TLS connections.",
            );
            Exception::of(
                REQUEST_FAILED,
                "The SSL connection could not be established, see inner exception.",
            )
            .with_inner(inner.value())
        }
        Failure::Broken(words) => {
            let inner = Exception::of("System.Net.Http.HttpIOException", words);
            Exception::of(
                REQUEST_FAILED,
                "An error occurred while sending the request.",
            )
            .with_inner(inner.value())
        }
    }
}

/// The text of an answer, by the character set it names.
pub fn text_of(response: &Response) -> String {
    let kind = response.header("Content-Type").unwrap_or_default();
    let label = kind
        .split(';')
        .filter_map(|part| part.trim().strip_prefix("charset="))
        .map(|label| label.trim_matches('"'))
        .next();
    let encoding = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    let encoding = encoding.unwrap_or(encoding_rs::UTF_8);
    encoding.decode(&response.body).0.into_owned()
}

/// `System.Net.WebClient`
struct WebClient(PlainObject);

/// A new WebClient.
pub fn construct(vm: &mut Vm) -> R<Value> {
    let headers = match find_full("System.Collections.Specialized.NameValueCollection") {
        Some(type_ref) => vm.construct(&type_ref, Vec::new())?,
        None => Value::Null,
    };
    let fields = vec![
        ("AllowReadStreamBuffering", Value::Bool(false)),
        ("AllowWriteStreamBuffering", Value::Bool(false)),
        (
            "Encoding",
            crate::runtime::types::text::text_encoding::read_static("utf8").unwrap_or_default(),
        ),
        ("BaseAddress", Value::str("")),
        ("Credentials", Value::Null),
        ("UseDefaultCredentials", Value::Bool(false)),
        ("Headers", headers),
        ("QueryString", Value::Null),
        ("ResponseHeaders", Value::Null),
        ("Proxy", Value::Null),
        ("CachePolicy", Value::Null),
        ("IsBusy", Value::Bool(false)),
    ];
    let client = PlainObject::new("System.Net.WebClient", fields).writable();
    Ok(Value::native(WebClient(client)))
}

pub(in crate::runtime::types) fn failed<T>(message: String, inner: Exception) -> R<T> {
    let fault = Fault::dotnet("System.Net.WebException", message);
    Err(fault.inner(inner).into())
}

impl WebClient {
    fn ask(
        &self,
        vm: &mut Vm,
        method: &str,
        address: &Value,
        body: Option<Vec<u8>>,
    ) -> R<Response> {
        let text = vm.to_text(address)?;
        let base = self.0.field("BaseAddress").unwrap_or_default();
        let base = vm.to_text(&base)?;
        let base = match base.is_empty() {
            true => None,
            false => Some(uri_of(&base, None)?),
        };
        let uri = match uri_of(&text, base.as_ref()) {
            Ok(uri) if !uri.is_null() => uri,
            // What is no address is a file.
            _ => return self.file(vm, &text),
        };
        let scheme = vm.get_member(&uri, "Scheme")?.unwrap_or_default();
        if vm.to_text(&scheme)? == "file" {
            let path = vm.get_member(&uri, "LocalPath")?.unwrap_or_default();
            let path = vm.to_text(&path)?;
            return self.file(vm, &path);
        }
        let mut request = request_for(vm, method, &uri)?;
        let headers = self.0.field("Headers").unwrap_or_default();
        for key in vm.enumerate(&headers)?.unwrap_or_default() {
            let value = vm.invoke_method(&headers, "Get", vec![key.clone()])?;
            let header = (vm.to_text(&key)?, vm.to_text(&value)?);
            request.headers.push(header);
        }
        request.body = body;
        let response = match follow(vm, request, &uri, 50)? {
            Ok((response, _)) => response,
            Err(exception) => {
                let message = exception.message.borrow().to_string();
                return failed(message, exception);
            }
        };
        if response.status >= 400 {
            let message = format!(
                "The remote server returned an error: ({}) {}.",
                response.status, response.reason
            );
            return failures::fail("System.Net.WebException", message);
        }
        Ok(response)
    }

    fn file(&self, vm: &mut Vm, path: &str) -> R<Response> {
        let path = vm.file_path(path);
        match std::fs::read(&path) {
            Ok(body) => Ok(Response {
                body,
                ..Response::default()
            }),
            Err(_) => {
                let message = format!("Could not find file '{}'.", path.display());
                let inner = Exception::of("System.IO.FileNotFoundException", message.as_str());
                failed(message, inner)
            }
        }
    }
}

impl Native for WebClient {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Net.WebClient")
    }

    fn fields(&self) -> Option<&PlainObject> {
        Some(&self.0)
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("downloadstring", [address]) => {
                let response = self.ask(vm, "GET", address, None)?;
                Value::str(text_of(&response))
            }
            ("downloaddata", [address]) => {
                let response = self.ask(vm, "GET", address, None)?;
                crate::runtime::types::collections::array::bytes(&response.body)
            }
            ("downloadfile", [address, file]) => {
                let response = self.ask(vm, "GET", address, None)?;
                let file = vm.to_text(file)?;
                let path = vm.file_path(&file);
                if let Err(error) = std::fs::write(&path, &response.body) {
                    return failures::io(&error, &path.to_string_lossy());
                }
                Value::Nothing
            }
            ("uploadstring", [address, data]) => {
                let data = vm.to_text(data)?.into_bytes();
                let response = self.ask(vm, "POST", address, Some(data))?;
                Value::str(text_of(&response))
            }
            ("uploadstring", [address, method, data]) => {
                let data = vm.to_text(data)?.into_bytes();
                let method = vm.to_text(method)?;
                let response = self.ask(vm, &method, address, Some(data))?;
                Value::str(text_of(&response))
            }
            ("dispose" | "cancelasync", []) => Value::Nothing,
            _ => return Ok(None),
        }))
    }
}
