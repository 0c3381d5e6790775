//! The exceptions that .NET members throw, with .NET's messages.

use crate::runtime::error::{Fault, R};
use crate::runtime::limits;

/// Ends a member with a .NET exception.
pub fn fail<T>(type_name: &str, message: impl AsRef<str>) -> R<T> {
    Err(Fault::dotnet(type_name, message.as_ref()).into())
}

/// ArgumentNullException.
pub fn argument_null<T>(parameter: &str) -> R<T> {
    fail(
        "System.ArgumentNullException",
        format!("Value cannot be null. (Parameter '{parameter}')"),
    )
}

/// ArgumentException; the parameter's name may be empty.
pub fn argument<T>(message: impl AsRef<str>, parameter: &str) -> R<T> {
    fail(
        "System.ArgumentException",
        with_parameter(message.as_ref(), parameter),
    )
}

/// ArgumentOutOfRangeException.
pub fn out_of_range<T>(message: impl AsRef<str>, parameter: &str) -> R<T> {
    fail(
        "System.ArgumentOutOfRangeException",
        with_parameter(message.as_ref(), parameter),
    )
}

/// What `ThrowIfNegative` throws.
pub fn negative<T>(parameter: &str, value: i64) -> R<T> {
    fail(
        "System.ArgumentOutOfRangeException",
        format!(
            "{parameter} ('{value}') must be a non-negative value. (Parameter '{parameter}')\nActual value was {value}."
        ),
    )
}

/// What `ThrowIfGreaterThan` throws.
pub fn above<T>(parameter: &str, value: i64, most: i64) -> R<T> {
    fail(
        "System.ArgumentOutOfRangeException",
        format!(
            "{parameter} ('{value}') must be less than or equal to '{most}'. (Parameter '{parameter}')\nActual value was {value}."
        ),
    )
}

/// The index of a list is outside it.
pub fn bad_index<T>() -> R<T> {
    out_of_range(
        "Index was out of range. Must be non-negative and less than the size of the collection.",
        "index",
    )
}

/// The index of an array is outside it.
pub fn outside_array<T>() -> R<T> {
    fail(
        "System.IndexOutOfRangeException",
        "Index was outside the bounds of the array.",
    )
}

/// FormatException.
pub fn format<T>(message: impl AsRef<str>) -> R<T> {
    fail("System.FormatException", message)
}

/// OverflowException.
pub fn overflow<T>(message: impl AsRef<str>) -> R<T> {
    fail("System.OverflowException", message)
}

/// InvalidOperationException.
pub fn invalid_operation<T>(message: impl AsRef<str>) -> R<T> {
    fail("System.InvalidOperationException", message)
}

/// OutOfMemoryException.
pub fn out_of_memory<T>() -> R<T> {
    fail(
        "System.OutOfMemoryException",
        "Exception of type 'System.OutOfMemoryException' was thrown.",
    )
}

/// An array of so many items that .NET has no place for it: OutOfMemoryException.
pub fn too_many_items<T>() -> R<T> {
    fail(
        "System.OutOfMemoryException",
        "Array dimensions exceeded supported range.",
    )
}

/// Refuses to make room for more items than .NET could.
pub fn check_room(items: i32) -> R<()> {
    match items <= limits::LONGEST_ARRAY {
        true => Ok(()),
        false => too_many_items(),
    }
}

/// NotSupportedException.
/// Not there on this system.
pub fn not_supported_here<T>() -> R<T> {
    fail(
        "System.PlatformNotSupportedException",
        "Operation is not supported on this platform.",
    )
}

/// NotSupportedException.
pub fn not_supported<T>(message: impl AsRef<str>) -> R<T> {
    fail("System.NotSupportedException", message)
}

/// What the operating system says, without its number.
pub fn system_text(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// A file-system error of the operating system, with the message .NET gives it.
pub fn io<T>(error: &std::io::Error, path: &str) -> R<T> {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => match std::path::Path::new(path).parent() {
            Some(parent) if !parent.as_os_str().is_empty() && !parent.exists() => fail(
                "System.IO.DirectoryNotFoundException",
                format!("Could not find a part of the path '{path}'."),
            ),
            _ => fail(
                "System.IO.FileNotFoundException",
                format!("Could not find file '{path}'."),
            ),
        },
        ErrorKind::PermissionDenied | ErrorKind::IsADirectory => fail(
            "System.UnauthorizedAccessException",
            format!("Access to the path '{path}' is denied."),
        ),
        ErrorKind::AlreadyExists => fail(
            "System.IO.IOException",
            format!("The file '{path}' already exists."),
        ),
        ErrorKind::DirectoryNotEmpty => fail(
            "System.IO.IOException",
            format!("Directory not empty : '{path}'"),
        ),
        _ => {
            let text = system_text(error);
            fail("System.IO.IOException", format!("{text} : '{path}'"))
        }
    }
}

fn with_parameter(message: &str, parameter: &str) -> String {
    if parameter.is_empty() {
        message.to_string()
    } else {
        format!("{message} (Parameter '{parameter}')")
    }
}

/// A text several times over; beyond what a string can hold OutOfMemoryException.
pub fn repeated(text: &str, count: usize) -> R<String> {
    if !limits::text_fits(text.len().checked_mul(count)) {
        return out_of_memory();
    }
    Ok(crate::host::long_work::repeat(text, count))
}
