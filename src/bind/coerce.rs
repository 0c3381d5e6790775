//! From an argument to a parameter's value: transformation, conversion, validation.

use super::Binding;
use crate::runtime::attribute::Attribute;
use crate::runtime::collection::List;
use crate::runtime::error::{Category, Fault, R, Unwind};
use crate::runtime::parameter::{BoundParameters, CommandSurface, Parameter};
use crate::runtime::scope::{Slot, Variable};
use crate::runtime::symbol::Symbol;
use crate::runtime::types::automation::dynamic_parameter::RuntimeDefinedParameter;
use crate::runtime::types::{TypeCode, TypeRef, find_full, generic, known};
use crate::runtime::validate;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::Span;
use std::rc::Rc;

impl Binding {
    /// Converts and checks an argument for a parameter.
    pub(crate) fn coerce(
        &mut self,
        vm: &mut Vm,
        parameter: &Rc<Parameter>,
        value: Value,
        explicit: bool,
        span: Span,
    ) -> R<Value> {
        let value = match value {
            Value::Nothing => Value::Null,
            other => other,
        };
        let value = self.dereference(parameter, value);
        let value = self.convert(vm, parameter, value, span)?;
        if explicit {
            self.refuse_empty(vm, parameter, &value, span)?;
            self.validate(vm, parameter, &value, span)?;
        }
        let nullable = parameter.type_ref.code == TypeCode::Nullable;
        if value.is_null()
            && self.surface.compiled
            && parameter.type_ref.is_value_type()
            && !nullable
            && !self.empties(parameter.type_ref.code)
        {
            return Err(self.setting_failed(vm, parameter, span));
        }
        Ok(value)
    }

    /// What the products' pages call a date, a span or an enumeration may be left empty.
    fn empties(&self, code: TypeCode) -> bool {
        let plain = matches!(
            code,
            TypeCode::DateTime | TypeCode::TimeSpan | TypeCode::Enum
        );
        plain && self.surface.first_fitting
    }

    fn dereference(&self, parameter: &Parameter, value: Value) -> Value {
        match value.base() {
            Value::Ref(reference)
                if !matches!(
                    parameter.type_ref.code,
                    TypeCode::Reference | TypeCode::Object | TypeCode::PSObject
                ) =>
            {
                reference.get()
            }
            _ => value,
        }
    }

    fn convert(
        &mut self,
        vm: &mut Vm,
        parameter: &Rc<Parameter>,
        value: Value,
        span: Span,
    ) -> R<Value> {
        // What stands nearest to the name comes first, the type among the transformations.
        let typed = |a: &Attribute| matches!(a, Attribute::Convert(_));
        let at = parameter.attributes.iter().position(typed);
        let (before, after) = match at {
            Some(at) if !self.surface.compiled => parameter.attributes.split_at(at),
            _ => (&*parameter.attributes, &[][..]),
        };
        let value = self.transform(vm, parameter, before, value, span)?;
        let value = self.convert_to_type(vm, parameter, value, span)?;
        let value = self.transform(vm, parameter, after, value, span)?;
        for attribute in &parameter.attributes {
            if let Attribute::PSTypeName(wanted) = attribute {
                self.check_type_names(vm, parameter, wanted, &value, span)?;
            }
        }
        Ok(value)
    }

    /// Refuses an object, or an item of a collection, that does not bear a name.
    fn check_type_names(
        &self,
        vm: &mut Vm,
        parameter: &Parameter,
        wanted: &str,
        value: &Value,
        span: Span,
    ) -> R<()> {
        if value.is_null() {
            return Ok(());
        }
        let items = vm
            .operand_items(value)?
            .unwrap_or_else(|| vec![value.clone()]);
        for item in &items {
            let names = vm.type_names(item);
            if !names.iter().any(|name| name.eq_ignore_ascii_case(wanted)) {
                return Err(self.mismatched_type_name(vm, parameter, wanted, span));
            }
        }
        Ok(())
    }

