//! Commands: functions, cmdlets, aliases, scripts and programs, and the trait behind cmdlets.

use super::error::R;
use super::module::Module;
use super::parameter::{BoundParameters, CommandSurface};
use super::script_block::ScriptBlock;
use super::value::Value;
use super::vm::Vm;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

/// Something that can be called.
#[derive(Clone)]
pub enum Command {
    /// A function or filter.
    Function(Rc<FunctionInfo>),
    /// A compiled cmdlet.
    Cmdlet(Rc<CmdletInfo>),
    /// Another name of a command.
    Alias(Rc<AliasInfo>),
    /// A script file.
    Script(Rc<ScriptInfo>),
    /// A program of the operating system.
    Application(Rc<ApplicationInfo>),
    /// A script block called as a command.
    Block(Rc<ScriptBlock>),
}

/// A function or filter.
pub struct FunctionInfo {
    /// Its name as written.
    pub name: Rc<str>,
    /// The body.
    pub block: RefCell<Rc<ScriptBlock>>,
    /// Defined with `filter`.
    pub is_filter: bool,
    /// Option bits, as of variables.
    pub options: Cell<u8>,
    /// A description for people.
    pub description: RefCell<Rc<str>>,
    /// The module that exports it.
    pub module: Option<Rc<Module>>,
}

/// A cmdlet: its declared surface joined to its behaviour.
pub struct CmdletInfo {
    /// Its name.
    pub name: Rc<str>,
    /// Name of the module that has it.
    pub module_name: Rc<str>,
    /// Full name of the class, the suffix of its error ids.
    pub class: Rc<str>,
    /// Parameters and sets, made at the first call.
    pub surface: OnceCell<Rc<CommandSurface>>,
    /// Makes the surface.
    pub build_surface: fn(&str) -> Rc<CommandSurface>,
    /// Makes an object that runs one call.
    pub make: Box<dyn Fn() -> Box<dyn Cmdlet>>,
}

impl CmdletInfo {
    /// Parameters and sets.
    pub fn surface(&self) -> &Rc<CommandSurface> {
        self.surface
            .get_or_init(|| (self.build_surface)(&self.name))
    }
}

/// Another name of a command.
pub struct AliasInfo {
    /// The name.
    pub name: Rc<str>,
    /// What it stands for.
    pub definition: Rc<str>,
    /// Option bits, as of variables.
    pub options: Cell<u8>,
    /// A description for people.
    pub description: Rc<str>,
    /// The module that exports it.
    pub module: Option<Rc<Module>>,
}

/// A script file.
pub struct ScriptInfo {
    /// File name.
    pub name: Rc<str>,
    /// Full path.
    pub path: Rc<str>,
    /// Its content, read at the first call.
    pub block: OnceCell<Rc<ScriptBlock>>,
}

/// A program of the operating system.
pub struct ApplicationInfo {
    /// File name.
    pub name: Rc<str>,
    /// Full path.
    pub path: Rc<str>,
}

impl Command {
    /// The command's name.
    pub fn name(&self) -> Rc<str> {
        match self {
            Command::Function(f) => f.name.clone(),
            Command::Cmdlet(c) => c.name.clone(),
            Command::Alias(a) => a.name.clone(),
            Command::Script(s) => s.name.clone(),
            Command::Application(a) => a.name.clone(),
            Command::Block(_) => "".into(),
        }
    }

    /// What stands behind the comma of the ids of its errors.
    pub fn raiser(&self) -> Rc<str> {
        match self {
            Command::Cmdlet(c) => c.class.clone(),
            Command::Function(f) => f.name.clone(),
            Command::Script(s) => s.name.clone(),
            _ => "".into(),
        }
    }
}

/// The behaviour of a cmdlet: one object per call.
///
/// `begin` runs once before the first input, `process` once per pipeline
/// object (or once without input), `end` after the last.
pub trait Cmdlet {
    /// Before the first input. Pipeline parameters are not bound yet.
    fn begin(&mut self, _vm: &mut Vm, _call: &Call) -> R<()> {
        Ok(())
    }

