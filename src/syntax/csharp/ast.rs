//! The declarations, statements and expressions of C#.

use std::rc::Rc;

/// A text: its types, wherever they stand.
#[derive(Debug, Default)]
pub struct Unit {
    /// The namespaces that `using` opens for the whole text, each with its place.
    pub usings: Vec<(Rc<str>, usize)>,
    /// `using Short = Long.Name;`
    pub aliases: Vec<(Rc<str>, TypeSyntax)>,
    /// The types in the order of the text, nested ones behind the type around them.
    pub types: Vec<Rc<TypeDeclaration>>,
}

/// A type as it is written.
#[derive(Debug, Clone)]
pub struct TypeSyntax {
    /// The first byte.
    pub at: usize,
    /// What it says.
    pub shape: TypeShape,
}

/// The shapes of a written type.
#[derive(Debug, Clone)]
pub enum TypeShape {
    /// `A.B<C>.D`
    Named(Vec<NamePart>),
    /// `T[]`, `T[,]`
    Array(Box<TypeSyntax>, u32),
    /// `T?`
    Nullable(Box<TypeSyntax>),
    /// `T*`
    Pointer(Box<TypeSyntax>),
}

/// One part of a qualified name.
#[derive(Debug, Clone)]
pub struct NamePart {
    /// Its text.
    pub text: Rc<str>,
    /// What stands between `<` and `>`.
    pub arguments: Vec<TypeSyntax>,
}

/// What kind of type a declaration makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeKeyword {
    /// `class`
    Class,
    /// `struct`
    Struct,
    /// `interface`
    Interface,
    /// `enum`
    Enum,
    /// `delegate`
    Delegate,
}

/// The words before a declaration.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Modifiers(pub u32);

impl Modifiers {
    /// In the order of their bits.
    pub const WORDS: &'static [&'static str] = &[
        "public",
        "private",
        "protected",
        "internal",
        "static",
        "abstract",
        "sealed",
        "readonly",
        "const",
        "virtual",
        "override",
        "extern",
        "new",
        "partial",
        "unsafe",
        "async",
        "volatile",
    ];

    /// Whether the word stands there.
    pub fn has(self, word: &str) -> bool {
        Modifiers::WORDS
            .iter()
            .position(|w| *w == word)
            .is_some_and(|bit| self.0 & (1 << bit) != 0)
    }
}

/// `[Name(arguments)]`
#[derive(Debug, Clone)]
pub struct Attribute {
    /// The last part of its name, without `Attribute`.
    pub name: Rc<str>,
    /// Its arguments, with the names of the named ones.
    pub arguments: Rc<Vec<(Option<Rc<str>>, Expr)>>,
}

/// The declaration of a type.
#[derive(Debug)]
pub struct TypeDeclaration {
    /// Where the name stands.
    pub at: usize,
    /// Its name.
    pub name: Rc<str>,
    /// The namespace, and the types around it with `+` behind each.
    pub prefix: Rc<str>,
    /// The namespaces open where it stands, innermost first.
    pub namespaces: Vec<Rc<str>>,
    /// What it makes.
    pub keyword: TypeKeyword,
    /// The words before it.
    pub modifiers: Modifiers,
    /// The attributes before it.
    pub attributes: Vec<Attribute>,
    /// The names between `<` and `>`.
    pub type_parameters: Vec<Rc<str>>,
    /// What stands behind the colon.
    pub bases: Vec<TypeSyntax>,
    /// Fields, properties, methods and so on.
    pub members: Vec<Member>,
    /// The members of an enumeration.
    pub values: Vec<(Rc<str>, Option<Expr>)>,
}

impl TypeDeclaration {
    /// The reflection name.
    pub fn full_name(&self) -> String {
        format!("{}{}", self.prefix, self.name)
    }
}

/// A member of a type.
#[derive(Debug)]
pub struct Member {
    /// Where its name stands.
    pub at: usize,
    /// The words before it.
    pub modifiers: Modifiers,
    /// The attributes before it.
    pub attributes: Vec<Attribute>,
    /// What it is.
    pub kind: MemberKind,
}

