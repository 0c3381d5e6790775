//! Types: what `[int]` is, what it derives from, and how it is named.
//!
//! The table of known .NET types is in [`table`], enumerations in [`enums`];
//! classes and enums written in scripts join at run time. What the members of
//! a type do stands in a file of its own, in the folder of its namespace.

pub mod automation;
pub mod behaviour;
pub mod collections;
pub mod cryptography;
pub mod data;
pub mod declared;
pub mod diagnostics;
pub mod dispatch;
pub mod drawing;
pub mod enumeration;
pub mod enums;
pub mod environment;
pub mod equality;
pub mod exception;
pub mod failures;
pub mod garbage_collector;
pub mod guid;
pub mod io;
pub mod linq;
pub mod net;
pub mod nullable;
pub mod numerics;
pub mod object;
pub mod plain_object;
pub mod record;
pub mod reflection;
pub mod resolve;
pub mod settings;
pub mod table;
pub mod text;
pub mod threading;
pub mod time;
pub mod version;
pub mod xml;

use super::class::{ClassDefinition, EnumDefinition};
use crate::syntax::ast::Span;
use crate::syntax::source::Source;
use rustc_hash::FxHashMap;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::thread::LocalKey;

/// A shared reference to a type; equal when it is the same type.
#[derive(Clone)]
pub struct TypeRef(Rc<TypeInfo>);

/// What is known of a type.
pub struct TypeInfo {
    /// The reflection name: ``System.Collections.Generic.List`1[[System.Int32]]``.
    pub full_name: Rc<str>,
    /// The short reflection name: ``List`1``.
    pub name: Rc<str>,
    /// The type a value derives from; `None` for `object` and interfaces.
    pub base: Option<TypeRef>,
    /// For quick decisions on the common types.
    pub code: TypeCode,
    /// Class, struct, enum, …
    pub kind: TypeKind,
    /// Generic arguments, or the one element type of an array.
    pub arguments: Vec<TypeRef>,
    /// All interfaces it implements; worked out when first asked for.
    interfaces: OnceCell<Vec<TypeRef>>,
    /// Of a script's type that is defined inside a function or block: where it is meant.
    pub home: Option<Home>,
}

/// The block of code in which a type was defined.
pub struct Home {
    /// The text.
    pub source: Rc<Source>,
    /// The extent of the block in it.
    pub span: Span,
}

/// What kind of type it is.
pub enum TypeKind {
    /// A reference type.
    Class,
    /// A value type.
    Struct,
    /// An enumeration.
    Enum(Rc<EnumDefinition>),
    /// An interface.
    Interface,
    /// A static or abstract class: no objects of exactly this type.
    Abstract,
    /// `T[]`, `T[,]`.
    Array {
        /// Number of dimensions.
        rank: u32,
    },
    /// A class written in a script.
    Script(RefCell<Option<Rc<ClassDefinition>>>),
}

/// The types the engine itself knows well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TypeCode {
    /// `System.Object`
    Object,
    /// `System.Void`
    Void,
    /// `System.Boolean`
    Bool,
    /// `System.Char`
    Char,
    /// `System.SByte`
    SByte,
    /// `System.Byte`
    Byte,
    /// `System.Int16`
    Short,
    /// `System.UInt16`
    UShort,
    /// `System.Int32`
    Int,
    /// `System.UInt32`
    UInt,
    /// `System.Int64`
    Long,
    /// `System.UInt64`
    ULong,
    /// `System.Single`
    Float,
    /// `System.Double`
    Double,
    /// `System.Decimal`
    Decimal,
    /// `System.Numerics.BigInteger`
    BigInt,
    /// `System.String`
    String,
    /// `System.DateTime`
    DateTime,
    /// `System.TimeSpan`
    TimeSpan,
    /// `System.Type`
    Type,
    /// `System.Array` or any array type
    Array,
    /// `System.Collections.Hashtable`
    Hashtable,
    /// `System.Collections.Specialized.OrderedDictionary`
    OrderedDictionary,
    /// `System.Collections.ArrayList`
    ArrayList,
    /// `System.Management.Automation.ScriptBlock`
    ScriptBlock,
    /// `System.Management.Automation.PSCustomObject`
    CustomObject,
    /// `System.Management.Automation.PSObject`
    PSObject,
    /// `System.Management.Automation.SwitchParameter`
    Switch,
    /// `System.Management.Automation.PSReference`
    Reference,
    /// `System.Management.Automation.ErrorRecord`
    ErrorRecord,
    /// `System.Nullable<T>`
    Nullable,
    /// Any enumeration
    Enum,
    /// Anything else
    Other,
}

