//! The truth of values.

use crate::runtime::types::{TypeCode, find_full};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use num_traits::Zero;

/// How the full name of every `List<T>` begins.
const GENERIC_LIST: &str = "System.Collections.Generic.List`1";

impl Vm {
    /// Whether a value counts as true.
    pub fn to_bool(&self, value: &Value) -> bool {
        match value.base() {
            Value::Null | Value::Nothing => false,
            Value::Bool(b) | Value::Switch(b) => *b,
            Value::Char(c) => *c != 0,
            Value::SByte(n) => *n != 0,
            Value::Byte(n) => *n != 0,
            Value::Short(n) => *n != 0,
            Value::UShort(n) => *n != 0,
            Value::Int(n) => *n != 0,
            Value::UInt(n) => *n != 0,
            Value::Long(n) => *n != 0,
            Value::ULong(n) => *n != 0,
            Value::Float(n) => *n != 0.0,
            Value::Double(n) => *n != 0.0,
            Value::Decimal(d) => !d.is_zero(),
            Value::BigInt(n) => !n.is_zero(),
            Value::Str(s) => !s.is_empty(),
            Value::Enum(e) => e.bits != 0,
            Value::Array(array) => self.items_truth(&array.items.borrow()),
            Value::List(list) => {
                // Queues, stacks and sets are no lists; they are true even when empty.
                let is_list = list.type_ref.code == TypeCode::ArrayList
                    || list.type_ref.full_name.starts_with(GENERIC_LIST)
                    || find_full("System.Collections.IList")
                        .is_some_and(|list_type| list.type_ref.is_a(&list_type));
                !is_list || self.items_truth(&list.items.borrow())
            }
            _ => true,
        }
    }

    fn items_truth(&self, items: &[Value]) -> bool {
        match items {
            [] => false,
            [only] => match only.base() {
                Value::Array(inner) => !inner.is_empty(),
                Value::List(inner) => !inner.is_empty(),
                _ => self.to_bool(only),
            },
            _ => true,
        }
    }
}
