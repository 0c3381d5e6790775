//! `System.Management.Automation.Language.CodeGeneration`: texts made safe to stand in a script.

use crate::runtime::value::Value;

/// Static methods; the name is in lower case.
pub fn call_static(name: &str, arguments: &[Value]) -> Option<Value> {
    let text = arguments.first()?.as_str().unwrap_or_default();
    Some(Value::str(match name {
        "escapesinglequotedstringcontent" => {
            let mut escaped = String::with_capacity(text.len());
            for c in text.chars() {
                escaped.push(c);
                if matches!(c, '\'' | '\u{2018}'..='\u{201B}') {
                    escaped.push(c);
                }
            }
            escaped
        }
        "escapeblockcommentcontent" => text.replace("<#", "<`#").replace("#>", "#`>"),
        "escapeformatstringcontent" => text.replace('{', "{{").replace('}', "}}"),
        "escapevariablename" => text
            .replace('`', "``")
            .replace('}', "`}")
            .replace('{', "`{"),
        _ => return None,
    }))
}