    fn transform(
        &mut self,
        vm: &mut Vm,
        parameter: &Rc<Parameter>,
        attributes: &[Attribute],
        mut value: Value,
        span: Span,
    ) -> R<Value> {
        for attribute in attributes {
            if matches!(attribute, Attribute::Transform(_) | Attribute::Custom(_)) {
                value = match validate::transform(vm, attribute, &value) {
                    Ok(value) => value,
                    Err(unwind) => {
                        return Err(match *unwind {
                            Unwind::Error(thrown) => {
                                self.transformation_failed(vm, parameter, &thrown.record, span)
                            }
                            other => Box::new(other),
                        });
                    }
                };
            }
        }
        Ok(value)
    }

    /// Converts by the rules of parameters, which refuse some of what a cast takes.
    fn convert_to_type(
        &mut self,
        vm: &mut Vm,
        parameter: &Rc<Parameter>,
        value: Value,
        span: Span,
    ) -> R<Value> {
        let mut type_ref = &parameter.type_ref;
        if type_ref.code == TypeCode::Nullable && !value.is_null() {
            // What is not null is taken as the type inside is.
            type_ref = type_ref.arguments.first().unwrap_or(type_ref);
        }
        match type_ref.code {
            TypeCode::Object | TypeCode::PSObject => return Ok(value),
            code if value.is_null() && self.leaves_null(code) => return Ok(Value::Null),
            TypeCode::Reference => return self.convert_reference(vm, parameter, value, span),
            TypeCode::Bool | TypeCode::Switch => {
                self.check_truth(vm, parameter, type_ref, &value, span)?;
                let truth = vm.to_bool(&value);
                return Ok(match type_ref.code {
                    TypeCode::Bool => Value::Bool(truth),
                    _ => Value::Switch(truth),
                });
            }
            _ => {}
        }
        if self.takes_as_it_is(vm, type_ref, &value) {
            return Ok(value);
        }
        if let Some(text) = self.convert_many_to_one(vm, parameter, type_ref, &value, span)? {
            return Ok(text);
        }
        if let Some(element) = type_ref.element()
            && matches!(element.code, TypeCode::Bool | TypeCode::Switch)
            && (self.surface.advanced || self.surface.compiled)
        {
            // Each item is judged as a Boolean parameter of its own is, but for enumerations.
            for item in vm.operand_items(&value)?.unwrap_or(vec![value.clone()]) {
                let member = matches!(item.base(), Value::Enum(_));
                if member || !(is_truth(&item) || takes_null(element, &item)) {
                    let message = no_truth(vm, &item, element);
                    return Err(self.wrong_kind(vm, parameter, &message, span));
                }
            }
        }
        if self.surface.compiled
            && let Some(element) = type_ref.element()
        {
            let items = vm.operand_items(&value)?.unwrap_or(vec![value.clone()]);
            let name = element.definition_name();
            if !items.is_empty() && items.iter().all(|item| says_type(item, name)) {
                return Ok(Value::array(items));
            }
        }
        match vm.convert(&value, type_ref) {
            Ok(value) => Ok(value),
            Err(unwind) => Err(self.converted_badly(vm, parameter, &value, unwind, span)),
        }
    }

    /// Whether null stays null: compiled parameters are only converted to when there is
    /// something to convert.
    fn leaves_null(&self, code: TypeCode) -> bool {
        let truth = matches!(code, TypeCode::Bool | TypeCode::Switch);
        self.empties(code) || (self.surface.compiled && !truth)
    }

    fn convert_reference(
        &self,
        vm: &mut Vm,
        parameter: &Parameter,
        value: Value,
        span: Span,
    ) -> R<Value> {
        if matches!(value.base(), Value::Ref(_)) || self.surface.compiled {
            return Ok(value);
        }
        let why = Fault::of(
            "System.Management.Automation.ArgumentTransformationMetadataException",
            "RefArgument",
            Category::MetadataError,
            "Reference type is expected in argument.",
        );
        let why = why.into_record();
        Err(self.conversion_failed(vm, parameter, &value, &why, span))
    }

