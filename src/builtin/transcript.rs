//! Start- and Stop-Transcript: what the session shows goes to a file as well.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::io::Write;
use std::path::PathBuf;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Start-Transcript", || Box::new(StartTranscript)),
    ("Stop-Transcript", || Box::new(StopTranscript)),
];

const RULE: &str = "**********************";

/// The files of the transcripts that are being written.
fn open(vm: &mut Vm) -> Rc<RefCell<Vec<PathBuf>>> {
    let entry = vm.session.state.entry("transcripts");
    let entry = entry.or_insert_with(|| Rc::new(RefCell::new(Vec::<PathBuf>::new())));
    entry.clone().downcast().unwrap_or_default()
}

fn now(vm: &mut Vm) -> R<String> {
    let now = Value::datetime(vm.now().to_local());
    let culture = vm.culture();
    vm.format_value(&now, Some("yyyyMMddHHmmss"), culture)
}

fn failed(id: &str, category: Category, message: String, path: &str) -> Fault {
    Fault::of("System.IO.IOException", id, category, message).target(Value::str(path))
}

struct StartTranscript;

impl StartTranscript {
    /// The file: the one that is named, or one of a name of its own in a folder.
    fn path(&self, vm: &mut Vm, call: &Call) -> R<PathBuf> {
        if let Some(text) = call.text("Path").or_else(|| call.text("LiteralPath")) {
            return vm.file_system_path(&text);
        }
        if let Some(text) = vm.variable("Transcript").filter(|v| !v.is_null()) {
            let text = vm.to_text(&text)?;
            return vm.file_system_path(&text);
        }
        let folder = match call.text("OutputDirectory") {
            Some(text) => vm.file_system_path(&text)?,
            None => PathBuf::from(vm.host.variable("HOME").unwrap_or_else(|| ".".into())),
        };
        let stamp = now(vm)?;
        let mut chance = [0; 6];
        vm.host.random(&mut chance);
        let chance: String = chance.iter().map(|b| format!("{b:02x}")).collect();
        let machine = vm.machine_name();
        Ok(folder.join(format!(
            "PowerShell_transcript.{machine}.{chance}.{stamp}.txt"
        )))
    }
}

fn not_started(error: &std::io::Error, shown: &str) -> Fault {
    let message = format!("Transcription cannot be started due to the error: {error}");
    failed(
        "CannotStartTranscription",
        Category::InvalidOperation,
        message,
        shown,
    )
}

impl Cmdlet for StartTranscript {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let path = self.path(vm, call)?;
        let shown = path.to_string_lossy().into_owned();
        if !vm.should_process(call, &shown, "Start-Transcript")? {
            return Ok(());
        }
        let append = call.switch("Append");
        if path.exists() && call.switch("NoClobber") && !append {
            let message = format!("File {shown} already exists and NoClobber was specified.");
            return vm.raise(failed(
                "NoClobber",
                Category::ResourceExists,
                message,
                &shown,
            ));
        }
        if let Some(folder) = path.parent() {
            // A folder that cannot be made shows in the next step.
            let _ = std::fs::create_dir_all(folder);
        }
        let opened = std::fs::OpenOptions::new()
            .create(true)
            .write(true)
            .append(append)
            .truncate(!append)
            .open(&path);
        let mut file = match opened {
            Ok(file) => file,
            Err(error) => return vm.raise(not_started(&error, &shown)),
        };
        let mut header = format!(
            "{RULE}\nPowerShell transcript start\nStart time: {}\n",
            now(vm)?
        );
        if !call.switch("UseMinimalHeader") {
            let (user, machine) = (vm.user_name(), vm.machine_name());
            let table = vm.variable("PSVersionTable").unwrap_or_default();
            let version = vm.get_member(&table, "PSVersion")?.unwrap_or_default();
            let version = vm.to_text(&version)?;
            header.push_str(&format!(
                "Username: {machine}\\{user}\nRunAs User: {machine}\\{user}\nConfiguration Name: \nMachine: {machine} ({})\nHost Application: {}\nProcess ID: {}\nPSVersion: {version}\n",
                std::env::consts::OS,
                std::env::args().collect::<Vec<_>>().join(" "),
                std::process::id(),
            ));
        }
        header.push_str(RULE);
        header.push('\n');
        if let Err(error) = file.write_all(header.as_bytes()) {
            return vm.raise(not_started(&error, &shown));
        }
        vm.host.start_transcript(file);
        open(vm).borrow_mut().push(path);
        vm.write(Value::str(format!(
            "Transcript started, output file is {shown}"
        )))
    }
}

struct StopTranscript;

impl Cmdlet for StopTranscript {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(path) = open(vm).borrow().last().cloned() else {
            return vm.raise(Fault::of(
                "System.Management.Automation.PSInvalidOperationException",
                "InvalidOperation",
                Category::InvalidOperation,
                "An error occurred stopping transcription: The host is not currently transcribing.",
            ));
        };
        let shown = path.to_string_lossy().into_owned();
        if !vm.should_process(call, &shown, "Stop-Transcript")? {
            return Ok(());
        }
        vm.host.stop_transcript();
        open(vm).borrow_mut().pop();
        let footer = format!(
            "{RULE}\nPowerShell transcript end\nEnd time: {}\n{RULE}\n",
            now(vm)?
        );
        let file = std::fs::OpenOptions::new().append(true).open(&path);
        // A transcript that cannot be completed is kept as it is.
        let _ = file.and_then(|mut file| file.write_all(footer.as_bytes()));
        vm.write(Value::str(format!(
            "Transcript stopped, output file is {shown}"
        )))
    }
}
