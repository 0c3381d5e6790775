//! `System.UriBuilder`

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, failures, find_full, known, net::uri, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;

#[derive(Clone)]
struct Parts {
    scheme: String,
    user: String,
    password: String,
    host: String,
    port: i32,
    path: String,
    query: String,
    fragment: String,
}

/// An address in the making.
pub struct UriBuilder(RefCell<Parts>);

impl Default for Parts {
    fn default() -> Parts {
        Parts {
            scheme: "http".into(),
            user: String::new(),
            password: String::new(),
            host: "localhost".into(),
            port: -1,
            path: "/".into(),
            query: String::new(),
            fragment: String::new(),
        }
    }
}

/// A new Uri object.
fn uri_object(text: &str) -> R<Value> {
    Ok(uri::construct(&[Value::str(text)])?.unwrap_or_default())
}

/// The text of one of a Uri's properties.
fn part(vm: &mut Vm, uri: &Value, name: &str) -> R<String> {
    let value = vm.read_property(uri, name)?;
    vm.to_text(&value)
}

fn with_mark(text: &str, mark: char) -> String {
    if text.is_empty() || text.starts_with(mark) {
        text.to_owned()
    } else {
        format!("{mark}{text}")
    }
}

fn path_text(text: &str) -> String {
    if text.is_empty() {
        return "/".into();
    }
    uri::escape_path(&text.replace('\\', "/"))
}

fn checked_port(port: i32) -> R<i32> {
    if (-1..=65535).contains(&port) {
        return Ok(port);
    }
    failures::out_of_range(
        "Specified argument was out of the range of valid values.",
        "value",
    )
}

impl Parts {
    fn of_uri(vm: &mut Vm, uri: &Value) -> R<Parts> {
        let user_info = part(vm, uri, "UserInfo")?;
        let (user, password) = match user_info.split_once(':') {
            Some((user, password)) => (user.to_owned(), password.to_owned()),
            None => (user_info, String::new()),
        };
        let port = vm.read_property(uri, "Port")?;
        Ok(Parts {
            scheme: part(vm, uri, "Scheme")?,
            user,
            password,
            host: part(vm, uri, "Host")?,
            port: vm.to_int(&port)?,
            path: part(vm, uri, "AbsolutePath")?,
            query: part(vm, uri, "Query")?,
            fragment: part(vm, uri, "Fragment")?,
        })
    }

    fn text(&self) -> R<String> {
        if self.user.is_empty() && !self.password.is_empty() {
            return failures::fail(
                "System.UriFormatException",
                "Invalid URI: The username:password construct is badly formed.",
            );
        }
        let mut out = String::new();
        if !self.scheme.is_empty() {
            out.push_str(&self.scheme);
            let rootless = matches!(self.scheme.as_str(), "mailto" | "news" | "urn");
            out.push_str(if rootless { ":" } else { "://" });
        }
        if !self.user.is_empty() {
            out.push_str(&self.user);
            if !self.password.is_empty() {
                out.push(':');
                out.push_str(&self.password);
            }
            out.push('@');
        }
        out.push_str(&self.host);
        if self.port != -1 && !self.host.is_empty() {
            out.push_str(&format!(":{}", self.port));
        }
        if !self.host.is_empty() && !self.path.is_empty() && !self.path.starts_with('/') {
            out.push('/');
        }
        out.push_str(&self.path);
        out.push_str(&self.query);
        out.push_str(&self.fragment);
        Ok(out)
    }

    fn set_host(&mut self, host: &str) {
        self.host = if host.contains(':') && !host.starts_with('[') {
            format!("[{host}]")
        } else {
            host.to_owned()
        };
    }

