//! The public members of a .NET type, as data.
//!
//! They are written in `cmdlets/types/<namespace>.types` and embedded by the
//! build script, which compiles this file too; so it knows nothing of the
//! program. Types are named in full, in the way of PowerShell's type literals:
//! `System.Collections.Generic.List[System.Int32]`, `System.Nullable[System.Double]`.

use serde::{Deserialize, Serialize};

/// What a type declares itself; what it inherits stands with its base.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TypeMembers {
    /// The reflection name, ``System.Collections.Generic.List`1`` for instance.
    pub name: String,
    /// The type it derives from; nothing for `System.Object` and interfaces.
    pub base: Option<String>,
    /// Class, struct, interface or enumeration, where the declaration says it.
    pub shape: Shape,
    /// The interfaces it implements.
    pub interfaces: Vec<String>,
    /// Names of its generic parameters.
    pub type_parameters: Vec<String>,
    /// Its public constructors.
    pub constructors: Vec<Overload>,
    /// Its other members.
    pub members: Vec<Member>,
    /// Names and numbers, for an enumeration.
    pub values: Vec<(String, i64)>,
}

/// What kind of type a declaration makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    /// Members of a type that the table of types knows.
    #[default]
    Members,
    /// A class.
    Class,
    /// A static or abstract class.
    Abstract,
    /// A value type.
    Struct,
    /// An interface.
    Interface,
    /// An enumeration.
    Enum,
    /// An enumeration of flags.
    Flags,
}

/// A property, field or method with all its overloads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Belongs to the type, not to its objects.
    pub is_static: bool,
    /// What it is.
    pub kind: MemberKind,
}

/// What a member is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum MemberKind {
    /// Reads and writes a value without arguments.
    Property {
        /// The type of the value.
        type_name: String,
        /// Has a getter.
        get: bool,
        /// Has a setter.
        set: bool,
    },
    /// A property with arguments, such as `Item` and `Chars`.
    Indexer {
        /// The type of the value.
        type_name: String,
        /// Has a getter.
        get: bool,
        /// Has a setter.
        set: bool,
        /// The types of the arguments, one list for each overload.
        arguments: Vec<Vec<String>>,
    },
    /// A field or constant.
    Field {
        /// The type of the value.
        type_name: String,
    },
    /// A method; one entry for each signature.
    Method(Vec<Overload>),
}

/// One signature of a method or constructor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overload {
    /// Names of the method's own generic parameters.
    pub type_parameters: Vec<String>,
    /// The parameters in order.
    pub parameters: Vec<Parameter>,
    /// The type of the result; `System.Void` for constructors too.
    pub returns: String,
}

/// One parameter of a signature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its type.
    pub type_name: String,
    /// Takes a `[ref]`.
    pub by_ref: bool,
    /// May be left out.
    pub optional: bool,
    /// Takes the remaining arguments as an array.
    pub is_params: bool,
}

impl Member {
    /// The signatures of a method; none for anything else.
    pub fn overloads(&self) -> &[Overload] {
        match &self.kind {
            MemberKind::Method(overloads) => overloads,
            _ => &[],
        }
    }
}

impl Overload {}
