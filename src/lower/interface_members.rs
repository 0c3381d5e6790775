//! What a class written in a script has to define for the interfaces it names and the abstract class it is of.
//!
//! .NET refuses to make a class that leaves a member of an interface out, or that gives
//! it other types: names and types must be the same to the letter.

use crate::runtime::class::ClassDefinition;
use crate::runtime::types::TypeRef;
use crate::runtime::types::reflection::members::overloads_of;

/// An interface, and per member: the result, the name, the types of the parameters.
/// `!0` and `!1` stand for the interface's own arguments; `get_` and `set_` are the two
/// halves of a property.
type Required = (&'static str, &'static [&'static str]);

const REQUIRED: &[Required] = &[
    (
        "System.IComparable",
        &["System.Int32 CompareTo System.Object"],
    ),
    ("System.IComparable`1", &["System.Int32 CompareTo !0"]),
    ("System.IEquatable`1", &["System.Boolean Equals !0"]),
    ("System.IDisposable", &["System.Void Dispose"]),
    ("System.ICloneable", &["System.Object Clone"]),
    (
        "System.IFormattable",
        &["System.String ToString System.String System.IFormatProvider"],
    ),
    (
        "System.IFormatProvider",
        &["System.Object GetFormat System.Type"],
    ),
    (
        "System.ICustomFormatter",
        &["System.String Format System.String System.Object System.IFormatProvider"],
    ),
    (
        "System.IServiceProvider",
        &["System.Object GetService System.Type"],
    ),
    ("System.IProgress`1", &["System.Void Report !0"]),
    (
        "System.Collections.IEnumerable",
        &["System.Collections.IEnumerator GetEnumerator"],
    ),
    (
        "System.Collections.Generic.IEnumerable`1",
        &["System.Collections.Generic.IEnumerator`1[[!0]] GetEnumerator"],
    ),
    (
        "System.Collections.IEnumerator",
        &[
            "System.Boolean MoveNext",
            "System.Object get_Current",
            "System.Void Reset",
        ],
    ),
    (
        "System.Collections.Generic.IEnumerator`1",
        &["!0 get_Current"],
    ),
    (
        "System.Collections.IComparer",
        &["System.Int32 Compare System.Object System.Object"],
    ),
    (
        "System.Collections.Generic.IComparer`1",
        &["System.Int32 Compare !0 !0"],
    ),
    (
        "System.Collections.IEqualityComparer",
        &[
            "System.Boolean Equals System.Object System.Object",
            "System.Int32 GetHashCode System.Object",
        ],
    ),
    (
        "System.Collections.Generic.IEqualityComparer`1",
        &["System.Boolean Equals !0 !0", "System.Int32 GetHashCode !0"],
    ),
    (
        "System.Collections.ICollection",
        &[
            "System.Void CopyTo System.Array System.Int32",
            "System.Int32 get_Count",
            "System.Object get_SyncRoot",
            "System.Boolean get_IsSynchronized",
        ],
    ),
    (
        "System.Management.Automation.IValidateSetValuesGenerator",
        &["System.String[] GetValidValues"],
    ),
    (
        "System.Management.Automation.IDynamicParameters",
        &["System.Object GetDynamicParameters"],
    ),
];

/// What abstract classes leave to those below them; written as the members of interfaces are.
const ABSTRACT: &[Required] = &[
    (
        "System.Management.Automation.ArgumentTransformationAttribute",
        &["System.Object Transform System.Management.Automation.EngineIntrinsics System.Object"],
    ),
    (
        "System.Management.Automation.ValidateArgumentsAttribute",
        &["System.Void Validate System.Object System.Management.Automation.EngineIntrinsics"],
    ),
    (
        "System.Management.Automation.ValidateEnumeratedArgumentsAttribute",
        &["System.Void ValidateElement System.Object"],
    ),
    (
        "System.Management.Automation.CachedValidValuesGeneratorBase",
        &["System.String[] GenerateValidValues"],
    ),
    (
        "System.Collections.Generic.Comparer`1",
        &["System.Int32 Compare !0 !0"],
    ),
    (
        "System.Collections.Generic.EqualityComparer`1",
        &["System.Boolean Equals !0 !0", "System.Int32 GetHashCode !0"],
    ),
    (
        "System.Collections.ObjectModel.KeyedCollection`2",
        &["!0 GetKeyForItem !1"],
    ),
    (
        "System.IO.TextWriter",
        &["System.Text.Encoding get_Encoding"],
    ),
];

/// The first member of an abstract .NET class that a class right below it lacks.
fn left_abstract(class: &ClassDefinition) -> Option<&'static str> {
    let base = class.native_base.as_ref()?;
    let (_, members) = ABSTRACT
        .iter()
        .find(|(name, _)| *name == base.definition_name())?;
    members.iter().find_map(|member| {
        let (name, result, parameters) = wanted(member, base);
        (!defines(class, name, &result, &parameters)).then_some(name)
    })
}

/// A member of the lists: its name, its result and the types of its parameters.
fn wanted(member: &'static str, of: &TypeRef) -> (&'static str, String, Vec<String>) {
    let name = member.split(' ').nth(1).unwrap_or_default();
    let mut words = member.split(' ').map(|word| closed(word, of));
    let result = words.next().unwrap_or_default();
    (name, result, words.skip(1).collect())
}

/// The first member of an interface or an abstract base that a class lacks, by its name.
pub fn missing_member(class: &ClassDefinition, type_ref: &TypeRef) -> Option<&'static str> {
    let inherited = class.native_base.as_ref();
    for interface in type_ref.all_interfaces() {
        if inherited.is_some_and(|base| base.implements(interface)) {
            continue;
        }
        let of_this = |(name, _): &&Required| *name == interface.definition_name();
        let Some((_, members)) = REQUIRED.iter().find(of_this) else {
            continue;
        };
        for member in *members {
            let (name, result, parameters) = wanted(member, interface);
            if !defines(class, name, &result, &parameters) && !inherits(class, name, &parameters) {
                return Some(name);
            }
        }
    }
    left_abstract(class)
}

/// A type of the list with the interface's arguments put in.
fn closed(word: &str, interface: &TypeRef) -> String {
    let mut text = word.to_string();
    for (at, argument) in interface.arguments.iter().enumerate() {
        text = text.replace(&format!("!{at}"), &argument.full_name);
    }
    text
}

fn defines(class: &ClassDefinition, name: &str, result: &str, parameters: &[String]) -> bool {
    let method = class.methods_named(name, false).iter().any(|method| {
        let gives = method.return_type.as_ref();
        *method.name == *name
            && gives.map_or("System.Void", |it| &*it.full_name) == result
            && method.parameters.len() == parameters.len()
            && method
                .parameters
                .iter()
                .zip(parameters)
                .all(|((_, own), wanted)| *own.full_name == **wanted)
    });
    let property = name.get(4..).is_some_and(|property| {
        parameters.is_empty()
            && class
                .properties
                .iter()
                .any(|own| *own.name == *property && *own.type_ref.full_name == *result)
    });
    method || property
}

/// Whether the .NET class below defines the member.
fn inherits(class: &ClassDefinition, name: &str, parameters: &[String]) -> bool {
    let base = class.nearest_native_base();
    let base = base
        .as_ref()
        .map_or("System.Object", |base| base.definition_name());
    overloads_of(base, name, false).iter().any(|overload| {
        overload.parameters.len() == parameters.len()
            && overload
                .parameters
                .iter()
                .zip(parameters)
                .all(|(own, wanted)| own.type_name == *wanted)
    })
}
