//! ConvertTo-Csv, ConvertFrom-Csv, Export-Csv and Import-Csv.

use super::selection::{Selection, encoding, file_to_write, stop};
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::{CustomObject, Member, Members};
use crate::runtime::symbol::Symbol;
use crate::runtime::text::culture::Culture;
use crate::runtime::text::datetime_format::format_date_time;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::text::numeric;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::path::PathBuf;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("ConvertTo-Csv", || Box::<ConvertToCsv>::default()),
    ("ConvertFrom-Csv", || Box::<ConvertFromCsv>::default()),
    ("Export-Csv", || Box::<ExportCsv>::default()),
    ("Import-Csv", || Box::new(ImportCsv)),
];

#[derive(Clone, Copy, PartialEq, Default)]
enum Quotes {
    #[default]
    Always,
    AsNeeded,
    Never,
}

#[derive(Default)]
struct Writer {
    names: Option<Vec<Rc<str>>>,
    delimiter: char,
    quotes: Quotes,
    fields: Option<Vec<Rc<str>>>,
    type_line: bool,
    header: bool,
}

impl Writer {
    fn of(vm: &mut Vm, call: &Call) -> R<Writer> {
        if call.switch("IncludeTypeInformation") && call.switch("NoTypeInformation") {
            stop::<()>(both(
                "CannotSpecifyIncludeTypeInformationAndNoTypeInformation",
                "You must specify either the -IncludeTypeInformation or -NoTypeInformation parameters, but not both.",
            ))?;
        }
        if call.has("QuoteFields") && call.has("UseQuotes") {
            stop::<()>(both(
                "CannotSpecifyQuoteFieldsAndUseQuotes",
                "You must specify either the -UseQuotes or -QuoteFields parameters, but not both.",
            ))?;
        }
        let quotes = match call.get("UseQuotes") {
            Some(value) => match vm.to_text(&value)?.to_ascii_lowercase().as_str() {
                "never" => Quotes::Never,
                "asneeded" => Quotes::AsNeeded,
                _ => Quotes::Always,
            },
            None => Quotes::Always,
        };
        Ok(Writer {
            names: None,
            delimiter: delimiter(vm, call)?,
            quotes,
            fields: call.has("QuoteFields").then(|| call.texts("QuoteFields")),
            type_line: call.switch("IncludeTypeInformation"),
            header: !call.switch("NoHeader"),
        })
    }

    /// The lines for one object: for the first also the header.
    fn lines(&mut self, vm: &mut Vm, value: &Value, lines: &mut Vec<String>) -> R<()> {
        if self.names.is_none() {
            let names = column_names(vm, value)?;
            if self.type_line && self.header {
                let name = vm.type_names(value).first().cloned();
                lines.push(format!("#TYPE {}", name.as_deref().unwrap_or("")));
            }
            if self.header {
                let mut line = String::new();
                for (i, name) in names.iter().enumerate() {
                    if i > 0 {
                        line.push(self.delimiter);
                    }
                    self.field(&mut line, name, name);
                }
                lines.push(line);
            }
            self.names = Some(names);
        }
        let names = self.names.clone().unwrap_or_default();
        let mut line = String::with_capacity(names.len() * 12);
        for (i, name) in names.iter().enumerate() {
            if i > 0 {
                line.push(self.delimiter);
            }
            let found = match value.base() {
                Value::Dict(dictionary) => dictionary.get_str(name),
                _ => vm.get_member(value, name)?,
            };
            match found {
                Some(found) if !found.is_null() => {
                    let text = plain_text(vm, &found)?;
                    self.field(&mut line, name, &text);
                }
                _ => {}
            }
        }
        lines.push(line);
        Ok(())
    }

    fn field(&self, line: &mut String, name: &str, text: &str) {
        let quoted = match &self.fields {
            Some(fields) => fields.iter().any(|f| f.eq_ignore_ascii_case(name)),
            None => match self.quotes {
                Quotes::Always => true,
                Quotes::Never => false,
                Quotes::AsNeeded => text.contains([self.delimiter, '\n', '"', '\r']),
            },
        };
        if !quoted {
            line.push_str(text);
            return;
        }
        line.push('"');
        for (i, part) in text.split('"').enumerate() {
            if i > 0 {
                line.push_str("\"\"");
            }
            line.push_str(part);
        }
        line.push('"');
    }
}

fn both(id: &str, message: &str) -> Fault {
    Fault::of(
        "System.InvalidOperationException",
        id,
        Category::InvalidData,
        message,
    )
}

