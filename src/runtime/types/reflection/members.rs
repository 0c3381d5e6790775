//! The members of a .NET type by its name: overloads for method calls, the rows
//! of Get-Member, the text of a method without arguments.

use crate::runtime::embedded::EmbeddedTable;
use crate::runtime::types::reflection::signature::{Member, MemberKind, Overload, TypeMembers};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

static TYPES: EmbeddedTable =
    EmbeddedTable::new(include_bytes!(concat!(env!("OUT_DIR"), "/types.bin")));

thread_local! {
    static DECLARED: RefCell<FxHashMap<String, Option<Rc<TypeMembers>>>> =
        RefCell::new(FxHashMap::default());
    static WHOLE: RefCell<FxHashMap<String, Option<Rc<TypeMembers>>>> =
        RefCell::new(FxHashMap::default());
}

/// What a type declares itself. The name is the full reflection name, without
/// generic arguments (``System.Collections.Generic.List`1``), in any letter case.
pub fn declared_members(type_name: &str) -> Option<Rc<TypeMembers>> {
    cached(&DECLARED, type_name, |name| {
        Some(Rc::new(postcard::from_bytes(TYPES.find(name)?).ok()?))
    })
}

/// The names of all declarations, in lower case.
pub fn declared_names() -> impl Iterator<Item = &'static str> {
    TYPES.rows().map(|(name, _)| name)
}

/// What a type declares and inherits; a signature that a base declares again is
/// there once.
pub fn members_of(type_name: &str) -> Option<Rc<TypeMembers>> {
    cached(&WHOLE, type_name, |name| {
        let mut whole = (*declared_members(name)?).clone();
        let mut base = whole.base.clone();
        while let Some(inherited) = base.and_then(|name| declared_members(&definition(&name))) {
            for member in &inherited.members {
                inherit(&mut whole.members, member);
            }
            base = inherited.base.clone();
        }
        Some(Rc::new(whole))
    })
}

/// The signatures of a method, own and inherited; none if there is no such method.
pub fn overloads_of(type_name: &str, method: &str, is_static: bool) -> Vec<Overload> {
    let Some(members) = members_of(type_name) else {
        return Vec::new();
    };
    members
        .members
        .iter()
        .find(|member| member.is_static == is_static && member.name.eq_ignore_ascii_case(method))
        .map(|member| member.overloads().to_vec())
        .unwrap_or_default()
}

/// The name of the definition of a generic base: ``Collection`1`` for `Collection[T]`.
fn definition(name: &str) -> String {
    match name.split_once('[') {
        Some((bare, list)) => format!("{bare}`{}", list.matches(',').count() + 1),
        None => name.to_string(),
    }
}

type Cache = std::thread::LocalKey<RefCell<FxHashMap<String, Option<Rc<TypeMembers>>>>>;

fn cached(
    cache: &'static Cache,
    type_name: &str,
    find: impl FnOnce(&str) -> Option<Rc<TypeMembers>>,
) -> Option<Rc<TypeMembers>> {
    if let Some(known) = cache.with_borrow(|known| known.get(type_name).cloned()) {
        return known;
    }
    let found = find(type_name);
    cache.with_borrow_mut(|known| known.insert(type_name.to_string(), found.clone()));
    found
}

fn inherit(members: &mut Vec<Member>, inherited: &Member) {
    let own = members
        .iter_mut()
        .find(|member| member.is_static == inherited.is_static && member.name == inherited.name);
    match own.map(|member| &mut member.kind) {
        None => members.push(inherited.clone()),
        Some(MemberKind::Method(overloads)) => {
            for overload in inherited.overloads() {
                if !overloads.iter().any(|own| same_parameters(own, overload)) {
                    overloads.push(overload.clone());
                }
            }
        }
        Some(_) => {}
    }
}

fn same_parameters(one: &Overload, other: &Overload) -> bool {
    one.parameters.len() == other.parameters.len()
        && std::iter::zip(&one.parameters, &other.parameters)
            .all(|(one, other)| one.type_name == other.type_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter_types(overload: &Overload) -> Vec<&str> {
        overload
            .parameters
            .iter()
            .map(|parameter| parameter.type_name.as_str())
            .collect()
    }

    #[test]
    fn overloads_have_full_type_names() {
        let found = overloads_of("system.string", "substring", false);
        assert_eq!(found.len(), 2);
        assert_eq!(parameter_types(&found[0]), ["System.Int32"]);
        assert_eq!(found[0].returns, "System.String");
    }

    #[test]
    fn inherited_members_are_there_once() {
        let members = members_of("System.Text.RegularExpressions.Match").expect("known");
        for name in ["Groups", "Success", "Value", "GetHashCode"] {
            let found = members.members.iter().filter(|member| member.name == name);
            assert_eq!(found.count(), 1, "{name}");
        }
    }

    #[test]
    fn generic_types_keep_their_parameters() {
        let list = members_of("System.Collections.Generic.List`1").expect("known");
        assert_eq!(list.type_parameters, ["T"]);
        let overloads = overloads_of(&list.name, "AddRange", false);
        assert_eq!(
            parameter_types(&overloads[0]),
            ["System.Collections.Generic.IEnumerable[T]"]
        );
    }

    #[test]
    fn every_type_decodes() {
        for (name, _) in TYPES.rows() {
            assert!(members_of(name).is_some(), "{name}");
        }
        assert!(members_of("No.Such").is_none());
    }
}
