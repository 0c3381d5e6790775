//! Methods and properties that types have only through their interfaces.
//! Completion lists them beside the public ones, as the original does.

use crate::runtime::types::{TypeCode, TypeRef};

/// A member that an interface brings.
pub struct Inherited {
    /// Its name.
    pub name: &'static str,
    /// It is called.
    pub is_method: bool,
    /// Its signature.
    pub tool_tip: String,
}

/// An interface: its name, `T` for the type itself, and its members, the
/// text before the name and the text after it.
type Interface = (
    &'static str,
    &'static [(&'static str, &'static str, &'static str)],
);

const PROVIDER: &str = "(System.IFormatProvider provider)";

const CONVERTIBLE: Interface = (
    "IConvertible",
    &[
        ("bool", "ToBoolean", PROVIDER),
        ("byte", "ToByte", PROVIDER),
        ("char", "ToChar", PROVIDER),
        ("datetime", "ToDateTime", PROVIDER),
        ("decimal", "ToDecimal", PROVIDER),
        ("double", "ToDouble", PROVIDER),
        ("short", "ToInt16", PROVIDER),
        ("int", "ToInt32", PROVIDER),
        ("long", "ToInt64", PROVIDER),
        ("sbyte", "ToSByte", PROVIDER),
        ("float", "ToSingle", PROVIDER),
        (
            "System.Object",
            "ToType",
            "(type conversionType, System.IFormatProvider provider)",
        ),
        ("ushort", "ToUInt16", PROVIDER),
        ("uint", "ToUInt32", PROVIDER),
        ("ulong", "ToUInt64", PROVIDER),
    ],
);

const WRITE: &str = "(byte[] destination)";
const TRY_WRITE: &str = "(System.Span[byte] destination, [ref] int bytesWritten)";

const BINARY_INTEGER: Interface = (
    "IBinaryInteger[T]",
    &[
        ("int", "GetByteCount", "()"),
        ("int", "GetShortestBitLength", "()"),
        ("bool", "TryWriteBigEndian", TRY_WRITE),
        ("bool", "TryWriteLittleEndian", TRY_WRITE),
        ("int", "WriteBigEndian", WRITE),
        ("int", "WriteLittleEndian", WRITE),
    ],
);

const FLOATING_POINT: Interface = (
    "IFloatingPoint[T]",
    &[
        ("int", "GetExponentByteCount", "()"),
        ("int", "GetExponentShortestBitLength", "()"),
        ("int", "GetSignificandBitLength", "()"),
        ("int", "GetSignificandByteCount", "()"),
        ("bool", "TryWriteExponentBigEndian", TRY_WRITE),
        ("bool", "TryWriteExponentLittleEndian", TRY_WRITE),
        ("bool", "TryWriteSignificandBigEndian", TRY_WRITE),
        ("bool", "TryWriteSignificandLittleEndian", TRY_WRITE),
        ("int", "WriteExponentBigEndian", WRITE),
        ("int", "WriteExponentLittleEndian", WRITE),
        ("int", "WriteSignificandBigEndian", WRITE),
        ("int", "WriteSignificandLittleEndian", WRITE),
    ],
);

const SPAN_FORMATTABLE: Interface = (
    "ISpanFormattable",
    &[(
        "bool",
        "TryFormat",
        "(System.Span[char] destination, [ref] int charsWritten, System.ReadOnlySpan[char] format, System.IFormatProvider provider)",
    )],
);

const SERIALIZABLE: Interface = (
    "ISerializable",
    &[(
        "void",
        "GetObjectData",
        "(System.Runtime.Serialization.SerializationInfo info, System.Runtime.Serialization.StreamingContext context)",
    )],
);

const LIST: Interface = (
    "IList",
    &[
        ("int", "Add", "(System.Object value)"),
        ("void", "Clear", "()"),
        ("bool", "Contains", "(System.Object value)"),
        ("int", "IndexOf", "(System.Object value)"),
        ("void", "Insert", "(int index, System.Object value)"),
        ("void", "Remove", "(System.Object value)"),
        ("void", "RemoveAt", "(int index)"),
    ],
);

const STRUCTURAL: Interface = (
    "IStructuralComparable",
    &[(
        "int",
        "CompareTo",
        "(System.Object other, System.Collections.IComparer comparer)",
    )],
);

const DICTIONARY: Interface = (
    "IDictionary",
    &[
        ("bool", "Contains", "(System.Object key)"),
        ("void", "CopyTo", "(array array, int index)"),
    ],
);

const DESERIALIZED: Interface = (
    "IDeserializationCallback",
    &[("void", "OnDeserialization", "(System.Object sender)")],
);

