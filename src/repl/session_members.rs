//! The members of values and types as completion lists them, each with its
//! signatures.

use super::complete::{MemberKindShown as Shown, MemberName, inherited};
use super::session_world::{SessionWorld, enum_names};
use crate::runtime::class::ClassDefinition;
use crate::runtime::member::overload::{signature_text, substitution, table_name};
use crate::runtime::object::Member;
use crate::runtime::symbol::Symbol;
use crate::runtime::type_data::type_data;
use crate::runtime::types::TypeRef;
use crate::runtime::types::reflection::members::members_of;
use crate::runtime::types::reflection::parameter_type::display;
use crate::runtime::types::reflection::signature::{self, MemberKind};
use crate::runtime::value::Value;
use crate::runtime::view::AddedMember;
use std::rc::Rc;

/// Methods that every object has, with their signatures.
const OBJECT_METHODS: [(&str, &str); 4] = [
    ("Equals", "bool Equals(System.Object obj)"),
    ("GetHashCode", "int GetHashCode()"),
    ("GetType", "type GetType()"),
    ("ToString", "string ToString()"),
];

/// Methods that every type has.
const TYPE_METHODS: [(&str, &str); 2] = [
    (
        "Equals",
        "static bool Equals(System.Object objA, System.Object objB)",
    ),
    (
        "ReferenceEquals",
        "static bool ReferenceEquals(System.Object objA, System.Object objB)",
    ),
];

fn member(name: &str, kind: Shown, tool_tip: impl Into<String>) -> MemberName {
    MemberName {
        name: name.to_owned(),
        kind,
        is_added: false,
        tool_tip: tool_tip.into(),
    }
}

fn methods(list: &[(&str, &str)]) -> impl Iterator<Item = MemberName> {
    list.iter()
        .map(|(name, tip)| member(name, Shown::Method, *tip))
}

/// How signatures are written: of what a value has, or of what a type promises.
#[derive(Clone, Copy, PartialEq)]
enum Writing {
    Value,
    Promise,
}

impl Writing {
    fn joined(self, signatures: &[String]) -> String {
        signatures.join(match self {
            Writing::Value => "\r\n",
            Writing::Promise => "\n",
        })
    }

    fn accessors(self, get: bool, set: bool) -> String {
        let parts: Vec<&str> = [(get, "get;"), (set, "set;")]
            .into_iter()
            .filter_map(|(has, text)| has.then_some(text))
            .collect();
        match self {
            Writing::Value => format!("{{{}}}", parts.concat()),
            Writing::Promise => format!("{{ {} }}", parts.join(" ")),
        }
    }
}

impl SessionWorld<'_> {
    /// The members of a value.
    pub(super) fn value_members(&mut self, value: &Value) -> Vec<MemberName> {
        match value.base() {
            Value::Custom(object) => {
                let own = object.members.list();
                let mut members: Vec<MemberName> = own
                    .iter()
                    .map(|added| self.added_to(value, added))
                    .collect();
                members.extend(methods(&OBJECT_METHODS));
                members
            }
            Value::Instance(object) => class_members(&object.class, false),
            _ => {
                let type_ref = self.0.type_of(value);
                let mut members = declared(&type_ref, false, Writing::Value);
                members.extend(self.added(&type_ref, Some(value)));
                members
            }
        }
    }

    /// The members of a type: those of its objects, or its own.
    pub(super) fn type_members(&mut self, type_ref: &TypeRef, is_static: bool) -> Vec<MemberName> {
        if let Some(class) = type_ref.class() {
            return class_members(&class, is_static);
        }
        if is_static {
            return declared(type_ref, true, Writing::Value);
        }
        let mut members = declared(type_ref, false, Writing::Promise);
        members.extend(self.added(type_ref, None));
        members
    }

    /// What type data and scripts add to objects of a type.
    fn added(&mut self, type_ref: &TypeRef, value: Option<&Value>) -> Vec<MemberName> {
        let mut members = Vec::new();
        let mut ancestors: Vec<Rc<str>> = type_ref
            .ancestry()
            .iter()
            .map(|ancestor| Rc::from(&*ancestor.full_name))
            .collect();
        if type_ref.element().is_some() {
            ancestors.push("System.Array".into());
            members.push(MemberName {
                is_added: true,
                ..member("Count", Shown::Property, "Count = Length")
            });
        }
        for ancestor in ancestors {
            if let Some(data) = type_data(&ancestor) {
                members.extend(data.members.iter().map(|(name, added)| MemberName {
                    is_added: true,
                    ..member(name, kind_of(added), "")
                }));
            }
            let own = &self.0.session.type_members;
            let own = own
                .get(&Symbol::fold(&ancestor))
                .map(|own| own.list().to_vec());
            for added in own.unwrap_or_default() {
                members.push(match value {
                    Some(value) => self.added_to(value, &added),
                    None => named(&added),
                });
            }
        }
        members
    }

    fn added_to(&mut self, value: &Value, added: &(Rc<str>, Member)) -> MemberName {
        let (name, found) = added;
        let definition = match found {
            // Reading it may run a script.
            Member::Code(_) => None,
            _ => self.0.added_definition(value, name, found).ok(),
        };
        let mut shown = named(added);
        shown.tool_tip = definition.map_or_else(String::new, |(_, text)| text);
        shown
    }
}

fn kind_of(added: &AddedMember) -> Shown {
    match added {
        AddedMember::ScriptMethod(_) | AddedMember::CodeMethod(_) => Shown::Method,
        _ => Shown::Property,
    }
}

fn named((name, added): &(Rc<str>, Member)) -> MemberName {
    let kind = match added {
        Member::Method(_) => Shown::Method,
        _ => Shown::Property,
    };
    member(name, kind, "")
}

