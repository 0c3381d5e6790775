//! `PSNoteProperty`, `PSScriptMethod` and their kin: members that a script makes
//! by themselves, to add them to an object later.

use crate::runtime::error::R;
use crate::runtime::member::object_view::PsMember;
use crate::runtime::object::Member;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

const SPACE: &str = "System.Management.Automation.";

/// The types that [`construct`] knows, without their namespace.
const TYPES: [&str; 5] = [
    "PSNoteProperty",
    "PSPropertySet",
    "PSScriptProperty",
    "PSAliasProperty",
    "PSScriptMethod",
];

/// Whether objects of a type, by its full name, are members.
pub fn is_member_type(full_name: &str) -> bool {
    full_name
        .strip_prefix(SPACE)
        .is_some_and(|short| TYPES.contains(&short))
}

/// A new member: its name, and what makes it. `None` when no constructor takes
/// these arguments.
pub fn construct(vm: &mut Vm, full_name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let [name, content, rest @ ..] = arguments else {
        return Ok(None);
    };
    let short = full_name.strip_prefix(SPACE).unwrap_or(full_name);
    let member = match (short, content, rest) {
        ("PSNoteProperty", value, []) => Member::Note(value.clone()),
        ("PSPropertySet", names, []) => {
            let items = vm.enumerate(names)?.unwrap_or_else(|| vec![names.clone()]);
            let mut texts = Vec::with_capacity(items.len());
            for item in &items {
                texts.push(vm.to_text(item)?.into());
            }
            Member::PropertySet(texts)
        }
        ("PSScriptProperty", getter, rest) => {
            let block = |value: &Value| match value.base() {
                Value::Block(block) => Some(block.clone()),
                _ => None,
            };
            Member::Script {
                getter: block(getter),
                setter: rest.first().and_then(block),
            }
        }
        ("PSAliasProperty", target, _) => Member::Alias {
            target: vm.to_text(target)?.into(),
            conversion: None,
        },
        ("PSScriptMethod", Value::Block(block), []) => Member::Method(block.clone()),
        _ => return Ok(None),
    };
    let name = vm.to_text(name)?;
    Ok(Some(PsMember::detached(&name, member)))
}
