//! Uri: parsing, parts, escaping and relative references.

use crate::runtime::error::{Fault, R};
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Schemes with the ports they use when none is written.
const PORTS: [(&str, i32); 13] = [
    ("http", 80),
    ("https", 443),
    ("ftp", 21),
    ("ftps", 990),
    ("ws", 80),
    ("wss", 443),
    ("ldap", 389),
    ("telnet", 23),
    ("nntp", 119),
    ("gopher", 70),
    ("mailto", 25),
    ("net.tcp", 808),
    ("ssh", 22),
];

/// The parts of an absolute address.
#[derive(Clone, Default)]
struct Parts {
    scheme: String,
    /// Written behind `//`.
    has_authority: bool,
    user_info: String,
    host: String,
    port: i32,
    path: String,
    query: String,
    fragment: String,
}

/// A Uri, absolute or relative.
#[derive(Clone)]
pub struct Uri {
    original: String,
    parts: Option<Parts>,
}

/// Characters that stand for themselves everywhere.
fn is_unreserved(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.~".contains(c)
}

fn push_escaped(out: &mut String, c: char) {
    let mut buffer = [0; 4];
    for byte in c.encode_utf8(&mut buffer).bytes() {
        out.push_str(&format!("%{byte:02X}"));
    }
}

/// Escapes everything but unreserved characters, `keep`, and escapes that are there.
fn escape(text: &str, keep: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let escaped = c == '%'
            && text
                .get(at + 1..at + 3)
                .is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        if is_unreserved(c) || keep.contains(c) || escaped {
            out.push(c);
        } else {
            push_escaped(&mut out, c);
        }
    }
    out
}

/// `EscapeDataString`
fn escape_data(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unreserved(c) {
            out.push(c);
        } else {
            push_escaped(&mut out, c);
        }
    }
    out
}

