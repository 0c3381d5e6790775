//! ProcessStartInfo, and processes that a script sets up, starts and reads from.

use crate::host::process::{Capture, Feed, ProcessRequest};
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::diagnostics::process::Process;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{
    TypeRef, collections::dictionary, collections::list, failures, io::stream, io::text_reader,
    known, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

const INFO: &str = "System.Diagnostics.ProcessStartInfo";

/// A line of arguments as a program gets them: blanks part, quotes hold together.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' if characters.peek() == Some(&'"') => {
                characters.next();
                word.get_or_insert_default().push('"');
            }
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' | '\t' if !quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

/// What to start and how.
pub fn start_info(arguments: &[Value]) -> Value {
    let text = |at: usize| arguments.get(at).cloned().unwrap_or_else(|| Value::str(""));
    let off = || Value::Bool(false);
    let fields = vec![
        ("FileName", text(0)),
        ("Arguments", text(1)),
        ("ArgumentList", list::list_of(&known::string(), Vec::new())),
        ("CreateNoWindow", off()),
        ("Domain", Value::str("")),
        ("Environment", dictionary::hashtable([])),
        ("EnvironmentVariables", dictionary::hashtable([])),
        ("ErrorDialog", off()),
        ("LoadUserProfile", off()),
        ("Password", Value::Null),
        ("RedirectStandardError", off()),
        ("RedirectStandardInput", off()),
        ("RedirectStandardOutput", off()),
        ("StandardErrorEncoding", Value::Null),
        ("StandardInputEncoding", Value::Null),
        ("StandardOutputEncoding", Value::Null),
        ("UserName", Value::str("")),
        ("UseShellExecute", off()),
        ("Verb", Value::str("")),
        (
            "WindowStyle",
            Value::enum_of("System.Diagnostics.ProcessWindowStyle", 0),
        ),
        ("WorkingDirectory", Value::str("")),
    ];
    PlainObject::new(INFO, fields).writable().value()
}

/// A process that is set up, and perhaps started.
pub struct PreparedProcess {
    info: RefCell<Value>,
    started: RefCell<Option<Rc<Process>>>,
    output: OnceCell<(Vec<u8>, Vec<u8>)>,
    readers: RefCell<[Option<Value>; 2]>,
    raises: Cell<bool>,
    /// Standard output and standard error go line by line to who handles the events.
    by_line: [Cell<bool>; 2],
}

impl PreparedProcess {
    /// A process of this description that does not run yet.
    pub fn value(info: Value) -> Value {
        Value::native(PreparedProcess {
            info: RefCell::new(info),
            started: RefCell::default(),
            output: OnceCell::new(),
            readers: RefCell::default(),
            raises: Cell::new(false),
            by_line: Default::default(),
        })
    }

    fn start(&self, vm: &mut Vm) -> R<()> {
        let info = self.info.borrow().clone();
        let Some(info) = info.as_native::<PlainObject>() else {
            return failures::argument_null("startInfo");
        };
        let field = |name: &str| info.field(name).unwrap_or_default();
        let is_on = |name: &str| matches!(field(name), Value::Bool(true));
        let name = vm.to_text(&field("FileName"))?;
        if name.is_empty() {
            return failures::invalid_operation(
                "Cannot start process because a file name has not been provided.",
            );
        }
        let line = vm.to_text(&field("Arguments"))?;
        let mut arguments = words(&line);
        for argument in vm.enumerate(&field("ArgumentList"))?.unwrap_or_default() {
            arguments.push(vm.to_text(&argument)?);
        }
        let folder = vm.to_text(&field("WorkingDirectory"))?;
        let folder = match folder.is_empty() {
            true => vm.session.location.clone(),
            false => vm.file_path(&folder),
        };
        let mut variables = Vec::new();
        for name in ["Environment", "EnvironmentVariables"] {
            if let Value::Dict(table) = field(name) {
                for (key, value) in table.pairs() {
                    variables.push((vm.to_text(&key)?, Some(vm.to_text(&value)?)));
                }
            }
        }
        let capture = |redirected: bool| match redirected {
            true => Capture::Collect,
            false => Capture::Inherit,
        };
        let stdin = match (is_on("RedirectStandardInput"), vm.interactive) {
            (true, _) => Feed::Pipe,
            (false, true) => Feed::Inherit,
            (false, false) => Feed::Nothing,
        };
        let program = match name.contains(['/', '\\']) {
            true => vm.file_path(&name),
            false => name.as_str().into(),
        };
        let request = ProcessRequest {
            arguments: arguments.into_iter().map(Into::into).collect(),
            folder: Some(folder.clone()),
            stdin,
            stdout: capture(is_on("RedirectStandardOutput")),
            stderr: capture(is_on("RedirectStandardError")),
            variables,
            ..ProcessRequest::new(program)
        };
        let host = vm.host.clone();
        host.flush();
        let child = match host.start(request) {
            Ok(child) => child,
            Err(error) => {
                let why = crate::host::http::words(&error);
                return failures::fail(
                    "System.ComponentModel.Win32Exception",
                    format!(
                        "An error occurred trying to start process '{name}' with working directory '{}'. {why}",
                        folder.display()
                    ),
                );
            }
        };
        let leaf = name.rsplit(['/', '\\']).next().unwrap_or(&name);
        let process = Process::started(child, leaf.to_string());
        process.set_raises(self.raises.get());
        *self.started.borrow_mut() = Some(Rc::new(process));
        Ok(())
    }

