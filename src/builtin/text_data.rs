//! ConvertFrom-StringData, ConvertTo-Html, Get-FileHash, Format-Hex, New-TemporaryFile, Unblock-File.

use super::csv::plain_text;
use super::selection::{Selection, encoding, stop};
use crate::cmdlet::registry::Factory;
use crate::format::property_table::{self, TableOf};
use crate::host::interrupted;
use crate::runtime::collection::Dictionary;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::pattern::regex::unescape;
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::provider::{ItemPath, Provider};
use crate::runtime::text::encoding::Encoding;
use crate::runtime::types::io::file_info::FileInfo;
use crate::runtime::types::net::web_text::html_encode;
use crate::runtime::types::numerics::buffer;
use crate::runtime::types::record::Record;
use crate::runtime::types::text::regex::parse_fault;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use md5::Digest;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("ConvertFrom-StringData", || Box::new(ConvertFromStringData)),
    ("ConvertTo-Html", || Box::<ConvertToHtml>::default()),
    ("Get-FileHash", || Box::new(GetFileHash)),
    ("Format-Hex", || Box::<FormatHex>::default()),
    ("New-TemporaryFile", || Box::new(NewTemporaryFile)),
    ("Unblock-File", || Box::new(UnblockFile)),
];

struct ConvertFromStringData;

impl Cmdlet for ConvertFromStringData {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let text = call.text("StringData").unwrap_or_else(|| "".into());
        let delimiter = match call.get("Delimiter").map(Value::into_base) {
            Some(Value::Char(unit)) => char::from_u32(u32::from(unit)).unwrap_or('='),
            _ => '=',
        };
        let table = Dictionary::hashtable();
        for line in super::content::lines_of(&text) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((name, value)) = line.split_once(delimiter) else {
                return stop(bad_data(format!(
                    "Data line '{line}' is not in 'name=value' format."
                )));
            };
            let name = unescaped(name)?;
            if table.get_str(&name).is_some() {
                return stop(bad_data(format!(
                    "Data item '{name}' in line '{line}' is already defined."
                )));
            }
            table.set_str(&name, Value::str(unescaped(value)?));
        }
        vm.write(Value::Dict(Rc::new(table)))
    }
}

/// A part of a line, with the escapes of regular expressions.
fn unescaped(text: &str) -> R<String> {
    Ok(unescape(text.trim()).map_err(|error| parse_fault(&error))?)
}

fn bad_data(message: String) -> Fault {
    Fault::of(
        "System.Management.Automation.PSInvalidOperationException",
        "InvalidOperation",
        Category::InvalidOperation,
        message,
    )
}

#[derive(Default)]
struct ConvertToHtml {
    items: Vec<Value>,
}

/// A column: its heading, where its values come from, and further attributes.
struct Column {
    label: String,
    expression: Value,
    width: Option<String>,
    align: Option<String>,
}

