//! Get- and Set-Clipboard. The clipboard is the session's own: what one call puts there,
//! another one takes, on every system and without a desktop.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-Clipboard", || Box::new(GetClipboard)),
    ("Set-Clipboard", || Box::<SetClipboard>::default()),
];

fn clipboard(vm: &mut Vm) -> Rc<RefCell<String>> {
    let entry = vm.session.state.entry("clipboard");
    let entry = entry.or_insert_with(|| Rc::new(RefCell::new(String::new())));
    entry.clone().downcast().unwrap_or_default()
}

struct GetClipboard;

impl Cmdlet for GetClipboard {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let text = clipboard(vm).borrow().clone();
        if call.switch("Raw") {
            return vm.write(Value::str(text));
        }
        let delimiters = call.texts("Delimiter");
        if delimiters.is_empty() {
            for line in text.lines() {
                vm.write(Value::str(line))?;
            }
            return Ok(());
        }
        let mut parts = vec![text.as_str()];
        for delimiter in delimiters.iter().filter(|d| !d.is_empty()) {
            parts = parts.iter().flat_map(|p| p.split(&**delimiter)).collect();
        }
        for part in parts {
            vm.write(Value::str(part))?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct SetClipboard {
    lines: Vec<Rc<str>>,
}

impl Cmdlet for SetClipboard {
    fn process(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        self.lines.extend(call.texts("Value"));
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut text = self.lines.join("\n");
        let target = format!("Clipboard Value: {text}");
        if !vm.should_process(call, &target, "Set Clipboard")? {
            return Ok(());
        }
        let held = clipboard(vm);
        if call.switch("Append") && !held.borrow().is_empty() {
            text = format!("{}\n{text}", held.borrow());
        }
        *held.borrow_mut() = text.clone();
        if call.switch("PassThru") {
            vm.write(Value::str(text))?;
        }
        Ok(())
    }
}