impl TypeCode {
    /// Whether it is one of the whole numbers of the runtime; `BigInteger` and `Char` are none of them.
    pub fn is_integer(self) -> bool {
        use TypeCode::*;
        matches!(
            self,
            SByte | Byte | Short | UShort | Int | UInt | Long | ULong
        )
    }

    /// Whether it is one of the numbers that operators and overloads widen: all but `BigInteger`.
    pub fn is_numeric(self) -> bool {
        use TypeCode::*;
        self.is_integer() || matches!(self, Float | Double | Decimal)
    }
}

impl PartialEq for TypeRef {
    fn eq(&self, other: &TypeRef) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for TypeRef {}

impl std::ops::Deref for TypeRef {
    type Target = TypeInfo;
    fn deref(&self) -> &TypeInfo {
        &self.0
    }
}

impl std::fmt::Debug for TypeRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{}]", self.full_name)
    }
}

thread_local! {
    static KNOWN: RefCell<FxHashMap<String, TypeRef>> = RefCell::new(FxHashMap::default());
    /// What `find` and `find_full` gave before, by the spelling that was asked for.
    static SPELLED: RefCell<FxHashMap<Box<str>, TypeRef>> = RefCell::default();
    static SPELLED_IN_FULL: RefCell<FxHashMap<Box<str>, TypeRef>> = RefCell::default();
}

/// What is found under a name, which stays what it is once it is there.
fn once_found(
    cache: &'static LocalKey<RefCell<FxHashMap<Box<str>, TypeRef>>>,
    name: &str,
    search: impl FnOnce() -> Option<TypeRef>,
) -> Option<TypeRef> {
    if let Some(found) = cache.with_borrow(|known| known.get(name).cloned()) {
        return Some(found);
    }
    let found = search()?;
    cache.with_borrow_mut(|known| known.insert(name.into(), found.clone()));
    Some(found)
}

/// The type of this full name or accelerator, in any letter case; also without `System.`.
/// Generic and array types are built from their parts, see [`generic`] and [`array_of`].
pub fn find(name: &str) -> Option<TypeRef> {
    once_found(&SPELLED, name, || match table::accelerated(name) {
        Some(full) => find_full(full),
        None => find_full(name).or_else(|| find_full(&format!("System.{name}"))),
    })
}

/// The type of this full name, in any letter case.
pub fn find_full(name: &str) -> Option<TypeRef> {
    once_found(&SPELLED_IN_FULL, name, || build_full(name))
}

fn build_full(name: &str) -> Option<TypeRef> {
    let key = name.to_ascii_lowercase();
    if let Some(found) = KNOWN.with(|k| k.borrow().get(&key).cloned()) {
        return Some(found);
    }
    let built = table::build(name)
        .or_else(|| enums::build(name))
        .or_else(|| declared::build(name))?;
    KNOWN
        .with(|k| k.borrow_mut().entry(key).or_insert(built).clone())
        .into()
}

/// A type that the type tables declare, by its full name; a misspelt name gives
/// `System.Object`.
pub fn type_named(full_name: &str) -> TypeRef {
    find_full(full_name).unwrap_or_else(known::object)
}

fn remember(info: TypeInfo) -> TypeRef {
    let key = info.full_name.to_ascii_lowercase();
    KNOWN.with(|k| {
        k.borrow_mut()
            .entry(key)
            .or_insert_with(|| TypeRef(Rc::new(info)))
            .clone()
    })
}

/// `T[]`, or `T[,]` for a rank above 1.
pub fn array_of(element: &TypeRef, rank: u32) -> TypeRef {
    let commas = ",".repeat(rank.saturating_sub(1) as usize);
    remember(TypeInfo {
        full_name: format!("{}[{commas}]", element.full_name).into(),
        name: format!("{}[{commas}]", element.name).into(),
        base: find_full("System.Array"),
        code: TypeCode::Array,
        kind: TypeKind::Array { rank },
        arguments: vec![element.clone()],
        interfaces: OnceCell::new(),
        home: None,
    })
}

