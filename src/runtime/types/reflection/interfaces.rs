//! Which interfaces a type implements, closed over its arguments.

use crate::runtime::types::{TypeKind, TypeRef, find_full, generic, table};

/// Interfaces whose arguments may be of a derived type, of reference types only.
const COVARIANT: &[&str] = &[
    "System.Collections.Generic.IEnumerable`1",
    "System.Collections.Generic.IEnumerator`1",
    "System.Collections.Generic.IReadOnlyCollection`1",
    "System.Collections.Generic.IReadOnlyList`1",
    "System.Linq.IGrouping`2",
];

/// Interfaces whose argument may be of a base type.
const CONTRAVARIANT: &[&str] = &[
    "System.Collections.Generic.IComparer`1",
    "System.Collections.Generic.IEqualityComparer`1",
    "System.IComparable`1",
];

/// The generic interfaces of every array beside those of `System.Array`.
const OF_ARRAYS: &[&str] = &[
    "System.Collections.Generic.IList`1",
    "System.Collections.Generic.IReadOnlyList`1",
];

impl TypeRef {
    /// All interfaces of the type, in the order of its declaration, those of the base first.
    pub fn all_interfaces(&self) -> &[TypeRef] {
        self.interfaces.get_or_init(|| {
            let mut own = table::own_interfaces(self.definition_name(), &self.arguments);
            if let (Some(element), TypeKind::Array { rank: 1 }) = (self.element(), &self.kind) {
                let definitions = OF_ARRAYS.iter().filter_map(|name| find_full(name));
                own = definitions
                    .map(|definition| generic(&definition, vec![element.clone()]))
                    .collect();
            }
            with_inherited(self.base.as_ref(), own)
        })
    }

    /// Whether the type implements an interface, or is one that can stand for it.
    pub fn implements(&self, wanted: &TypeRef) -> bool {
        fits(self, wanted) || self.all_interfaces().iter().any(|own| fits(own, wanted))
    }

    /// What the type implements of a generic interface: `IEnumerable<int>` for the
    /// definition of `IEnumerable<T>`.
    pub fn closing_of(&self, definition: &str) -> Option<&TypeRef> {
        let is = |type_ref: &&TypeRef| type_ref.definition_name() == definition;
        Some(self)
            .filter(is)
            .or_else(|| self.all_interfaces().iter().find(is))
    }
}

/// Interfaces with those they inherit, after those of the base.
pub fn with_inherited(base: Option<&TypeRef>, own: Vec<TypeRef>) -> Vec<TypeRef> {
    let mut found: Vec<TypeRef> = base.map_or(Vec::new(), |it| it.all_interfaces().to_vec());
    for interface in own {
        let inherited = interface.all_interfaces().to_vec();
        for each in std::iter::once(interface).chain(inherited) {
            if !found.contains(&each) {
                found.push(each);
            }
        }
    }
    found
}

/// Whether one interface can stand for another: the same, or with arguments that vary.
fn fits(own: &TypeRef, wanted: &TypeRef) -> bool {
    if own == wanted {
        return true;
    }
    let definition = wanted.definition_name();
    if own.definition_name() != definition || own.arguments.len() != wanted.arguments.len() {
        return false;
    }
    // The definition itself stands for any closing of it.
    if own.arguments.is_empty() {
        return true;
    }
    let varies =
        |from: &TypeRef, to: &TypeRef| from == to || (!from.is_value_type() && from.is_a(to));
    let mut pairs = std::iter::zip(&own.arguments, &wanted.arguments);
    if COVARIANT.contains(&definition) {
        pairs.all(|(own, wanted)| varies(own, wanted))
    } else if CONTRAVARIANT.contains(&definition) {
        pairs.all(|(own, wanted)| varies(wanted, own))
    } else {
        false
    }
}

#[cfg(test)]
mod tests {
    use crate::runtime::types::{TypeRef, reflection::parameter_type};

    fn named(name: &str) -> TypeRef {
        parameter_type::resolve(name, &[]).unwrap_or_else(|| panic!("{name}"))
    }

    #[test]
    fn types_stand_for_their_interfaces() {
        let list = "System.Collections.Generic.List[System.Int32]";
        let strings = "System.String[]";
        for (from, to, fits) in [
            (list, "System.Collections.IList", true),
            (
                list,
                "System.Collections.Generic.IEnumerable[System.Int32]",
                true,
            ),
            (
                list,
                "System.Collections.Generic.IEnumerable[System.Object]",
                false,
            ),
            (
                list,
                "System.Collections.Generic.IEnumerable[System.String]",
                false,
            ),
            (
                strings,
                "System.Collections.Generic.IEnumerable[System.Object]",
                true,
            ),
            (
                strings,
                "System.Collections.Generic.IList[System.String]",
                true,
            ),
            (
                "System.String",
                "System.Collections.Generic.IEnumerable[System.Char]",
                true,
            ),
            ("System.Int32", "System.IComparable", true),
            ("System.Int32", "System.IComparable[System.Int32]", true),
            ("System.Int32", "System.IComparable[System.Int64]", false),
            ("System.DayOfWeek", "System.IFormattable", true),
        ] {
            assert_eq!(named(from).is_a(&named(to)), fits, "{from} is {to}");
        }
    }

    #[test]
    fn interfaces_are_in_the_order_of_their_declaration() {
        let list = named("System.Collections.Generic.List[System.Int32]");
        let names: Vec<&str> = list.all_interfaces().iter().map(|it| &*it.name).collect();
        assert_eq!(
            names,
            [
                "IList`1",
                "ICollection`1",
                "IEnumerable`1",
                "IEnumerable",
                "IList",
                "ICollection",
                "IReadOnlyList`1",
                "IReadOnlyCollection`1"
            ]
        );
    }
}
