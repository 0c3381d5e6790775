//! Conversions to objects: by `Parse`, constructors, operators of classes, and
//! from dictionaries by properties.

use super::failure::{Converted, Failure};
use crate::runtime::error::Exception;
use crate::runtime::member::method::Method;
use crate::runtime::member::overload::is_delegate;
use crate::runtime::object::{CustomObject, Member, Members};
use crate::runtime::types::reflection::delegate::Delegate;
use crate::runtime::types::reflection::members::{members_of, overloads_of};
use crate::runtime::types::reflection::signature::MemberKind;
use crate::runtime::types::{TypeKind, TypeRef, find};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

impl Vm {
    /// `[pscustomobject]`: of a dictionary its entries as properties, of anything else itself.
    pub fn custom_object_from(&mut self, value: Value) -> crate::runtime::error::R<Value> {
        match self.cast_custom(&value) {
            Ok(object) => Ok(object),
            Err(failure) => self.raise_failure(failure),
        }
    }

    pub(super) fn cast_custom(&mut self, value: &Value) -> Converted {
        let Value::Dict(dictionary) = value.base() else {
            return Ok(value.clone());
        };
        let members = Members::default();
        let mut type_name = None;
        for (key, item) in dictionary.pairs() {
            let name = self.to_text(&key)?;
            if name.eq_ignore_ascii_case("PSTypeName") && !item.is_null() {
                type_name = Some(self.to_text(&item)?);
                continue;
            }
            let item = if item.is_null() { Value::Null } else { item };
            members.set(&name, Member::Note(item));
        }
        let object = CustomObject::new(members);
        if let Some(type_name) = type_name {
            object.type_names.borrow_mut().extend([
                Rc::from(type_name),
                Rc::from("System.Management.Automation.PSCustomObject"),
                Rc::from("System.Object"),
            ]);
        }
        Ok(Value::Custom(Rc::new(object)))
    }

    /// Everything that is not built into the language.
    pub(super) fn cast_object(&mut self, value: &Value, target: &TypeRef) -> Converted {
        let base = value.base();
        let name = target.definition_name();
        match name {
            "System.Xml.XmlDocument" => return self.cast_xml(base, target),
            "System.Text.RegularExpressions.Regex" => {
                if let Value::Str(_) = base {
                    return self.constructed("InvalidCastFromStringToRegex", base, target, vec![]);
                }
            }
            "System.Uri" => {
                if let Value::Str(_) = base {
                    let kind = Value::enum_of("System.UriKind", 0);
                    return self.constructed(
                        "InvalidCastFromStringToUri",
                        base,
                        target,
                        vec![kind],
                    );
                }
            }
            "System.Collections.Specialized.StringCollection" => {
                return self.cast_list(base, target);
            }
            _ => {}
        }
        if let Value::Block(block) = base
            && is_delegate(target)
        {
            return Ok(Delegate::value(target, block));
        }
        if base.as_native::<Method>().is_some()
            && is_delegate(target)
            && let Some(delegate) = Delegate::of_method(self, target, base)
        {
            return Ok(delegate);
        }
        if let Value::Str(_) = base
            && let Some(parsed) = self.parsed(base, target)
        {
            return parsed;
        }
        let itemwise = takes_items(target) && !matches!(base, Value::Dict(_) | Value::Custom(_));
        if itemwise && !target.arguments.is_empty() {
            return self.collection_of(base, target);
        }
        if self.has_constructor_for(base, target) {
            return self.constructed("InvalidCastConstructorException", base, target, vec![]);
        }
        if let Some(converted) = self.by_operator(base, target) {
            return converted;
        }
        if base.is_number() && self.reads_text(target) {
            let text = Value::str(self.to_text(base)?);
            return self.cast(&text, target);
        }
        match base {
            Value::Dict(_) | Value::Custom(_) if self.has_default_constructor(target) => {
                return self.object_with_properties_of(base, target);
            }
            _ => {}
        }
        if itemwise {
            return self.collection_of(base, target);
        }
        Err(self.no_conversion(base, target))
    }