/// A generic type closed over arguments: ``System.Collections.Generic.List`1`` of `int`.
pub fn generic(definition: &TypeRef, arguments: Vec<TypeRef>) -> TypeRef {
    let inner: Vec<String> = arguments
        .iter()
        .map(|a| format!("[{}]", a.assembly_qualified()))
        .collect();
    let base = table::closed_base(&definition.full_name, &arguments);
    let base = base.or_else(|| definition.base.clone());
    remember(TypeInfo {
        full_name: format!("{}[{}]", definition.full_name, inner.join(",")).into(),
        name: definition.name.clone(),
        base,
        code: definition.code,
        kind: match &definition.kind {
            TypeKind::Struct => TypeKind::Struct,
            TypeKind::Interface => TypeKind::Interface,
            TypeKind::Abstract => TypeKind::Abstract,
            _ => TypeKind::Class,
        },
        arguments,
        interfaces: OnceCell::new(),
        home: None,
    })
}

/// The class of a cmdlet, by its full name.
pub fn cmdlet_type(full_name: &str) -> TypeRef {
    remember(TypeInfo {
        full_name: full_name.into(),
        name: full_name.rsplit('.').next().unwrap_or(full_name).into(),
        base: find_full("System.Management.Automation.PSCmdlet"),
        code: TypeCode::Other,
        kind: TypeKind::Class,
        arguments: Vec::new(),
        interfaces: Default::default(),
        home: None,
    })
}

/// A new type for a class or enum written in a script; not entered into the table of known types.
pub fn script_type(
    name: &str,
    base: Option<TypeRef>,
    kind: TypeKind,
    interfaces: Vec<TypeRef>,
    home: Option<Home>,
) -> TypeRef {
    let code = if matches!(kind, TypeKind::Enum(_)) {
        TypeCode::Enum
    } else {
        TypeCode::Other
    };
    let interfaces = reflection::interfaces::with_inherited(base.as_ref(), interfaces);
    TypeRef(Rc::new(TypeInfo {
        full_name: name.into(),
        name: name.into(),
        base,
        code,
        kind,
        arguments: Vec::new(),
        interfaces: OnceCell::from(interfaces),
        home,
    }))
}

impl TypeInfo {
    /// Builds a type that is not generic; used by the tables.
    pub fn plain(
        full_name: &str,
        base: Option<TypeRef>,
        code: TypeCode,
        kind: TypeKind,
    ) -> TypeRef {
        let name = full_name.rsplit('.').next().unwrap_or(full_name);
        let name = name.rsplit('+').next().unwrap_or(name);
        TypeRef(Rc::new(TypeInfo {
            full_name: full_name.into(),
            name: name.into(),
            base,
            code,
            kind,
            arguments: Vec::new(),
            interfaces: OnceCell::new(),
            home: None,
        }))
    }

    /// The namespace, empty for script types.
    pub fn namespace(&self) -> &str {
        let head = self.full_name.split(['[', '`']).next().unwrap_or("");
        head.rfind('.').map_or("", |at| &head[..at])
    }

    /// Name with the core assembly, as it stands inside generic names.
    pub fn assembly_qualified(&self) -> String {
        let assembly = if self.full_name.starts_with("System.Management.Automation")
            || self.full_name.starts_with("Microsoft.PowerShell")
        {
            "System.Management.Automation, Version=7.6.0.500, Culture=neutral, PublicKeyToken=31bf3856ad364e35"
        } else {
            "System.Private.CoreLib, Version=10.0.0.0, Culture=neutral, PublicKeyToken=7cec85d7bea7798e"
        };
        format!("{}, {assembly}", self.full_name)
    }

    /// The generic definition's reflection name: ``System.Collections.Generic.List`1``.
    pub fn definition_name(&self) -> &str {
        if self.arguments.is_empty() || matches!(self.kind, TypeKind::Array { .. }) {
            return &self.full_name;
        }
        let (definition, _) = self
            .full_name
            .split_once("[[")
            .unwrap_or((&self.full_name, ""));
        definition
    }

    /// The name PowerShell prints: accelerators for the short ones, `List[int]` forms for generics.
    pub fn display(&self) -> String {
        self.display_with(true)
    }

    /// The name without accelerators, but in PowerShell's form for generics and arrays.
    pub fn display_full(&self) -> String {
        self.display_with(false)
    }

