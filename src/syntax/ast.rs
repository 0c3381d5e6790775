//! The syntax tree: what a text says, with the place of every part.
//!
//! Names and nesting follow the documented node types of
//! `System.Management.Automation.Language`, so that scripts which walk `.Ast`
//! find what they expect. The tree knows no values and resolves no names.
//! Offsets are bytes into the UTF-8 source; [`crate::syntax::source::Source`]
//! turns them into lines, columns and UTF-16 offsets.

use super::token::TokenKind;
use crate::host::discard::Long;
use std::rc::Rc;

/// A half-open byte range of the source text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` to `end`.
    pub fn new(start: usize, end: usize) -> Span {
        Span {
            start: start as u32,
            end: end as u32,
        }
    }

    /// The smallest range that covers both.
    pub fn to(self, other: Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }
}

/// A whole text, the body of a function, or a script block: parameters and named blocks.
#[derive(Debug, Clone, Default)]
pub struct ScriptBlockAst {
    /// The text between the braces for a block, the whole text for a file.
    pub span: Span,
    /// `using` statements at the start of a file.
    pub usings: Vec<UsingStatementAst>,
    /// Attributes before `param`, such as `[CmdletBinding()]`.
    pub attributes: Vec<AttributeAst>,
    /// The `param(...)` block, if there is one.
    pub param_block: Option<ParamBlockAst>,
    pub dynamic_param: Option<NamedBlockAst>,
    pub begin: Option<NamedBlockAst>,
    pub process: Option<NamedBlockAst>,
    /// The `end` block; also the place of statements that stand in no named block.
    pub end: Option<NamedBlockAst>,
    pub clean: Option<NamedBlockAst>,
    /// `#requires` lines of the file, only on the outermost block.
    pub requires: Option<Rc<ScriptRequirements>>,
    /// Text of comment-based help found at the start or end of the body, or directly before a function.
    pub help: Option<Rc<str>>,
    /// True for the body of a `filter`: its statements are the process block.
    pub is_filter: bool,
}

/// What the `#requires` lines of a file ask for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ScriptRequirements {
    pub version: Option<String>,
    pub editions: Vec<String>,
    /// Module names, with the version asked for if one is.
    pub modules: Vec<RequiredModule>,
    pub elevated: bool,
    pub application_id: Option<String>,
}

/// One module named by `#requires -Modules`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RequiredModule {
    pub name: String,
    pub module_version: Option<String>,
    pub required_version: Option<String>,
    pub maximum_version: Option<String>,
    pub guid: Option<String>,
}

/// `param(...)` with its parameters.
#[derive(Debug, Clone)]
pub struct ParamBlockAst {
    pub span: Span,
    pub parameters: Vec<ParameterAst>,
}

/// One declared parameter.
#[derive(Debug, Clone)]
pub struct ParameterAst {
    pub span: Span,
    /// Attributes and type constraints in source order.
    pub attributes: Vec<AttributeBaseAst>,
    pub name: VariablePath,
    pub name_span: Span,
    pub default: Option<Box<ExpressionAst>>,
}

/// `[Name(args)]` or `[type]` where either may stand.
#[derive(Debug, Clone)]
pub enum AttributeBaseAst {
    Attribute(AttributeAst),
    TypeConstraint(TypeConstraintAst),
}

/// `[Name(positional, Named = value)]`.
#[derive(Debug, Clone)]
pub struct AttributeAst {
    pub span: Span,
    pub type_name: TypeName,
    pub positional: Vec<ExpressionAst>,
    pub named: Vec<NamedAttributeArgumentAst>,
}

/// `Name = value` inside an attribute; `omitted` when only the name was written.
#[derive(Debug, Clone)]
pub struct NamedAttributeArgumentAst {
    pub span: Span,
    pub name: String,
    pub value: Option<ExpressionAst>,
}

