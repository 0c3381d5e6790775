//! `System.Net.IPEndPoint`, `System.Net.Dns` and PhysicalAddress.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{
    TypeRef, collections::array, failures, net::ip_address, plain_object, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::Cell;
use std::net::{IpAddr, Ipv4Addr};

/// An address with a port.
struct IpEndPoint {
    address: Cell<IpAddr>,
    port: Cell<i32>,
}

/// The address of a network card.
struct PhysicalAddress(Vec<u8>);

fn end_point(address: IpAddr, port: i32) -> Value {
    Value::native(IpEndPoint {
        address: Cell::new(address),
        port: Cell::new(port),
    })
}

/// The address and port of a text such as `10.0.0.1:80` or `[::1]:80`.
fn parse_end_point(text: &str) -> Option<Value> {
    if let Some(address) = ip_address::parse(text).filter(|_| !text.contains("]:")) {
        return Some(end_point(address, 0));
    }
    let (address, port) = text.rsplit_once(':')?;
    let port: u16 = port.parse().ok()?;
    Some(end_point(ip_address::parse(address)?, i32::from(port)))
}

/// The bytes of a text such as `00-11-22-33-44-55`, `00:11:…` or `001122334455`.
fn parse_physical(text: &str) -> Option<Value> {
    let plain: String = text.chars().filter(|c| !"-:.".contains(*c)).collect();
    let is_right = plain.len().is_multiple_of(2) && plain.chars().all(|c| c.is_ascii_hexdigit());
    if !is_right {
        return None;
    }
    let bytes = plain.as_bytes().chunks(2).filter_map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    Some(Value::native(PhysicalAddress(bytes.collect())))
}

/// A constructor.
pub fn construct(vm: &mut Vm, type_name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match (type_name, arguments) {
        ("System.Net.IPEndPoint", [address, port]) => {
            let port = vm.to_int(port)?;
            if !(0..=65535).contains(&port) {
                return failures::out_of_range(
                    "Specified argument was out of the range of valid values.",
                    "port",
                );
            }
            let address = address.as_native::<IpAddr>().copied();
            Ok(address.map(|address| end_point(address, port)))
        }
        ("System.Net.NetworkInformation.PhysicalAddress", [bytes]) => {
            Ok(Some(Value::native(PhysicalAddress(array::as_bytes(bytes)))))
        }
        _ => Ok(None),
    }
}

fn addresses(vm: &mut Vm, name: &str) -> R<Vec<IpAddr>> {
    if let Some(address) = ip_address::parse(name) {
        return Ok(vec![address]);
    }
    let own = vm.machine_name();
    if name.is_empty() || name.eq_ignore_ascii_case("localhost") || name.eq_ignore_ascii_case(&own)
    {
        return Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]);
    }
    unknown_host()
}

fn unknown_host<T>() -> R<T> {
    failures::fail(
        "System.Net.Sockets.SocketException",
        "Name or service not known",
    )
}

/// A static method.
pub fn call_static(
    vm: &mut Vm,
    type_name: &str,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    let text = match arguments.first() {
        Some(first) if !first.is_null() => vm.to_text(first)?,
        _ => String::new(),
    };
    let (parsed, message) = match type_name {
        "System.Net.IPEndPoint" => (
            parse_end_point(&text),
            "An invalid IPEndPoint was specified.".to_owned(),
        ),
        "System.Net.NetworkInformation.PhysicalAddress" => (
            parse_physical(&text),
            format!("An invalid physical address was specified: '{text}'."),
        ),
        _ => (None, String::new()),
    };
    Ok(Some(match (type_name, name) {
        ("System.Net.Dns", "gethostname") => Value::str(vm.machine_name()),
        (
            "System.Net.Dns",
            "gethostaddresses" | "gethostbyaddress" | "gethostbyname" | "gethostentry" | "resolve",
        ) => {
            let given = ip_address::parse(&text);
            if name == "gethostbyaddress" && given.is_none() {
                return failures::format("An invalid IP address was specified.");
            }
            let list = addresses(vm, &text)?;
            let list: Vec<Value> = list.into_iter().map(ip_address::value).collect();
            let element = type_named("System.Net.IPAddress");
            let list = array::of(&element, list);
            if name == "gethostaddresses" {
                return Ok(Some(list));
            }
            let host = match given {
                None if text.is_empty() => vm.machine_name(),
                None => text,
                // Only the other three ask for the name of an address.
                Some(address) if name == "gethostbyname" => address.to_string(),
                Some(address) if address.is_loopback() => "localhost".to_owned(),
                Some(address) if name == "resolve" => address.to_string(),
                Some(_) => return unknown_host(),
            };
            plain_object::PlainObject::new(
                "System.Net.IPHostEntry",
                vec![
                    ("HostName", Value::str(host)),
                    ("Aliases", Value::strings(Vec::<String>::new())),
                    ("AddressList", list),
                ],
            )
            .value()
        }
        (_, "parse") => match parsed {
            Some(value) => value,
            None => return failures::format(message),
        },
        (_, "tryparse") => {
            let found = parsed.is_some();
            if let Some(Value::Ref(place)) = arguments.last() {
                place.set(parsed.unwrap_or_default());
            }
            Value::Bool(found)
        }
        _ => return Ok(None),
    }))
}

impl Native for IpEndPoint {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Net.IPEndPoint")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        let port = self.port.get();
        Ok(match self.address.get() {
            IpAddr::V4(address) => format!("{address}:{port}"),
            IpAddr::V6(address) => format!("[{address}]:{port}"),
        })
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["AddressFamily", "Address", "Port"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "address" => ip_address::value(self.address.get()),
            "port" => Value::Int(self.port.get()),
            "addressfamily" => Value::enum_of(
                "System.Net.Sockets.AddressFamily",
                if self.address.get().is_ipv4() { 2 } else { 23 },
            ),
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "port" => self.port.set(vm.to_int(&value)?),
            "address" => {
                if let Some(address) = value.as_native::<IpAddr>() {
                    self.address.set(*address);
                }
            }
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        match name {
            "tostring" => Ok(Some(Value::str(self.to_text(vm)?))),
            _ => Ok(None),
        }
    }

    fn key_text(&self) -> Option<String> {
        Some(format!("{} {}", self.address.get(), self.port.get()))
    }
}

impl Native for PhysicalAddress {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Net.NetworkInformation.PhysicalAddress")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.0.iter().map(|byte| format!("{byte:02X}")).collect())
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        match name {
            "getaddressbytes" => Ok(Some(array::bytes(&self.0))),
            "tostring" => Ok(Some(Value::str(self.to_text(vm)?))),
            _ => Ok(None),
        }
    }

    fn key_text(&self) -> Option<String> {
        Some(format!("{:?}", self.0))
    }
}