impl Cmdlet for ConvertToHtml {
    fn process(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        if let Some(value) = call.get("InputObject")
            && !value.is_null()
        {
            self.items.push(value);
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut lines: Vec<String> = Vec::new();
        if !call.switch("Fragment") {
            self.head(vm, call, &mut lines)?;
        }
        lines.extend(call.texts("PreContent").iter().map(|t| t.to_string()));
        let as_list = call
            .text("As")
            .is_some_and(|a| a.eq_ignore_ascii_case("List"));
        lines.push("<table>".into());
        if as_list {
            for (i, item) in self.items.iter().enumerate() {
                let columns = self.columns(vm, call, item)?;
                if columns.is_empty() {
                    continue;
                }
                if i > 0 {
                    lines.push("<tr><td><hr></td></tr>".into());
                }
                for column in &columns {
                    let text = value_of(vm, item, column)?;
                    lines.push(format!(
                        "<tr><td>{}:</td><td>{}</td></tr>",
                        html_encode(&column.label),
                        html_encode(&text)
                    ));
                }
            }
        } else {
            self.rows(vm, call, &mut lines)?;
        }
        lines.push("</table>".into());
        lines.extend(call.texts("PostContent").iter().map(|t| t.to_string()));
        if !call.switch("Fragment") {
            lines.push("</body></html>".into());
        }
        for line in lines {
            vm.write(Value::str(line))?;
        }
        Ok(())
    }
}

/// The names of `-Meta` that browsers know, and whether they stand for a header.
const META: [(&str, bool); 9] = [
    ("content-type", true),
    ("default-style", true),
    ("x-ua-compatible", true),
    ("application-name", false),
    ("author", false),
    ("description", false),
    ("generator", false),
    ("keywords", false),
    ("viewport", false),
];

impl ConvertToHtml {
    /// The table's rows, from the first item on that has columns.
    fn rows(&self, vm: &mut Vm, call: &Call, lines: &mut Vec<String>) -> R<()> {
        let mut columns: Vec<Column> = Vec::new();
        for item in &self.items {
            if columns.is_empty() {
                columns = self.columns(vm, call, item)?;
                if columns.is_empty() {
                    continue;
                }
                let mut group = String::from("<colgroup>");
                for column in &columns {
                    group.push_str("<col");
                    if let Some(width) = &column.width {
                        group.push_str(&format!(" width = \"{width}\""));
                    }
                    if let Some(align) = &column.align {
                        group.push_str(&format!(" align = \"{align}\""));
                    }
                    group.push_str("/>");
                }
                lines.push(group + "</colgroup>");
                let heads: String = columns
                    .iter()
                    .map(|c| format!("<th>{}</th>", html_encode(&c.label)))
                    .collect();
                lines.push(format!("<tr>{heads}</tr>"));
            }
            let mut row = String::from("<tr>");
            for column in &columns {
                let text = value_of(vm, item, column)?;
                row.push_str(&format!("<td>{}</td>", html_encode(&text)));
            }
            lines.push(row + "</tr>");
        }
        Ok(())
    }

    fn head(&self, vm: &mut Vm, call: &Call, lines: &mut Vec<String>) -> R<()> {
        lines.push(
            match call.switch("Transitional") {
                true => "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"  \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">",
                false => "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\"  \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">",
            }
            .into(),
        );
        lines.push("<html xmlns=\"http://www.w3.org/1999/xhtml\">".into());
        lines.push("<head>".into());
        if let Some(charset) = call.text("Charset") {
            lines.push(format!("<meta charset=\"{charset}\">"));
        }
        if let Some(Value::Dict(meta)) = call.get("Meta").map(Value::into_base) {
            for (name, content) in meta.pairs() {
                let (name, content) = (vm.to_text(&name)?, vm.to_text(&content)?);
                let known = META
                    .iter()
                    .find(|(known, _)| known.eq_ignore_ascii_case(&name));
                let kind = match known {
                    Some((_, true)) => "http-equiv",
                    _ => "name",
                };
                if known.is_none() {
                    vm.write_warning(&format!("Accepted meta properties are content-type, default-style, application-name, author, description, generator, keywords, x-ua-compatible, and viewport. The meta pair: {name} and {content} may not function correctly."))?;
                }
                lines.push(format!("<meta {kind}=\"{name}\" content=\"{content}\">"));
            }
        }
        let head = call.texts("Head");
        if head.is_empty() {
            let title = call.text("Title").unwrap_or_else(|| "HTML TABLE".into());
            lines.push(format!("<title>{title}</title>"));
        } else {
            lines.extend(head.iter().map(|t| t.to_string()));
        }
        if let Some(uri) = call.get("CssUri") {
            let uri = vm.to_text(&uri)?;
            lines.push(format!(
                "<link rel=\"stylesheet\" type=\"text/css\" href=\"{uri}\" />"
            ));
        }
        lines.push("</head><body>".into());
        lines.extend(call.texts("Body").iter().map(|t| t.to_string()));
        Ok(())
    }