/// `[type]` before a variable, parameter or as a cast.
#[derive(Debug, Clone)]
pub struct TypeConstraintAst {
    pub span: Span,
    pub type_name: TypeName,
}

/// A type name as written: `int`, `System.Collections.Generic.List[string]`, `int[,]`.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeName {
    /// The text without the outer brackets.
    pub span: Span,
    pub kind: TypeNameKind,
    /// Text after a comma: `[x, AssemblyName]`.
    pub assembly: Option<String>,
}

/// The shape of a type name.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeNameKind {
    Simple(Rc<str>),
    Generic {
        generic: Box<TypeName>,
        arguments: Vec<TypeName>,
    },
    Array {
        element: Box<TypeName>,
        rank: u32,
    },
}

/// `begin`, `process`, `end`, `clean`, `dynamicparam`, or the unnamed end block.
#[derive(Debug, Clone, Default)]
pub struct NamedBlockAst {
    pub span: Span,
    /// True when no keyword was written.
    pub unnamed: bool,
    pub body: StatementBlock,
}

/// Statements and the traps among them.
#[derive(Debug, Clone, Default)]
pub struct StatementBlock {
    pub span: Span,
    pub statements: Long<StatementAst>,
    pub traps: Vec<TrapStatementAst>,
}

/// A statement with its place.
#[derive(Debug, Clone)]
pub struct StatementAst {
    pub span: Span,
    pub kind: StatementKind,
}

