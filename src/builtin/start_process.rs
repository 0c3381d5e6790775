//! Start-Process.

use crate::cmdlet::registry::Factory;
use crate::host::process::{Feed, ProcessRequest};
use crate::runtime::command::{Call, Cmdlet, Command};
use crate::runtime::error::{Category, Fault, R, Unwind};
use crate::runtime::types::diagnostics::process::Process;
use crate::runtime::types::diagnostics::process_start::words;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::path::{Path, PathBuf};

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Start-Process", || Box::new(StartProcess)),
    ("Switch-Process", || Box::new(SwitchProcess)),
];

/// A program in the shell's place: it has the console while it runs, and the shell ends with its code.
struct SwitchProcess;

impl Cmdlet for SwitchProcess {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let words = call.items("WithCommand");
        let Some((program, arguments)) = words.split_first() else {
            return Ok(());
        };
        let name = vm.to_text(program)?;
        let Ok(Command::Application(_)) = vm.resolve_command(&name) else {
            return vm.raise(Fault::of(
                "System.Management.Automation.CommandNotFoundException",
                "CommandNotFound",
                Category::InvalidArgument,
                format!("The command '{name}' was not found."),
            ));
        };
        vm.run_command(&name, &[], arguments, None)?;
        Err(Box::new(Unwind::Exit(
            vm.session.last_exit_code.unwrap_or(0),
        )))
    }
}

/// Names by which scripts start the shell itself.
fn is_shell(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let leaf = name.rsplit(['/', '\\']).next().unwrap_or_default();
    matches!(
        leaf.trim_end_matches(".exe"),
        "powershell" | "pwsh" | "ucsh"
    )
}

/// The program of a name: the shell itself for its own names, else a file or what `PATH` gives.
fn program(vm: &mut Vm, name: &str) -> R<PathBuf> {
    if let Some(Command::Application(found)) = vm.find_command(name)? {
        return Ok(PathBuf::from(&*found.path));
    }
    if is_shell(name)
        && let Ok(own) = std::env::current_exe()
    {
        return Ok(own);
    }
    Ok(match name.contains(['/', '\\']) {
        true => vm.file_path(name),
        false => PathBuf::from(name),
    })
}

fn same_stream(one: &str, other: &str) -> Fault {
    Fault::of(
        "System.InvalidOperationException",
        "InvalidOperationException",
        Category::InvalidOperation,
        format!(
            "This command cannot be run because \"{one}\" and \"{other}\" are same. Give different inputs and Run your command again."
        ),
    )
}

fn failed(why: impl std::fmt::Display) -> Fault {
    Fault::of(
        "System.InvalidOperationException",
        "InvalidOperationException",
        Category::InvalidOperation,
        format!("This command cannot be run due to the error: {why}"),
    )
}

struct StartProcess;

impl Cmdlet for StartProcess {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let name = call.text("FilePath").unwrap_or_default();
        let mut parts = Vec::new();
        for item in call.items("ArgumentList") {
            parts.push(vm.to_text(&item)?);
        }
        let line = parts.join(" ");
        if !vm.should_process(call, format!("{name} {line}").trim_end(), "Start-Process")? {
            return Ok(());
        }
        let redirects = [
            "RedirectStandardInput",
            "RedirectStandardOutput",
            "RedirectStandardError",
        ];
        let files = redirects.map(|parameter| {
            let text = call.text(parameter)?;
            Some(vm.file_path(&text))
        });
        for (i, j) in [(0, 1), (0, 2), (1, 2)] {
            if files[i].is_some() && files[i] == files[j] {
                return vm.write_fault(same_stream(redirects[i], redirects[j]));
            }
        }
        let folder = match call.text("WorkingDirectory") {
            Some(folder) => vm.file_path(&folder),
            None => vm.session.location.clone(),
        };
        let mut variables = Vec::new();
        if let Some(Value::Dict(table)) = call.get("Environment").map(Value::into_base) {
            for key in table.keys() {
                let value = table.get(&key).unwrap_or_default();
                let name = vm.to_text(&key)?;
                let value = match value.is_null() {
                    true => None,
                    false => Some(vm.to_text(&value)?),
                };
                variables.push((name, value));
            }
        }
        let path = program(vm, &name)?;
        let mut arguments = words(&line);
        let mut path = path;
        if path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("ps1"))
            && let Ok(own) = std::env::current_exe()
        {
            // A script is run by the shell.
            let script = vm.file_path(&path.to_string_lossy());
            arguments.insert(0, script.to_string_lossy().into_owned());
            arguments.insert(0, "-File".into());
            path = own;
        }
        let request = ProcessRequest {
            arguments: arguments.into_iter().map(Into::into).collect(),
            folder: Some(folder.clone()),
            stdin: if files[0].is_some() || !vm.interactive {
                Feed::Nothing
            } else {
                Feed::Inherit
            },
            files,
            variables,
            ..ProcessRequest::new(path.clone())
        };
        let host = vm.host.clone();
        let child = match host.start(request) {
            Ok(child) => child,
            Err(error) => return vm.write_fault(failed(reason(&error, &name, &folder))),
        };
        let leaf = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let value = Value::native(Process::started(child, leaf));
        if call.switch("Wait")
            && let Some(process) = value.as_native::<Process>()
        {
            process.wait(vm, None);
        }
        if call.switch("PassThru") {
            vm.write(value)?;
        }
        Ok(())
    }
}

fn reason(error: &std::io::Error, name: &str, folder: &Path) -> String {
    let why = match error.kind() {
        std::io::ErrorKind::NotFound => "No such file or directory".to_string(),
        std::io::ErrorKind::PermissionDenied => "Permission denied".to_string(),
        _ => error.to_string(),
    };
    format!(
        "An error occurred trying to start process '{name}' with working directory '{}'. {why}",
        folder.display()
    )
}
