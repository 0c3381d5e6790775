//! System.Management.Automation.WildcardPattern.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::types::{TypeRef, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// WildcardOptions.IgnoreCase.
const IGNORE_CASE: i64 = 2;

struct Pattern(Rc<WildcardPattern>);

/// Static methods; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let text = arguments
        .first()
        .and_then(Value::as_str)
        .unwrap_or_default();
    Ok(match name {
        "escape" => Some(Value::str(WildcardPattern::escape(text))),
        "unescape" => Some(Value::str(WildcardPattern::unescape(text))),
        "containswildcardcharacters" => {
            Some(Value::Bool(WildcardPattern::contains_wildcards(text)))
        }
        "get" => Some(construct(vm, arguments)?),
        _ => None,
    })
}

/// A pattern of a text and options.
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Value> {
    let text = arguments
        .first()
        .and_then(Value::as_str)
        .unwrap_or_default();
    let options = match arguments.get(1).map(Value::base) {
        Some(Value::Enum(options)) => options.bits,
        _ => 0,
    };
    let pattern = vm.wildcard(text, options & IGNORE_CASE != 0)?;
    Ok(Value::native(Pattern(pattern)))
}

impl Native for Pattern {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Management.Automation.WildcardPattern")
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match (name, arguments) {
            ("ismatch", [text]) => {
                let text = vm.to_text(text)?;
                Some(Value::Bool(self.0.is_match(&text)))
            }
            ("towql", []) => Some(Value::str(
                self.0
                    .pattern()
                    .replace('%', "[%]")
                    .replace('_', "[_]")
                    .replace('*', "%")
                    .replace('?', "_"),
            )),
            _ => None,
        })
    }
}