impl StatementAst {
    /// The expression that the statement consists of, if it is nothing but one.
    pub fn sole_expression(&self) -> Option<&ExpressionAst> {
        match &self.kind {
            StatementKind::Pipeline(p) if !p.background => match p.elements.as_slice() {
                [CommandBaseAst::Expression(e)] if e.redirections.is_empty() => Some(&e.expression),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The kinds of statement.
#[derive(Debug, Clone)]
pub enum StatementKind {
    Pipeline(PipelineAst),
    /// `a && b || c`, left to right; `background` for a trailing `&`.
    PipelineChain(Box<PipelineChainAst>),
    Assignment(Box<AssignmentAst>),
    If(Box<IfStatementAst>),
    While {
        label: Option<Rc<str>>,
        condition: Box<PipelineLike>,
        body: StatementBlock,
    },
    DoWhile {
        label: Option<Rc<str>>,
        condition: Box<PipelineLike>,
        body: StatementBlock,
    },
    DoUntil {
        label: Option<Rc<str>>,
        condition: Box<PipelineLike>,
        body: StatementBlock,
    },
    For(Box<ForStatementAst>),
    ForEach(Box<ForEachStatementAst>),
    Switch(Box<SwitchStatementAst>),
    Try(Box<TryStatementAst>),
    /// `data Name -SupportedCommand a,b { ... }`
    Data {
        name: Option<Rc<str>>,
        supported: Vec<ExpressionAst>,
        body: StatementBlock,
    },
    Function(Rc<FunctionDefinitionAst>),
    TypeDefinition(Rc<TypeDefinitionAst>),
    /// `return`, `throw`, `exit` with what follows.
    Return(Option<Box<PipelineLike>>),
    Throw(Option<Box<PipelineLike>>),
    Exit(Option<Box<PipelineLike>>),
    /// Label expression, if any.
    Break(Option<Box<ExpressionAst>>),
    Continue(Option<Box<ExpressionAst>>),
    /// `{ ... }` blocks that only DSC and similar know; kept so that the tree is whole.
    Block(StatementBlock),
    /// What could not be read.
    Error(Box<ErrorStatementAst>),
}

/// A statement with a mistake: what of it could be read.
#[derive(Debug, Clone, Default)]
pub struct ErrorStatementAst {
    /// The keyword of a `switch` or `do`, which keep their parts apart.
    pub keyword: Option<(TokenKind, Span)>,
    /// Flags of a `switch` with their values.
    pub flags: Vec<(ErrorFlag, Option<ErrorPart>)>,
    pub conditions: Vec<ErrorPart>,
    pub bodies: Vec<ErrorPart>,
    /// The parts of every other statement, in source order.
    pub nested: Vec<ErrorPart>,
}

/// A flag of a `switch` that could not be read.
#[derive(Debug, Clone)]
pub struct ErrorFlag {
    pub name: &'static str,
    /// The parameter that set it.
    pub span: Span,
}

/// A part of an [`ErrorStatementAst`].
#[derive(Debug, Clone)]
pub enum ErrorPart {
    Expression(ExpressionAst),
    Statement(StatementAst),
    Block(StatementBlock),
    Parameter(ParameterAst),
    Type(TypeConstraintAst),
    Catch(CatchClauseAst),
}

/// What may stand where PowerShell's grammar says "pipeline" but also allows assignments and chains:
/// conditions, parentheses, `return` and so on. Any statement kind that is a pipeline, chain or assignment.
pub type PipelineLike = StatementAst;

/// `a && b || c`.
#[derive(Debug, Clone)]
pub struct PipelineChainAst {
    pub span: Span,
    pub first: PipelineAst,
    pub rest: Vec<(ChainOperator, PipelineAst)>,
    pub background: bool,
}

/// `&&` or `||`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainOperator {
    AndAnd,
    OrOr,
}

/// Elements joined by `|`.
#[derive(Debug, Clone)]
pub struct PipelineAst {
    pub span: Span,
    pub elements: Vec<CommandBaseAst>,
    /// A trailing `&`.
    pub background: bool,
}

/// One element of a pipeline.
#[derive(Debug, Clone)]
pub enum CommandBaseAst {
    Expression(CommandExpressionAst),
    Command(CommandAst),
}

/// An expression as first element of a pipeline.
#[derive(Debug, Clone)]
pub struct CommandExpressionAst {
    pub span: Span,
    pub expression: ExpressionAst,
    pub redirections: Vec<RedirectionAst>,
}

/// A command call.
#[derive(Debug, Clone)]
pub struct CommandAst {
    pub span: Span,
    pub invocation: InvocationOperator,
    /// Name or expression first, then parameters and arguments in source order.
    pub elements: Vec<CommandElementAst>,
    pub redirections: Vec<RedirectionAst>,
}

/// How a command is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvocationOperator {
    None,
    /// `&`
    Ampersand,
    /// `.`
    Dot,
}

/// A part of a command call.
#[derive(Debug, Clone)]
pub enum CommandElementAst {
    Argument(ExpressionAst),
    Parameter(CommandParameterAst),
}

/// `-Name` or `-Name:argument`. `colon` says whether a colon was written.
#[derive(Debug, Clone)]
pub struct CommandParameterAst {
    pub span: Span,
    /// Without the dash and the colon, as written.
    pub name: Rc<str>,
    pub colon: bool,
    pub argument: Option<Box<ExpressionAst>>,
    /// The token as written, dash and colon included (native programs receive it).
    pub text: Rc<str>,
    /// Whether a blank stands between the colon and the argument.
    pub space_after_colon: bool,
}

/// `2> file`, `>> file`, `2>&1`.
#[derive(Debug, Clone)]
pub struct RedirectionAst {
    pub span: Span,
    pub from: RedirectionStream,
    pub kind: RedirectionKind,
}

/// The target of a redirection.
#[derive(Debug, Clone)]
pub enum RedirectionKind {
    File {
        location: Box<ExpressionAst>,
        append: bool,
    },
    /// Merged into this stream.
    Merge(RedirectionStream),
}

/// Numbered streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RedirectionStream {
    All,
    Output,
    Error,
    Warning,
    Verbose,
    Debug,
    Information,
}

/// `target = value` and the compound forms.
#[derive(Debug, Clone)]
pub struct AssignmentAst {
    pub span: Span,
    pub left: ExpressionAst,
    pub operator: AssignmentOperator,
    /// Any statement: a pipeline, another assignment, `if`, `foreach`, …
    pub right: StatementAst,
    pub operator_span: Span,
}

/// `=`, `+=`, …
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignmentOperator {
    Equals,
    Plus,
    Minus,
    Multiply,
    Divide,
    Remainder,
    /// `??=`
    QuestionQuestion,
}

/// `if`/`elseif`/`else`.
#[derive(Debug, Clone)]
pub struct IfStatementAst {
    pub clauses: Vec<(PipelineLike, StatementBlock)>,
    pub else_clause: Option<StatementBlock>,
}

/// `for (init; condition; iterator) { }`.
#[derive(Debug, Clone)]
pub struct ForStatementAst {
    pub label: Option<Rc<str>>,
    pub initializer: Option<PipelineLike>,
    pub condition: Option<PipelineLike>,
    pub iterator: Option<PipelineLike>,
    pub body: StatementBlock,
}

/// `foreach ($v in expr) { }`.
#[derive(Debug, Clone)]
pub struct ForEachStatementAst {
    pub label: Option<Rc<str>>,
    pub variable: VariablePath,
    pub variable_span: Span,
    pub expression: PipelineLike,
    pub body: StatementBlock,
}

/// Flags of `switch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SwitchFlags {
    pub regex: bool,
    pub wildcard: bool,
    pub exact: bool,
    pub case_sensitive: bool,
    pub file: bool,
}