/// `UnescapeDataString`; with `display` the escapes that would change the meaning stay.
pub fn unescape(text: &str, display: bool) -> String {
    let bytes = text.as_bytes();
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text.get(at + 1..at + 3);
        let decoded = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[at], decoded) {
            (b'%', Some(byte)) if !(display && stays_escaped(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_string())
}

fn stays_escaped(byte: u8) -> bool {
    byte < 0x20 || byte == 0x7f || b"%/?#[]@!$&'()*+,;=:\\".contains(&byte)
}

const PATH_KEEPS: &str = "!$&'()*+,;=:@/[]";
/// Escapes what may not stand in a path.
pub fn escape_path(text: &str) -> String {
    escape(text, PATH_KEEPS)
}

const QUERY_KEEPS: &str = "!$&'()*+,;=:@/?[]";

fn default_port(scheme: &str) -> i32 {
    PORTS
        .iter()
        .find(|(name, _)| *name == scheme)
        .map_or(-1, |(_, port)| *port)
}

/// The scheme in front of a colon; a single letter is a drive.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    (scheme.len() > 1 && is_scheme(scheme)).then_some((scheme, rest))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// Takes `.` and `..` out of a path.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." => {
                if last {
                    kept.push("");
                }
            }
            ".." => {
                if kept.len() > 1 {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    kept.join("/")
}

impl Parts {
    fn parse(text: &str) -> Result<Option<Parts>, &'static str> {
        let text = text.trim();
        if text.starts_with('/') && !text.starts_with("//") {
            return Ok(Some(Parts::file("", text)));
        }
        let drive = text.as_bytes();
        if let [letter, b':', b'\\' | b'/', ..] = drive
            && letter.is_ascii_alphabetic()
        {
            return Ok(Some(Parts::file(
                "",
                &format!("/{}", text.replace('\\', "/")),
            )));
        }
        if let Some(share) = text.strip_prefix("\\\\") {
            let share = share.replace('\\', "/");
            let (host, path) = share.split_once('/').unwrap_or((&share, ""));
            return Ok(Some(Parts::file(host, &format!("/{path}"))));
        }
        let Some((scheme, rest)) = split_scheme(text) else {
            return Ok(None);
        };
        let scheme = scheme.to_ascii_lowercase();
        let mut parts = Parts {
            port: default_port(&scheme),
            ..Parts::default()
        };
        let (rest, fragment) = match rest.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (rest, None),
        };
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        parts.query = query.map_or(String::new(), |q| format!("?{}", escape(q, QUERY_KEEPS)));
        parts.fragment = fragment.map_or(String::new(), |f| format!("#{}", escape(f, QUERY_KEEPS)));
        let known = default_port(&scheme) != -1 && scheme != "mailto";
        let slashed = match known {
            true => rest.replace('\\', "/"),
            false => rest.to_string(),
        };
        match slashed.strip_prefix("//") {
            Some(behind) => {
                parts.has_authority = true;
                let end = behind.find('/').unwrap_or(behind.len());
                let (authority, path) = behind.split_at(end);
                parts.read_authority(authority, scheme == "file")?;
                let path = match (path.is_empty(), known || scheme == "file") {
                    (true, true) => "/",
                    _ => path,
                };
                parts.path = without_dots(&escape(path, PATH_KEEPS));
            }
            None if known => {
                // A web address without slashes has no host.
                return Err("Invalid URI: The Authority/Host could not be parsed.");
            }
            None => {
                parts.path = escape(&slashed, PATH_KEEPS);
                if scheme == "mailto" {
                    let (user, host) = slashed.rsplit_once('@').unwrap_or(("", &slashed));
                    parts.user_info = user.to_string();
                    parts.host = host.to_ascii_lowercase();
                    parts.path = String::new();
                    parts.has_authority = false;
                }
            }
        }
        parts.scheme = scheme;
        Ok(Some(parts))
    }

    fn file(host: &str, path: &str) -> Parts {
        Parts {
            scheme: "file".to_string(),
            has_authority: true,
            host: host.to_ascii_lowercase(),
            port: -1,
            path: without_dots(&escape(path, PATH_KEEPS)),
            ..Parts::default()
        }
    }

    fn read_authority(&mut self, authority: &str, may_be_empty: bool) -> Result<(), &'static str> {
        let (user, rest) = match authority.rsplit_once('@') {
            Some((user, rest)) => (user, rest),
            None => ("", authority),
        };
        self.user_info = escape(user, "!$&'()*+,;=:");
        let (host, port) = match rest.rfind(':') {
            Some(at) if !rest[at..].contains(']') => (&rest[..at], &rest[at + 1..]),
            _ => (rest, ""),
        };
        if !port.is_empty() {
            match port.parse::<u16>() {
                Ok(port) => self.port = i32::from(port),
                Err(_) => return Err("Invalid URI: Invalid port specified."),
            }
        }
        let fine = host.starts_with('[')
            || host
                .chars()
                .all(|c| c.is_alphanumeric() || "-._~%".contains(c));
        if !fine || (host.is_empty() && !may_be_empty) {
            return Err("Invalid URI: The hostname could not be parsed.");
        }
        self.host = host.to_lowercase();
        Ok(())
    }

    fn authority(&self) -> String {
        match self.port == default_port(&self.scheme) || self.port < 0 {
            true => self.host.clone(),
            false => format!("{}:{}", self.host, self.port),
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{}:", self.scheme);
        if self.has_authority {
            text.push_str("//");
        }
        if !self.user_info.is_empty() {
            text.push_str(&self.user_info);
            text.push('@');
        }
        text.push_str(&self.authority());
        text.push_str(&self.path);
        text.push_str(&self.query);
        text.push_str(&self.fragment);
        text
    }

    /// What a reference means from here.
    fn resolve(&self, reference: &str) -> Result<Parts, &'static str> {
        if split_scheme(reference).is_some()
            && let Some(parts) = Parts::parse(reference)?
        {
            return Ok(parts);
        }
        if reference.starts_with("//") {
            let text = format!("{}:{reference}", self.scheme);
            return Ok(Parts::parse(&text)?.unwrap_or_default());
        }
        let mut parts = self.clone();
        let (rest, fragment) = match reference.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (reference, None),
        };
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        parts.fragment = fragment.map_or(String::new(), |f| format!("#{}", escape(f, QUERY_KEEPS)));
        if path.is_empty() && query.is_none() {
            return Ok(parts);
        }
        parts.query = query.map_or(String::new(), |q| format!("?{}", escape(q, QUERY_KEEPS)));
        if path.is_empty() {
            return Ok(parts);
        }
        let path = escape(path, PATH_KEEPS);
        let whole = if path.starts_with('/') {
            path
        } else {
            let folder = self.path.rfind('/').map_or("/", |at| &self.path[..=at]);
            format!("{folder}{path}")
        };
        parts.path = without_dots(&whole);
        Ok(parts)
    }
}

