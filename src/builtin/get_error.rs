//! Get-Error: errors with everything they hold.

use crate::cmdlet::registry::Factory;
use crate::format::get_error::EXTENDED;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[("Get-Error", || Box::new(GetError))];

struct GetError;

impl Cmdlet for GetError {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let records = match call.get("InputObject") {
            Some(value) => vec![value],
            None => {
                let count = call
                    .int("Newest")
                    .and_then(|n| usize::try_from(n).ok())
                    .unwrap_or(1);
                let items = vm.errors.items.borrow();
                items.iter().take(count).cloned().collect()
            }
        };
        for value in records {
            match value.base() {
                Value::Error(record) => {
                    let copy = record.copy();
                    let mut names = vm.type_names(&value);
                    names.insert(0, EXTENDED.into());
                    copy.extension.write(|data| data.type_names = Some(names));
                    vm.write(Value::Error(Rc::new(copy)))?;
                }
                _ => vm.write(value)?,
            }
        }
        Ok(())
    }
}