/// Members that arrays have for the runtime alone; `E` is the element.
const ARRAY: Interface = (
    "",
    &[
        ("E&", "Address", "(int )"),
        ("E", "Get", "(int )"),
        ("void", "Set", "(int , E )"),
    ],
);

const OF_COLLECTIONS: &[&str] = &[
    "bool IsFixedSize",
    "bool IsReadOnly",
    "bool IsSynchronized",
    "System.Object SyncRoot",
];

/// What the interfaces of a type add to its own members.
pub fn inherited(type_ref: &TypeRef) -> Vec<Inherited> {
    let own = type_ref.display();
    let mut found = Vec::new();
    for (interface, members) in interfaces(type_ref) {
        let element = type_ref.element().map_or_else(String::new, |e| e.display());
        let interface = interface.replace("[T]", &format!("[{own}]"));
        let owner = match interface.is_empty() {
            true => String::new(),
            false => format!("{interface}."),
        };
        found.extend(members.iter().map(|(returns, name, rest)| {
            let placed = |text: &str| text.replace('E', &element);
            let (returns, rest) = match owner.is_empty() {
                true => (placed(returns), placed(rest)),
                false => ((*returns).to_owned(), (*rest).to_owned()),
            };
            Inherited {
                name,
                is_method: true,
                tool_tip: format!("{returns} {owner}{name}{rest}"),
            }
        }));
    }
    found.extend(properties(type_ref).iter().filter_map(|text| {
        Some(Inherited {
            name: text.rsplit(' ').next()?,
            is_method: false,
            tool_tip: format!("{text} {{get;}}"),
        })
    }));
    found
}

fn interfaces(type_ref: &TypeRef) -> Vec<Interface> {
    use TypeCode::*;
    if type_ref.element().is_some() {
        return vec![LIST, STRUCTURAL, ARRAY];
    }
    if type_ref.is_enum() {
        return vec![CONVERTIBLE, SPAN_FORMATTABLE];
    }
    match type_ref.code {
        String | Bool => vec![CONVERTIBLE],
        Char | SByte | Byte | Short | UShort | Int | UInt | Long | ULong => {
            vec![CONVERTIBLE, BINARY_INTEGER, SPAN_FORMATTABLE]
        }
        Float | Double => vec![CONVERTIBLE, FLOATING_POINT, SPAN_FORMATTABLE],
        Decimal => vec![
            CONVERTIBLE,
            FLOATING_POINT,
            SPAN_FORMATTABLE,
            SERIALIZABLE,
            DESERIALIZED,
        ],
        BigInt => vec![BINARY_INTEGER, SPAN_FORMATTABLE],
        DateTime => vec![CONVERTIBLE, SPAN_FORMATTABLE, SERIALIZABLE],
        TimeSpan => vec![SPAN_FORMATTABLE],
        _ => match type_ref.definition_name() {
            "System.DBNull" => vec![CONVERTIBLE],
            "System.Guid" | "System.Version" | "System.DateOnly" | "System.TimeOnly" => {
                vec![SPAN_FORMATTABLE]
            }
            "System.DateTimeOffset" => vec![SPAN_FORMATTABLE, SERIALIZABLE, DESERIALIZED],
            "System.Text.RegularExpressions.Regex" => vec![SERIALIZABLE],
            "System.Collections.Generic.List`1" => vec![LIST],
            "System.Collections.Generic.Dictionary`2" => vec![DICTIONARY],
            _ => Vec::new(),
        },
    }
}

fn properties(type_ref: &TypeRef) -> &'static [&'static str] {
    match type_ref.definition_name() {
        "System.Collections.Generic.List`1" | "System.Collections.Generic.Dictionary`2" => {
            OF_COLLECTIONS
        }
        "System.Collections.Generic.HashSet`1" => &["bool IsReadOnly"],
        "System.Collections.Generic.Queue`1" | "System.Collections.Generic.Stack`1" => {
            &["bool IsSynchronized", "System.Object SyncRoot"]
        }
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::types::{array_of, find};

    fn tips(type_ref: &TypeRef) -> Vec<String> {
        inherited(type_ref)
            .into_iter()
            .map(|m| m.tool_tip)
            .collect()
    }

    #[test]
    fn signatures_name_the_interface() {
        let known = |name: &str| find(name).expect("known");
        let int = tips(&known("int"));
        for wanted in [
            "bool IConvertible.ToBoolean(System.IFormatProvider provider)",
            "int IBinaryInteger[int].GetByteCount()",
        ] {
            assert!(int.iter().any(|tip| tip == wanted), "{wanted}");
        }
        assert!(tips(&array_of(&known("int"), 1)).contains(&"int Get(int )".to_owned()));
        assert!(tips(&known("hashtable")).is_empty());
    }
}