impl Uri {
    /// The address a text means; a text without scheme is relative.
    pub fn parse(text: &str) -> Result<Uri, &'static str> {
        Ok(Uri {
            original: text.to_string(),
            parts: Parts::parse(text)?,
        })
    }

    /// Whether it names a scheme.
    pub fn is_absolute(&self) -> bool {
        self.parts.is_some()
    }

    /// The escaped text of an absolute address, the original one of a relative.
    fn absolute_text(&self) -> String {
        match &self.parts {
            Some(parts) => parts.text(),
            None => self.original.clone(),
        }
    }

    /// The text for people: escapes that do not matter are undone.
    fn display_text(&self) -> String {
        match &self.parts {
            Some(parts) => unescape(&parts.text(), true),
            None => self.original.clone(),
        }
    }

    fn of(parts: Parts) -> Uri {
        Uri {
            original: parts.text(),
            parts: Some(parts),
        }
    }

    fn relative_to(&self, target: &Uri) -> Uri {
        let (Some(from), Some(to)) = (&self.parts, &target.parts) else {
            return target.clone();
        };
        let same = from.scheme == to.scheme && from.host == to.host && from.port == to.port;
        if !same {
            return target.clone();
        }
        let folder: Vec<&str> = from.path.split('/').collect();
        let folder = &folder[..folder.len().saturating_sub(1)];
        let wanted: Vec<&str> = to.path.split('/').collect();
        let shared = folder
            .iter()
            .zip(&wanted[..wanted.len().saturating_sub(1)])
            .take_while(|(a, b)| a == b)
            .count();
        let mut text = "../".repeat(folder.len() - shared);
        text.push_str(&wanted[shared..].join("/"));
        text.push_str(&to.query);
        text.push_str(&to.fragment);
        Uri {
            original: text,
            parts: None,
        }
    }

    fn left_part(&self, part: i64) -> String {
        let Some(parts) = &self.parts else {
            return self.original.clone();
        };
        let mut text = format!("{}:", parts.scheme);
        if parts.has_authority {
            text.push_str("//");
        }
        if part >= 1 {
            if !parts.user_info.is_empty() {
                text.push_str(&parts.user_info);
                text.push('@');
            }
            text.push_str(&parts.authority());
        }
        if part >= 2 {
            text.push_str(&parts.path);
        }
        if part >= 3 {
            text.push_str(&parts.query);
        }
        text
    }
}

fn bad_uri<T>(message: &str) -> R<T> {
    Err(Fault::dotnet("System.UriFormatException", message).into())
}

const NO_FORMAT: &str = "Invalid URI: The format of the URI could not be determined.";

/// The Uri a value is, if it is one.
fn uri_of(value: Option<&Value>) -> Option<&Uri> {
    value.and_then(|value| value.as_native::<Uri>())
}

fn bits(value: Option<&Value>) -> Option<i64> {
    match value.map(Value::base) {
        Some(Value::Enum(member)) => Some(member.bits),
        _ => None,
    }
}

/// A Uri of a kind: 0 either, 1 absolute, 2 relative.
fn of_kind(text: &str, kind: i64) -> Result<Uri, &'static str> {
    if kind == 2 {
        return match split_scheme(text) {
            Some(_) => Err(
                "A relative URI cannot be created because the 'uriString' parameter represents an absolute URI.",
            ),
            None => Ok(Uri {
                original: text.to_string(),
                parts: None,
            }),
        };
    }
    if text.trim().is_empty() && kind == 1 {
        return Err("Invalid URI: The URI is empty.");
    }
    let uri = Uri::parse(text)?;
    match kind == 1 && !uri.is_absolute() {
        true => Err(NO_FORMAT),
        false => Ok(uri),
    }
}

fn combined(base: &Uri, reference: Option<&Value>) -> Result<Uri, &'static str> {
    let text = match reference.map(Value::base) {
        Some(Value::Str(text)) => text.to_string(),
        other => uri_of(other)
            .map(|uri| uri.original.clone())
            .unwrap_or_default(),
    };
    match &base.parts {
        Some(parts) => Ok(Uri::of(parts.resolve(&text)?)),
        None => Err("This operation is not supported for a relative URI."),
    }
}

