//! How administrators' scripts open their products: Connect-ExchangeOnline, Add-PSSnapin and their like.
//! The deployment is at hand already, so that these only check what they are given.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::vm::Vm;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Connect-ExchangeOnline", || Box::new(Connect)),
    ("Disconnect-ExchangeOnline", || Box::new(Connect)),
    ("Connect-ExchangeServer", || Box::new(Connect)),
    ("Add-PSSnapin", || Box::new(Connect)),
    ("Remove-PSSnapin", || Box::new(Connect)),
];

struct Connect;

impl Cmdlet for Connect {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        vm.twin()?;
        vm.write_verbose(&format!(
            "{}: the deployment's own tenant and servers answer.",
            call.info.name
        ))
    }
}