/// `switch -flags (expr) { clauses }`.
#[derive(Debug, Clone)]
pub struct SwitchStatementAst {
    pub label: Option<Rc<str>>,
    pub flags: SwitchFlags,
    /// The value, or the file name under `-file`.
    pub condition: PipelineLike,
    pub clauses: Vec<(ExpressionAst, StatementBlock)>,
    pub default: Option<StatementBlock>,
    /// How many clauses stand before `default` (the place matters not, kept for the tree).
    pub default_index: usize,
}

/// `try`/`catch`/`finally`.
#[derive(Debug, Clone)]
pub struct TryStatementAst {
    pub body: StatementBlock,
    pub catches: Vec<CatchClauseAst>,
    pub finally: Option<StatementBlock>,
}

/// `catch [A],[B] { }`; no types catches everything.
#[derive(Debug, Clone)]
pub struct CatchClauseAst {
    pub span: Span,
    pub types: Vec<TypeConstraintAst>,
    pub body: StatementBlock,
}

/// `trap [A] { }`.
#[derive(Debug, Clone)]
pub struct TrapStatementAst {
    pub span: Span,
    pub type_constraint: Option<TypeConstraintAst>,
    pub body: StatementBlock,
}

/// `function name(params) { }` or `filter`.
#[derive(Debug, Clone)]
pub struct FunctionDefinitionAst {
    pub span: Span,
    pub name: Rc<str>,
    pub name_span: Span,
    pub is_filter: bool,
    /// Parameters in parentheses after the name; `None` when no list was written.
    pub parameters: Option<Vec<ParameterAst>>,
    pub body: Rc<ScriptBlockAst>,
}

/// `class`, `enum` (and `interface`, which is refused later).
#[derive(Debug, Clone)]
pub struct TypeDefinitionAst {
    pub span: Span,
    pub name: Rc<str>,
    pub name_span: Span,
    pub attributes: Vec<AttributeAst>,
    pub base_types: Vec<TypeConstraintAst>,
    pub kind: TypeDefinitionKind,
}

/// What a type definition defines.
#[derive(Debug, Clone)]
pub enum TypeDefinitionKind {
    Class(Vec<MemberAst>),
    Enum(Vec<EnumMemberAst>),
}

/// A member of an enum.
#[derive(Debug, Clone)]
pub struct EnumMemberAst {
    pub span: Span,
    pub name: Rc<str>,
    pub value: Option<ExpressionAst>,
}