    fn cast_xml(&mut self, value: &Value, target: &TypeRef) -> Converted {
        let text = Value::str(self.to_text(value)?);
        let attempt = self.construct(target, Vec::new()).and_then(|document| {
            self.invoke_method(&document, "LoadXml", vec![text])?;
            Ok(document)
        });
        attempt.or_else(|unwind| {
            let inner = Vm::cause_of(unwind)?;
            Err(self.failed_because("InvalidCastToXmlDocument", value, target, inner))
        })
    }

    fn constructed(
        &mut self,
        id: &'static str,
        value: &Value,
        target: &TypeRef,
        more: Vec<Value>,
    ) -> Converted {
        let mut arguments = vec![value.clone()];
        arguments.extend(more);
        self.construct(target, arguments).or_else(|unwind| {
            let inner = Vm::cause_of(unwind)?;
            Err(self.failed_because(id, value, target, inner))
        })
    }

    /// By a static `Parse`, if the type has one.
    fn parsed(&mut self, value: &Value, target: &TypeRef) -> Option<Converted> {
        let overloads = overloads_of(target.definition_name(), "Parse", true);
        let own = target
            .class()
            .map(|class| class.methods_named("Parse", true));
        let own = own.unwrap_or_default();
        let takes = |types: &[&str]| {
            own.iter().any(|method| {
                method.parameters.len() == types.len()
                    && std::iter::zip(&method.parameters, types)
                        .all(|((_, of), wanted)| &*of.full_name == *wanted)
            }) || overloads.iter().any(|o| {
                o.parameters.len() == types.len()
                    && o.parameters
                        .iter()
                        .zip(types)
                        .all(|(p, t)| p.type_name == *t)
            })
        };
        let with_provider = takes(&["System.String", "System.IFormatProvider"]);
        if !with_provider && !takes(&["System.String"]) {
            return None;
        }
        let id = if with_provider {
            "InvalidCastParseTargetInvocationWithFormatProvider"
        } else {
            "InvalidCastParseTargetInvocation"
        };
        let mut arguments = vec![value.clone()];
        if with_provider && !takes(&["System.String"]) {
            arguments.push(Value::Null);
        }
        Some(
            self.invoke_static(target, "Parse", arguments)
                .or_else(|unwind| {
                    let inner = Vm::cause_of(unwind)?;
                    Err(self.failed_because(id, value, target, inner))
                }),
        )
    }

    /// Whether a number goes to the type by way of its text.
    fn reads_text(&self, target: &TypeRef) -> bool {
        !overloads_of(target.definition_name(), "Parse", true).is_empty()
            || self.has_constructor_for(&Value::str(""), target)
    }

    /// Whether a constructor with one parameter takes the value as it is.
    fn has_constructor_for(&self, value: &Value, target: &TypeRef) -> bool {
        if let TypeKind::Abstract | TypeKind::Interface = target.kind {
            return false;
        }
        if let Some(class) = target.class() {
            return class.constructors.iter().any(|c| {
                matches!(c.parameters.as_slice(), [(_, wanted)] if self.takes_as_is(value, wanted))
            });
        }
        let Some(members) = members_of(target.definition_name()) else {
            return false;
        };
        members.constructors.iter().any(|constructor| {
            let [parameter] = constructor.parameters.as_slice() else {
                return false;
            };
            find(&parameter.type_name).is_some_and(|wanted| self.takes_as_is(value, &wanted))
        })
    }

    /// Whether an argument fits a parameter without more than a widening.
    fn takes_as_is(&self, value: &Value, wanted: &TypeRef) -> bool {
        use crate::runtime::types::TypeCode::*;
        if self.fits(value, wanted) {
            return true;
        }
        let actual = self.type_of(value).code;
        let integer = |code| {
            matches!(
                code,
                SByte | Byte | Short | UShort | Int | UInt | Long | ULong
            )
        };
        match wanted.code {
            Long => matches!(actual, SByte | Byte | Short | UShort | Int | UInt),
            Int => matches!(actual, SByte | Byte | Short | UShort),
            Double => integer(actual) || actual == Float,
            Float => integer(actual),
            _ => false,
        }
    }

