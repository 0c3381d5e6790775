//! StringComparer, `Comparer<T>` and other comparers.

use crate::runtime::collation;
use crate::runtime::collection::KeyComparison;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, equality, find_full, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cmp::Ordering;

/// How a text comparer compares: by code points or linguistically, with or without case.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TextComparer {
    /// By code points.
    pub ordinal: bool,
    /// Letter case counts nothing.
    pub ignore_case: bool,
}

impl TextComparer {
    /// The comparer of a `StringComparer` property, in lower case.
    pub fn named(name: &str) -> Option<TextComparer> {
        let (ordinal, ignore_case) = match name {
            "ordinal" => (true, false),
            "ordinalignorecase" => (true, true),
            "invariantculture" | "currentculture" => (false, false),
            "invariantcultureignorecase" | "currentcultureignorecase" => (false, true),
            _ => return None,
        };
        Some(TextComparer {
            ordinal,
            ignore_case,
        })
    }

    /// The comparer of a `StringComparison` value.
    pub fn of_comparison(bits: i64) -> TextComparer {
        TextComparer {
            ordinal: bits >= 4,
            ignore_case: bits % 2 == 1,
        }
    }

    /// The order of two texts.
    pub fn compare_texts(self, a: &str, b: &str) -> Ordering {
        match (self.ordinal, self.ignore_case) {
            (true, false) => collation::ordinal::compare_ordinal(a, b),
            (true, true) => collation::ordinal::compare_ordinal_ignore_case(a, b),
            (false, ignore_case) => collation::compare(a, b, ignore_case),
        }
    }

    /// Whether two texts are equal.
    pub fn same_texts(self, a: &str, b: &str) -> bool {
        self.compare_texts(a, b) == Ordering::Equal
    }
}

impl Native for TextComparer {
    fn type_ref(&self) -> TypeRef {
        type_named("System.StringComparer")
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("compare", [a, b]) => {
                let (a, b) = (vm.to_text(a)?, vm.to_text(b)?);
                Value::Int(self.compare_texts(&a, &b) as i32)
            }
            ("gethashcode", [text]) => {
                let text = vm.to_text(text)?;
                let text = if self.ignore_case {
                    text.to_uppercase()
                } else {
                    text
                };
                Value::Int(crate::runtime::types::object::hash_code(&Value::from(text)))
            }
            ("equals", [a, b]) => {
                let (a, b) = (vm.to_text(a)?, vm.to_text(b)?);
                Value::Bool(self.same_texts(&a, &b))
            }
            _ => return Ok(None),
        }))
    }
}

/// `[StringComparer]::Create(…)` and `::FromComparison(…)`
pub fn call_static(name: &str, arguments: &[Value]) -> Option<Value> {
    let made = match (name, arguments) {
        ("fromcomparison", [Value::Enum(comparison)]) => {
            TextComparer::of_comparison(comparison.bits)
        }
        ("create", [_, Value::Bool(ignore_case)]) => TextComparer {
            ordinal: false,
            ignore_case: *ignore_case,
        },
        ("create", [_, Value::Enum(options)]) => TextComparer {
            ordinal: options.bits & 0x5000_0000 != 0,
            ignore_case: options.bits & 0x1000_0001 != 0,
        },
        _ => return None,
    };
    Some(Value::native(made))
}

/// The natural order of a type, or its reverse.
pub struct DefaultComparer {
    type_ref: TypeRef,
    ignore_case: bool,
}

impl DefaultComparer {
    /// `[Collections.Comparer]::Default` and its kin.
    pub fn value(type_name: &'static str, ignore_case: bool) -> Value {
        Value::native(DefaultComparer {
            type_ref: type_named(type_name),
            ignore_case,
        })
    }

    /// `[Comparer[T]]::Default`, `[EqualityComparer[T]]::Default`
    pub fn generic(of: &TypeRef) -> Value {
        let class = of.name.split('`').next().unwrap_or("");
        let definition = find_full(&format!("System.Collections.Generic.Generic{class}`1"));
        let arguments = of.arguments.clone();
        Value::native(DefaultComparer {
            type_ref: definition.map_or_else(known::object, |it| {
                crate::runtime::types::generic(&it, arguments)
            }),
            ignore_case: false,
        })
    }
}

impl Native for DefaultComparer {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match (name, arguments) {
            ("compare", [a, b]) => {
                let order = match (self.ignore_case, a.as_str(), b.as_str()) {
                    (true, Some(a), Some(b)) => collation::compare(a, b, true),
                    _ => equality::order(vm, a, b)?,
                };
                Some(Value::Int(order as i32))
            }
            ("equals", [a, b]) => Some(Value::Bool(equality::equal(vm, a, b)?)),
            ("gethashcode", [value]) => {
                Some(Value::Int(crate::runtime::types::object::hash_code(value)))
            }
            _ => None,
        })
    }
}

/// A comparer made of a comparison.
pub struct ComparisonComparer {
    comparison: Value,
}

