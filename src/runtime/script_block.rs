//! Script blocks, and the runnable form of a block of code.

use super::error::{ErrorRecord, R, Thrown};
use super::module::Module;
use super::object::Extension;
use super::parameter::CommandSurface;
use super::scope::Layout;
use super::symbol::Symbol;
use super::value::Value;
use super::vm::Vm;
use crate::host::discard::Long;
use crate::syntax::ast::{FunctionDefinitionAst, ScriptBlockAst, Span};
use crate::syntax::source::Source;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

/// An expression, ready to run.
pub type Eval = Box<dyn Fn(&mut Vm) -> R<Value>>;
/// A statement, ready to run; what it outputs goes to the current sink.
pub type Exec = Box<dyn Fn(&mut Vm) -> R<()>>;

/// A condition, ready to run.
pub type Condition = Box<dyn Fn(&mut Vm) -> R<bool>>;

/// `{ ... }`, the body of a function, or a script file.
pub struct ScriptBlock {
    /// What it says.
    pub ast: Rc<ScriptBlockAst>,
    /// The function it is the body of, whose parameters may stand before the body.
    pub function: Option<Rc<FunctionDefinitionAst>>,
    /// The text it stands in.
    pub source: Rc<Source>,
    /// The runnable form, made at the first call and shared by copies.
    pub code: Rc<OnceCell<Rc<Code>>>,
    /// The module whose variables and functions it sees; `None` for the session's own.
    pub module: RefCell<Option<Rc<Module>>>,
    /// The method of a class it is the body of: only `return` gives it a value, and errors leave it.
    pub method: Option<Rc<str>>,
    /// Marked as one that debuggers step over; kept for scripts that set it.
    pub debugger_hidden: Cell<bool>,
    /// Members added by scripts.
    pub extension: Extension,
}

impl ScriptBlock {
    /// A block for this tree.
    pub fn new(
        ast: Rc<ScriptBlockAst>,
        source: Rc<Source>,
        module: Option<Rc<Module>>,
    ) -> ScriptBlock {
        ScriptBlock {
            ast,
            function: None,
            source,
            code: Rc::default(),
            module: RefCell::new(module),
            method: None,
            debugger_hidden: Cell::new(false),
            extension: Extension::default(),
        }
    }

    /// The body of a function.
    pub fn of_function(
        function: Rc<FunctionDefinitionAst>,
        source: Rc<Source>,
        module: Option<Rc<Module>>,
    ) -> ScriptBlock {
        let mut block = ScriptBlock::new(function.body.clone(), source, module);
        block.function = Some(function);
        block
    }

    /// The body of a class's method.
    pub fn of_method(
        name: Rc<str>,
        body: Rc<ScriptBlockAst>,
        source: Rc<Source>,
        module: Option<Rc<Module>>,
    ) -> ScriptBlock {
        ScriptBlock {
            method: Some(name),
            ..ScriptBlock::new(body, source, module)
        }
    }

    /// The same block seen from another module: a copy that shares the runnable form.
    pub fn bound_to(&self, module: Option<Rc<Module>>) -> ScriptBlock {
        ScriptBlock {
            ast: self.ast.clone(),
            function: self.function.clone(),
            source: self.source.clone(),
            code: self.code.clone(),
            module: RefCell::new(module),
            method: self.method.clone(),
            debugger_hidden: Cell::new(false),
            extension: Extension::default(),
        }
    }

    /// The text between the braces, or the whole file.
    pub fn text(&self) -> &str {
        self.source.slice(self.ast.span)
    }
}

/// The runnable form of a block.
pub struct Code {
    /// The names it assigns.
    pub layout: Rc<Layout>,
    /// Parameters, in order.
    pub parameters: Vec<ParameterCode>,
    /// Has `[CmdletBinding()]` or a `[Parameter()]`.
    pub advanced: bool,
    /// What `[Obsolete()]` says of the command.
    pub obsolete: Option<Rc<str>>,
    /// The surface for the binder; made at the first call, since it names types.
    pub surface: OnceCell<Rc<CommandSurface>>,
    /// `args` occurs in its text: its own are to be put over its caller's where it runs in the caller's scope.
    pub speaks_of_args: bool,
    /// `input` occurs in its text.
    pub speaks_of_input: bool,
    /// Named blocks.
    pub dynamic_param: Option<Block>,
    /// `begin`
    pub begin: Option<Block>,
    /// `process`
    pub process: Option<Block>,
    /// `end`, or the statements of a block without named ones.
    pub end: Option<Block>,
    /// `clean`
    pub clean: Option<Block>,
}

impl Code {
    /// The runnable form of a block that cannot run: it ends in this error.
    pub fn refusing(record: Rc<ErrorRecord>) -> Code {
        let refuse: Exec = Box::new(move |_| {
            Err(Thrown {
                record: Rc::new(record.copy()),
                ends_script: true,
            }
            .into())
        });
        Code {
            layout: Layout::fixed(Vec::new()),
            parameters: Vec::new(),
            advanced: false,
            obsolete: None,
            surface: OnceCell::new(),
            speaks_of_args: false,
            speaks_of_input: false,
            dynamic_param: None,
            begin: None,
            process: None,
            end: Some(Block {
                frame_name: None,
                statements: vec![refuse].into(),
                traps: Rc::default(),
                span: Span::default(),
            }),
            clean: None,
        }
    }
}

/// A parameter's runnable parts.
pub struct ParameterCode {
    /// Folded name.
    pub symbol: Symbol,
    /// The name as written, as a symbol.
    pub written: Symbol,
    /// The name as written.
    pub name: Rc<str>,
    /// Computes the default value.
    pub default: Option<Eval>,
    /// Place of the default value, for errors.
    pub span: Span,
}

/// Statements with the traps that guard them.
pub struct Block {
    /// What a stack trace calls it, if it is a block of a function, script block or file: `f<Process>`.
    pub frame_name: Option<Rc<str>>,
    /// In order.
    pub statements: Long<Exec>,
    /// Traps of this block.
    pub traps: Rc<[Trap]>,
    /// The block's place.
    pub span: Span,
}

/// `trap [type] { ... }`
pub struct Trap {
    /// Resolves the type; `None` catches everything.
    pub type_name: Option<crate::syntax::ast::TypeName>,
    /// The handler.
    pub body: Block,
}
