//! TcpClient and Ping: whether something answers at a place of the network.

use crate::host::http::{Failure, resolve};
use crate::host::process::{Capture, Feed, ProcessRequest};
use crate::runtime::error::{Exception, Fault, R};
use crate::runtime::native::Native;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeRef, failures, net::ip_address, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// Whether an address answers, and after how many milliseconds.
pub fn ping(vm: &mut Vm, address: IpAddr, limit: Duration) -> Option<i64> {
    if address.is_loopback() {
        return Some(0);
    }
    let started = Instant::now();
    let mut request = ProcessRequest::new("ping");
    let seconds = limit.as_secs().max(1).to_string();
    let address = address.to_string();
    let words = ["-c", "1", "-W", &seconds, &address];
    request.arguments = words.iter().map(Into::into).collect();
    request.stdin = Feed::Nothing;
    request.stdout = Capture::Discard;
    request.stderr = Capture::Discard;
    let code = vm.host.start(request).and_then(|mut ping| ping.wait());
    let passed = i64::try_from(started.elapsed().as_millis()).unwrap_or(0);
    matches!(code, Ok(0)).then_some(passed)
}

/// A new object; the arguments are converted.
pub fn construct(vm: &mut Vm, type_name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match type_name {
        "System.Net.Sockets.TcpClient" => {
            let client = TcpClient::default();
            if let [host, port] = arguments {
                client.connect(vm, host, port)?;
            }
            Ok(Some(Value::native(client)))
        }
        "System.Net.NetworkInformation.Ping" => Ok(Some(Value::native(Ping))),
        _ => Ok(None),
    }
}

fn socket_error<T>(message: impl AsRef<str>) -> R<T> {
    failures::fail("System.Net.Sockets.SocketException", message)
}

#[derive(Default)]
struct TcpClient {
    stream: RefCell<Option<std::net::TcpStream>>,
    /// Where a connection is to be made when somebody waits for it.
    pending: RefCell<Option<(String, u16)>>,
    failure: RefCell<Option<String>>,
    receive_timeout: Cell<i32>,
    send_timeout: Cell<i32>,
}

impl TcpClient {
    fn place(&self, vm: &mut Vm, host: &Value, port: &Value) -> R<(String, u16)> {
        let host = vm.to_text(host)?;
        match u16::try_from(vm.to_int(port)?) {
            Ok(port) => Ok((host, port)),
            Err(_) => failures::out_of_range(
                "Specified argument was out of the range of valid values.",
                "port",
            ),
        }
    }

    fn connect(&self, vm: &mut Vm, host: &Value, port: &Value) -> R<()> {
        let (host, port) = self.place(vm, host, port)?;
        self.reach(vm, &host, port, None);
        match self.failure.borrow_mut().take() {
            Some(why) => socket_error(why),
            None => Ok(()),
        }
    }

    /// Tries to connect; whether it is decided.
    fn reach(&self, vm: &Vm, host: &str, port: u16, limit: Option<Duration>) -> bool {
        match vm.host.connect(host, port, limit) {
            Ok(stream) => *self.stream.borrow_mut() = Some(stream),
            Err(Failure::Late) => return false,
            Err(Failure::NoConnection(words)) => {
                let address = resolve(host, port).ok();
                let address = address.and_then(|all| all.first().copied());
                *self.failure.borrow_mut() = Some(match address {
                    Some(address) => format!("{words} {address}"),
                    None => words,
                });
            }
            Err(_) => *self.failure.borrow_mut() = Some("Connection reset by peer".into()),
        }
        true
    }

    fn wait(&self, vm: &Vm, limit: Option<Duration>) -> bool {
        let Some((host, port)) = self.pending.borrow().clone() else {
            return true;
        };
        let decided = self.reach(vm, &host, port, limit);
        if decided {
            *self.pending.borrow_mut() = None;
        }
        decided
    }
}