fn delimiter(vm: &mut Vm, call: &Call) -> R<char> {
    if call.switch("UseCulture") {
        return Ok(vm.culture().list_separator().chars().next().unwrap_or(','));
    }
    Ok(match call.get("Delimiter").map(Value::into_base) {
        Some(Value::Char(unit)) => char::from_u32(u32::from(unit)).unwrap_or(','),
        Some(Value::Str(text)) => text.chars().next().unwrap_or(','),
        _ => ',',
    })
}

fn column_names(vm: &mut Vm, value: &Value) -> R<Vec<Rc<str>>> {
    if let Value::Dict(dictionary) = value.base() {
        let mut names = Vec::new();
        for key in dictionary.keys() {
            names.push(Rc::from(vm.to_text(&key)?));
        }
        return Ok(names);
    }
    Ok(vm.properties(value)?.into_iter().map(|p| p.name).collect())
}

/// What `ToString()` gives, by the culture: no unrolling, types by their names.
pub fn plain_text(vm: &mut Vm, value: &Value) -> R<String> {
    Ok(match value.base() {
        Value::Str(text) => text.to_string(),
        Value::Array(_) | Value::List(_) | Value::Dict(_) => {
            vm.type_of(value.base()).reflection_text()
        }
        Value::DateTime(time) => format_date_time(**time, "G", vm.culture()).unwrap_or_default(),
        Value::Double(n) => numeric::double_text(*n, Culture::en_us()),
        Value::Float(n) => numeric::single_text(*n, Culture::en_us()),
        _ => vm.to_text(value)?,
    })
}

#[derive(Default)]
struct ConvertToCsv {
    writer: Writer,
}

impl Cmdlet for ConvertToCsv {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.writer = Writer::of(vm, call)?;
        Ok(())
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let value = call.get("InputObject").unwrap_or_default();
        if value.is_null() {
            return Ok(());
        }
        let mut lines = Vec::new();
        self.writer.lines(vm, &value, &mut lines)?;
        // An object that has nothing to write gives no line.
        for line in lines.into_iter().filter(|line| !line.is_empty()) {
            vm.write(Value::str(line))?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct ExportCsv {
    writer: Writer,
    path: PathBuf,
    text: String,
    encoding: Option<Encoding>,
    append: bool,
    checked: bool,
    skip: bool,
}

impl Cmdlet for ExportCsv {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.writer = Writer::of(vm, call)?;
        if call.has("Path") && call.has("LiteralPath") {
            stop::<()>(both(
                "CannotSpecifyPathAndLiteralPath",
                "You must specify either the -Path or -LiteralPath parameters, but not both.",
            ))?;
        }
        let Some(path) = call.text("Path").or_else(|| call.text("LiteralPath")) else {
            return stop(both(
                "CannotSpecifyPathAndLiteralPath",
                "You must specify either the -Path or -LiteralPath parameters, but not both.",
            ));
        };
        let item = file_to_write(vm, &path, call.has("LiteralPath"))?;
        self.path = PathBuf::from(&item.path);
        self.append = call.switch("Append");
        self.encoding = encoding(vm, call)?;
        if !vm.should_process(call, &path, "Export-Csv")? {
            self.skip = true;
            return Ok(());
        }
        if call.switch("NoClobber") && self.path.exists() && !self.append {
            let leaf = item.path.as_str();
            return stop(
                Fault::of(
                    "System.IO.IOException",
                    "NoClobber",
                    Category::ResourceExists,
                    format!("The file '{leaf}' already exists."),
                )
                .target(Value::str(leaf)),
            );
        }
        if call.switch("Force") && self.path.exists() {
            let _ = crate::runtime::types::io::file_info::set_read_only(&self.path, false);
        }
        if !self.append {
            self.store(vm, false)?;
        }
        Ok(())
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let value = call.get("InputObject").unwrap_or_default();
        if value.is_null() || self.skip {
            return Ok(());
        }
        if self.append && !self.checked {
            self.checked = true;
            let existing = crate::host::file::read(&self.path).unwrap_or_default();
            if let Some((found, _)) = Encoding::detect(&existing) {
                self.encoding = Some(found.with_mark(false));
            }
            let text = Encoding::UTF8.decode_file(&existing);
            if !text.is_empty() && !text.ends_with('\n') {
                self.text.push('\n');
            }
            let mut records = Records::new(&text, self.writer.delimiter);
            if let Some(header) = records.header() {
                let names = column_names(vm, &value)?;
                let missing = header
                    .iter()
                    .find(|h| !names.iter().any(|n| n.eq_ignore_ascii_case(h)));
                if let Some(missing) = missing
                    && !call.switch("Force")
                {
                    let path = self.path.to_string_lossy().into_owned();
                    return stop(Fault::of(
                        "System.InvalidOperationException",
                        "CannotAppendCsvWithMismatchedPropertyNames",
                        Category::InvalidData,
                        format!("Cannot append CSV content to the following file: {path}. The appended object does not have a property that corresponds to the following column: {missing}. To continue with mismatched properties, add the -Force parameter, and then retry the command."),
                    ).target(Value::str(path)));
                }
                self.writer.names = Some(header.into_iter().map(Rc::from).collect());
            }
        }
        let mut lines = Vec::new();
        self.writer.lines(vm, &value, &mut lines)?;
        for line in lines {
            self.text.push_str(&line);
            self.text.push('\n');
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        if self.skip {
            return Ok(());
        }
        self.store(vm, true)
    }
}

impl ExportCsv {
    fn store(&mut self, _vm: &mut Vm, append: bool) -> R<()> {
        use std::io::Write;
        let encoding = self.encoding.unwrap_or(Encoding::UTF8);
        let result = std::fs::File::options()
            .create(true)
            .write(true)
            .append(append)
            .truncate(!append)
            .open(&self.path)
            .and_then(|mut file| {
                if !append {
                    file.write_all(encoding.preamble())?;
                }
                file.write_all(&encoding.encode(&self.text))
            });
        match result {
            Ok(()) => Ok(()),
            Err(error) => {
                let fault = open_failure(&error, &self.path);
                stop(fault)
            }
        }
    }
}

/// The error of a file that cannot be opened.
pub fn open_failure(error: &std::io::Error, path: &std::path::Path) -> Fault {
    let mut fault = super::item_changes::io_fault(error, "FileOpenFailure", path);
    fault.category = Category::OpenError;
    fault
}

/// The records of a text.
struct Records<'a> {
    rest: &'a str,
    delimiter: char,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, delimiter: char) -> Records<'a> {
        Records {
            rest: text,
            delimiter,
        }
    }

    /// The names in the first record that is no comment.
    fn header(&mut self) -> Option<Vec<String>> {
        loop {
            let record = self.next()?;
            if !record.first().is_some_and(|f| f.starts_with("#TYPE")) {
                return Some(record);
            }
        }
    }

    fn type_line(&mut self) -> Option<&'a str> {
        let line = self.rest.lines().next()?;
        let name = line.strip_prefix("#TYPE ")?;
        self.rest = self.rest[line.len()..].trim_start_matches(['\r', '\n']);
        Some(name.trim())
    }
}

