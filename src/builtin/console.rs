//! Cmdlets of the console: Read-Host, Clear-Host.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::types::automation::secure_string::SecureString;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Read-Host", || Box::new(ReadHost)),
    ("Clear-Host", || Box::new(ClearHost)),
    ("Pause", || Box::new(Pause)),
];

struct ReadHost;

impl Cmdlet for ReadHost {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut words = Vec::new();
        for item in call.items("Prompt") {
            words.push(vm.to_text(&item)?);
        }
        let prompt = words.join(" ");
        if !prompt.is_empty() && vm.interactive {
            vm.tell(&format!("{prompt}: "));
        }
        let is_secret = call.switch("AsSecureString");
        let line = match is_secret || call.switch("MaskInput") {
            true => vm.hear_secret()?,
            false => vm.hear()?,
        };
        match line {
            Some(line) if is_secret => vm.write(SecureString::value(line)),
            Some(line) => vm.write(Value::str(line)),
            None => Ok(()),
        }
    }
}

struct Pause;

impl Cmdlet for Pause {
    fn end(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        if vm.interactive {
            vm.tell("Press Enter to continue...: ");
        }
        vm.hear().map(drop)
    }
}

struct ClearHost;

impl Cmdlet for ClearHost {
    fn end(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        if vm.host.is_terminal(crate::host::ConsoleStream::Output) {
            // Home, the screen, and what was scrolled off it.
            vm.tell("\x1b[H\x1b[2J\x1b[3J");
        }
        Ok(())
    }
}
