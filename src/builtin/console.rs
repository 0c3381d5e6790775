//! Cmdlets of the console: Read-Host, Clear-Host.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::prompt::{Answer, Field};
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
        let is_secret = call.switch("AsSecureString");
        if is_secret || call.switch("MaskInput") {
            if !prompt.is_empty() && vm.interactive {
                vm.tell(&format!("{prompt}: "));
            }
            return match vm.hear_secret()? {
                Some(line) if is_secret => vm.write(SecureString::value(line)),
                Some(line) => vm.write(Value::str(line)),
                None => Ok(()),
            };
        }
        if prompt.is_empty() || !vm.interactive {
            let line = vm.hear()?;
            return vm.write(line.map_or(Value::Null, Value::str));
        }
        let field = Field {
            label: &prompt,
            name: &prompt,
            help: None,
            is_list: false,
        };
        match vm.ask_field(&field)? {
            Answer::Text(line) => vm.write(Value::str(line)),
            Answer::Null | Answer::EndOfList => vm.write(Value::Null),
            Answer::Cancelled => Ok(()),
        }
    }
}

struct Pause;

impl Cmdlet for Pause {
    fn end(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        if !vm.interactive {
            return vm.hear().map(drop);
        }
        let prompt = "Press Enter to continue...";
        let field = Field {
            label: prompt,
            name: prompt,
            help: None,
            is_list: false,
        };
        vm.ask_field(&field).map(drop)
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
