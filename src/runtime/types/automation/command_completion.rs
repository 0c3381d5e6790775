//! `System.Management.Automation.CommandCompletion` and the results it holds.

use crate::runtime::error::R;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A static method; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    if name != "completeinput" {
        return Ok(None);
    }
    let (text, cursor) = match arguments {
        [ast, _, position, _] => {
            let extent = vm.get_member(ast, "Extent")?.unwrap_or_default();
            let text = vm.get_member(&extent, "Text")?.unwrap_or_default();
            (text, vm.get_member(position, "Offset")?.unwrap_or_default())
        }
        [text, cursor, ..] => (text.clone(), cursor.clone()),
        _ => return Ok(None),
    };
    let named = [("inputScript", text), ("cursorColumn", cursor)];
    let items = vm.call_command("TabExpansion2", &named, &[])?;
    Ok(items.into_iter().next())
}

/// `[CompletionResult]::new(text, shown, kind, explanation)`
pub fn result(type_name: &str, arguments: &[Value]) -> Value {
    // With the text alone it is shown and explained by itself.
    let text = |at: usize| arguments.get(at).or(arguments.first());
    let kind = arguments
        .get(2)
        .cloned()
        .unwrap_or_else(|| Value::enum_of("System.Management.Automation.CompletionResultType", 0));
    let fields = vec![
        ("CompletionText", text(0).cloned().unwrap_or_default()),
        ("ListItemText", text(1).cloned().unwrap_or_default()),
        ("ResultType", kind),
        ("ToolTip", text(3).cloned().unwrap_or_default()),
    ];
    PlainObject::new(type_name, fields).value()
}
