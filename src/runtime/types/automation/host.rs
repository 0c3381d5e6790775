//! `$Host`: the console as scripts see it.

use crate::host::ConsoleStream;
use crate::runtime::collection::{Dictionary, KeyComparison};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::native::Native;
use crate::runtime::prompt::{Answer, Choice, Field};
use crate::runtime::types::automation::raw_ui;
use crate::runtime::types::automation::secure_string::SecureString;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeRef, find_full, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The type of `$Host.UI`.
const UI: &str = "System.Management.Automation.Internal.Host.InternalHostUserInterface";
/// The type of `$Host.UI.RawUI`.
pub const RAW_UI: &str = "System.Management.Automation.Internal.Host.InternalHostRawUserInterface";
/// The type of the fields of a form.
pub const FIELD: &str = "System.Management.Automation.Host.FieldDescription";
/// The type of the choices of a question.
const CHOICE: &str = "System.Management.Automation.Host.ChoiceDescription";

fn type_or_base(name: &str, base: &str) -> TypeRef {
    find_full(name).unwrap_or_else(|| type_named(base))
}

/// `$Host`.
pub struct ConsoleHost;

impl Native for ConsoleHost {
    fn type_ref(&self) -> TypeRef {
        type_or_base(
            "System.Management.Automation.Internal.Host.InternalHost",
            "System.Management.Automation.Host.PSHost",
        )
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Name",
            "Version",
            "InstanceId",
            "UI",
            "CurrentCulture",
            "CurrentUICulture",
            "PrivateData",
            "DebuggerEnabled",
            "IsRunspacePushed",
            "Runspace",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "name" => Value::str("ConsoleHost"),
            "version" => {
                let table = vm.variable("PSVersionTable").unwrap_or_default();
                let own = match table.base() {
                    Value::Dict(table) => table.get_str("PSVersion").unwrap_or_default(),
                    _ => Value::Null,
                };
                let plain = vm.to_text(&own)?;
                let plain = plain.split(['-', '+']).next().unwrap_or_default();
                let version = find_full("System.Version").unwrap_or_else(known::object);
                vm.convert(&Value::str(plain), &version)?
            }
            "ui" => Value::native(Console),
            "debuggerenabled" => Value::Bool(true),
            "isrunspacepushed" => Value::Bool(false),
            "currentculture" | "currentuiculture" => {
                let own = vm.variable("PSCulture").unwrap_or_default();
                let culture = find_full("System.Globalization.CultureInfo");
                vm.convert(&own, &culture.unwrap_or_else(known::object))?
            }
            "privatedata" => colours(vm),
            "instanceid" | "runspace" => Value::Null,
            _ => return Ok(None),
        }))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, given: &[Value]) -> R<Option<Value>> {
        Ok(match (name, given) {
            ("notifybeginapplication" | "notifyendapplication", _) => Some(Value::Nothing),
            ("setshouldexit", [code]) => {
                let code = vm.to_int(code)?;
                vm.session.state.insert(SHOULD_EXIT, Rc::new(code));
                Some(Value::Nothing)
            }
            _ => None,
        })
    }
}

/// Where a session keeps that it should end.
const SHOULD_EXIT: &str = "should exit";

/// The exit code that a script has asked the host to end with, whatever runs until then.
pub fn should_exit(vm: &Vm) -> Option<i32> {
    let code = vm.session.state.get(SHOULD_EXIT)?;
    code.downcast_ref::<i32>().copied()
}

/// `$Host.UI`.
struct Console;

