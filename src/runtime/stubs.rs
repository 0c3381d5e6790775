//! What is still on its way.

use super::value::Value;
use super::vm::Vm;

impl Vm {}
