//! System.Diagnostics.Process: a process of the system, as far as the system's files tell,
//! and one that this session started.

use crate::host::process::{NativeProcess, ProcessOutput, Reading};
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::datetime::TimeSpan;
use crate::runtime::types::failures;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::time::Duration;

/// A process.
pub struct Process {
    /// Its number.
    pub id: i32,
    name: String,
    child: RefCell<Option<NativeProcess>>,
    code: Cell<Option<i32>>,
    ended: RefCell<Value>,
    /// Tells of its end, and has not told yet.
    raises: Cell<bool>,
}

/// Parts of a second in which times are counted.
const SECOND: i64 = 10_000_000;

/// Clock ticks of the system in a second, as its process files count time.
const TICKS: i64 = 100;

/// The fields of `/proc/ID/stat` after the name.
fn stat(id: i32) -> Vec<i64> {
    let text = crate::host::file::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let rest = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
    rest.split_whitespace()
        .map(|word| word.parse().unwrap_or(0))
        .collect()
}

impl Process {
    /// The process of a number, if it runs.
    pub fn find(id: i32) -> Option<Process> {
        let name = crate::host::file::read_to_string(format!("/proc/{id}/comm")).ok();
        let own = i64::from(id) == i64::from(std::process::id());
        let name = match name {
            Some(name) => name.trim().to_string(),
            None if own => "ucsh".to_string(),
            None => return None,
        };
        Some(Process::new(id, name, None))
    }

    /// A process that this session started.
    pub fn started(child: NativeProcess, name: String) -> Process {
        let id = i32::try_from(child.id()).unwrap_or(0);
        Process::new(id, name, Some(child))
    }

    fn new(id: i32, name: String, child: Option<NativeProcess>) -> Process {
        Process {
            id,
            name,
            child: RefCell::new(child),
            code: Cell::new(None),
            ended: RefCell::new(Value::Null),
            raises: Cell::new(false),
        }
    }

    /// The numbers of all processes.
    pub fn ids() -> Vec<i32> {
        let mut ids: Vec<i32> = std::fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|e| e.file_name().to_string_lossy().parse().ok())
            .collect();
        if ids.is_empty() {
            ids.push(i32::try_from(std::process::id()).unwrap_or(0));
        }
        ids.sort_unstable();
        ids
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it has ended.
    pub fn has_exited(&self, vm: &mut Vm) -> bool {
        if self.code.get().is_some() {
            return true;
        }
        let ended = match self.child.borrow_mut().as_mut() {
            Some(child) => child.ended(),
            None => return Process::find(self.id).is_none(),
        };
        if let Some(code) = ended {
            self.note_end(vm, code);
        }
        ended.is_some()
    }

    fn note_end(&self, vm: &mut Vm, code: i32) {
        self.code.set(Some(code));
        *self.ended.borrow_mut() = Value::datetime(vm.now().to_local());
    }

    /// Whether it is to tell of its end.
    pub fn set_raises(&self, on: bool) {
        self.raises.set(on);
    }

    /// Whether its end is still to be told; asked once, it is told.
    pub fn take_end(&self, vm: &mut Vm) -> bool {
        self.raises.get() && self.has_exited(vm) && self.raises.replace(false)
    }

    /// Waits for its end, at most so long; whether it has ended.
    pub fn wait(&self, vm: &mut Vm, limit: Option<Duration>) -> bool {
        if self.code.get().is_some() {
            return true;
        }
        // Most end soon; for those that do not, asking seldom is enough.
        let mut step = Duration::from_millis(1);
        let mut waited = Duration::ZERO;
        while !self.has_exited(vm) {
            if limit.is_some_and(|limit| waited >= limit) || vm.check_interrupt().is_err() {
                return false;
            }
            // A process lives in real time, whatever clock the session goes by.
            std::thread::sleep(step);
            waited += step;
            step = (step * 2).min(Duration::from_millis(20));
        }
        true
    }

