//! IPAddress.

use crate::runtime::collection::Array;
use crate::runtime::error::{Fault, R};
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;

/// An address as an object.
pub fn value(address: IpAddr) -> Value {
    Value::native(address)
}

/// The address a text means: dotted numbers (also fewer than four, octal or hexadecimal) or IPv6.
pub fn parse(text: &str) -> Option<IpAddr> {
    let plain = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    let plain = plain.unwrap_or(text);
    let plain = plain.split('%').next().unwrap_or(plain);
    if plain.contains(':') {
        return plain.parse::<Ipv6Addr>().ok().map(IpAddr::V6);
    }
    let parts: Vec<&str> = plain.split('.').collect();
    if parts.len() > 4 {
        return None;
    }
    let mut numbers = Vec::with_capacity(parts.len());
    for part in &parts {
        numbers.push(number(part)?);
    }
    let (last, leading) = numbers.split_last()?;
    let room = 8 * (4 - leading.len() as u32);
    if leading.iter().any(|n| *n > 255) || u64::from(*last) >= 1u64 << room {
        return None;
    }
    let mut bits = *last;
    for (at, n) in leading.iter().enumerate() {
        bits |= n << (24 - 8 * at as u32);
    }
    Some(IpAddr::V4(Ipv4Addr::from(bits)))
}

fn number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        Some(hex) => (hex, 16),
        None if text.len() > 1 && text.starts_with('0') => (&text[1..], 8),
        None => (text, 10),
    };
    let clean = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    clean
        .then(|| u32::from_str_radix(digits, radix).ok())
        .flatten()
}

fn bad_address<T>() -> R<T> {
    Err(Fault::dotnet(
        "System.FormatException",
        "An invalid IP address was specified.",
    )
    .into())
}

/// A new address of 4 or 16 bytes or of a number in network order.
pub fn construct(arguments: &[Value]) -> R<Option<Value>> {
    match arguments.first().map(Value::base) {
        Some(Value::Array(array)) => {
            let bytes: Option<Vec<u8>> = array
                .items
                .borrow()
                .iter()
                .map(|item| match item.base() {
                    Value::Byte(byte) => Some(*byte),
                    _ => None,
                })
                .collect();
            let bytes = bytes.unwrap_or_default();
            if let Ok(four) = <[u8; 4]>::try_from(bytes.as_slice()) {
                return Ok(Some(value(IpAddr::from(four))));
            }
            if let Ok(sixteen) = <[u8; 16]>::try_from(bytes.as_slice()) {
                return Ok(Some(value(IpAddr::from(sixteen))));
            }
            Err(Fault::dotnet(
                "System.ArgumentException",
                "An invalid IP address was specified. (Parameter 'address')",
            )
            .into())
        }
        Some(Value::Long(bits)) => match u32::try_from(*bits) {
            Ok(bits) => Ok(Some(value(IpAddr::from(bits.to_le_bytes())))),
            Err(_) => Err(Fault::dotnet(
                "System.ArgumentOutOfRangeException",
                "Specified argument was out of the range of valid values. (Parameter 'newAddress')",
            )
            .into()),
        },
        _ => Ok(None),
    }
}

/// Static fields; the name is in lower case.
pub fn read_static(name: &str) -> Option<Value> {
    Some(value(match name {
        "any" => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        "broadcast" | "none" => IpAddr::V4(Ipv4Addr::BROADCAST),
        "loopback" => IpAddr::V4(Ipv4Addr::LOCALHOST),
        "ipv6any" | "ipv6none" => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        "ipv6loopback" => IpAddr::V6(Ipv6Addr::LOCALHOST),
        _ => return None,
    }))
}

/// Static methods; the name is in lower case.
pub fn call_static(name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let first = arguments.first();
    let text = first.and_then(Value::as_str).unwrap_or_default();
    Ok(match name {
        "parse" => match parse(text) {
            Some(address) => Some(value(address)),
            None => return bad_address(),
        },
        "tryparse" => {
            let found = parse(text);
            if let Some(Value::Ref(result)) = arguments.last().map(Value::base) {
                result.set(found.map_or(Value::Null, value));
            }
            Some(Value::Bool(found.is_some()))
        }
        "isloopback" => first
            .and_then(|a| a.as_native::<IpAddr>())
            .map(|a| Value::Bool(a.is_loopback())),
        "hosttonetworkorder" | "networktohostorder" => match first.map(Value::base) {
            Some(Value::Short(n)) => Some(Value::Short(n.swap_bytes())),
            Some(Value::Int(n)) => Some(Value::Int(n.swap_bytes())),
            Some(Value::Long(n)) => Some(Value::Long(n.swap_bytes())),
            _ => None,
        },
        _ => None,
    })
}

fn octets(address: &IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(four) => four.octets().to_vec(),
        IpAddr::V6(six) => six.octets().to_vec(),
    }
}

impl Native for IpAddr {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Net.IPAddress")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.to_string())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "AddressFamily",
            "ScopeId",
            "IsIPv6Multicast",
            "IsIPv6LinkLocal",
            "IsIPv6SiteLocal",
            "IsIPv6Teredo",
            "IsIPv6UniqueLocal",
            "IsIPv4MappedToIPv6",
            "Address",
            "IPAddressToString",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let six = match self {
            IpAddr::V6(six) => Some(six),
            IpAddr::V4(_) => None,
        };
        let begins = |mask: u16, wanted: u16| {
            Value::Bool(six.is_some_and(|six| six.segments()[0] & mask == wanted))
        };
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "addressfamily" => Value::enum_of(
                "System.Net.Sockets.AddressFamily",
                if six.is_some() { 23 } else { 2 },
            ),
            "scopeid" => six.map_or(Value::Null, |_| Value::Long(0)),
            "isipv6multicast" => begins(0xff00, 0xff00),
            "isipv6linklocal" => begins(0xffc0, 0xfe80),
            "isipv6sitelocal" => begins(0xffc0, 0xfec0),
            "isipv6uniquelocal" => begins(0xfe00, 0xfc00),
            "isipv6teredo" => Value::Bool(
                six.is_some_and(|six| six.segments()[0] == 0x2001 && six.segments()[1] == 0),
            ),
            "isipv4mappedtoipv6" => {
                Value::Bool(six.is_some_and(|six| six.to_ipv4_mapped().is_some()))
            }
            "address" => match self {
                IpAddr::V4(four) => Value::Long(i64::from(u32::from_le_bytes(four.octets()))),
                IpAddr::V6(_) => Value::Null,
            },
            "ipaddresstostring" => Value::str(self.to_string()),
            _ => return Ok(None),
        }))
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "tostring" => Some(Value::str(self.to_string())),
            "getaddressbytes" => {
                let bytes = octets(self).into_iter().map(Value::Byte).collect();
                Some(Value::Array(Rc::new(Array::typed(known::byte(), bytes))))
            }
            "maptoipv6" => Some(value(match self {
                IpAddr::V4(four) => IpAddr::V6(four.to_ipv6_mapped()),
                six => *six,
            })),
            "maptoipv4" => Some(value(match self {
                IpAddr::V6(six) => {
                    let last = six.octets();
                    IpAddr::from([last[12], last[13], last[14], last[15]])
                }
                four => *four,
            })),
            _ => None,
        })
    }

    fn key_text(&self) -> Option<String> {
        Some(self.to_string())
    }
}