/// A new Uri of a text, a text and its kind, or of a base and a reference.
pub fn construct(arguments: &[Value]) -> R<Option<Value>> {
    let made = match uri_of(arguments.first()) {
        Some(base) => combined(base, arguments.get(1)),
        None => {
            let text = arguments
                .first()
                .and_then(Value::as_str)
                .unwrap_or_default();
            of_kind(text, bits(arguments.get(1)).unwrap_or(1))
        }
    };
    match made {
        Ok(uri) => Ok(Some(Value::native(uri))),
        Err(message) => bad_uri(message),
    }
}

/// Static fields; the name is in lower case.
pub fn read_static(name: &str) -> Option<Value> {
    match name {
        "schemedelimiter" => Some(Value::str("://")),
        other => {
            let scheme = other.strip_prefix("urischeme")?;
            Some(Value::str(match scheme {
                "nettcp" => "net.tcp",
                "netpipe" => "net.pipe",
                plain => plain,
            }))
        }
    }
}

/// Static methods; the name is in lower case.
pub fn call_static(name: &str, arguments: &[Value]) -> Option<Value> {
    let text = arguments
        .first()
        .and_then(Value::as_str)
        .unwrap_or_default();
    Some(match name {
        "escapedatastring" => Value::str(escape_data(text)),
        "escapeuristring" => Value::str(escape(text, "!#$&'()*+,/:;=?@[]")),
        "unescapedatastring" => Value::str(unescape(text, false)),
        "hexescape" => match arguments.first().map(Value::base) {
            Some(Value::Char(unit)) => Value::str(format!("%{unit:02X}")),
            _ => return None,
        },
        "fromhex" => match arguments.first().map(Value::base) {
            Some(Value::Char(unit)) => {
                let digit = char::from_u32(u32::from(*unit))?;
                Value::Int(digit.to_digit(16)? as i32)
            }
            _ => return None,
        },
        "ishexencoding" => {
            let at = match arguments.get(1).map(Value::base) {
                Some(Value::Int(at)) => usize::try_from(*at).ok()?,
                _ => return None,
            };
            let part = text.get(at..at.checked_add(3)?);
            Value::Bool(part.is_some_and(|part| {
                part.strip_prefix('%')
                    .is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
            }))
        }
        "checkschemename" => Value::Bool(is_scheme(text)),
        "checkhostname" => Value::enum_of("System.UriHostNameType", host_kind(text)),
        "ishexdigit" => Value::Bool(match arguments.first().map(Value::base) {
            Some(Value::Char(unit)) => {
                char::from_u32(u32::from(*unit)).is_some_and(|c| c.is_ascii_hexdigit())
            }
            _ => false,
        }),
        "iswellformeduristring" => {
            let kind = bits(arguments.get(1)).unwrap_or(1);
            let fine = of_kind(text, kind).is_ok_and(|uri| {
                !text.contains('\\')
                    && (!uri.is_absolute() || escape(text, "!#$&'()*+,/:;=?@[]") == text)
            });
            Value::Bool(fine && !text.contains(' '))
        }
        "trycreate" => {
            let made = match uri_of(arguments.first()) {
                Some(base) => combined(base, arguments.get(1)),
                None => of_kind(text, bits(arguments.get(1)).unwrap_or(1)),
            };
            let success = made.is_ok();
            if let Some(Value::Ref(result)) = arguments.last().map(Value::base) {
                result.set(made.map_or(Value::Null, Value::native));
            }
            Value::Bool(success)
        }
        _ => return None,
    })
}

/// UriHostNameType of a host.
fn host_kind(host: &str) -> i64 {
    let plain = host.trim_matches(['[', ']']);
    if host.is_empty() {
        0
    } else if host.parse::<Ipv4Addr>().is_ok() {
        3
    } else if plain.parse::<Ipv6Addr>().is_ok() {
        4
    } else if host
        .chars()
        .all(|c| c.is_alphanumeric() || "-._".contains(c))
    {
        2
    } else {
        0
    }
}