    fn process(&self) -> R<Rc<Process>> {
        match self.started.borrow().clone() {
            Some(process) => Ok(process),
            None => failures::invalid_operation("No process is associated with this object."),
        }
    }

    /// A reader of what the process wrote to standard output or standard error.
    fn reader(&self, vm: &mut Vm, errors: bool) -> R<Value> {
        let (setting, name) = match errors {
            true => ("RedirectStandardError", "StandardError"),
            false => ("RedirectStandardOutput", "StandardOut"),
        };
        let info = self.info.borrow().clone();
        let on = vm.get_member(&info, setting)?;
        if !matches!(on, Some(Value::Bool(true))) {
            return failures::invalid_operation(format!(
                "{name} has not been redirected or the process hasn't started yet."
            ));
        }
        let at = usize::from(errors);
        if let Some(Some(reader)) = self.readers.borrow().get(at) {
            return Ok(reader.clone());
        }
        let process = self.process()?;
        let (output, error) = self.output.get_or_init(|| process.collect(vm));
        let bytes = if errors { error } else { output }.clone();
        let bytes = stream::reading(bytes);
        let made = text_reader::construct(vm, "System.IO.StreamReader", &[bytes])?;
        let made = made.unwrap_or_default();
        if let Some(place) = self.readers.borrow_mut().get_mut(at) {
            *place = Some(made.clone());
        }
        Ok(made)
    }
}

impl Native for PreparedProcess {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Diagnostics.Process")
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        match self.started.borrow().clone() {
            Some(process) => process.to_text(vm),
            None => Ok("System.Diagnostics.Process".into()),
        }
    }

    fn properties(&self) -> Vec<&'static str> {
        match &*self.started.borrow() {
            Some(process) => process.properties(),
            None => vec!["StartInfo"],
        }
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        match name.to_ascii_lowercase().as_str() {
            "startinfo" => Ok(Some(self.info.borrow().clone())),
            "standardoutput" => self.reader(vm, false).map(Some),
            "standarderror" => self.reader(vm, true).map(Some),
            "standardinput" => Ok(Some(Value::native(InputWriter(self.process()?)))),
            "enableraisingevents" => Ok(Some(Value::Bool(self.raises.get()))),
            _ => self.process()?.get(vm, name),
        }
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "startinfo" => *self.info.borrow_mut() = value,
            "enableraisingevents" => {
                let on = vm.to_bool(&value);
                self.raises.set(on);
                if let Some(process) = &*self.started.borrow() {
                    process.set_raises(on);
                }
            }
            "priorityclass" => {}
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match (name, arguments) {
            ("start", []) => {
                self.start(vm)?;
                Ok(Some(Value::Bool(true)))
            }
            ("beginoutputreadline" | "beginerrorreadline", []) => {
                self.process()?;
                self.by_line[usize::from(name == "beginerrorreadline")].set(true);
                Ok(Some(Value::Nothing))
            }
            ("dispose" | "close" | "canceloutputread" | "cancelerrorread", []) => {
                Ok(Some(Value::Nothing))
            }
            ("waitforexit", _) => {
                let process = self.process()?;
                // A process whose output nobody reads would wait for a reader.
                self.output.get_or_init(|| process.collect(vm));
                process.call(vm, this, name, arguments)
            }
            _ => self.process()?.call(vm, this, name, arguments),
        }
    }
}

