//! `System.Net.Mime.MediaTypeNames`: the names of kinds of content.

use crate::runtime::value::Value;

/// A static field; the name of its class without the one around it, and the field in lower case.
pub fn read_static(class: &str, name: &str) -> Option<Value> {
    let text = match (class, name) {
        ("Text", "plain" | "html" | "xml" | "css" | "csv" | "javascript" | "markdown") => {
            format!("text/{name}")
        }
        ("Text", "richtext") => "text/richtext".into(),
        ("Application", "json" | "xml" | "pdf" | "zip" | "rtf") => format!("application/{name}"),
        ("Application", "octet") => "application/octet-stream".into(),
        ("Application", "soap") => "application/soap+xml".into(),
        ("Application", "formurlencoded") => "application/x-www-form-urlencoded".into(),
        ("Image", "gif" | "jpeg" | "png" | "tiff" | "bmp" | "webp" | "avif") => {
            format!("image/{name}")
        }
        ("Image", "svg") => "image/svg+xml".into(),
        _ => return None,
    };
    Some(Value::str(text))
}