    /// For each input object, bound to its parameters.
    fn process(&mut self, _vm: &mut Vm, _call: &Call) -> R<()> {
        Ok(())
    }

    /// After the last input.
    fn end(&mut self, _vm: &mut Vm, _call: &Call) -> R<()> {
        Ok(())
    }

    /// Always, at last: also when the pipeline was stopped.
    fn clean(&mut self, _vm: &mut Vm) -> R<()> {
        Ok(())
    }

    /// Takes an input object directly, when the cmdlet has a way that needs no binding.
    /// `None` means: bind it and call [`Cmdlet::process`].
    fn process_direct(&mut self, _vm: &mut Vm, _call: &Call, _input: &Value) -> Option<R<()>> {
        None
    }
}

/// What a running cmdlet knows of its call.
pub struct Call {
    /// The cmdlet.
    pub info: Rc<CmdletInfo>,
    /// Its call's place and bound parameters.
    pub invocation: Rc<super::invocation::InvocationInfo>,
    /// Arguments by parameter.
    pub parameters: RefCell<BoundParameters>,
    /// Name of the parameter set taken.
    pub set_name: RefCell<Rc<str>>,
    /// Whether a command before it feeds it.
    pub expecting_input: bool,
    /// The pipeline object being processed.
    pub input: RefCell<Value>,
    /// What was said for all of its questions.
    pub standing: Cell<super::confirm::Standing>,
    /// Index of its stage, for [`super::error::Unwind::StopUpstream`].
    pub stage: usize,
}

impl Call {
    /// The parameters that were given, each with its argument.
    pub fn given(&self) -> Vec<(Rc<str>, Value)> {
        let parameters = self.parameters.borrow();
        let given = parameters.iter();
        given.map(|(name, value)| (name, value.clone())).collect()
    }

    /// The argument of a parameter, if given.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.parameters.borrow().get(name).cloned()
    }

    /// Whether a parameter was given.
    pub fn has(&self, name: &str) -> bool {
        self.parameters.borrow().get(name).is_some()
    }

    /// A switch, or a bool parameter: given and true.
    pub fn switch(&self, name: &str) -> bool {
        matches!(
            self.parameters.borrow().get(name).map(Value::base),
            Some(Value::Switch(true) | Value::Bool(true))
        )
    }

    /// The text of a string parameter.
    pub fn text(&self, name: &str) -> Option<Rc<str>> {
        self.parameters
            .borrow()
            .get(name)
            .and_then(|v| v.as_str().map(Rc::from))
    }

    /// An integer parameter.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.parameters.borrow().get(name)?.base() {
            Value::Int(n) => Some(i64::from(*n)),
            Value::Long(n) => Some(*n),
            Value::UInt(n) => Some(i64::from(*n)),
            Value::Short(n) => Some(i64::from(*n)),
            Value::Byte(n) => Some(i64::from(*n)),
            Value::ULong(n) => i64::try_from(*n).ok(),
            Value::Enum(e) => Some(e.bits),
            _ => None,
        }
    }

    /// The items of a collection parameter; a scalar is one item; not given is none.
    pub fn items(&self, name: &str) -> Vec<Value> {
        match self.parameters.borrow().get(name).map(Value::base) {
            None | Some(Value::Null | Value::Nothing) => Vec::new(),
            Some(Value::Array(a)) => a.items.borrow().clone(),
            Some(Value::List(l)) => l.items.borrow().clone(),
            Some(one) => vec![one.clone()],
        }
    }

    /// The texts of a string-array parameter.
    pub fn texts(&self, name: &str) -> Vec<Rc<str>> {
        self.items(name)
            .iter()
            .filter_map(|v| v.as_str().map(Rc::from))
            .collect()
    }
}