/// Raises what a process wrote, line by line, and its end.
pub fn poll(vm: &mut Vm, object: &Value) -> R<()> {
    if let Some(process) = object.as_native::<Process>() {
        return tell_end(vm, object, process);
    }
    let Some(prepared) = object.as_native::<PreparedProcess>() else {
        return Ok(());
    };
    let Some(process) = prepared.started.borrow().clone() else {
        return Ok(());
    };
    if !process.has_exited(vm) {
        return Ok(());
    }
    for (at, event) in ["OutputDataReceived", "ErrorDataReceived"]
        .into_iter()
        .enumerate()
    {
        if !prepared.by_line[at].replace(false) {
            continue;
        }
        let (output, error) = prepared.output.get_or_init(|| process.collect(vm));
        let bytes = if at == 0 { output } else { error };
        let text = String::from_utf8_lossy(bytes).into_owned();
        // After the last line comes the news that there are no more.
        for line in text.lines().map(Value::str).chain([Value::Null]) {
            let arguments = PlainObject::new(
                "System.Diagnostics.DataReceivedEventArgs",
                vec![("Data", line)],
            );
            vm.raise_event(object, event, &arguments.value())?;
        }
    }
    tell_end(vm, object, &process)
}

fn tell_end(vm: &mut Vm, object: &Value, process: &Process) -> R<()> {
    match process.take_end(vm) {
        true => vm.raise_event(object, "Exited", &no_event_arguments()),
        false => Ok(()),
    }
}

/// `[EventArgs]::Empty`
pub fn no_event_arguments() -> Value {
    PlainObject::new("System.EventArgs", Vec::new()).value()
}

/// The standard input of a process.
struct InputWriter(Rc<Process>);

impl Native for InputWriter {
    fn type_ref(&self) -> TypeRef {
        type_named("System.IO.StreamWriter")
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let text = match arguments.first() {
            Some(first) => vm.to_text(first)?,
            None => String::new(),
        };
        match name {
            "write" => self.0.feed(text),
            "writeline" => self.0.feed(text + "\n"),
            "close" | "dispose" => self.0.close_input(),
            "flush" => {}
            _ => return Ok(None),
        }
        Ok(Some(Value::Nothing))
    }
}

/// A static method of Process; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let all = |wanted: &dyn Fn(&Process) -> bool| {
        let found = Process::ids().into_iter().filter_map(Process::find);
        let found = found.filter(|process| wanted(process)).map(Value::native);
        Value::array(found.collect())
    };
    Ok(Some(match (name, arguments) {
        ("getcurrentprocess", []) => {
            let id = i32::try_from(std::process::id()).unwrap_or(0);
            Process::find(id).map_or(Value::Null, Value::native)
        }
        ("getprocesses", _) => all(&|_| true),
        ("getprocessesbyname", [name, ..]) => {
            let name = vm.to_text(name)?;
            all(&|process| process.name() == name)
        }
        ("getprocessbyid", [id, ..]) => {
            let id = vm.to_int(id)?;
            match Process::find(id) {
                Some(process) => Value::native(process),
                None => {
                    return failures::argument(
                        format!("Process with an Id of {id} is not running."),
                        "",
                    );
                }
            }
        }
        ("start", [first, rest @ ..]) => {
            let info = match first.as_native::<PlainObject>() {
                Some(_) => first.clone(),
                None => start_info(&[
                    first.clone(),
                    rest.first().cloned().unwrap_or_else(|| Value::str("")),
                ]),
            };
            let made = PreparedProcess::value(info);
            if let Some(process) = made.as_native::<PreparedProcess>() {
                process.start(vm)?;
            }
            made
        }
        _ => return Ok(None),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_arguments_is_parted_at_blanks_outside_quotes() {
        for (line, want) in [
            ("a b", vec!["a", "b"]),
            (r#"-c "two words" x"#, vec!["-c", "two words", "x"]),
            (r#"a\"b ''"#, vec!["a\"b", "''"]),
            (r#""""#, vec![""]),
            ("", vec![]),
        ] {
            assert_eq!(words(line), want, "{line}");
        }
    }
}
