//! Values as text: `[string]`, expansion in strings, `-join` and their kin.

use super::collection::List;
use super::error::{R, exception_message, inner_exception};
use super::limits;
use super::object::{CustomObject, Instance, Member};
use super::symbol::Symbol;
use super::text::culture::Culture;
use super::text::datetime_format::invariant_date_time_text;
use super::text::numeric;
use super::types::{TypeKind, TypeRef};
use super::value::{Str, Value};
use super::vm::Vm;
use crate::host::long_work::{self, LongWork};
use std::rc::Rc;

impl Vm {
    /// The culture that output and `-f` use.
    pub fn culture(&self) -> &'static Culture {
        self.session
            .state
            .get("culture")
            .and_then(|c| c.downcast_ref::<&'static Culture>())
            .copied()
            .unwrap_or_else(Culture::en_us)
    }

    /// Makes another culture the current one.
    pub fn set_culture(&mut self, culture: &'static Culture) {
        self.session.state.insert("culture", Rc::new(culture));
    }

    /// A value as text, as expansion in strings and concatenation give it.
    pub fn to_text(&mut self, value: &Value) -> R<String> {
        match value {
            Value::Str(s) => Ok(s.to_string()),
            Value::Int(n) => Ok(n.to_string()),
            Value::Array(_) | Value::List(_) => self.joined_text(value),
            Value::Custom(object) => match object.members.get(Symbol::fold("ToString")) {
                Some(Member::Method(block)) => self.text_of_method(&block, value),
                _ if is_element(object) => self.element_notes_text(object),
                _ => self.notes_text(object.members.list()),
            },
            Value::Native(native) => match native.body().enumerate(self) {
                Some(items) => {
                    let items = items?;
                    self.join_items(&items)
                }
                None => self.element_text(value),
            },
            Value::Instance(instance) => self.instance_text(value, instance),
            Value::Wrapped(wrapped) => {
                let base = wrapped.base.clone();
                self.to_text(&base)
            }
            other => self.element_text(other),
        }
    }

    /// The same as a shared string; a string stays itself.
    pub fn to_str(&mut self, value: &Value) -> R<Str> {
        match value.base() {
            Value::Str(s) => Ok(s.clone()),
            other => Ok(Str::new(self.to_text(other)?)),
        }
    }

    /// The text of a cast to `[string]` and of the operators that take text: as [`Vm::to_text`],
    /// but a number argument keeps the way it was written.
    pub fn to_written_text(&mut self, value: &Value) -> R<String> {
        match value {
            Value::Wrapped(wrapped) => match &wrapped.written {
                Some(written) => Ok(written.to_string()),
                None => self.to_text(value),
            },
            _ => self.to_text(value),
        }
    }

    /// The text of a value inside a list or object: collections show their type.
    pub fn element_text(&mut self, value: &Value) -> R<String> {
        let invariant = Culture::invariant();
        Ok(match value.base() {
            Value::Null | Value::Nothing => String::new(),
            Value::Bool(b) | Value::Switch(b) => Vm::bool_text(*b).to_string(),
            Value::Char(c) => String::from_utf16_lossy(&[*c]),
            Value::SByte(n) => n.to_string(),
            Value::Byte(n) => n.to_string(),
            Value::Short(n) => n.to_string(),
            Value::UShort(n) => n.to_string(),
            Value::Int(n) => n.to_string(),
            Value::UInt(n) => n.to_string(),
            Value::Long(n) => n.to_string(),
            Value::ULong(n) => n.to_string(),
            Value::Float(n) => numeric::powershell_single_text(*n, invariant),
            Value::Double(n) => numeric::powershell_double_text(*n, invariant),
            Value::Decimal(d) => numeric::decimal_text(**d, invariant),
            Value::BigInt(n) => super::text::big_digits::text(n),
            Value::Str(s) => s.to_string(),
            Value::DateTime(d) => invariant_date_time_text(**d),
            Value::TimeSpan(t) => t.to_string(),
            Value::Enum(e) => match e.type_ref.enum_definition() {
                Some(definition) => definition.text_of(e.bits),
                None => e.bits.to_string(),
            },
            Value::Type(t) => t.display(),
            Value::Block(b) => b.text().to_string(),
            Value::Custom(object) if is_element(object) => {
                return self.element_notes_text(object);
            }
            Value::Custom(_) => String::new(),
            Value::Instance(instance) => return self.instance_text(value, instance),
            Value::Error(e) => e.message().to_string(),
            Value::Exception(_) => exception_text(value.base()),
            Value::Native(native) => {
                return match native.body().invariant_text(self) {
                    Some(text) => text,
                    None => native.body().to_text(self),
                };
            }
            other => self.type_of(other).reflection_text(),
        })
    }

    fn joined_text(&mut self, value: &Value) -> R<String> {
        let items = match value {
            Value::Array(array) => long_work::copy(&array.items.borrow()),
            Value::List(list) => list_order(list),
            _ => Vec::new(),
        };
        self.join_items(&items)
    }

    /// Items with `$OFS`, or one blank, between them.
    fn join_items(&mut self, items: &[Value]) -> R<String> {
        let separator = match self.variable("OFS") {
            None | Some(Value::Null) => " ".to_string(),
            Some(separator) => self.element_text(&separator)?,
        };
        let mut text = String::new();
        for (i, item) in items.iter().enumerate() {
            self.check_interrupt()?;
            if !limits::text_may_grow(text.len()) {
                return super::types::failures::out_of_memory();
            }
            if i > 0 {
                text.push_str(&separator);
            }
            match item {
                Value::Str(s) => text.push_str(s),
                Value::Int(n) => text.push_str(&n.to_string()),
                Value::Wrapped(wrapped) if wrapped.written.is_some() => {
                    text.push_str(&self.to_written_text(item)?)
                }
                _ => text.push_str(&self.element_text(item)?),
            }
        }
        Ok(text)
    }