/// Members that only compilers write.
fn is_special(name: &str) -> bool {
    ["get_", "set_", "op_", "add_", "remove_", "."]
        .iter()
        .any(|p| name.starts_with(p))
}

fn class_members(class: &ClassDefinition, is_static: bool) -> Vec<MemberName> {
    let mut members = Vec::new();
    let (properties, lead) = match is_static {
        true => (&class.statics, "static "),
        false => (&class.properties, ""),
    };
    members.extend(properties.iter().filter(|p| !p.hidden).map(|p| {
        let tip = format!("{lead}{} {} {{get;set;}}", p.type_ref.display(), p.name);
        member(&p.name, Shown::Property, tip)
    }));
    let mut at = Some(class);
    while let Some(definition) = at {
        let own = definition.methods.iter();
        for found in own.filter(|m| m.is_static == is_static && !m.hidden) {
            let overloads = class.methods_named(&found.name, is_static);
            let texts: Vec<String> = overloads
                .iter()
                .map(crate::runtime::member::class::definition)
                .collect();
            members.push(member(&found.name, Shown::Method, texts.join("\r\n")));
        }
        at = definition.base.as_deref();
    }
    if is_static {
        let texts: Vec<String> = constructors(class);
        members.push(member("new", Shown::Method, texts.join("\r\n")));
        members.extend(methods(&TYPE_METHODS));
    } else {
        members.extend(methods(&OBJECT_METHODS));
    }
    members
}

fn constructors(class: &ClassDefinition) -> Vec<String> {
    let name = &class.name;
    if class.constructors.is_empty() {
        return vec![format!("{name} new()")];
    }
    let parameters = |list: &[(Rc<str>, TypeRef)]| {
        let texts: Vec<String> = list
            .iter()
            .map(|(name, of)| format!("{} {name}", of.display()))
            .collect();
        texts.join(", ")
    };
    let own = class.constructors.iter();
    own.map(|c| format!("{name} new({})", parameters(&c.parameters)))
        .collect()
}

/// What a type declares and inherits.
fn declared(type_ref: &TypeRef, is_static: bool, writing: Writing) -> Vec<MemberName> {
    let mut members = Vec::new();
    let own = type_ref.display();
    if is_static && type_ref.is_enum() {
        members.extend(enum_names(type_ref).iter().map(|name| {
            member(
                name,
                Shown::Property,
                format!("static {own} {name} {{get;}}"),
            )
        }));
    }
    let declaring = match type_ref.is_enum() {
        true => "System.Enum".to_owned(),
        false => table_name(type_ref),
    };
    let parameters = substitution(type_ref);
    // A type of which nothing is declared has what its bases have.
    let whole = members_of(&declaring).or_else(|| {
        let mut bases = type_ref.ancestry().into_iter().skip(1);
        bases.find_map(|base| members_of(&base.full_name))
    });
    if let Some(whole) = whole {
        if is_static && !whole.constructors.is_empty() && !type_ref.is_enum() {
            let texts: Vec<String> = whole
                .constructors
                .iter()
                .map(|o| signature_text("new", o, false, &parameters, Some(&own)))
                .collect();
            members.push(member("new", Shown::Method, writing.joined(&texts)));
        }
        let wanted = whole.members.iter().filter(|m| m.is_static == is_static);
        for found in wanted.filter(|m| !is_special(&m.name)) {
            members.push(declared_member(found, &parameters, writing));
        }
    }
    if is_static {
        members.extend(methods(&TYPE_METHODS));
    } else {
        for extra in inherited(type_ref) {
            let known = |m: &MemberName| m.name.eq_ignore_ascii_case(extra.name);
            if !members.iter().any(known) {
                let kind = match extra.is_method {
                    true => Shown::Method,
                    false => Shown::Property,
                };
                members.push(member(extra.name, kind, extra.tool_tip));
            }
        }
    }
    members
}

fn declared_member(
    found: &signature::Member,
    parameters: &[(String, TypeRef)],
    writing: Writing,
) -> MemberName {
    let names: Vec<(&str, TypeRef)> = parameters
        .iter()
        .map(|(name, of)| (name.as_str(), of.clone()))
        .collect();
    let name = &found.name;
    let lead = if found.is_static { "static " } else { "" };
    let (kind, tip) = match &found.kind {
        MemberKind::Property {
            type_name,
            get,
            set,
        } => {
            let of = display(type_name, &names);
            let accessors = writing.accessors(*get, *set);
            (Shown::Property, format!("{lead}{of} {name} {accessors}"))
        }
        MemberKind::Field { type_name } => {
            let of = display(type_name, &names);
            let accessors = writing.accessors(true, false);
            (Shown::Property, format!("{lead}{of} {name} {accessors}"))
        }
        MemberKind::Indexer {
            type_name,
            get,
            set,
            arguments,
        } => {
            let of = display(type_name, &names);
            let accessors = writing.accessors(*get, *set);
            let index = |list: &Vec<String>| {
                let list: Vec<String> = list
                    .iter()
                    .map(|of| match display(of, &names) {
                        of if of == "int" => format!("{of} index"),
                        of => format!("{of} key"),
                    })
                    .collect();
                format!("{of} {name}({}) {accessors}", list.join(", "))
            };
            let texts: Vec<String> = arguments.iter().map(index).collect();
            (Shown::Indexer, writing.joined(&texts))
        }
        MemberKind::Method(overloads) => {
            let texts: Vec<String> = overloads
                .iter()
                .map(|o| signature_text(name, o, found.is_static, parameters, None))
                .collect();
            (Shown::Method, writing.joined(&texts))
        }
    };
    member(name, kind, tip)
}