impl ComparisonComparer {
    /// `[Comparer[T]]::Create(comparison)`
    pub fn value(comparison: &Value) -> Value {
        Value::native(ComparisonComparer {
            comparison: comparison.clone(),
        })
    }
}

impl Native for ComparisonComparer {
    fn type_ref(&self) -> TypeRef {
        let definition = find_full("System.Collections.Generic.ComparisonComparer`1");
        let arguments = match self.comparison.base() {
            Value::Native(native) => native.body().type_ref().arguments.clone(),
            _ => vec![known::object()],
        };
        definition.map_or_else(known::object, |it| {
            crate::runtime::types::generic(&it, arguments)
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        if name != "compare" {
            return Ok(None);
        }
        crate::runtime::types::collections::array::call_delegate(
            vm,
            &self.comparison,
            arguments.to_vec(),
        )
        .map(Some)
    }
}

/// The order of two values by a comparer object or a comparison.
pub fn compare(vm: &mut Vm, comparer: &Value, a: &Value, b: &Value) -> R<Ordering> {
    if let (Some(text), Some(a), Some(b)) =
        (comparer.as_native::<TextComparer>(), a.as_str(), b.as_str())
    {
        return Ok(text.compare_texts(a, b));
    }
    let answer = match comparer.base() {
        _ if crate::runtime::types::reflection::delegate::is_callable(comparer) => {
            crate::runtime::types::collections::array::call_delegate(
                vm,
                comparer,
                vec![a.clone(), b.clone()],
            )?
        }
        other => vm.invoke_method(other, "Compare", vec![a.clone(), b.clone()])?,
    };
    Ok(vm.to_int(&answer)?.cmp(&0))
}

/// The comparer among a constructor's arguments that is a script's own code.
pub fn of_script(arguments: &[Value]) -> Option<Value> {
    let own = |argument: &&Value| {
        matches!(argument.base(), Value::Instance(_))
            || argument.as_native::<ComparisonComparer>().is_some()
    };
    arguments.iter().find(own).cloned()
}

/// Whether objects tell themselves when they are the same: a class with both methods of its own.
fn compares_itself(value: &Value) -> bool {
    match value.base() {
        Value::Instance(instance) => ["Equals", "GetHashCode"]
            .iter()
            .all(|name| !instance.class.methods_named(name, false).is_empty()),
        _ => false,
    }
}

/// The key that stands for `key` among those that are there: one that a script's code, of the
/// comparer or of the keys themselves, takes for the same. Otherwise the key itself.
pub fn same_among(
    vm: &mut Vm,
    comparer: Option<&Value>,
    keys: impl FnOnce() -> Vec<Value>,
    key: &Value,
) -> R<Value> {
    let by_order = comparer.is_some_and(|it| match it.base() {
        Value::Instance(instance) => !instance.class.methods_named("Compare", false).is_empty(),
        _ => true,
    });
    if key.is_null() || (comparer.is_none() && !compares_itself(key)) {
        return Ok(key.clone());
    }
    let hash = |vm: &mut Vm, value: &Value| match comparer {
        Some(comparer) => vm.invoke_method(comparer, "GetHashCode", vec![value.clone()]),
        None => vm.invoke_method(value, "GetHashCode", Vec::new()),
    };
    let wanted = match by_order {
        true => Value::Null,
        false => hash(vm, key)?,
    };
    for there in keys() {
        let same = match comparer {
            Some(comparer) if by_order => compare(vm, comparer, &there, key)?.is_eq(),
            None if !compares_itself(&there) => false,
            _ if {
                let own = hash(vm, &there)?;
                !equality::equal(vm, &own, &wanted)?
            } =>
            {
                false
            }
            Some(comparer) => {
                let pair = vec![there.clone(), key.clone()];
                let answer = vm.invoke_method(comparer, "Equals", pair)?;
                vm.to_bool(&answer)
            }
            None => equality::equal(vm, &there, key)?,
        };
        if same {
            return Ok(there);
        }
    }
    Ok(key.clone())
}

/// The order of two keys or members: by a script's comparer, without letter case, or their own.
pub fn order_of(
    vm: &mut Vm,
    comparer: Option<&Value>,
    ignore_case: bool,
    a: &Value,
    b: &Value,
) -> R<Ordering> {
    match (comparer, ignore_case, a.as_str(), b.as_str()) {
        (Some(comparer), ..) => compare(vm, comparer, a, b),
        (None, true, Some(a), Some(b)) => Ok(collation::compare(a, b, true)),
        _ => equality::order(vm, a, b),
    }
}

/// How a dictionary or set made with this comparer compares its texts.
pub fn key_comparison(comparer: Option<&Value>) -> KeyComparison {
    let ignores = comparer
        .and_then(|c| c.as_native::<TextComparer>())
        .is_some_and(|c| c.ignore_case);
    if ignores {
        KeyComparison::IgnoreCase
    } else {
        KeyComparison::Exact
    }
}
