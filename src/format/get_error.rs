//! Get-Error and DetailedView: a record with everything it holds.

use super::category::CategoryParts;
use crate::runtime::error::{ErrorRecord, R};
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The detailed text of a record.
pub fn detailed(vm: &mut Vm, record: &Rc<ErrorRecord>) -> R<String> {
    let parts = CategoryParts::of(vm, record);
    let type_name = record.exception_type().reflection_text();
    let fields = [
        ("Type", type_name),
        ("Message", record.exception_message().to_string()),
    ];
    let mut text = String::from("\nException             : \n");
    for (name, value) in fields {
        text.push_str(&format!("    {name:<7} : {value}\n"));
    }
    text.push_str(&format!("CategoryInfo          : {}\n", parts.message()));
    text.push_str(&format!(
        "FullyQualifiedErrorId : {}\n",
        record.fully_qualified_id()
    ));
    Ok(text)
}