    fn display_with(&self, accelerate: bool) -> String {
        if let TypeKind::Array { rank } = self.kind {
            let commas = ",".repeat(rank as usize - 1);
            return format!("{}[{commas}]", self.arguments[0].display_with(accelerate));
        }
        if !self.arguments.is_empty() {
            let head = self.definition_name().split('`').next().unwrap_or("");
            let inner: Vec<String> = self
                .arguments
                .iter()
                .map(|a| a.display_with(accelerate))
                .collect();
            return format!("{head}[{}]", inner.join(","));
        }
        if accelerate && let Some(short) = table::printed_name(&self.full_name) {
            return short.to_string();
        }
        self.full_name.to_string()
    }

    /// Whether it is a value type (numbers, structs, enums).
    pub fn is_value_type(&self) -> bool {
        matches!(self.kind, TypeKind::Struct | TypeKind::Enum(_))
    }

    /// Whether it is an enumeration.
    pub fn is_enum(&self) -> bool {
        matches!(self.kind, TypeKind::Enum(_))
    }

    /// The enumeration's definition.
    pub fn enum_definition(&self) -> Option<&Rc<EnumDefinition>> {
        match &self.kind {
            TypeKind::Enum(definition) => Some(definition),
            _ => None,
        }
    }

    /// The element type of an array type.
    pub fn element(&self) -> Option<&TypeRef> {
        matches!(self.kind, TypeKind::Array { .. })
            .then(|| self.arguments.first())
            .flatten()
    }

    /// The script class behind the type.
    pub fn class(&self) -> Option<Rc<ClassDefinition>> {
        match &self.kind {
            TypeKind::Script(class) => class.borrow().clone(),
            _ => None,
        }
    }
}

impl TypeRef {
    /// Whether a value of this type is also a value of `other`: the same, a base, or an interface.
    pub fn is_a(&self, other: &TypeRef) -> bool {
        if self == other || other.code == TypeCode::Object {
            return true;
        }
        if let (Some(mine), Some(theirs)) = (self.element(), other.element()) {
            return !mine.is_value_type() && mine.is_a(theirs);
        }
        match other.kind {
            TypeKind::Interface => self.implements(other),
            _ => {
                let mut at = self.base.as_ref();
                while let Some(current) = at {
                    if current == other {
                        return true;
                    }
                    at = current.base.as_ref();
                }
                false
            }
        }
    }

    /// The chain from this type up to `object`.
    pub fn ancestry(&self) -> Vec<TypeRef> {
        let mut chain = vec![self.clone()];
        while let Some(base) = chain.last().and_then(|t| t.base.clone()) {
            chain.push(base);
        }
        chain
    }
}

/// Types the engine names itself.
pub mod known {
    use super::{TypeRef, find};

    macro_rules! known {
        ($($(#[$doc:meta])* $name:ident = $written:literal;)*) => {
            $($(#[$doc])* pub fn $name() -> TypeRef {
                thread_local! { static KNOWN: TypeRef = find($written).unwrap_or_else(|| super::table::missing($written)); }
                KNOWN.with(Clone::clone)
            })*
        };
    }

    known! {
        /// `[object]`
        object = "System.Object";
        /// `[void]`
        void = "void";
        /// `[bool]`
        boolean = "bool";
        /// `[char]`
        char = "char";
        /// `[sbyte]`
        sbyte = "sbyte";
        /// `[byte]`
        byte = "byte";
        /// `[int16]`
        short = "short";
        /// `[uint16]`
        ushort = "ushort";
        /// `[int]`
        int = "int";
        /// `[uint32]`
        uint = "uint";
        /// `[long]`
        long = "long";
        /// `[uint64]`
        ulong = "ulong";
        /// `[float]`
        float = "float";
        /// `[double]`
        double = "double";
        /// `[decimal]`
        decimal = "decimal";
        /// `[bigint]`
        bigint = "bigint";
        /// `[string]`
        string = "string";
        /// `[datetime]`
        datetime = "datetime";
        /// `[timespan]`
        timespan = "timespan";
        /// `[type]`, as values show it
        runtime_type = "System.RuntimeType";
        /// `[hashtable]`
        hashtable = "hashtable";
        /// `[ordered]`
        ordered = "ordered";
        /// ArrayList
        array_list = "System.Collections.ArrayList";
        /// `[scriptblock]`
        script_block = "scriptblock";
        /// `[pscustomobject]` as the type of objects
        custom_object = "System.Management.Automation.PSCustomObject";
        /// `[psobject]`
        psobject = "psobject";
        /// `[switch]`
        switch = "switch";
        /// `[ref]`
        reference = "ref";
        /// ErrorRecord
        error_record = "System.Management.Automation.ErrorRecord";
        /// Exception
        exception = "System.Exception";
    }
}