impl Native for Console {
    fn type_ref(&self) -> TypeRef {
        type_or_base(UI, "System.Management.Automation.Host.PSHostUserInterface")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["RawUI", "SupportsVirtualTerminal"]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "rawui" => Some(Value::native(raw_ui::Window)),
            "supportsvirtualterminal" => Some(Value::Bool(vm.host.allows_colour())),
            _ => None,
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let text = match arguments.last() {
            Some(last) if name.starts_with("write") => vm.to_text(last)?,
            _ => String::new(),
        };
        match name {
            "write" => vm.tell(&text),
            "writeline" => vm.tell(&format!("{text}\n")),
            "writewarningline" => vm.tell(&format!("WARNING: {text}\n")),
            "writeverboseline" => vm.tell(&format!("VERBOSE: {text}\n")),
            "writedebugline" => vm.tell(&format!("DEBUG: {text}\n")),
            "writeerrorline" => vm.host.write(ConsoleStream::Error, &format!("{text}\n")),
            "writeprogress" | "writeinformation" => {}
            "readline" => {
                let line = vm.hear()?;
                return Ok(Some(line.map_or(Value::Null, Value::str)));
            }
            "readlineassecurestring" => {
                let line = vm.hear_secret()?;
                return Ok(Some(line.map_or(Value::Null, SecureString::value)));
            }
            "promptforcredential" => {
                let mut given = Vec::with_capacity(3);
                for argument in arguments.iter().take(3) {
                    given.push(vm.to_text(argument)?);
                }
                let given = |at: usize| given.get(at).map_or("", String::as_str);
                return vm
                    .ask_credential(Some(given(0)), Some(given(1)), Some(given(2)))
                    .map(Some);
            }
            "prompt" => return prompt_for_fields(vm, arguments).map(Some),
            "promptforchoice" => return prompt_for_choice(vm, arguments).map(Some),
            _ => return Ok(None),
        }
        Ok(Some(Value::Nothing))
    }
}

/// Caption, message, choices, default: the index of the choice.
fn prompt_for_choice(vm: &mut Vm, arguments: &[Value]) -> R<Value> {
    let mut given = arguments.iter();
    let mut text = |vm: &mut Vm| given.next().map_or(Ok(String::new()), |v| vm.to_text(v));
    let caption = text(vm)?;
    let message = text(vm)?;
    let items = match given.next() {
        Some(choices) => vm
            .enumerate(choices)?
            .unwrap_or_else(|| vec![choices.clone()]),
        None => Vec::new(),
    };
    let wanted = match given.next() {
        Some(index) => vm.to_int(index)?,
        None => -1,
    };
    if items.is_empty() {
        return vm.raise(Fault::argument(
            "Argument",
            "\"choices\" should have at least one element. (Parameter 'choices')",
        ));
    }
    let default = usize::try_from(wanted).ok();
    if wanted < -1 || default.is_some_and(|at| at >= items.len()) {
        return vm.raise(Fault::of(
            "System.Management.Automation.PSArgumentOutOfRangeException",
            "ArgumentOutOfRange",
            Category::InvalidArgument,
            format!("\"defaultChoice\" must be a valid index into \"choice\" or -1 for no default choice. (Parameter 'defaultChoice')\nActual value was {wanted}."),
        ));
    }
    let mut choices = Vec::with_capacity(items.len());
    for item in &items {
        choices.push(choice_of(vm, item)?);
    }
    let index = vm.ask_choice(&caption, &message, &choices, default)?;
    Ok(Value::Int(i32::try_from(index).unwrap_or(i32::MAX)))
}

/// `[FieldDescription]::new(name)`
pub fn construct_field(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    match arguments {
        [name] => Ok(Some(field_description(&vm.to_text(name)?))),
        _ => Ok(None),
    }
}

fn field_description(name: &str) -> Value {
    let text = |text: &str| Value::str(text);
    PlainObject::new(
        FIELD,
        vec![
            ("Name", text(name)),
            ("ParameterTypeName", text("String")),
            ("ParameterTypeFullName", text("System.String")),
            ("ParameterAssemblyFullName", text("")),
            ("Label", text("")),
            ("HelpMessage", text("")),
            ("IsMandatory", Value::Bool(true)),
            ("DefaultValue", Value::Null),
            ("Attributes", Value::array(Vec::new())),
        ],
    )
    .writable()
    .value()
}

