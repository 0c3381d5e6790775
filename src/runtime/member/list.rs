//! The members of an object in the order PowerShell lists them.

use crate::runtime::error::R;
use crate::runtime::member::added::own_members;
use crate::runtime::member::overload;
use crate::runtime::object::Member;
use crate::runtime::types::reflection::members::{declared_members, members_of};
use crate::runtime::types::reflection::signature::MemberKind;
use crate::runtime::types::{TypeRef, dispatch, reflection::parameter_type};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// What kind of property it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PropertyKind {
    /// A value on the object.
    NoteProperty,
    /// A property of the .NET type or script class.
    Property,
    /// Computed by a script.
    ScriptProperty,
    /// Another name.
    AliasProperty,
    /// Computed by the engine.
    CodeProperty,
}

impl PropertyKind {
    /// The name in `MemberType`.
    pub fn name(self) -> &'static str {
        match self {
            PropertyKind::NoteProperty => "NoteProperty",
            PropertyKind::Property => "Property",
            PropertyKind::ScriptProperty => "ScriptProperty",
            PropertyKind::AliasProperty => "AliasProperty",
            PropertyKind::CodeProperty => "CodeProperty",
        }
    }

    fn of(member: &Member) -> Option<PropertyKind> {
        Some(match member {
            Member::Note(_) => PropertyKind::NoteProperty,
            Member::Script { .. } => PropertyKind::ScriptProperty,
            Member::Alias { .. } => PropertyKind::AliasProperty,
            Member::Code(_) => PropertyKind::CodeProperty,
            _ => return None,
        })
    }
}

/// A property of an object; [`Vm::get_member`] reads its value.
#[derive(Clone)]
pub struct Property {
    /// Its name.
    pub name: Rc<str>,
    /// What kind it is.
    pub kind: PropertyKind,
    /// Left out of listings unless asked for.
    pub hidden: bool,
}

/// A row of Get-Member.
#[derive(Clone)]
pub struct MemberInfo {
    /// Its name.
    pub name: Rc<str>,
    /// The name of its PSMemberTypes value.
    pub kind: &'static str,
    /// What Get-Member shows as its definition.
    pub definition: String,
}

impl Vm {
    /// The properties of an object: those scripts and type data added, then those of its type.
    pub fn properties(&mut self, value: &Value) -> R<Vec<Property>> {
        let mut list: Vec<Property> = Vec::new();
        let mut add = |name: Rc<str>, kind, hidden| {
            if !list
                .iter()
                .any(|p: &Property| p.name.eq_ignore_ascii_case(&name))
            {
                list.push(Property { name, kind, hidden });
            }
        };
        for (name, member) in own_members(value) {
            if let Some(kind) = PropertyKind::of(&member) {
                add(name, kind, false);
            }
        }
        for type_name in self.type_names(value) {
            for (name, member) in self.type_data_members(&type_name) {
                if let Some(kind) = PropertyKind::of(&member) {
                    add(name, kind, false);
                }
            }
        }
        if let Value::Instance(instance) = value.base() {
            for property in instance.class.listed_properties() {
                add(
                    property.name.clone(),
                    PropertyKind::Property,
                    property.hidden,
                );
            }
            let base = instance.native_base.borrow().clone();
            if let Some(base) = base {
                for name in self.dotnet_property_names(&base) {
                    add(name, PropertyKind::Property, false);
                }
            }
        } else {
            for name in self.dotnet_property_names(value.base()) {
                add(name, PropertyKind::Property, false);
            }
        }
        Ok(list)
    }

    /// The properties of an object with those behind the ones it is shown with, which patterns and
    /// enumerations of members reach.
    pub fn every_property(&mut self, value: &Value) -> R<Vec<Property>> {
        let mut list = self.properties(value)?;
        for name in dispatch::names_behind(value.base()) {
            if !list.iter().any(|p| p.name.eq_ignore_ascii_case(name)) {
                list.push(Property {
                    name: (*name).into(),
                    kind: PropertyKind::Property,
                    hidden: false,
                });
            }
        }
        Ok(list)
    }

    /// Names of the properties of the .NET type.
    fn dotnet_property_names(&mut self, value: &Value) -> Vec<Rc<str>> {
        if let Value::Native(native) = value {
            let own = native.body().properties();
            if !own.is_empty() {
                return own.into_iter().map(Rc::from).collect();
            }
            if let Some(dynamic) = dispatch::dynamic_properties(value) {
                return dynamic;
            }
        }
        if let Some(names) = dispatch::property_names(value) {
            return names;
        }
        let type_ref = self.type_of(value);
        table_members(&type_ref)
            .into_iter()
            .filter(|m| {
                !m.is_static
                    && matches!(
                        m.kind,
                        MemberKind::Property { get: true, .. } | MemberKind::Field { .. }
                    )
            })
            .map(|m| m.name.as_str().into())
            .collect()
    }