/// The kinds of member.
#[derive(Debug)]
pub enum MemberKind {
    /// `int a, b = 2;`
    Field {
        /// The type of all of them.
        type_syntax: TypeSyntax,
        /// Names with places and first values.
        variables: Vec<(Rc<str>, usize, Option<Rc<Expr>>)>,
    },
    /// A property or indexer.
    Property {
        /// Its type.
        type_syntax: TypeSyntax,
        /// Its name; `Item` of an indexer.
        name: Rc<str>,
        /// The parameters of an indexer.
        parameters: Vec<Parameter>,
        /// How it is read.
        get: Option<Accessor>,
        /// How it is written.
        set: Option<Accessor>,
        /// Its first value.
        initial: Option<Rc<Expr>>,
    },
    /// A method or an operator.
    Method {
        /// What it gives back.
        returns: TypeSyntax,
        /// Its name; `op_Addition` and so on of an operator.
        name: Rc<str>,
        /// The names between `<` and `>`.
        type_parameters: Vec<Rc<str>>,
        /// Its parameters.
        parameters: Vec<Parameter>,
        /// What it does; nothing of an abstract or foreign one.
        body: Option<Rc<Body>>,
    },
    /// A constructor.
    Constructor {
        /// Its parameters.
        parameters: Vec<Parameter>,
        /// `: base(...)`, or `: this(...)`.
        chain: Option<(bool, Vec<Argument>)>,
        /// What it does.
        body: Rc<Body>,
    },
    /// `event T Name;`
    Event {
        /// The delegate's type.
        type_syntax: TypeSyntax,
        /// Its name.
        name: Rc<str>,
    },
}

/// `get` or `set`.
#[derive(Debug)]
pub struct Accessor {
    /// The words before it.
    pub modifiers: Modifiers,
    /// What it does; nothing when the compiler is to make it.
    pub body: Option<Rc<Body>>,
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its name.
    pub name: Rc<str>,
    /// Its type; lambdas may leave it out.
    pub type_syntax: Option<TypeSyntax>,
    /// `ref` or `out`.
    pub by_ref: bool,
    /// `params`
    pub rest: bool,
    /// The value when it is left out.
    pub default: Option<Rc<Expr>>,
}

/// What a member does.
#[derive(Debug)]
pub enum Body {
    /// `{ ... }`
    Block(Vec<Statement>),
    /// `=> expression`
    Expression(Expr),
    /// Holds something that is not known here.
    Foreign(&'static str),
}

/// A statement.
#[derive(Debug)]
pub enum Statement {
    /// `int a = 1, b;`; no type for `var`.
    Local(Option<TypeSyntax>, Vec<(Rc<str>, usize, Option<Expr>)>),
    /// An expression.
    Expression(Expr),
    /// `if`
    If(Expr, Box<Statement>, Option<Box<Statement>>),
    /// `while`
    While(Expr, Box<Statement>),
    /// `do … while`
    Do(Box<Statement>, Expr),
    /// `for`
    For(Vec<Statement>, Option<Expr>, Vec<Expr>, Box<Statement>),
    /// `foreach`
    ForEach(Option<TypeSyntax>, Rc<str>, Expr, Box<Statement>),
    /// `switch`, its sections with their labels; a label without a value is `default`.
    Switch(Expr, Vec<(Vec<Option<Expr>>, Vec<Statement>)>),
    /// `return`
    Return(Option<Expr>),
    /// `throw`
    Throw(Option<Expr>),
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `yield return`; without a value `yield break`.
    Yield(Option<Expr>),
    /// `try`
    Try(Vec<Statement>, Vec<Catch>, Option<Vec<Statement>>),
    /// `using (…)`, with the name of the variable if there is one.
    Using(Box<Statement>, Box<Statement>),
    /// `{ … }`
    Block(Vec<Statement>),
    /// `;`
    Empty,
}

/// `catch (T name) when (condition) { … }`
#[derive(Debug)]
pub struct Catch {
    /// What it catches; everything without.
    pub type_syntax: Option<TypeSyntax>,
    /// The variable, with its place.
    pub name: Option<(Rc<str>, usize)>,
    /// `when`
    pub condition: Option<Expr>,
    /// What it does.
    pub body: Vec<Statement>,
}

/// An argument of a call.
#[derive(Debug)]
pub struct Argument {
    /// `name:`
    pub name: Option<Rc<str>>,
    /// `ref`, `out`
    pub by_ref: bool,
    /// `out T name`, which declares it.
    pub declares: Option<Rc<str>>,
    /// The value.
    pub value: Expr,
}

/// An expression with its place.
#[derive(Debug)]
pub struct Expr {
    /// The first byte.
    pub at: usize,
    /// What it is.
    pub kind: ExprKind,
}

/// A literal.
#[derive(Debug, Clone)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number with its suffix.
    Integer(u64, String),
    /// A number with `f`, `d` or `m`.
    Real(String, char),
    /// A character.
    Char(u16),
    /// A string.
    Text(Rc<str>),
}