    fn has_default_constructor(&self, target: &TypeRef) -> bool {
        if let TypeKind::Abstract | TypeKind::Interface | TypeKind::Array { .. } = target.kind {
            return false;
        }
        if let Some(class) = target.class() {
            return class.constructors.is_empty()
                || class.constructors.iter().any(|c| c.parameters.is_empty());
        }
        target.is_value_type()
            || members_of(target.definition_name())
                .is_some_and(|members| members.constructors.iter().any(|c| c.parameters.is_empty()))
    }

    /// By an operator of a script class, if there is one; no other rule is left.
    pub(super) fn cast_by_operator(&mut self, value: &Value, target: &TypeRef) -> Converted {
        match self.by_operator(value, target) {
            Some(converted) => converted,
            None => Err(self.no_conversion(value, target)),
        }
    }

    /// `op_Implicit` and `op_Explicit` of script classes, of the target's before the value's.
    fn by_operator(&mut self, value: &Value, target: &TypeRef) -> Option<Converted> {
        let mut owners = vec![target.clone()];
        owners.push(self.type_of(value));
        for name in ["op_Implicit", "op_Explicit"] {
            for owner in &owners {
                let Some(class) = owner.class() else {
                    continue;
                };
                let fits = class.methods_named(name, true).iter().any(|m| {
                    m.return_type.as_ref().is_some_and(|r| r == target)
                        && matches!(m.parameters.as_slice(), [(_, p)] if self.takes_as_is(value, p))
                });
                if fits {
                    let result = self.invoke_static(owner, name, vec![value.clone()]);
                    return Some(result.map_err(Failure::Unwind));
                }
            }
        }
        crate::runtime::types::behaviour::converted(value, target).map(Ok)
    }