    /// The type that a property of the .NET type takes.
    pub(super) fn property_type(&mut self, value: &Value, name: &str) -> Option<TypeRef> {
        let type_ref = self.type_of(value);
        let parameters = overload::substitution(&type_ref);
        let names: Vec<(&str, TypeRef)> = parameters
            .iter()
            .map(|(n, t)| (n.as_str(), t.clone()))
            .collect();
        table_members(&type_ref)
            .into_iter()
            .find(|m| !m.is_static && m.name.eq_ignore_ascii_case(name))
            .and_then(|m| match &m.kind {
                MemberKind::Property { type_name, .. } | MemberKind::Field { type_name } => {
                    parameter_type::resolve(type_name, &names)
                }
                _ => None,
            })
    }

    /// All members of an object, as Get-Member lists them (not sorted).
    pub fn members(&mut self, value: &Value) -> R<Vec<MemberInfo>> {
        let mut list: Vec<MemberInfo> = Vec::new();
        for (name, member) in own_members(value) {
            let (kind, definition) = self.added_definition(value, &name, &member)?;
            push(
                &mut list,
                MemberInfo {
                    name,
                    kind,
                    definition,
                },
            );
        }
        for type_name in self.type_names(value) {
            for (name, member) in self.type_data_members(&type_name) {
                let (kind, definition) = self.added_definition(value, &name, &member)?;
                push(
                    &mut list,
                    MemberInfo {
                        name,
                        kind,
                        definition,
                    },
                );
            }
        }
        if let Value::Instance(instance) = value.base() {
            let class = instance.class.clone();
            self.class_members(&class, false, &mut list);
            let base = instance.native_base.borrow().clone();
            let inherited = match &base {
                Some(base) => self.type_of(base),
                None => crate::runtime::types::known::object(),
            };
            type_members(&inherited, false, &mut list);
            return Ok(list);
        }
        let type_ref = self.type_of(value.base());
        type_members(&type_ref, false, &mut list);
        for name in self.dotnet_property_names(value.base()) {
            if list.iter().any(|m| m.name.eq_ignore_ascii_case(&name)) {
                continue;
            }
            let shown = match self.get_member(value, &name)? {
                Some(found) if !found.is_null() => self.type_of(&found).display(),
                _ => "string".to_string(),
            };
            list.push(MemberInfo {
                definition: format!("{shown} {name} {{get;}}"),
                name,
                kind: "Property",
            });
        }
        Ok(list)
    }

    /// The members with those a class hides.
    pub fn members_with_hidden(&mut self, value: &Value) -> R<Vec<MemberInfo>> {
        let mut list = self.members(value)?;
        if let Value::Instance(instance) = value.base() {
            let class = instance.class.clone();
            self.class_members(&class, true, &mut list);
        }
        Ok(list)
    }

    fn class_members(
        &mut self,
        class: &Rc<crate::runtime::class::ClassDefinition>,
        hidden: bool,
        list: &mut Vec<MemberInfo>,
    ) {
        for property in class
            .listed_properties()
            .into_iter()
            .filter(|p| hidden || !p.hidden)
        {
            push(
                list,
                MemberInfo {
                    name: property.name.clone(),
                    kind: "Property",
                    definition: format!(
                        "{} {} {}",
                        property.type_ref.display(),
                        property.name,
                        property.access()
                    ),
                },
            );
        }
        let mut at = Some(class.clone());
        while let Some(current) = at {
            for method in current
                .methods
                .iter()
                .filter(|m| !m.is_static && (hidden || !m.hidden))
            {
                let texts: Vec<String> = class
                    .methods_named(&method.name, false)
                    .iter()
                    .map(crate::runtime::member::class::definition)
                    .collect();
                push(
                    list,
                    MemberInfo {
                        name: method.name.clone(),
                        kind: "Method",
                        definition: texts.join(", "),
                    },
                );
            }
            at = current.base.clone();
        }
    }