    fn columns(&self, vm: &mut Vm, call: &Call, first: &Value) -> R<Vec<Column>> {
        let plain = |name: &str| Column {
            label: name.to_string(),
            expression: Value::str(name),
            width: None,
            align: None,
        };
        let given = call.items("Property");
        let all = [Value::str("*")];
        let mut columns = Vec::new();
        for property in if given.is_empty() {
            &all[..]
        } else {
            &given[..]
        } {
            let mut column = plain("");
            let mut labelled = false;
            for (key, value) in property_table::read(vm, property, TableOf::Html)? {
                match key {
                    "expression" => column.expression = value,
                    "label" => {
                        column.label = vm.to_text(&value)?;
                        labelled = !column.label.is_empty();
                    }
                    "width" => column.width = Some(vm.to_text(&value)?),
                    _ => column.align = Some(vm.to_text(&value)?),
                }
            }
            if !labelled {
                column.label = vm.to_text(&column.expression)?;
            }
            let pattern = match &column.expression {
                Value::Str(name) if WildcardPattern::contains_wildcards(name) => {
                    crate::runtime::provider::find::wildcard(name)
                }
                _ => None,
            };
            match pattern {
                None => columns.push(column),
                Some(pattern) => {
                    for found in vm.properties(first)? {
                        if !found.hidden && pattern.is_match(&found.name) {
                            columns.push(Column {
                                label: match labelled {
                                    true => column.label.clone(),
                                    false => found.name.to_string(),
                                },
                                expression: Value::str(&*found.name),
                                width: column.width.clone(),
                                align: column.align.clone(),
                            });
                        }
                    }
                }
            }
        }
        Ok(columns)
    }
}

fn value_of(vm: &mut Vm, item: &Value, column: &Column) -> R<String> {
    let found = match column.expression.base() {
        Value::Block(block) => {
            let block = block.clone();
            Vm::captured(vm.call_block_for(&block, item)?)
        }
        expression => {
            let name = vm.to_text(expression)?;
            vm.get_member(item, &name)?.unwrap_or_default()
        }
    };
    match found.is_null() {
        true => Ok(String::new()),
        false => plain_text(vm, &found),
    }
}

struct GetFileHash;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02X}")).collect()
}

/// The hash of so many bytes as Ctrl-C lets it read.
fn hashed<D: Digest>(bytes: &[u8]) -> String {
    const PIECE: usize = 1 << 22;
    let mut hash = D::new();
    for piece in bytes.chunks(PIECE) {
        if interrupted() {
            break;
        }
        hash.update(piece);
    }
    hex(&hash.finalize())
}

fn digest(algorithm: &str, bytes: &[u8]) -> (&'static str, String) {
    match algorithm.to_ascii_uppercase().as_str() {
        "MD5" => ("MD5", hashed::<md5::Md5>(bytes)),
        "SHA1" => ("SHA1", hashed::<sha1::Sha1>(bytes)),
        "SHA384" => ("SHA384", hashed::<sha2::Sha384>(bytes)),
        "SHA512" => ("SHA512", hashed::<sha2::Sha512>(bytes)),
        _ => ("SHA256", hashed::<sha2::Sha256>(bytes)),
    }
}