/// A member of a class.
#[derive(Debug, Clone)]
pub enum MemberAst {
    Property(PropertyMemberAst),
    Method(FunctionMemberAst),
}

/// `[type] $Name = value`.
#[derive(Debug, Clone)]
pub struct PropertyMemberAst {
    pub span: Span,
    pub name: Rc<str>,
    pub name_span: Span,
    pub type_constraint: Option<TypeConstraintAst>,
    pub attributes: Vec<AttributeAst>,
    pub initial: Option<ExpressionAst>,
    pub is_static: bool,
    pub is_hidden: bool,
}

/// A method or constructor.
#[derive(Debug, Clone)]
pub struct FunctionMemberAst {
    pub span: Span,
    pub name: Rc<str>,
    pub name_span: Span,
    pub return_type: Option<TypeConstraintAst>,
    pub attributes: Vec<AttributeAst>,
    pub parameters: Vec<ParameterAst>,
    pub body: Rc<ScriptBlockAst>,
    pub is_static: bool,
    pub is_hidden: bool,
    pub is_constructor: bool,
    /// Arguments of `: base(...)`.
    pub base_call: Option<Vec<ExpressionAst>>,
}

/// `using namespace N`, `using module M`, `using assembly A`.
#[derive(Debug, Clone)]
pub struct UsingStatementAst {
    pub span: Span,
    pub kind: UsingKind,
    /// The name, or for `using module @{...}` the hashtable.
    pub name: Option<Rc<str>>,
    pub name_span: Span,
    pub alias: Option<Rc<str>>,
    pub specification: Option<Box<ExpressionAst>>,
}

/// Which `using`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsingKind {
    Assembly,
    Command,
    Module,
    Namespace,
    Type,
}

/// An expression with its place.
#[derive(Debug, Clone)]
pub struct ExpressionAst {
    pub span: Span,
    pub kind: ExpressionKind,
}

/// The kinds of expression.
#[derive(Debug, Clone)]
pub enum ExpressionKind {
    /// A number literal. `text` is as written, for arguments that remember it.
    Number {
        value: NumberLiteral,
        text: Rc<str>,
    },
    /// A string without expansion, of any quoting.
    String {
        value: Rc<str>,
        quoting: StringQuoting,
    },
    /// `"text $with ${parts} $(in) it"`, or a bare word with variables in it.
    Expandable {
        parts: Vec<StringPart>,
        quoting: StringQuoting,
        raw: Rc<str>,
    },
    Variable(VariablePath),
    /// `@name` as a command argument.
    Splat(VariablePath),
    /// `[type]` as a value.
    Type(Box<TypeName>),
    /// `a, b` — at least one element (`,a`).
    ArrayLiteral(Vec<ExpressionAst>),
    /// `@( ... )`
    Array(StatementBlock),
    /// `$( ... )`
    SubExpression(StatementBlock),
    /// `( pipeline )`
    Paren(Box<PipelineLike>),
    /// `@{ k = v }`
    Hashtable(Vec<(ExpressionAst, StatementAst)>),
    ScriptBlock(Rc<ScriptBlockAst>),
    Unary {
        operator: UnaryOperator,
        operand: Box<ExpressionAst>,
    },
    Binary {
        operator: BinaryOperator,
        left: Box<ExpressionAst>,
        right: Box<ExpressionAst>,
        operator_span: Span,
    },
    /// `cond ? a : b`
    Ternary {
        condition: Box<ExpressionAst>,
        if_true: Box<ExpressionAst>,
        if_false: Box<ExpressionAst>,
    },
    /// `[type] operand`
    Convert {
        constraint: Box<TypeConstraintAst>,
        operand: Box<ExpressionAst>,
    },
    /// `[Attribute()] operand`, on variables
    Attributed {
        attribute: Box<AttributeAst>,
        operand: Box<ExpressionAst>,
    },
    Member(Box<MemberExpressionAst>),
    InvokeMember(Box<InvokeMemberAst>),
    Index {
        target: Box<ExpressionAst>,
        index: Box<ExpressionAst>,
        null_conditional: bool,
        /// The target passes null on.
        in_null_chain: bool,
    },
    /// `$using:expr`
    Using(Box<ExpressionAst>),
    /// `: base(...)` calls and places where recovery put something in for what was missing.
    Error(Vec<ExpressionAst>),
}