/// The kinds of expression.
#[derive(Debug)]
pub enum ExprKind {
    /// A literal.
    Literal(Literal),
    /// `$"…"`: text, or an expression with width and format.
    Interpolated(Vec<Part>),
    /// A name, with type arguments.
    Name(Rc<str>, Vec<TypeSyntax>),
    /// `int`, `string` before a point.
    TypeName(TypeSyntax),
    /// `target.name<…>`, `target?.name`
    Member(Box<Expr>, Rc<str>, Vec<TypeSyntax>, bool),
    /// `target(…)`
    Call(Box<Expr>, Vec<Argument>),
    /// `target[…]`
    Index(Box<Expr>, Vec<Argument>, bool),
    /// `new T(…) { … }`
    New(TypeSyntax, Vec<Argument>, Vec<Initial>),
    /// `new T[n, m] { … }`; the element's type may be left out.
    NewArray(Option<TypeSyntax>, Vec<Expr>, Option<Vec<Expr>>),
    /// `{ a, b }` as the first value of an array.
    ArrayValues(Vec<Expr>),
    /// `-x`, `!x`, `~x`, `+x`
    Unary(&'static str, Box<Expr>),
    /// `++x`, `x--`: the change, and whether the old value counts.
    Step(i32, bool, Box<Expr>),
    /// `a + b`
    Binary(&'static str, Box<Expr>, Box<Expr>),
    /// `a = b`, `a += b`: the operator without `=`
    Assign(&'static str, Box<Expr>, Box<Expr>),
    /// `a ? b : c`
    Conditional(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `(T)x`
    Cast(TypeSyntax, Box<Expr>),
    /// `x is T name`
    Is(Box<Expr>, TypeSyntax, Option<Rc<str>>),
    /// `x as T`
    As(Box<Expr>, TypeSyntax),
    /// `typeof(T)`
    TypeOf(TypeSyntax),
    /// `default(T)`, `default`
    Default(Option<TypeSyntax>),
    /// `nameof(x)`
    NameOf(Rc<str>),
    /// `(a, b) => …`, `delegate(…) { … }`
    Lambda(Rc<Lambda>),
    /// `this`
    This,
    /// `base`
    Base,
    /// `throw x` as a value
    Throw(Box<Expr>),
    /// `checked(x)`
    Checked(Box<Expr>),
}

/// A part of an interpolated string.
#[derive(Debug)]
pub enum Part {
    /// Text.
    Text(Rc<str>),
    /// An expression with width and format.
    Value(Expr, Option<i32>, Option<String>),
}

/// What stands between the braces behind `new T()`.
#[derive(Debug)]
pub enum Initial {
    /// `Name = value`
    Property(Rc<str>, Expr),
    /// `[key] = value`
    Key(Expr, Expr),
    /// A value, or several for one call of `Add`.
    Item(Vec<Expr>),
}

/// A function without a name.
#[derive(Debug)]
pub struct Lambda {
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// What it does.
    pub body: Body,
}
