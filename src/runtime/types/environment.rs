//! `System.Environment`, `System.Console`, `System.Random`, Stopwatch and other small ones.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::timespan::TimeSpan;
use crate::runtime::text::version::Version;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{
    TypeRef, collections::array, collections::dictionary, failures, type_named, version,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::Cell;

/// A static property of Environment.
pub fn read_static(vm: &mut Vm, name: &str) -> Option<Value> {
    Some(match name {
        "newline" => Value::str("\n"),
        "machinename" => Value::str(vm.machine_name()),
        "username" => Value::str(vm.user_name()),
        "userdomainname" => Value::str(vm.machine_name()),
        "currentdirectory" => Value::str(crate::runtime::types::io::path::full(vm, ".")),
        "processorcount" => {
            Value::Int(std::thread::available_parallelism().map_or(1, |n| n.get() as i32))
        }
        "processid" => Value::Int(vm.host.process_id() as i32),
        "processpath" => Value::str(
            std::env::current_exe()
                .map(|p| p.display().to_string())
                .unwrap_or_default(),
        ),
        "currentmanagedthreadid" => Value::Int(1),
        "isprivilegedprocess" => Value::Bool(vm.user_name() == "root"),
        "workingset" => Value::Long(100 << 20),
        "is64bitoperatingsystem" | "is64bitprocess" => Value::Bool(true),
        "userinteractive" => Value::Bool(true),
        "hasshutdownstarted" => Value::Bool(false),
        "exitcode" => Value::Int(0),
        "tickcount" => Value::Int(vm.host.elapsed().as_millis() as i32),
        "tickcount64" => Value::Long(vm.host.elapsed().as_millis() as i64),
        "systempagesize" => Value::Int(4096),
        "commandline" => Value::str(std::env::args().collect::<Vec<_>>().join(" ")),
        "systemdirectory" => Value::str(""),
        "stacktrace" => Value::str(vm.stack_trace()),
        "version" => version::value(Version::new(10, 0, 0, -1)),
        "osversion" => os_value(4, version::value(os_version()), &os_version().to_string()),
        _ => return None,
    })
}

/// An operating system as a value.
fn os_value(platform: i64, own_version: Value, shown: &str) -> Value {
    let name = match platform {
        2 => "Microsoft Windows NT",
        _ => "Unix",
    };
    let text = format!("{name} {shown}");
    PlainObject::new(
        "System.OperatingSystem",
        vec![
            ("Platform", Value::enum_of("System.PlatformID", platform)),
            ("ServicePack", Value::str("")),
            ("Version", own_version),
            ("VersionString", Value::str(text.as_str())),
        ],
    )
    .with_text(text)
    .value()
}

/// Static methods of `System.OperatingSystem`; the name is in lower case.
pub fn operating_system(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let own = std::env::consts::OS;
    Ok(match (name, arguments) {
        ("isosplatform", [platform]) => {
            let wanted = vm.to_text(platform)?;
            Some(Value::Bool(wanted.eq_ignore_ascii_case(own)))
        }
        _ => name
            .strip_prefix("is")
            .map(|rest| rest.strip_suffix("versionatleast").unwrap_or(rest))
            .map(|platform| Value::Bool(platform == own)),
    })
}

/// An operating system of a platform and version.
pub fn new_operating_system(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let [platform, number] = arguments else {
        return Ok(None);
    };
    let bits = match platform.base() {
        Value::Enum(member) => member.bits,
        _ => 4,
    };
    let shown = vm.to_text(number)?;
    Ok(Some(os_value(bits, number.clone(), &shown)))
}

fn os_version() -> Version {
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let mut numbers = release
        .split(['.', '-'])
        .map_while(|part| part.trim().parse::<i32>().ok());
    let mut next = || numbers.next().unwrap_or(0);
    Version::new(next(), next(), next(), next())
}

/// The folder of an `Environment.SpecialFolder`, whether it is there or not.
fn folder(vm: &Vm, bits: i64) -> String {
    let home = vm.host.variable("HOME").unwrap_or_default();
    let rooted = |name: &str, tail: &str| {
        let set = vm.host.variable(name).filter(|path| path.starts_with('/'));
        set.unwrap_or_else(|| format!("{home}/{tail}"))
    };
    match bits {
        40 => home,
        26 => rooted("XDG_CONFIG_HOME", ".config"),
        28 => rooted("XDG_DATA_HOME", ".local/share"),
        35 => "/usr/share".into(),
        45 => "/usr/share/templates".into(),
        0 | 16 => rooted("XDG_DESKTOP_DIR", "Desktop"),
        5 => rooted("XDG_DOCUMENTS_DIR", "Documents"),
        13 => rooted("XDG_MUSIC_DIR", "Music"),
        39 => rooted("XDG_PICTURES_DIR", "Pictures"),
        14 => rooted("XDG_VIDEOS_DIR", "Videos"),
        21 => rooted("XDG_TEMPLATES_DIR", "Templates"),
        20 => format!("{home}/.fonts"),
        _ => String::new(),
    }
}

/// `GetFolderPath(folder)` and `(folder, option)`: without an option a folder that is not there
/// is no folder; `DoNotVerify` leaves that to the caller and `Create` makes it.
fn folder_path(vm: &Vm, which: &Value, option: Option<&Value>) -> Value {
    const DO_NOT_VERIFY: i64 = 0x4000;
    const CREATE: i64 = 0x8000;
    let bits = |value: &Value| match value.base() {
        Value::Enum(e) => Some(e.bits),
        _ => None,
    };
    let path = bits(which).map_or_else(String::new, |bits| folder(vm, bits));
    let option = option.and_then(bits).unwrap_or(0);
    if path.is_empty() || option == DO_NOT_VERIFY || std::path::Path::new(&path).exists() {
        return Value::str(path);
    }
    let made = option == CREATE && std::fs::create_dir_all(&path).is_ok();
    Value::str(if made { path } else { String::new() })
}

/// A static method of Environment.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("getenvironmentvariable", [name, ..]) => {
            let name = vm.to_text(name)?;
            match vm.host.variable(&name) {
                Some(value) => Value::str(value),
                None => Value::Null,
            }
        }
        ("setenvironmentvariable", [name, value, ..]) => {
            let name = vm.to_text(name)?;
            if name.is_empty() {
                return failures::argument("String cannot be of zero length.", "variable");
            }
            let value = if value.is_null() {
                String::new()
            } else {
                vm.to_text(value)?
            };
            let value = (!value.is_empty()).then_some(value);
            vm.host.set_variable(&name, value.as_deref());
            Value::Nothing
        }
        ("getenvironmentvariables", _) => {
            let all = vm.host.variables();
            dictionary::hashtable(
                all.iter()
                    .map(|(n, v)| (n.as_str(), Value::str(v.as_str()))),
            )
        }
        ("expandenvironmentvariables", [text]) => {
            let text = vm.to_text(text)?;
            let mut out = String::new();
            let mut parts = text.split('%');
            out.push_str(parts.next().unwrap_or(""));
            let mut pending: Option<&str> = None;
            for part in parts {
                match pending.take() {
                    None => pending = Some(part),
                    Some(name) => match vm.host.variable(name) {
                        Some(value) if !name.is_empty() => {
                            out.push_str(&value);
                            out.push_str(part);
                        }
                        _ => {
                            out.push('%');
                            out.push_str(name);
                            pending = Some(part);
                        }
                    },
                }
            }
            if let Some(name) = pending {
                out.push('%');
                out.push_str(name);
            }
            Value::str(out)
        }
        ("getfolderpath", [which, option @ ..]) => folder_path(vm, which, option.first()),
        ("getcommandlineargs", _) => Value::strings(std::env::args()),
        ("getlogicaldrives", _) => Value::strings(["/".to_string()]),
        ("exit", [code]) => {
            let code = vm.to_int(code)?;
            return Err(Box::new(crate::runtime::error::Unwind::Exit(code)));
        }
        _ => return Ok(None),
    }))
}