    /// What it writes to standard output and standard error, up to its end.
    pub fn collect(&self, vm: &mut Vm) -> (Vec<u8>, Vec<u8>) {
        let (mut output, mut error) = (Vec::new(), Vec::new());
        if let Some(child) = self.child.borrow_mut().as_mut() {
            child.close_input();
            loop {
                match child.read_for(Duration::from_millis(100)) {
                    Reading::Piece(ProcessOutput::Output(bytes)) => output.extend(bytes),
                    Reading::Piece(ProcessOutput::Error(bytes)) => error.extend(bytes),
                    Reading::Nothing if vm.check_interrupt().is_ok() => {}
                    Reading::Nothing | Reading::End => break,
                }
            }
        }
        (output, error)
    }

    /// Gives it something to read.
    pub fn feed(&self, text: String) {
        if let Some(child) = self.child.borrow_mut().as_mut() {
            child.feed(text.into_bytes());
        }
    }

    /// Gives it nothing more to read.
    pub fn close_input(&self) {
        if let Some(child) = self.child.borrow_mut().as_mut() {
            child.close_input();
        }
    }

    /// Ends it.
    pub fn kill(&self, vm: &mut Vm) -> std::io::Result<()> {
        if let Some(child) = self.child.borrow_mut().as_mut() {
            return child.kill();
        }
        let (program, arguments) = match cfg!(windows) {
            true => ("taskkill", ["/F", "/PID"]),
            false => ("kill", ["-9", "--"]),
        };
        let id = self.id.to_string();
        let request = crate::host::process::ProcessRequest {
            arguments: arguments
                .into_iter()
                .chain([id.as_str()])
                .map(Into::into)
                .collect(),
            stdout: crate::host::process::Capture::Discard,
            stderr: crate::host::process::Capture::Discard,
            ..crate::host::process::ProcessRequest::new(program)
        };
        let host = vm.host.clone();
        match host.start(request)?.wait()? {
            0 => Ok(()),
            _ => Err(std::io::Error::from(std::io::ErrorKind::PermissionDenied)),
        }
    }

    fn time(ticks: i64) -> Value {
        Value::TimeSpan(TimeSpan(ticks.saturating_mul(SECOND / TICKS)))
    }

    fn start_time(&self, vm: &mut Vm) -> Value {
        let up = std::fs::read_to_string("/proc/uptime").unwrap_or_default();
        let up: f64 = up
            .split_whitespace()
            .next()
            .and_then(|word| word.parse().ok())
            .unwrap_or(0.0);
        let since = stat(self.id).get(19).copied().unwrap_or(0) as f64 / TICKS as f64;
        let ago = ((up - since).max(0.0) * SECOND as f64) as i64;
        let now = vm.now();
        let then = crate::runtime::text::datetime::DateTime::new(now.ticks() - ago, now.kind());
        Value::datetime(then.to_local())
    }

    fn main_module(&self) -> Value {
        let file = match i64::from(self.id) == i64::from(std::process::id()) {
            true => std::env::current_exe(),
            false => std::fs::read_link(format!("/proc/{}/exe", self.id)),
        };
        let Ok(file) = file else { return Value::Null };
        let text = file.to_string_lossy().into_owned();
        let leaf = file
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        PlainObject::new(
            "System.Diagnostics.ProcessModule",
            vec![
                ("ModuleName", Value::str(leaf.as_str())),
                ("FileName", Value::str(text)),
            ],
        )
        .with_text(format!("System.Diagnostics.ProcessModule ({leaf})"))
        .value()
    }
}

