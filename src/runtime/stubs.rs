//! What is still on its way.

use super::vm::Vm;

impl Vm {}