    fn notes_text(&mut self, members: Vec<(Rc<str>, Member)>) -> R<String> {
        let mut parts = Vec::new();
        for (name, member) in members {
            let text = match &member {
                Member::Note(value) => self.element_text(value)?,
                _ if member.is_property() => String::new(),
                _ => continue,
            };
            parts.push(format!("{name}={text}"));
        }
        Ok(match parts.is_empty() {
            true => String::new(),
            false => format!("@{{{}}}", parts.join("; ")),
        })
    }

    /// An object inside a configuration as its own class writes it: `Name=x;Value=y`.
    /// `name=value` of all properties; an object without any is told by its type.
    fn element_notes_text(&mut self, object: &CustomObject) -> R<String> {
        let mut parts = Vec::new();
        for (name, member) in object.members.list() {
            if let Member::Note(value) = &member {
                parts.push(format!("{name}={}", self.element_text(value)?));
            }
        }
        if parts.is_empty() {
            let names = object.type_names.borrow();
            return Ok(names.first().map(|it| it.to_string()).unwrap_or_default());
        }
        Ok(parts.join(";"))
    }

    fn text_of_method(
        &mut self,
        block: &Rc<super::script_block::ScriptBlock>,
        this: &Value,
    ) -> R<String> {
        let output = self.call_block_with(
            block,
            super::invoke::BlockCall {
                this: Some(this.clone()),
                ..Default::default()
            },
        )?;
        self.to_text(&Vm::captured(output))
    }

    fn instance_text(&mut self, value: &Value, instance: &Rc<Instance>) -> R<String> {
        let own = instance
            .class
            .methods_named("ToString", false)
            .iter()
            .any(|m| m.parameters.is_empty());
        if own {
            let text = self.invoke_method(value.base(), "ToString", Vec::new());
            return match text {
                Ok(text) => self.to_text(&text),
                Err(unwind) => self.raise_text_failure(unwind),
            };
        }
        let base = instance.native_base.borrow().clone();
        match base {
            Some(list @ (Value::List(_) | Value::Array(_))) => self.to_text(&list),
            Some(exception @ Value::Exception(_)) => Ok(exception_text_named(
                &instance.class.name,
                &exception_message(&exception),
                inner_exception(&exception).as_ref(),
            )),
            _ => Ok(instance.class.name.to_string()),
        }
    }
}

/// The items as an enumeration gives them: a stack from its top.
pub(crate) fn list_order(list: &List) -> Vec<Value> {
    let items = long_work::copy(&list.items.borrow());
    if is_last_in_first_out(list) {
        items.into_iter().rev().collect()
    } else {
        items
    }
}

/// Stacks, and the concurrent bag, which hands out what one thread added last.
pub(crate) fn is_last_in_first_out(list: &List) -> bool {
    let name = list.type_ref.definition_name();
    name.contains("Stack") || name.ends_with(".ConcurrentBag`1")
}

/// `Type: message`, with the causes below.
fn exception_text(exception: &Value) -> String {
    let name = super::error::exception_type(exception).reflection_text();
    exception_text_named(
        &name,
        &exception_message(exception),
        inner_exception(exception).as_ref(),
    )
}

fn exception_text_named(name: &str, message: &str, inner: Option<&Value>) -> String {
    let line = |name: &str, message: &str| match message {
        "" => name.to_string(),
        _ => format!("{name}: {message}"),
    };
    let mut text = line(name, message);
    let causes = std::iter::successors(inner.cloned(), inner_exception);
    let mut count = 0;
    for cause in causes.until_interrupted() {
        let name = super::error::exception_type(&cause).reflection_text();
        text.push_str("\n ---> ");
        text.push_str(&line(&name, &exception_message(&cause)));
        count += 1;
    }
    text.push_str(&"\n   --- End of inner exception stack trace ---".repeat(count));
    text
}

impl super::types::TypeInfo {
    /// What `ToString()` of the type gives: ``System.Collections.Generic.List`1[System.Int32]``.
    pub fn reflection_text(&self) -> String {
        if let TypeKind::Array { rank } = self.kind {
            let element = self.arguments.first().map(|a| a.reflection_text());
            let commas = ",".repeat(rank.saturating_sub(1) as usize);
            return format!("{}[{commas}]", element.unwrap_or_default());
        }
        if self.arguments.is_empty() {
            return self.full_name.to_string();
        }
        let inner: Vec<String> = self
            .arguments
            .iter()
            .map(|a: &TypeRef| a.reflection_text())
            .collect();
        format!("{}[{}]", self.definition_name(), inner.join(","))
    }
}

/// Whether an object stands inside a configuration of Lync: it has the type of one, but not the
/// display that the cmdlets give to what they write.
fn is_element(object: &CustomObject) -> bool {
    let of_configuration = object.type_names.borrow().first().is_some_and(|name| {
        name.starts_with("Microsoft.Rtc.Management.WritableConfig.")
            || name.starts_with("Microsoft.Rtc.Rgs.Management.WritableSettings.")
    });
    of_configuration
        && object
            .members
            .get(Symbol::fold("PSStandardMembers"))
            .is_none()
}