    /// Refuses what is no truth value; a switch of a function takes no numbers either.
    fn check_truth(
        &self,
        vm: &mut Vm,
        parameter: &Parameter,
        type_ref: &TypeRef,
        value: &Value,
        span: Span,
    ) -> R<()> {
        let accepted = match type_ref.code {
            TypeCode::Switch => {
                matches!(value.base(), Value::Bool(_) | Value::Switch(_))
                    || takes_null(type_ref, value)
                    || (self.surface.compiled && value.is_number())
            }
            _ => is_truth(value),
        };
        if accepted {
            return Ok(());
        }
        let message = no_truth(vm, value, type_ref);
        Err(self.wrong_kind(vm, parameter, &message, span))
    }

    fn takes_as_it_is(&self, vm: &Vm, type_ref: &TypeRef, value: &Value) -> bool {
        vm.is_instance(value, type_ref)
            || (self.surface.compiled
                && (read_by_cmdlets(type_ref, value)
                    || says_type(value, type_ref.definition_name())))
    }

    /// A collection for a parameter that takes one value: its text for a simple function's
    /// string, a refusal for cmdlets and for strings, else nothing is decided here.
    fn convert_many_to_one(
        &self,
        vm: &mut Vm,
        parameter: &Parameter,
        type_ref: &TypeRef,
        value: &Value,
        span: Span,
    ) -> R<Option<Value>> {
        let many = matches!(value.base(), Value::Array(_) | Value::List(_));
        if !many || type_ref.element().is_some() || is_collection_type(type_ref) {
            return Ok(None);
        }
        let message = match (self.surface.compiled, type_ref.code) {
            // Members of an enumeration are joined by the conversion.
            (true, _) if type_ref.is_enum() => return Ok(None),
            (true, _) => format!(
                "'{}' to the type '{}' required by parameter '{}'. Specified method is not supported.",
                vm.type_of(value).full_name,
                type_ref.full_name,
                parameter.name
            ),
            (false, TypeCode::String) if !self.surface.advanced => {
                return vm.to_text(value).map(|text| Some(Value::str(text)));
            }
            (false, TypeCode::String) => "value to type System.String.".to_string(),
            (false, _) => return Ok(None),
        };
        Err(self.wrong_kind(vm, parameter, &message, span))
    }

    #[expect(clippy::boxed_local, reason = "unwinding travels boxed")]
    fn converted_badly(
        &self,
        vm: &Vm,
        parameter: &Parameter,
        value: &Value,
        unwind: Box<Unwind>,
        span: Span,
    ) -> Box<Unwind> {
        match *unwind {
            Unwind::Error(thrown) => {
                self.conversion_failed(vm, parameter, value, &thrown.record, span)
            }
            other => Box::new(other),
        }
    }

    /// Mandatory parameters refuse null and empty values unless an attribute lets them.
    fn refuse_empty(&self, vm: &Vm, parameter: &Parameter, value: &Value, span: Span) -> R<()> {
        let mandatory = parameter
            .places
            .iter()
            .any(|p| p.mandatory && p.sets & self.sets != 0);
        if !mandatory {
            return Ok(());
        }
        let allows = |wanted: fn(&Attribute) -> bool| parameter.attributes.iter().any(wanted);
        let allow_null = allows(|a| matches!(a, Attribute::AllowNull));
        let allow_string = allows(|a| matches!(a, Attribute::AllowEmptyString));
        let allow_collection = allows(|a| matches!(a, Attribute::AllowEmptyCollection));
        let prefix = "ParameterArgumentValidationError";
        let typed_text = parameter.type_ref.code == TypeCode::String;
        let elements_text = parameter
            .type_ref
            .element()
            .is_some_and(|e| e.code == TypeCode::String);
        let untyped = matches!(
            parameter.type_ref.code,
            TypeCode::Object | TypeCode::PSObject
        );
        match value.base() {
            Value::Null | Value::Nothing if !allow_null => Err(self.empty_refused(
                vm,
                parameter,
                "null",
                &format!("{prefix}NullNotAllowed"),
                span,
            )),
            Value::Str(text) if text.is_empty() && typed_text && !allow_string => Err(self
                .empty_refused(
                    vm,
                    parameter,
                    "an empty string",
                    &format!("{prefix}EmptyStringNotAllowed"),
                    span,
                )),
            Value::Array(array) if !untyped => {
                let items = array.items.borrow();
                if items.is_empty() && !allow_collection {
                    return Err(self.empty_refused(
                        vm,
                        parameter,
                        "an empty array",
                        &format!("{prefix}EmptyArrayNotAllowed"),
                        span,
                    ));
                }
                for item in items.iter() {
                    if item.is_null() && !allow_null {
                        return Err(self.empty_refused(
                            vm,
                            parameter,
                            "null",
                            &format!("{prefix}NullNotAllowed"),
                            span,
                        ));
                    }
                    if elements_text && item.as_str().is_some_and(str::is_empty) && !allow_string {
                        return Err(self.empty_refused(
                            vm,
                            parameter,
                            "an empty string",
                            &format!("{prefix}EmptyStringNotAllowed"),
                            span,
                        ));
                    }
                }
                Ok(())
            }
            Value::List(list) if !untyped && list.is_empty() && !allow_collection => Err(self
                .empty_refused(
                    vm,
                    parameter,
                    "an empty collection",
                    &format!("{prefix}EmptyCollectionNotAllowed"),
                    span,
                )),
            _ => Ok(()),
        }
    }