impl Native for TcpClient {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Net.Sockets.TcpClient")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Available", "Connected", "ReceiveTimeout", "SendTimeout"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "connected" => Value::Bool(self.stream.borrow().is_some()),
            "available" => Value::Int(0),
            "receivetimeout" => Value::Int(self.receive_timeout.get()),
            "sendtimeout" => Value::Int(self.send_timeout.get()),
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "receivetimeout" => self.receive_timeout.set(vm.to_int(&value)?),
            "sendtimeout" => self.send_timeout.set(vm.to_int(&value)?),
            "nodelay" | "exclusiveaddressuse" | "lingerstate" => {}
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("connect", [host, port]) => {
                self.connect(vm, host, port)?;
                Value::Nothing
            }
            ("beginconnect" | "connectasync", [host, port, ..]) => {
                *self.pending.borrow_mut() = Some(self.place(vm, host, port)?);
                Value::native(Pending {
                    client: this.clone(),
                })
            }
            ("endconnect", [_]) => {
                self.wait(vm, None);
                if let Some(why) = self.failure.borrow_mut().take() {
                    return socket_error(why);
                }
                Value::Nothing
            }
            ("close" | "dispose", []) => {
                *self.stream.borrow_mut() = None;
                *self.pending.borrow_mut() = None;
                Value::Nothing
            }
            _ => return Ok(None),
        }))
    }
}

/// A connection that is being made.
struct Pending {
    client: Value,
}

impl Pending {
    fn wait(&self, vm: &mut Vm, arguments: &[Value]) -> R<bool> {
        let limit = match arguments.first() {
            Some(Value::TimeSpan(span)) => Some(span.0 / 10_000),
            Some(limit) => Some(vm.to_long(limit)?),
            None => None,
        };
        let limit = limit.and_then(|limit| u64::try_from(limit).ok());
        let client = self.client.as_native::<TcpClient>();
        Ok(client.is_some_and(|client| client.wait(vm, limit.map(Duration::from_millis))))
    }
}

impl Native for Pending {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Threading.Tasks.Task")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["IsCompleted", "AsyncWaitHandle"]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let client = self.client.as_native::<TcpClient>();
        let failed = client.is_some_and(|client| client.failure.borrow().is_some());
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "iscompleted" => Value::Bool(self.wait(vm, &[Value::Int(50)])?),
            "isfaulted" => Value::Bool(failed),
            "asyncwaithandle" => Value::native(Pending {
                client: self.client.clone(),
            }),
            _ => return Ok(None),
        }))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match name {
            "waitone" => self.wait(vm, arguments).map(|done| Some(Value::Bool(done))),
            "wait" => {
                let done = self.wait(vm, arguments)?;
                let client = self.client.as_native::<TcpClient>();
                let why = client.and_then(|client| client.failure.borrow_mut().take());
                if let Some(why) = why {
                    let inner = Exception::of("System.Net.Sockets.SocketException", why.as_str());
                    let fault = Fault::dotnet(
                        "System.AggregateException",
                        format!("One or more errors occurred. ({why})"),
                    );
                    return Err(fault.inner(inner).into());
                }
                Ok(Some(match arguments.is_empty() {
                    true => Value::Nothing,
                    false => Value::Bool(done),
                }))
            }
            "close" | "dispose" => Ok(Some(Value::Nothing)),
            _ => Ok(None),
        }
    }
}

struct Ping;

impl Native for Ping {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Net.NetworkInformation.Ping")
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let (host, rest) = match (name, arguments) {
            ("send", [host, rest @ ..]) => (vm.to_text(host)?, rest),
            ("dispose", []) => return Ok(Some(Value::Nothing)),
            _ => return Ok(None),
        };
        let limit = match rest.first() {
            Some(limit) => vm.to_long(limit)?,
            None => 5000,
        };
        let limit = Duration::from_millis(u64::try_from(limit).unwrap_or(5000));
        let address = resolve(&host, 0).ok();
        let Some(address) = address.and_then(|all| all.first().map(|a| a.ip())) else {
            let inner = Exception::of(
                "System.Net.Sockets.SocketException",
                "Name or service not known",
            );
            let fault = Fault::dotnet(
                "System.Net.NetworkInformation.PingException",
                "An exception occurred during a Ping request.",
            );
            return Err(fault.inner(inner).into());
        };
        let answer = ping(vm, address, limit);
        let bits = if answer.is_some() { 0 } else { 11010 };
        let fields = vec![
            (
                "Status",
                Value::enum_of("System.Net.NetworkInformation.IPStatus", bits),
            ),
            ("Address", ip_address::value(address)),
            ("RoundtripTime", Value::Long(answer.unwrap_or(0))),
            ("Options", Value::Null),
            (
                "Buffer",
                crate::runtime::types::collections::array::bytes(&[]),
            ),
        ];
        let kind = "System.Net.NetworkInformation.PingReply";
        Ok(Some(PlainObject::new(kind, fields).value()))
    }
}
