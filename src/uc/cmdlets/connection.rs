//! Test-Connection: the computers of the deployment answer; other names are looked up and asked.

use super::answer::texts;
use super::remoting::is_known;
use crate::cmdlet::registry::Factory;
use crate::host::http::resolve;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Exception, Fault, R};
use crate::runtime::types::net::socket::ping;
use crate::runtime::types::{net::ip_address, plain_object::PlainObject};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[("Test-Connection", || Box::new(TestConnection))];

const SUCCESS: i64 = 0;
const TIMED_OUT: i64 = 11010;

struct TestConnection;

/// Where a name leads, and whether what is there belongs to the deployment or is this computer.
struct Place {
    address: IpAddr,
    own: bool,
}

fn place(vm: &mut Vm, name: &str) -> R<Result<Place, String>> {
    if is_known(vm, name)? {
        let store = vm.twin()?;
        let listed = store.by_link("DnsServerResourceRecord", "dns name", name);
        let records = vm.model(listed)?;
        let address = records
            .iter()
            .filter(|record| record.text("RecordType") == "A")
            .find_map(|record| record.text("RecordData").parse().ok());
        return Ok(Ok(Place {
            address: address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            own: true,
        }));
    }
    Ok(match resolve(name, 0) {
        Ok(found) => match found.first() {
            Some(first) => Ok(Place {
                address: first.ip(),
                own: first.ip().is_loopback(),
            }),
            None => Err("Name or service not known".into()),
        },
        Err(why) => Err(why),
    })
}

impl Place {
    /// Whether it answers, and after how many milliseconds.
    fn ping(&self, vm: &mut Vm, limit: Duration) -> Option<i64> {
        if self.own {
            return Some(0);
        }
        ping(vm, self.address, limit)
    }

    fn takes(&self, vm: &Vm, port: u16, limit: Duration) -> bool {
        self.own && !self.address.is_loopback()
            || vm
                .host
                .connect(&self.address.to_string(), port, Some(limit))
                .is_ok()
    }
}

fn status(bits: i64) -> Value {
    Value::enum_of("System.Net.NetworkInformation.IPStatus", bits)
}

impl TestConnection {
    fn one(&self, vm: &mut Vm, call: &Call, name: &str) -> R<()> {
        let quiet = call.switch("Quiet");
        let place = match place(vm, name)? {
            Ok(place) => place,
            Err(why) => {
                if quiet || call.has("TcpPort") && !call.switch("Detailed") {
                    vm.write(Value::Bool(false))?;
                }
                if quiet {
                    return Ok(());
                }
                let inner = Exception::of("System.Net.Sockets.SocketException", why);
                return vm.write_fault(
                    Fault::of(
                        "System.Net.NetworkInformation.PingException",
                        "TestConnectionException",
                        Category::ResourceUnavailable,
                        format!(
                            "Testing connection to computer '{name}' failed: Cannot resolve the target name."
                        ),
                    )
                    .inner(inner)
                    .target(Value::str(name)),
                );
            }
        };
        let seconds = call.int("TimeoutSeconds").unwrap_or(5);
        let limit = Duration::from_secs(u64::try_from(seconds).unwrap_or(5));
        if let Some(port) = call.int("TcpPort") {
            let port = u16::try_from(port).unwrap_or(0);
            let open = place.takes(vm, port, limit);
            if !call.switch("Detailed") {
                return vm.write(Value::Bool(open));
            }
            let state = if open { 0 } else { 10061 };
            let fields = vec![
                ("Id", Value::Int(1)),
                ("Source", Value::str(vm.machine_name())),
                ("Target", Value::str(name)),
                ("TargetAddress", ip_address::value(place.address)),
                ("Port", Value::Int(i32::from(port))),
                ("Latency", Value::Long(0)),
                ("Connected", Value::Bool(open)),
                (
                    "Status",
                    Value::enum_of("System.Net.Sockets.SocketError", state),
                ),
            ];
            let kind = "Microsoft.PowerShell.Commands.TestConnectionCommand+TcpPortStatus";
            return vm.write(PlainObject::new(kind, fields).value());
        }
        let count = call.int("Count").unwrap_or(4);
        let mut all = true;
        for number in 1..=count {
            vm.check_interrupt()?;
            let answer = place.ping(vm, limit);
            all &= answer.is_some();
            if quiet {
                if !all {
                    break;
                }
                continue;
            }
            let size = call.int("BufferSize").unwrap_or(32);
            let bits = if answer.is_some() { SUCCESS } else { TIMED_OUT };
            let address = match answer {
                Some(_) => ip_address::value(place.address),
                None => Value::Null,
            };
            let shown = match answer {
                Some(_) => Value::str(place.address.to_string()),
                None => Value::str("*"),
            };
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let fields = vec![
                ("Ping", Value::UInt(number)),
                ("Source", Value::str(vm.machine_name())),
                ("Destination", Value::str(name)),
                ("Address", address),
                ("DisplayAddress", shown),
                ("Latency", Value::Long(answer.unwrap_or(0))),
                ("Status", status(bits)),
                ("BufferSize", Value::Int(i32::try_from(size).unwrap_or(32))),
                ("Reply", Value::Null),
            ];
            let kind = "Microsoft.PowerShell.Commands.TestConnectionCommand+PingStatus";
            vm.write(PlainObject::new(kind, fields).value())?;
        }
        if quiet {
            vm.write(Value::Bool(all))?;
        }
        Ok(())
    }
}

impl Cmdlet for TestConnection {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for name in texts(vm, call, "TargetName")? {
            self.one(vm, call, &name)?;
        }
        Ok(())
    }
}