    fn validate(&self, vm: &mut Vm, parameter: &Parameter, value: &Value, span: Span) -> R<()> {
        let may_be_null = |it: &Attribute| matches!(it, Attribute::AllowNull);
        if value.is_null() && self.surface.compiled && parameter.attributes.iter().any(may_be_null)
        {
            return Ok(());
        }
        for attribute in &parameter.attributes {
            if let Err(fault) = validate::check(vm, attribute, value)? {
                return Err(self.validation_failed(vm, parameter, &fault, span));
            }
        }
        Ok(())
    }

    /// A default value, converted but not validated.
    pub fn convert_default(&mut self, vm: &mut Vm, name: &str, value: Value) -> R<Value> {
        let Some(parameter) = self.surface.exact(name).cloned() else {
            return Ok(value);
        };
        if parameter.type_ref.code == TypeCode::Switch {
            return Ok(Value::Switch(vm.to_bool(&value)));
        }
        // Without an argument nobody is asked for a user and a password.
        let asks =
            |a: &Attribute| matches!(a, Attribute::Transform(name) if &**name == "Credential");
        if value.is_null() && parameter.attributes.iter().any(asks) {
            return Ok(Value::Null);
        }
        let span = self.site.extent.span;
        self.coerce(vm, &parameter, value, false, span)
    }

    /// The value of a parameter that has neither argument nor default.
    pub fn initial(&self, place: usize, name: Symbol) -> Value {
        let Some(parameter) = self.surface.bound_at(place, name) else {
            return Value::Null;
        };
        match parameter.type_ref.code {
            TypeCode::Switch => Value::Switch(false),
            TypeCode::Bool => Value::Bool(false),
            TypeCode::String => Value::str(""),
            TypeCode::Int => Value::Int(0),
            TypeCode::Long => Value::Long(0),
            TypeCode::Double => Value::Double(0.0),
            TypeCode::Float => Value::Float(0.0),
            TypeCode::Byte => Value::Byte(0),
            TypeCode::SByte => Value::SByte(0),
            TypeCode::Short => Value::Short(0),
            TypeCode::UShort => Value::UShort(0),
            TypeCode::UInt => Value::UInt(0),
            TypeCode::ULong => Value::ULong(0),
            TypeCode::Char => Value::Char(0),
            TypeCode::Decimal => Value::decimal(rust_decimal::Decimal::ZERO),
            _ => Value::Null,
        }
    }

    /// A parameter as a variable: typed ones keep their type and checks.
    pub fn variable_slot(&self, place: usize, name: Symbol, value: Value) -> Slot {
        let kept = self
            .surface
            .bound_at(place, name)
            .map(|p| p.kept_attributes());
        let Some(Some(kept)) = kept else {
            return Slot::Plain(value);
        };
        let variable = Variable::named(name.text(), value);
        variable.plain_cast_errors.set(true);
        *variable.attributes.borrow_mut() = Some(kept);
        Slot::Variable(Rc::new(variable))
    }
}