    fn set_scheme(&mut self, scheme: &str) -> R<()> {
        let scheme = scheme.split(':').next().unwrap_or("");
        let mut letters = scheme.chars();
        let is_right = match letters.next() {
            None => true,
            Some(first) => {
                first.is_ascii_alphabetic()
                    && letters.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
            }
        };
        if !is_right {
            return failures::argument("Invalid URI: The URI scheme is not valid.", "value");
        }
        self.scheme = scheme.to_ascii_lowercase();
        Ok(())
    }
}

/// A constructor.
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let mut parts = Parts::default();
    match arguments {
        [] => {}
        [Value::Str(text)] => {
            let given = vm.convert(
                &Value::Str(text.clone()),
                &find_full("System.Uri").unwrap_or_else(known::string),
            )?;
            let absolute = vm.read_property(&given, "IsAbsoluteUri")?;
            let given = if matches!(absolute, Value::Bool(true)) {
                given
            } else {
                uri_object(&format!("http://{}", text.as_str()))?
            };
            parts = Parts::of_uri(vm, &given)?;
        }
        [Value::Null] => return failures::argument_null("uri"),
        [given] => parts = Parts::of_uri(vm, given)?,
        [scheme, host, rest @ ..] => {
            let scheme = vm.to_text(scheme)?;
            parts.set_scheme(&scheme)?;
            let host = vm.to_text(host)?;
            parts.set_host(&host);
            if let Some(port) = rest.first() {
                parts.port = checked_port(vm.to_int(port)?)?;
            }
            if let Some(path) = rest.get(1) {
                parts.path = path_text(&vm.to_text(path)?);
            }
            if let Some(extra) = rest.get(2) {
                let extra = vm.to_text(extra)?;
                let at = extra.find('#').unwrap_or(extra.len());
                if !extra.is_empty() && !extra.starts_with(['?', '#']) {
                    return failures::argument("Extra portion of URI not valid.", "extraValue");
                }
                let (query, fragment) = extra.split_at(at);
                parts.query = query.to_owned();
                parts.fragment = fragment.to_owned();
            }
        }
    }
    Ok(Some(Value::native(UriBuilder(RefCell::new(parts)))))
}

impl Native for UriBuilder {
    fn type_ref(&self) -> TypeRef {
        type_named("System.UriBuilder")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        self.0.borrow().text()
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Scheme", "UserName", "Password", "Host", "Port", "Path", "Query", "Fragment", "Uri",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let parts = self.0.borrow();
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "scheme" => Value::str(parts.scheme.as_str()),
            "username" => Value::str(parts.user.as_str()),
            "password" => Value::str(parts.password.as_str()),
            "host" => Value::str(parts.host.as_str()),
            "port" => Value::Int(parts.port),
            "path" => Value::str(parts.path.as_str()),
            "query" => Value::str(parts.query.as_str()),
            "fragment" => Value::str(parts.fragment.as_str()),
            "uri" => uri_object(&parts.text()?)?,
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        let lower = name.to_ascii_lowercase();
        if lower == "port" {
            self.0.borrow_mut().port = checked_port(vm.to_int(&value)?)?;
            return Ok(Some(true));
        }
        let text = if value.is_null() {
            String::new()
        } else {
            vm.to_text(&value)?
        };
        let mut parts = self.0.borrow_mut();
        match lower.as_str() {
            "scheme" => parts.set_scheme(&text)?,
            "username" => parts.user = text,
            "password" => parts.password = text,
            "host" => parts.set_host(&text),
            "path" => parts.path = path_text(&text),
            "query" => parts.query = with_mark(&text, '?'),
            "fragment" => parts.fragment = with_mark(&text, '#'),
            "uri" => return Ok(Some(false)),
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match (name, arguments) {
            ("tostring", []) => Ok(Some(Value::str(self.to_text(vm)?))),
            ("equals", [other]) => {
                let same = match other.as_native::<UriBuilder>() {
                    Some(other) => other.0.borrow().text()? == self.0.borrow().text()?,
                    None => false,
                };
                Ok(Some(Value::Bool(same)))
            }
            _ => Ok(None),
        }
    }
}