impl Iterator for Records<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Vec<String>> {
        let mut fields = Vec::new();
        let mut text = self.rest;
        if text.is_empty() {
            return None;
        }
        let ends = |c: char| c == '\n' || c == '\r';
        loop {
            // Blanks before a value do not belong to it.
            let start = text
                .find(|c: char| c == self.delimiter || !(c == ' ' || c == '\t'))
                .unwrap_or(text.len());
            text = &text[start..];
            let mut value = String::new();
            if let Some(quoted) = text.strip_prefix('"') {
                text = quoted;
                loop {
                    match text.find('"') {
                        Some(at) if text[at + 1..].starts_with('"') => {
                            value.push_str(&text[..=at]);
                            text = &text[at + 2..];
                        }
                        Some(at) => {
                            value.push_str(&text[..at]);
                            text = &text[at + 1..];
                            break;
                        }
                        None => {
                            value.push_str(text);
                            text = "";
                            break;
                        }
                    }
                }
                let end = text
                    .find(|c: char| c == self.delimiter || ends(c))
                    .unwrap_or(text.len());
                value.push_str(text[..end].trim_end_matches([' ', '\t']));
                text = &text[end..];
            } else {
                let end = text
                    .find(|c: char| c == self.delimiter || ends(c))
                    .unwrap_or(text.len());
                value.push_str(&text[..end]);
                text = &text[end..];
            }
            fields.push(value);
            match text.chars().next() {
                Some(c) if c == self.delimiter => {
                    text = &text[c.len_utf8()..];
                    continue;
                }
                Some('\r') if text[1..].starts_with('\n') => self.rest = &text[2..],
                Some(_) => self.rest = &text[1..],
                None => self.rest = "",
            }
            return Some(fields);
        }
    }
}