    /// A new object whose properties are set from a dictionary's or object's.
    pub(super) fn object_with_properties_of(
        &mut self,
        value: &Value,
        target: &TypeRef,
    ) -> Converted {
        let pairs: Vec<(Value, Value)> = match value {
            Value::Dict(dictionary) => dictionary.pairs(),
            Value::Custom(custom) => custom
                .members
                .list()
                .into_iter()
                .filter_map(|(name, member)| match member {
                    Member::Note(item) => Some((Value::str(&*name), item)),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        let object = self.construct(target, Vec::new()).or_else(|unwind| {
            let inner = Vm::cause_of(unwind)?;
            Err(self.failed_because("InvalidCastConstructorException", value, target, inner))
        })?;
        let settable = self.settable_properties(target, &object);
        // An object becomes one of a script's class as by a constructor, whatever goes wrong.
        let as_by_constructor = matches!(value, Value::Custom(_)) && target.class().is_some();
        for (key, item) in pairs {
            let name = self.to_text(&key)?;
            let known = settable
                .iter()
                .any(|(property, _)| property.eq_ignore_ascii_case(&name));
            if !known {
                if !as_by_constructor {
                    return Err(self.unknown_property(&name, target, &settable));
                }
                let text = format!(
                    "The property '{name}' was not found for the '{}' object.",
                    target.reflection_text()
                );
                let inner = Exception::of("System.InvalidOperationException", text).value();
                let id = "InvalidCastConstructorException";
                return Err(self.failed_because(id, value, target, inner));
            }
            if let Err(unwind) = self.write_property(&object, &name, item) {
                let inner = Vm::cause_of_setting(unwind)?;
                if as_by_constructor {
                    let id = "InvalidCastConstructorException";
                    return Err(self.failed_because(id, value, target, inner));
                }
                let message = crate::runtime::error::exception_message(&inner);
                return Err(creation_error(target, &message).with_inner(inner));
            }
        }
        Ok(object)
    }

    /// What a failed assignment to a property was really about.
    fn cause_of_setting(unwind: Box<crate::runtime::error::Unwind>) -> Result<Value, Failure> {
        let exception = Vm::cause_of(unwind)?;
        let wrapped = crate::runtime::error::exception_type(&exception);
        Ok(match crate::runtime::error::inner_exception(&exception) {
            Some(inner) if &*wrapped.name == "SetValueInvocationException" => inner,
            _ => exception,
        })
    }

    /// Names and types of the properties that can be set, in the order the object tells them.
    fn settable_properties(&self, target: &TypeRef, object: &Value) -> Vec<(String, String)> {
        if let Some(class) = target.class() {
            return class
                .properties
                .iter()
                .filter(|p| !p.name.starts_with(crate::runtime::class::PRIVATE))
                .map(|p| (p.name.to_string(), p.type_ref.reflection_text()))
                .collect();
        }
        let Some(members) = members_of(target.definition_name()) else {
            return Vec::new();
        };
        let declared = match object {
            Value::Native(native) => native.body().properties(),
            _ => Vec::new(),
        };
        let place = |name: &str| declared.iter().position(|d| *d == name);
        let mut settable: Vec<(String, String)> = members
            .members
            .iter()
            .filter(|m| !m.is_static)
            .filter_map(|m| match &m.kind {
                MemberKind::Property {
                    type_name,
                    set: true,
                    ..
                } => Some((m.name.clone(), type_name.clone())),
                _ => None,
            })
            .collect();
        settable.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
        settable
    }

    fn unknown_property(
        &self,
        name: &str,
        target: &TypeRef,
        settable: &[(String, String)],
    ) -> Failure {
        let shown = target.reflection_text();
        let list: Vec<String> = settable
            .iter()
            .map(|(name, type_name)| format!("[{name} <{type_name}>]"))
            .collect();
        let rest = if list.is_empty() {
            "There is no settable property available.".to_string()
        } else {
            format!("The settable properties are: {}.", list.join(", "))
        };
        let inner = format!("The property '{name}' was not found for the '{shown}' object. {rest}");
        let exception = Exception::of("System.InvalidOperationException", inner.clone());
        creation_error(target, &inner).with_inner(exception.value())
    }

    /// By a constructor that takes the items.
    fn collection_of(&mut self, value: &Value, target: &TypeRef) -> Converted {
        let name = target.definition_name();
        if matches!(
            name,
            "System.Collections.Generic.List`1" | "System.Collections.ObjectModel.Collection`1"
        ) {
            return self.cast_list(value, target);
        }
        let element = target
            .arguments
            .first()
            .cloned()
            .unwrap_or_else(crate::runtime::types::known::object);
        let array = crate::runtime::types::array_of(&element, 1);
        let items = match self.items_of(value)? {
            Some(_) => self.cast(value, &array)?,
            None => {
                let item = self.cast(value, &element)?;
                Value::Array(Rc::new(crate::runtime::collection::Array::typed(
                    element,
                    vec![item],
                )))
            }
        };
        self.constructed("InvalidCastConstructorException", &items, target, vec![])
    }
}

fn creation_error(target: &TypeRef, message: &str) -> Failure {
    Failure::new(
        "ObjectCreationError",
        format!(
            "Cannot create object of type \"{}\". {message}",
            target.reflection_text()
        ),
    )
}

/// Whether the type can be built from items: a collection class with such a constructor.
fn takes_items(target: &TypeRef) -> bool {
    if let TypeKind::Interface | TypeKind::Abstract | TypeKind::Struct | TypeKind::Enum(_) =
        target.kind
    {
        return false;
    }
    members_of(target.definition_name()).is_some_and(|members| {
        members.constructors.iter().any(|c| {
            matches!(c.parameters.as_slice(), [p] if p.type_name.contains("Collections.") &&
                (p.type_name.contains("IEnumerable")
                    || p.type_name.contains("ICollection")
                    || p.type_name.contains("IList")))
        })
    })
}
