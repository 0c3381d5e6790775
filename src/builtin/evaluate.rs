//! Running text, and how strictly it is taken: Invoke-Expression, Set-StrictMode.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::invoke::BlockCall;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Invoke-Expression", || Box::new(InvokeExpression)),
    ("Set-StrictMode", || Box::new(SetStrictMode)),
];

struct InvokeExpression;

impl Cmdlet for InvokeExpression {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let text = call.text("Command").unwrap_or_default();
        let Value::Block(block) = vm.parse_block(&text)? else {
            return Ok(());
        };
        vm.run_block(
            &block,
            BlockCall {
                dot_sourced: true,
                ..BlockCall::default()
            },
        )
    }
}

struct SetStrictMode;

/// Whether there has been such a version.
fn is_version(major: u16, minor: u16) -> bool {
    let last = match major {
        1..=4 => 0,
        5 => 1,
        6 => 2,
        7 => 6,
        _ => return false,
    };
    minor <= last
}

/// The rules of a version that never was.
fn no_such_version(version: &str) -> Fault {
    Fault::of(
        "System.Management.Automation.ParameterBindingValidationException",
        "ParameterArgumentValidationError",
        Category::InvalidData,
        format!(
            "Cannot validate argument on parameter 'Version'. The \"{version}\" argument does not contain a valid PowerShell version. Supply a valid version number and then try the command again."
        ),
    )
}

impl Cmdlet for SetStrictMode {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let version = match call.get("Version") {
            _ if call.switch("Off") => 0,
            None => 0,
            Some(value) => {
                let text = vm.to_text(&value)?;
                if text.eq_ignore_ascii_case("latest") {
                    70
                } else {
                    let mut parts = text.split('.').map(|p| p.parse::<u16>().unwrap_or(0));
                    let (major, minor) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
                    if !is_version(major, minor) {
                        return vm.raise(no_such_version(&text));
                    }
                    major.saturating_mul(10).saturating_add(minor)
                }
            }
        };
        vm.scope.strict_mode.set(Some(version));
        Ok(())
    }
}

/// `Set-PSDebug`: the strictness of the whole session; tracing has nothing to show here.
pub struct SetPSDebug;

impl Cmdlet for SetPSDebug {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if call.switch("Off") {
            vm.global.strict_mode.set(None);
        } else if call.get("Strict").is_some() {
            let version = if call.switch("Strict") { 10 } else { 0 };
            vm.global.strict_mode.set(Some(version));
        }
        Ok(())
    }
}