impl Native for Uri {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Uri")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.display_text())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "AbsolutePath",
            "AbsoluteUri",
            "LocalPath",
            "Authority",
            "HostNameType",
            "IsDefaultPort",
            "IsFile",
            "IsLoopback",
            "PathAndQuery",
            "Segments",
            "IsUnc",
            "Host",
            "Port",
            "Query",
            "Fragment",
            "Scheme",
            "OriginalString",
            "DnsSafeHost",
            "IdnHost",
            "IsAbsoluteUri",
            "UserEscaped",
            "UserInfo",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let lower = name.to_ascii_lowercase();
        match lower.as_str() {
            "originalstring" => return Ok(Some(Value::str(self.original.as_str()))),
            "isabsoluteuri" => return Ok(Some(Value::Bool(self.is_absolute()))),
            "userescaped" => return Ok(Some(Value::Bool(false))),
            _ => {}
        }
        let Some(parts) = &self.parts else {
            let known = self
                .properties()
                .iter()
                .any(|p| p.eq_ignore_ascii_case(name));
            return Ok(known.then_some(Value::Null));
        };
        let local = || match parts.scheme.as_str() {
            "file" => {
                let path = unescape(&parts.path, false);
                match path.as_bytes() {
                    [b'/', letter, b':', ..] if letter.is_ascii_alphabetic() => {
                        path[1..].replace('/', "\\")
                    }
                    _ if !parts.host.is_empty() => {
                        format!("\\\\{}{}", parts.host, path.replace('/', "\\"))
                    }
                    _ => path,
                }
            }
            _ => unescape(&parts.path, false),
        };
        let host = parts.host.as_str();
        Ok(Some(match lower.as_str() {
            "absoluteuri" => Value::str(parts.text()),
            "absolutepath" => Value::str(parts.path.as_str()),
            "localpath" => Value::str(local()),
            "authority" => Value::str(parts.authority()),
            "hostnametype" => Value::enum_of(
                "System.UriHostNameType",
                if host.is_empty() { 1 } else { host_kind(host) },
            ),
            "isdefaultport" => Value::Bool(parts.port == default_port(&parts.scheme)),
            "isfile" => Value::Bool(parts.scheme == "file"),
            "isunc" => Value::Bool(parts.scheme == "file" && !host.is_empty()),
            "isloopback" => Value::Bool(
                matches!(host, "localhost" | "loopback" | "[::1]")
                    || host.parse::<Ipv4Addr>().is_ok_and(|a| a.is_loopback())
                    || (parts.scheme == "file" && host.is_empty()),
            ),
            "pathandquery" => Value::str(format!("{}{}", parts.path, parts.query)),
            "segments" => {
                let segments = parts.path.split_inclusive('/').map(str::to_string);
                Value::strings(segments)
            }
            "host" => Value::str(host),
            "dnssafehost" | "idnhost" => Value::str(host.trim_matches(['[', ']'])),
            "port" => Value::Int(parts.port),
            "query" => Value::str(parts.query.as_str()),
            "fragment" => Value::str(parts.fragment.as_str()),
            "scheme" => Value::str(parts.scheme.as_str()),
            "userinfo" => Value::str(parts.user_info.as_str()),
            _ => return Ok(None),
        }))
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "tostring" => Some(Value::str(self.display_text())),
            "getleftpart" => Some(Value::str(
                self.left_part(bits(arguments.first()).unwrap_or(3)),
            )),
            "makerelativeuri" => {
                uri_of(arguments.first()).map(|to| Value::native(self.relative_to(to)))
            }
            "isbaseof" => uri_of(arguments.first()).map(|other| {
                let folder = match &self.parts {
                    Some(parts) => {
                        let text = parts.text();
                        text.rfind('/')
                            .map_or(text.clone(), |at| text[..=at].to_string())
                    }
                    None => return Value::Bool(false),
                };
                Value::Bool(other.absolute_text().starts_with(&folder))
            }),
            "iswellformedoriginalstring" => Some(Value::Bool(
                escape(&self.original, "!#$&'()*+,/:;=?@[]") == self.original,
            )),
            _ => None,
        })
    }

    fn key_text(&self) -> Option<String> {
        // The fragment does not count, nor does the letter case of scheme and host.
        Some(match &self.parts {
            Some(parts) => {
                let text = parts.text();
                text[..text.len() - parts.fragment.len()].to_string()
            }
            None => self.original.clone(),
        })
    }
}