/// Types whose values cmdlets read from names and tables themselves.
fn read_by_cmdlets(type_ref: &TypeRef, value: &Value) -> bool {
    let element = type_ref.element();
    match element.unwrap_or(type_ref).definition_name() {
        "System.Text.Encoding"
        | "System.Management.Automation.FlagsExpression`1"
        | "Microsoft.PowerShell.Commands.ModuleSpecification" => true,
        "Microsoft.PowerShell.Commands.PSPropertyExpression" => {
            let names = |value: &Value| matches!(value.base(), Value::Str(_) | Value::Block(_));
            match value.base() {
                Value::Array(array) if element.is_some() => array.items.borrow().iter().all(names),
                _ => names(value),
            }
        }
        _ => false,
    }
}

/// Whether an object of the deployment lists a type among its type names: cmdlets of the product
/// take what another machine has sent as the real thing.
pub(crate) fn says_type(value: &Value, name: &str) -> bool {
    match value.base() {
        Value::Custom(custom) => custom.type_names.borrow().iter().any(|it| &**it == name),
        _ => false,
    }
}

fn is_collection_type(type_ref: &TypeRef) -> bool {
    matches!(type_ref.code, TypeCode::Array | TypeCode::ArrayList) || {
        find_full("System.Collections.IEnumerable")
            .is_some_and(|e| type_ref.code != TypeCode::String && type_ref.is_a(&e))
    }
}

/// Remaining arguments of an untyped parameter: a `List[object]`.
pub fn object_list(values: Vec<Value>) -> Value {
    let definition =
        find_full("System.Collections.Generic.List`1").unwrap_or_else(known::array_list);
    Value::List(Rc::new(List::new(
        generic(&definition, vec![known::object()]),
        values,
    )))
}

/// The parameters a dynamicparam block gave: a RuntimeDefinedParameterDictionary.
pub fn dynamic_parameters(
    vm: &mut Vm,
    items: &[Value],
    surface: &mut CommandSurface,
) -> R<Vec<Parameter>> {
    let mut parameters = Vec::new();
    for item in items {
        if let Value::Dict(table) = item.base() {
            for (key, value) in table.pairs() {
                if let Some(parameter) = super::common::runtime_defined(vm, &value, surface)? {
                    let key = vm.to_text(&key)?;
                    if *parameter.name != *key {
                        return Err(super::fault::name_mismatch(
                            &surface.name,
                            &parameter.name,
                            &key,
                        ));
                    }
                    parameters.push(parameter);
                }
            }
        }
    }
    Ok(parameters)
}

/// Tells the objects a dynamicparam block gave what was bound to them.
pub fn tell_dynamic(items: &[Value], bound: &BoundParameters) {
    for item in items {
        let Value::Dict(table) = item.base() else {
            continue;
        };
        for value in table.values() {
            if let Some(defined) = value.as_native::<RuntimeDefinedParameter>()
                && let Some(argument) = bound.get(&defined.name.borrow())
            {
                *defined.value.borrow_mut() = argument.clone();
                defined.is_set.set(true);
            }
        }
    }
}

/// Whether a parameter for truth values takes this.
fn is_truth(value: &Value) -> bool {
    matches!(
        value.base(),
        Value::Bool(_) | Value::Switch(_) | Value::Enum(_)
    ) || value.is_number()
}

/// Whether a type of truth values takes this null: a switch that is not given is off.
fn takes_null(type_ref: &TypeRef, value: &Value) -> bool {
    type_ref.code == TypeCode::Switch && value.is_null()
}

fn no_truth(vm: &Vm, value: &Value, target: &TypeRef) -> String {
    let name = if value.is_null() {
        String::new()
    } else {
        vm.type_of(value).full_name.to_string()
    };
    format!(
        "value \"{name}\" to type \"{}\". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0.",
        target.full_name
    )
}