    /// The static members of a type, for `Get-Member -Static`.
    pub fn static_members(&mut self, type_ref: &TypeRef) -> Vec<MemberInfo> {
        let mut list = Vec::new();
        if let Some(class) = type_ref.class() {
            for property in class.statics.iter().filter(|p| !p.hidden) {
                push(
                    &mut list,
                    MemberInfo {
                        name: property.name.clone(),
                        kind: "Property",
                        definition: format!(
                            "static {} {} {}",
                            property.type_ref.display(),
                            property.name,
                            property.access()
                        ),
                    },
                );
            }
            let mut names: Vec<&str> = Vec::new();
            let mut at = Some(class.as_ref());
            while let Some(current) = at {
                names.extend(
                    current
                        .methods
                        .iter()
                        .filter(|m| m.is_static && !m.hidden)
                        .map(|m| &*m.name),
                );
                at = current.base.as_deref();
            }
            for name in names {
                let texts: Vec<String> = class
                    .methods_named(name, true)
                    .iter()
                    .map(crate::runtime::member::class::definition)
                    .collect();
                let name = name.into();
                push(
                    &mut list,
                    MemberInfo {
                        name,
                        kind: "Method",
                        definition: texts.join(", "),
                    },
                );
            }
            let definition =
                crate::runtime::member::class::constructor_definitions(&class).join(", ");
            push(
                &mut list,
                MemberInfo {
                    name: "new".into(),
                    kind: "Method",
                    definition,
                },
            );
        }
        if let Some(definition) = type_ref.enum_definition() {
            for (name, _) in &definition.members {
                push(
                    &mut list,
                    MemberInfo {
                        name: name.clone(),
                        kind: "Property",
                        definition: format!("static {} {name} {{get;}}", type_ref.display()),
                    },
                );
            }
        }
        type_members(type_ref, true, &mut list);
        list
    }

    /// The kind and definition of an added member.
    pub fn added_definition(
        &mut self,
        target: &Value,
        name: &str,
        member: &Member,
    ) -> R<(&'static str, String)> {
        Ok(match member {
            Member::Note(value) => {
                let text = match value {
                    Value::Null | Value::Nothing => "null".to_string(),
                    other => self.note_text(other)?,
                };
                let shown = self.short_type_name(value);
                ("NoteProperty", format!("{shown} {name}={text}"))
            }
            Member::Script { getter, setter } => {
                let mut parts = String::new();
                if let Some(getter) = getter {
                    parts.push_str(&format!("get={};", getter.text()));
                }
                if let Some(setter) = setter {
                    parts.push_str(&format!("set={};", setter.text()));
                }
                (
                    "ScriptProperty",
                    format!("System.Object {name} {{{parts}}}"),
                )
            }
            Member::Alias { target, conversion } => (
                "AliasProperty",
                match conversion {
                    Some(type_ref) => format!("{name} = ({}){target}", type_ref.display()),
                    None => format!("{name} = {target}"),
                },
            ),
            Member::Method(_) => ("ScriptMethod", format!("System.Object {name}();")),
            Member::PropertySet(names) => {
                ("PropertySet", format!("{name} {{{}}}", names.join(", ")))
            }
            Member::MemberSet(_) => ("MemberSet", format!("{name} {{}}")),
            Member::Code(_) => {
                let shown = match self.read_member(target, name, member)? {
                    value if value.is_null() => "System.Object".to_string(),
                    value => self.type_of(&value).full_name.to_string(),
                };
                ("CodeProperty", format!("{shown} {name}{{get={name};}}"))
            }
        })
    }

    fn note_text(&mut self, value: &Value) -> R<String> {
        match value.base() {
            Value::Custom(_) => self.to_text(value),
            Value::Array(_) | Value::List(_) => Ok(self.type_of(value).reflection_text()),
            _ => self.to_text(value),
        }
    }

    /// The type of a value without its namespace, as note properties show it.
    pub fn short_type_name(&mut self, value: &Value) -> String {
        match value.base() {
            Value::Null | Value::Nothing => "object".to_string(),
            Value::Custom(object) => {
                let first = object.type_names.borrow().first().cloned();
                let name = first.unwrap_or_else(|| "PSCustomObject".into());
                name.rsplit('.').next().unwrap_or(&name).to_string()
            }
            other => without_namespaces(&self.type_of(other).display()),
        }
    }
}

/// A type's name without the namespaces in it.
pub(super) fn without_namespaces(text: &str) -> String {
    let mut out = String::new();
    for part in text.split_inclusive(['[', ']', ',']) {
        out.push_str(part.rsplit('.').next().unwrap_or(part));
    }
    out
}

fn push(list: &mut Vec<MemberInfo>, member: MemberInfo) {
    if !list
        .iter()
        .any(|m| m.name.eq_ignore_ascii_case(&member.name))
    {
        list.push(member);
    }
}

/// The table's members of the nearest type that has some.
pub(super) fn table_members(
    type_ref: &TypeRef,
) -> Vec<crate::runtime::types::reflection::signature::Member> {
    let mut at = Some(type_ref.clone());
    while let Some(current) = at {
        if let Some(members) = members_of(&overload::table_name(&current)) {
            return members.members.clone();
        }
        at = current.base.clone();
    }
    Vec::new()
}