/// Caption, message, fields: a dictionary of what was typed for each.
fn prompt_for_fields(vm: &mut Vm, arguments: &[Value]) -> R<Value> {
    let [caption, message, fields] = arguments else {
        return Ok(Value::Null);
    };
    let (caption, message) = (vm.to_text(caption)?, vm.to_text(message)?);
    if !caption.is_empty() {
        vm.tell(&format!("\n{caption}\n"));
    }
    if !message.is_empty() {
        vm.tell(&format!("{message}\n"));
    }
    let definition =
        find_full("System.Collections.Generic.Dictionary`2").unwrap_or_else(known::hashtable);
    let type_ref =
        crate::runtime::types::generic(&definition, vec![known::string(), known::psobject()]);
    let none = Dictionary::new(type_ref.clone(), KeyComparison::IgnoreCase);
    let answers = Dictionary::new(type_ref, KeyComparison::IgnoreCase);
    let fields = vm.enumerate(fields)?.unwrap_or_default();
    let mut any_help = false;
    for field in &fields {
        let help = vm.read_property(field, "HelpMessage")?;
        any_help |= !vm.to_text(&help)?.is_empty();
    }
    if any_help {
        vm.tell("(Type !? for Help.)\n");
    }
    for field in fields {
        let name = vm.read_property(&field, "Name")?;
        let name = vm.to_text(&name)?;
        let label = vm.read_property(&field, "Label")?;
        let label = vm.to_text(&label)?.replacen('&', "", 1);
        let help = vm.read_property(&field, "HelpMessage")?;
        let help = vm.to_text(&help)?;
        let asked = Field {
            label: if label.is_empty() { &name } else { &label },
            name: &name,
            help: Some(&help),
            is_list: false,
        };
        match vm.ask_field(&asked)? {
            Answer::Text(text) => answers.set_str(&name, Value::str(text)),
            Answer::Null | Answer::EndOfList => answers.set_str(&name, Value::Null),
            Answer::Cancelled => return Ok(Value::Dict(Rc::new(none))),
        }
    }
    Ok(Value::Dict(Rc::new(answers)))
}

fn choice_of(vm: &mut Vm, item: &Value) -> R<Choice> {
    let Value::Native(object) = item.base() else {
        return Ok(Choice::new(&vm.to_text(item)?, ""));
    };
    let mut part = |name: &str| {
        let value = object.body().get(vm, name)?.unwrap_or_default();
        vm.to_text(&value)
    };
    let label = part("Label")?;
    let help = part("HelpMessage")?;
    Ok(Choice::new(&label, &help))
}

/// `[ChoiceDescription]::new(label, help)`
pub fn construct_choice(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let mut texts = [String::new(), String::new()];
    for (text, argument) in texts.iter_mut().zip(arguments) {
        *text = vm.to_text(argument)?;
    }
    let [label, help] = texts;
    Ok(Some(choice_description(&label, &help)))
}

/// A choice of a question.
fn choice_description(label: &str, help: &str) -> Value {
    let fields = vec![
        ("Label", Value::str(label)),
        ("HelpMessage", Value::str(help)),
    ];
    Value::native(PlainObject::new(CHOICE, fields).writable())
}

/// The colours of the console's messages, which a session keeps as scripts set them.
fn colours(vm: &mut Vm) -> Value {
    let made = vm
        .session
        .state
        .entry("console colours")
        .or_insert_with(|| {
            let colour = |bits| Value::enum_of("System.ConsoleColor", bits);
            let fields = vec![
                ("FormatAccentColor", colour(10)),
                ("ErrorAccentColor", colour(11)),
                ("ErrorForegroundColor", colour(12)),
                ("ErrorBackgroundColor", colour(-1)),
                ("WarningForegroundColor", colour(14)),
                ("WarningBackgroundColor", colour(-1)),
                ("DebugForegroundColor", colour(14)),
                ("DebugBackgroundColor", colour(-1)),
                ("VerboseForegroundColor", colour(14)),
                ("VerboseBackgroundColor", colour(-1)),
                ("ProgressForegroundColor", colour(0)),
                ("ProgressBackgroundColor", colour(14)),
            ];
            let kind = "Microsoft.PowerShell.ConsoleHost+ConsoleColorProxy";
            Rc::new(PlainObject::new(kind, fields).writable().value())
        });
    match made.clone().downcast::<Value>() {
        Ok(value) => (*value).clone(),
        Err(_) => Value::Null,
    }
}

/// The key a person presses, which is the first of the line that is typed: only a terminal has keys.
pub fn read_key(vm: &mut Vm) -> R<u16> {
    if !vm.host.is_terminal(ConsoleStream::Input) {
        return crate::runtime::types::failures::invalid_operation(
            "Cannot read keys when either application does not have a console or when console input has been redirected. Try Console.Read.",
        );
    }
    vm.host.flush();
    let line = vm.host.read_line().ok().flatten().unwrap_or_default();
    vm.check_interrupt()?;
    Ok(line.encode_utf16().next().unwrap_or(13))
}