impl Native for Process {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Diagnostics.Process")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(format!("System.Diagnostics.Process ({})", self.name))
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "SafeHandle",
            "Handle",
            "BasePriority",
            "ExitCode",
            "HasExited",
            "StartTime",
            "ExitTime",
            "Id",
            "MachineName",
            "MaxWorkingSet",
            "MinWorkingSet",
            "Modules",
            "NonpagedSystemMemorySize64",
            "PagedMemorySize64",
            "PeakWorkingSet64",
            "PeakVirtualMemorySize64",
            "PriorityClass",
            "PrivateMemorySize64",
            "ProcessName",
            "SessionId",
            "StartInfo",
            "Threads",
            "HandleCount",
            "VirtualMemorySize64",
            "EnableRaisingEvents",
            "StandardInput",
            "StandardOutput",
            "StandardError",
            "WorkingSet64",
            "MainModule",
            "PrivilegedProcessorTime",
            "TotalProcessorTime",
            "UserProcessorTime",
            "Responding",
            "MainWindowTitle",
            "MainWindowHandle",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let field = |at: usize| stat(self.id).get(at).copied().unwrap_or(0);
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "id" => Value::Int(self.id),
            "processname" => Value::str(self.name.as_str()),
            "hasexited" => Value::Bool(self.has_exited(vm)),
            "exitcode" => {
                if !self.has_exited(vm) {
                    return failures::invalid_operation(
                        "Process must exit before requested information can be determined.",
                    );
                }
                self.code.get().map_or(Value::Null, Value::Int)
            }
            "exittime" => self.ended.borrow().clone(),
            "starttime" => self.start_time(vm),
            "sessionid" => Value::Int(i32::try_from(field(3)).unwrap_or(0)),
            "machinename" => Value::str("."),
            "handlecount" => Value::Int(
                std::fs::read_dir(format!("/proc/{}/fd", self.id))
                    .map_or(0, |list| i32::try_from(list.count()).unwrap_or(0)),
            ),
            "workingset64" | "peakworkingset64" => Value::Long(field(21).saturating_mul(4096)),
            "virtualmemorysize64" | "peakvirtualmemorysize64" => Value::Long(field(20)),
            "workingset" | "peakworkingset" => {
                Value::Int(i32::try_from(field(21).saturating_mul(4096)).unwrap_or(i32::MAX))
            }
            "virtualmemorysize" | "peakvirtualmemorysize" => {
                Value::Int(i32::try_from(field(20)).unwrap_or(i32::MAX))
            }
            "nonpagedsystemmemorysize"
            | "pagedmemorysize"
            | "privatememorysize"
            | "pagedsystemmemorysize"
            | "peakpagedmemorysize" => Value::Int(0),
            "pagedsystemmemorysize64" | "peakpagedmemorysize64" => Value::Long(0),
            "priorityboostenabled" => Value::Bool(false),
            "nonpagedsystemmemorysize64" | "pagedmemorysize64" | "privatememorysize64" => {
                Value::Long(0)
            }
            "userprocessortime" => Process::time(field(11)),
            "privilegedprocessortime" => Process::time(field(12)),
            "totalprocessortime" => Process::time(field(11).saturating_add(field(12))),
            "priorityclass" => Value::enum_of("System.Diagnostics.ProcessPriorityClass", 32),
            "basepriority" => Value::Int(8),
            "mainmodule" => self.main_module(),
            "modules" => Value::array(vec![self.main_module()]),
            "responding" => Value::Bool(true),
            "mainwindowtitle" => Value::str(""),
            "enableraisingevents" => Value::Bool(self.raises.get()),
            "safehandle" | "handle" | "maxworkingset" | "minworkingset" | "startinfo"
            | "threads" | "standardinput" | "standardoutput" | "standarderror"
            | "mainwindowhandle" => Value::Null,
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        if !name.eq_ignore_ascii_case("EnableRaisingEvents") {
            return Ok(None);
        }
        let on = vm.to_bool(&value);
        self.set_raises(on);
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("kill", _) => {
                if self.kill(vm).is_err() && !self.has_exited(vm) {
                    return failures::invalid_operation("Access is denied.");
                }
                Value::Nothing
            }
            ("waitforexit", []) => {
                self.wait(vm, None);
                Value::Nothing
            }
            ("waitforexit", [limit]) => {
                let limit = u64::try_from(vm.to_long(limit)?).unwrap_or(0);
                Value::Bool(self.wait(vm, Some(Duration::from_millis(limit))))
            }
            ("closemainwindow", []) => Value::Bool(false),
            ("refresh" | "close" | "dispose", []) => Value::Nothing,
            _ => return Ok(None),
        }))
    }
}