/// `System.Diagnostics.Stopwatch`
pub struct Stopwatch {
    passed: Cell<i64>,
    since: Cell<Option<i64>>,
}

impl Stopwatch {
    /// A watch that stands or runs.
    pub fn value(vm: &Vm, running: bool) -> Value {
        Value::native(Stopwatch {
            passed: Cell::new(0),
            since: Cell::new(running.then(|| clock(vm))),
        })
    }

    fn ticks(&self, vm: &Vm) -> i64 {
        self.passed.get() + self.since.get().map_or(0, |since| clock(vm) - since)
    }
}

/// `[Diagnostics.Stopwatch]::Frequency` and its kin.
pub fn stopwatch_property(name: &str) -> Option<Value> {
    match name {
        "frequency" => Some(Value::Long(1_000_000_000)),
        "ishighresolution" => Some(Value::Bool(true)),
        _ => None,
    }
}

/// `[Diagnostics.Stopwatch]::GetTimestamp()` and its kin.
pub fn stopwatch_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    Ok(match (name, arguments) {
        ("startnew", _) => Some(Stopwatch::value(vm, true)),
        ("gettimestamp", _) => Some(Value::Long(clock(vm) * 100)),
        ("getelapsedtime", [from, rest @ ..]) => {
            let from = vm.to_long(from)?;
            let to = match rest.first() {
                Some(to) => vm.to_long(to)?,
                None => clock(vm) * 100,
            };
            Some(Value::TimeSpan(TimeSpan(to.saturating_sub(from) / 100)))
        }
        _ => None,
    })
}

fn clock(vm: &Vm) -> i64 {
    (vm.host.elapsed().as_nanos() / 100) as i64
}

impl Native for Stopwatch {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Diagnostics.Stopwatch")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "IsRunning",
            "Elapsed",
            "ElapsedMilliseconds",
            "ElapsedTicks",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let ticks = self.ticks(vm);
        Ok(match name.to_ascii_lowercase().as_str() {
            "elapsed" => Some(Value::TimeSpan(TimeSpan(ticks))),
            "elapsedmilliseconds" => Some(Value::Long(ticks / 10_000)),
            "elapsedticks" => Some(Value::Long(ticks * 100)),
            "isrunning" => Some(Value::Bool(self.since.get().is_some())),
            _ => None,
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        match name {
            "start" => {
                if self.since.get().is_none() {
                    self.since.set(Some(clock(vm)));
                }
            }
            "stop" => {
                self.passed.set(self.ticks(vm));
                self.since.set(None);
            }
            "reset" => {
                self.passed.set(0);
                self.since.set(None);
            }
            "restart" => {
                self.passed.set(0);
                self.since.set(Some(clock(vm)));
            }
            _ => return Ok(None),
        }
        Ok(Some(Value::Nothing))
    }
}

/// A byte array filled by chance.
pub fn random_bytes(vm: &Vm, count: usize) -> Value {
    let mut bytes = vec![0; count.min(1 << 24)];
    vm.host.random(&mut bytes);
    array::bytes(&bytes)
}