/// Whether the table has a static property of this name.
pub(super) fn has_static_property(type_ref: &TypeRef, name: &str) -> bool {
    members_of(&overload::table_name(type_ref)).is_some_and(|members| {
        members
            .members
            .iter()
            .any(|m| m.is_static && m.name.eq_ignore_ascii_case(name))
    })
}

/// Whether a method adds a handler to an event.
fn is_event(
    name: &str,
    overloads: &[crate::runtime::types::reflection::signature::Overload],
) -> bool {
    name.starts_with("add_") && overloads.first().is_some_and(|o| o.parameters.len() == 1)
}

fn type_members(type_ref: &TypeRef, is_static: bool, list: &mut Vec<MemberInfo>) {
    let parameters = overload::substitution(type_ref);
    let names: Vec<(&str, TypeRef)> = parameters
        .iter()
        .map(|(n, t)| (n.as_str(), t.clone()))
        .collect();
    let lead = if is_static { "static " } else { "" };
    for member in table_members(type_ref) {
        if member.is_static != is_static || member.name.starts_with("op_") && !is_static {
            continue;
        }
        let name: Rc<str> = member.name.as_str().into();
        let access = |get: bool, set: bool| {
            format!(
                "{{{}{}}}",
                if get { "get;" } else { "" },
                if set { "set;" } else { "" }
            )
        };
        let (kind, definition) = match &member.kind {
            MemberKind::Property {
                type_name,
                get,
                set,
            } => (
                "Property",
                format!(
                    "{lead}{} {name} {}",
                    parameter_type::display(type_name, &names),
                    access(*get, *set)
                ),
            ),
            MemberKind::Field { type_name } => (
                "Property",
                format!(
                    "{lead}{} {name} {{get;}}",
                    parameter_type::display(type_name, &names)
                ),
            ),
            MemberKind::Indexer {
                type_name,
                get,
                set,
                arguments,
            } => {
                let shown = parameter_type::display(type_name, &names);
                let texts: Vec<String> = arguments
                    .iter()
                    .map(|list| {
                        let list: Vec<String> = list
                            .iter()
                            .map(|t| {
                                let shown = parameter_type::display(t, &names);
                                let label = if shown == "int" { "index" } else { "key" };
                                format!("{shown} {label}")
                            })
                            .collect();
                        format!("{shown} {name}({}) {}", list.join(", "), access(*get, *set))
                    })
                    .collect();
                ("ParameterizedProperty", texts.join(", "))
            }
            MemberKind::Method(overloads) if is_event(&name, overloads) => {
                let event = name.trim_start_matches("add_");
                let handler = &overloads[0].parameters[0].type_name;
                push(
                    list,
                    MemberInfo {
                        name: event.into(),
                        kind: "Event",
                        definition: crate::runtime::events::event_text(event, handler),
                    },
                );
                continue;
            }
            MemberKind::Method(_) if name.starts_with("remove_") => continue,
            MemberKind::Method(overloads) => {
                let mut texts: Vec<String> = overloads
                    .iter()
                    .map(|o| overload::signature_text(&name, o, is_static, &parameters, None))
                    .collect();
                if !is_static {
                    let inherited = overload::interface_texts(type_ref, &name);
                    texts.extend(inherited.into_iter().map(|(_, text)| text));
                }
                ("Method", texts.join(", "))
            }
        };
        push(
            list,
            MemberInfo {
                name,
                kind,
                definition,
            },
        );
    }
    if !is_static {
        interface_members(type_ref, list);
    }
}

/// Methods and properties that a type has through its interfaces alone.
fn interface_members(type_ref: &TypeRef, list: &mut Vec<MemberInfo>) {
    for interface in type_ref.all_interfaces() {
        let Some(declared) = declared_members(interface.definition_name()) else {
            continue;
        };
        for member in &declared.members {
            let known = list
                .iter()
                .any(|it| it.name.eq_ignore_ascii_case(&member.name));
            if known || member.is_static {
                continue;
            }
            let (kind, definition) = match &member.kind {
                MemberKind::Method(_) => {
                    let texts = overload::interface_texts(type_ref, &member.name);
                    let texts: Vec<String> = texts.into_iter().map(|(_, text)| text).collect();
                    ("Method", texts.join(", "))
                }
                MemberKind::Property { type_name, set, .. } => {
                    let shown = parameter_type::display(type_name, &[]);
                    let access = if *set { "{get;set;}" } else { "{get;}" };
                    ("Property", format!("{shown} {} {access}", member.name))
                }
                _ => continue,
            };
            push(
                list,
                MemberInfo {
                    name: member.name.as_str().into(),
                    kind,
                    definition,
                },
            );
        }
    }
}