impl Cmdlet for GetFileHash {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let algorithm = call.text("Algorithm").unwrap_or_else(|| "SHA256".into());
        if let Some(stream) = call.get("InputStream") {
            let bytes = vm.invoke_method(&stream, "ToArray", Vec::new())?;
            let bytes = bytes_of(&bytes);
            return vm.write(hash_info(digest(&algorithm, &bytes), None));
        }
        let selection = Selection::of(call);
        for path in &selection.paths {
            let found = vm.find_items(path, selection.literal, true)?;
            for _ in found.faults {
                let item = vm.item_path(path)?;
                vm.write_fault(not_found(&item))?;
            }
            for item in found.items {
                if item.as_file().is_dir() {
                    continue;
                }
                match crate::host::file::read(item.as_file()) {
                    Ok(bytes) => {
                        let value = hash_info(digest(&algorithm, &bytes), Some(&item.path));
                        vm.write(value)?;
                    }
                    Err(error) => {
                        let mut fault =
                            super::item_changes::io_fault(&error, "FileReadError", item.as_file());
                        if error.kind() == std::io::ErrorKind::PermissionDenied {
                            fault.id = "UnauthorizedAccessError".into();
                        }
                        vm.write_fault(fault)?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn not_found(item: &ItemPath) -> Fault {
    Fault::of(
        "System.Management.Automation.ItemNotFoundException",
        "FileNotFound",
        Category::ObjectNotFound,
        format!(
            "Cannot find path '{}' because it does not exist.",
            item.path
        ),
    )
    .target(Value::str(item.path.as_str()))
}

fn hash_info((algorithm, hash): (&'static str, String), path: Option<&str>) -> Value {
    Record::value(
        "Microsoft.PowerShell.Commands.FileHashInfo",
        "Microsoft.PowerShell.Commands.FileHashInfo",
        vec![
            ("Algorithm", Value::str(algorithm)),
            ("Hash", Value::str(hash)),
            ("Path", path.map_or(Value::Null, Value::str)),
        ],
    )
}

fn bytes_of(value: &Value) -> Vec<u8> {
    match value.base() {
        Value::Array(array) => array
            .items
            .borrow()
            .iter()
            .filter_map(|v| match v.base() {
                Value::Byte(b) => Some(*b),
                _ => None,
            })
            .collect(),
        Value::Byte(b) => vec![*b],
        _ => Vec::new(),
    }
}

#[derive(Default)]
struct FormatHex {
    bytes: Vec<u8>,
    label: Option<String>,
}

impl Cmdlet for FormatHex {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if call.has("Path") || call.has("LiteralPath") {
            let selection = Selection::of(call);
            for path in &selection.paths {
                let found = vm.find_items(path, selection.literal, true)?;
                if !found.faults.is_empty() {
                    let item = vm.item_path(path)?;
                    vm.write_fault(not_found(&item))?;
                }
                for item in found.items {
                    if item.provider != Provider::FileSystem {
                        let message = "The given path is not supported. This command supports only the FileSystem Provider paths.";
                        let id = "FormatHexOnlySupportsFileSystemPaths";
                        vm.write_fault(
                            Fault::of(
                                "System.ArgumentException",
                                id,
                                Category::InvalidArgument,
                                message,
                            )
                            .target(Value::str(&*item.path)),
                        )?;
                        continue;
                    }
                    self.file(vm, call, &item)?;
                }
            }
            return Ok(());
        }
        let value = call.get("InputObject").unwrap_or_default();
        let (bytes, label) = self.convert(vm, call, &value)?;
        match label {
            Some(label) => {
                if self.label.is_some()
                    && (self.label.as_deref() != Some(&label) || label == "String")
                {
                    self.flush(vm, call)?;
                }
                self.label = Some(label);
                self.bytes.extend(bytes);
                Ok(())
            }
            None => {
                let name = vm.type_of(&value).full_name.clone();
                vm.write_fault(
                    Fault::argument(
                        "FormatHexTypeNotSupported",
                        format!("Cannot convert input of type '{name}' to hexadecimal. To view the hexadecimal formatting of its string representation, convert it to a string before piping it to Format-Hex."),
                    )
                    .target(value),
                )
            }
        }
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.flush(vm, call)
    }
}

/// Shows the part of some bytes that `-Offset` and `-Count` choose.
fn show_part(vm: &mut Vm, call: &Call, bytes: Vec<u8>, label: &str) -> R<()> {
    let number = |name: &str| call.int(name).and_then(|n| usize::try_from(n).ok());
    let offset = number("Offset").unwrap_or(0);
    let count = number("Count").unwrap_or(usize::MAX);
    let bytes: Vec<u8> = bytes.into_iter().skip(offset).take(count).collect();
    lines(vm, &bytes, offset as u64, label)
}

impl FormatHex {
    fn file(&mut self, vm: &mut Vm, call: &Call, item: &ItemPath) -> R<()> {
        match crate::host::file::read(item.as_file()) {
            Ok(bytes) => show_part(vm, call, bytes, &item.path),
            Err(error) => {
                let fault = super::item_changes::io_fault(&error, "FileReadError", item.as_file());
                vm.write_fault(fault)
            }
        }
    }

    fn flush(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(label) = self.label.take() else {
            return Ok(());
        };
        let bytes = std::mem::take(&mut self.bytes);
        show_part(vm, call, bytes, &label)
    }

    fn convert(&self, vm: &mut Vm, call: &Call, value: &Value) -> R<(Vec<u8>, Option<String>)> {
        let encoding = encoding(vm, call)?.unwrap_or(Encoding::UTF8);
        let type_name = vm.type_of(value.base()).full_name.to_string();
        let bytes = match value.base() {
            Value::Str(text) => {
                return Ok((encoding.encode(text).into_owned(), Some("String".into())));
            }
            Value::Array(array) => {
                let items = vm.copy_items(&array.items)?;
                let mut all = Vec::new();
                for item in &items {
                    all.extend(self.convert(vm, call, item)?.0);
                }
                all
            }
            Value::Bool(b) => i32::from(*b).to_le_bytes().to_vec(),
            other => match buffer::little_endian(other) {
                Some(bytes) => bytes,
                None if value.as_native::<FileInfo>().is_some() => {
                    let path = vm.to_text(value)?;
                    let bytes = crate::host::file::read(&path).unwrap_or_default();
                    return Ok((bytes, Some(path)));
                }
                None => return Ok((Vec::new(), None)),
            },
        };
        Ok((bytes, Some(type_name)))
    }
}

fn lines(vm: &mut Vm, bytes: &[u8], start: u64, label: &str) -> R<()> {
    for (i, chunk) in bytes.chunks(16).enumerate() {
        let offset = start + i as u64 * 16;
        let mut hex = String::new();
        let mut ascii = String::new();
        for byte in chunk {
            if !hex.is_empty() {
                hex.push(' ');
            }
            hex.push_str(&format!("{byte:02X}"));
            ascii.push(match byte {
                0 => ' ',
                0x20..=0x7e | 0xa0..=0xff => *byte as char,
                _ => '\u{fffd}',
            });
        }
        let items: Vec<Value> = chunk.iter().map(|b| Value::Byte(*b)).collect();
        let array =
            crate::runtime::collection::Array::typed(crate::runtime::types::known::byte(), items);
        let value = Record::value(
            "Microsoft.PowerShell.Commands.ByteCollection",
            format!("{offset:016X}   {hex:<47} {ascii}"),
            vec![
                ("Offset64", Value::ULong(offset)),
                ("Offset", Value::UInt(offset as u32)),
                ("Bytes", Value::Array(Rc::new(array))),
                (
                    "Path",
                    match std::path::Path::new(label).is_absolute() {
                        true => Value::str(label),
                        false => Value::Null,
                    },
                ),
                ("Label", Value::str(label)),
                ("HexOffset", Value::str(format!("{offset:016X}"))),
                ("HexBytes", Value::str(hex)),
                ("Ascii", Value::str(ascii)),
            ],
        );
        vm.write(value)?;
    }
    Ok(())
}

struct NewTemporaryFile;

impl Cmdlet for NewTemporaryFile {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut seed = [0_u8; 4];
        vm.host.random(&mut seed);
        let name = format!("tmp{}.tmp", hex(&seed).to_ascii_lowercase());
        let path = std::env::temp_dir().join(name);
        if !vm.should_process(
            call,
            &std::env::temp_dir().to_string_lossy(),
            "New-TemporaryFile",
        )? {
            return Ok(());
        }
        if let Err(error) = std::fs::write(&path, "") {
            return stop(super::item_changes::io_fault(
                &error,
                "NewTemporaryFileWriteError",
                &path,
            ));
        }
        let item = ItemPath::file(path.to_string_lossy().into_owned());
        let value = vm.item_value(&item)?;
        vm.write(value)
    }
}

struct UnblockFile;

impl Cmdlet for UnblockFile {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let selection = Selection::of(call);
        for path in &selection.paths {
            let found = vm.find_items(path, selection.literal, true)?;
            for _ in found.faults {
                let item = vm.item_path(path)?;
                vm.write_fault(not_found(&item))?;
            }
        }
        Ok(())
    }
}