/// Turns records into objects.
#[derive(Default)]
struct Rows {
    names: Option<Vec<Symbol>>,
    /// The members of the first row: those of the others have the same names.
    first: Option<Members>,
    type_name: Option<Rc<str>>,
}

impl Rows {
    fn read(&mut self, vm: &mut Vm, text: &str, delimiter: char) -> R<()> {
        let mut records = Records::new(text, delimiter);
        if self.names.is_none()
            && let Some(name) = records.type_line()
        {
            self.type_name = Some(name.into());
        }
        for record in records {
            vm.check_interrupt()?;
            if record.len() == 1 && record[0].trim().is_empty() {
                continue;
            }
            let Some(names) = &self.names else {
                if let Some(comment) = record.first()
                    && comment.starts_with('#')
                    && !comment.starts_with("#Fields: ")
                {
                    continue;
                }
                let header: Vec<String> = record;
                self.set_names(vm, &header)?;
                continue;
            };
            let mut values = record.into_iter();
            let notes = names
                .iter()
                .map(|_| Member::Note(values.next().map_or(Value::Null, Value::str)));
            let alike = match &self.first {
                Some(first) => Members::alike(first, notes.collect()),
                None => {
                    let first = Members::default();
                    for (name, note) in names.iter().zip(notes) {
                        first.set_symbol(*name, note);
                    }
                    Some(first)
                }
            };
            let members = alike.unwrap_or_default();
            if self.first.is_none() {
                self.first = Some(members.copy());
            }
            let object = CustomObject::new(members);
            if let Some(name) = &self.type_name {
                *object.type_names.borrow_mut() = vec![name.clone(), format!("CSV:{name}").into()];
            }
            vm.check_interrupt()?;
            vm.write(Value::Custom(Rc::new(object)))?;
        }
        Ok(())
    }

    fn set_names(&mut self, vm: &mut Vm, header: &[String]) -> R<()> {
        let mut names: Vec<Symbol> = Vec::new();
        let mut seen = rustc_hash::FxHashSet::default();
        let mut made = 0;
        for name in header {
            let name = match name.is_empty() {
                true => {
                    made += 1;
                    format!("H{made}")
                }
                false => name.clone(),
            };
            let symbol = Symbol::new(&name);
            if !seen.insert(symbol.folded()) {
                return stop(Fault::of(
                    "System.Management.Automation.ExtendedTypeSystemException",
                    "AlreadyPresentPSMemberInfoInternalCollectionAdd",
                    Category::NotSpecified,
                    format!("The member \"{name}\" is already present."),
                ));
            }
            names.push(symbol);
        }
        self.names = Some(names);
        if made > 0 {
            vm.write_warning("One or more headers were not specified. Default names starting with \"H\" have been used in place of any missing headers.")?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct ConvertFromCsv {
    rows: Rows,
    delimiter: char,
}

impl Cmdlet for ConvertFromCsv {
    fn begin(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        self.delimiter = delimiter(vm, call)?;
        if call.has("Header") {
            let names: Vec<String> = call.texts("Header").iter().map(|n| n.to_string()).collect();
            self.rows.set_names(vm, &names)?;
        }
        Ok(())
    }

    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        for line in call.texts("InputObject") {
            self.rows.read(vm, &line, self.delimiter)?;
        }
        Ok(())
    }
}

struct ImportCsv;

impl Cmdlet for ImportCsv {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let delimiter = delimiter(vm, call)?;
        let selection = Selection::of(call);
        for path in &selection.paths {
            let found = vm.find_items(path, selection.literal, true)?;
            for fault in found.faults {
                let full = vm.item_path(path)?;
                let _ = fault;
                let error = std::io::Error::from(std::io::ErrorKind::NotFound);
                vm.write_fault(open_failure(&error, full.as_file()))?;
            }
            for item in found.items {
                let bytes = match crate::host::file::read(item.as_file()) {
                    Ok(bytes) => bytes,
                    Err(error) => {
                        vm.write_fault(open_failure(&error, item.as_file()))?;
                        continue;
                    }
                };
                let text = match encoding(vm, call)? {
                    Some(named) if Encoding::detect(&bytes).is_none() => named.decode(&bytes),
                    _ => Encoding::UTF8.decode_file(&bytes),
                };
                let mut rows = Rows::default();
                if call.has("Header") {
                    let names: Vec<String> =
                        call.texts("Header").iter().map(|n| n.to_string()).collect();
                    rows.set_names(vm, &names)?;
                }
                rows.read(vm, &text, delimiter)?;
            }
        }
        Ok(())
    }
}