/// `target.name` or `target::name`.
#[derive(Debug, Clone)]
pub struct MemberExpressionAst {
    pub target: ExpressionAst,
    /// A constant string for a bare name; any expression otherwise.
    pub member: ExpressionAst,
    pub is_static: bool,
    pub null_conditional: bool,
    /// The target passes null on.
    pub in_null_chain: bool,
}

impl ExpressionAst {
    /// Whether null passes on from a `?.` or `?[` here or further left.
    pub fn passes_null_on(&self) -> bool {
        match &self.kind {
            ExpressionKind::Member(member) => member.null_conditional || member.in_null_chain,
            ExpressionKind::InvokeMember(call) => call.null_conditional,
            ExpressionKind::Index {
                null_conditional,
                in_null_chain,
                ..
            } => *null_conditional || *in_null_chain,
            _ => false,
        }
    }
}

/// `target.name(arguments)`.
#[derive(Debug, Clone)]
pub struct InvokeMemberAst {
    pub target: ExpressionAst,
    pub member: ExpressionAst,
    pub arguments: Vec<ExpressionAst>,
    pub is_static: bool,
    pub null_conditional: bool,
    pub generic_arguments: Vec<TypeName>,
}

/// How a string was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StringQuoting {
    SingleQuoted,
    SingleQuotedHere,
    DoubleQuoted,
    DoubleQuotedHere,
    BareWord,
}

/// A piece of an expandable string.
#[derive(Debug, Clone)]
pub enum StringPart {
    Text(Rc<str>),
    /// A variable or a `$(...)`.
    Expression(ExpressionAst),
}

/// A number literal's value with its type.
#[derive(Debug, Clone, PartialEq)]
pub enum NumberLiteral {
    SByte(i8),
    Byte(u8),
    Short(i16),
    UShort(u16),
    Int(i32),
    UInt(u32),
    Long(i64),
    ULong(u64),
    Double(f64),
    Decimal(rust_decimal::Decimal),
    BigInteger(num_bigint::BigInt),
}

/// A variable's name with its scope or drive: `$script:x`, `$env:PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariablePath {
    /// The scope or drive before the colon, as written.
    pub drive: Option<Rc<str>>,
    /// The name after the colon, or the whole name.
    pub name: Rc<str>,
    /// Written as `${name}`.
    pub braced: bool,
}

/// Unary operators. `Increment`… are the postfix and prefix forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOperator {
    Not,
    /// `!`
    Exclaim,
    BitNot,
    Plus,
    Minus,
    Join,
    Split {
        case_sensitive: bool,
    },
    PreIncrement,
    PreDecrement,
    PostIncrement,
    PostDecrement,
    /// `,x` is an [`ExpressionKind::ArrayLiteral`] of one; this is not used for it.
    Comma,
}

/// How a comparison treats letter case; `Default` is written without prefix and ignores case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    Default,
    Insensitive,
    Sensitive,
}

/// Binary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOperator {
    And,
    Or,
    Xor,
    BitAnd,
    BitOr,
    BitXor,
    Eq(Case),
    Ne(Case),
    Gt(Case),
    Ge(Case),
    Lt(Case),
    Le(Case),
    Like(Case),
    NotLike(Case),
    Match(Case),
    NotMatch(Case),
    Replace(Case),
    Contains(Case),
    NotContains(Case),
    In(Case),
    NotIn(Case),
    Split(Case),
    Join,
    Is,
    IsNot,
    As,
    Shl,
    Shr,
    /// `??`
    Coalesce,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Format,
    Range,
}
