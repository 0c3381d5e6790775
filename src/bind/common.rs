//! What the common parameters of a call ask for: taken out of its arguments after binding.

use crate::runtime::collection::List;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::parameter::{BoundParameters, CommandSurface, Parameter};
use crate::runtime::scope::{Scope, Slot};
use crate::runtime::streams::{Sink, Streams, Tee};
use crate::runtime::symbol::Symbol;
use crate::runtime::value::Value;
use crate::runtime::vm::{Action, ActionOverrides, Vm};
use std::rc::Rc;

/// A surface with the same content.
pub fn copy(surface: &CommandSurface) -> CommandSurface {
    CommandSurface {
        name: surface.name.clone(),
        raiser: surface.raiser.clone(),
        parameters: surface.parameters.clone(),
        set_names: surface.set_names.clone(),
        default_set: surface.default_set,
        default_set_name: surface.default_set_name.clone(),
        compiled: surface.compiled,
        advanced: surface.advanced,
        supports_should_process: surface.supports_should_process,
        first_fitting: surface.first_fitting,
        supports_paging: surface.supports_paging,
        confirm_impact: surface.confirm_impact,
        output_types: surface.output_types.clone(),
    }
}

/// What the common parameters of a call ask for.
pub struct Common {
    /// For cmdlets: what they override.
    pub overrides: ActionOverrides,
    /// For functions: preference variables of their scope.
    pub preferences: Vec<(&'static str, Value)>,
    /// Message streams with lists of `-ErrorVariable` and its kin.
    pub streams: Option<Rc<Streams>>,
    /// The list of `-ErrorVariable`.
    pub error_list: Option<Rc<List>>,
    /// The success stream with the list of `-OutVariable`.
    pub out: Option<Rc<dyn Sink>>,
}

/// Reads the common parameters of a bound call.
pub fn take(vm: &mut Vm, values: &mut BoundParameters) -> R<Common> {
    let mut common = Common {
        overrides: ActionOverrides::default(),
        preferences: Vec::new(),
        streams: None,
        error_list: None,
        out: None,
    };
    if values.is_empty() {
        return Ok(common);
    }
    actions(vm, values, &mut common)?;
    switches(vm, values, &mut common);
    variables(vm, values, &mut common)?;
    Ok(common)
}

fn action_value(action: Action) -> Value {
    Value::enum_of(
        "System.Management.Automation.ActionPreference",
        action as i64,
    )
}

fn actions(vm: &mut Vm, values: &BoundParameters, common: &mut Common) -> R<()> {
    let list: [(&str, &'static str); 4] = [
        ("ErrorAction", "ErrorActionPreference"),
        ("WarningAction", "WarningPreference"),
        ("InformationAction", "InformationPreference"),
        ("ProgressAction", "ProgressPreference"),
    ];
    for (parameter, preference) in list {
        let Some(value) = values.get(parameter) else {
            continue;
        };
        let Some(action) = vm.action_of(value) else {
            continue;
        };
        if action == Action::Suspend && matches!(parameter, "ErrorAction" | "WarningAction") {
            return Err(Fault::of(
                "System.Management.Automation.ParameterBindingException",
                "ParameterBindingFailed",
                Category::WriteError,
                format!("Cannot bind parameter \"{parameter}\" to the target. Exception setting \"{parameter}\": \"The value Suspend is not supported for an ActionPreference variable. The provided value should be used only as a value for a preference parameter, and has been replaced by the default value. For more information, see the Help topic, \"about_Preference_Variables.\"\""),
            )
            .into());
        }
        match parameter {
            "ErrorAction" => common.overrides.error = Some(action),
            "WarningAction" => common.overrides.warning = Some(action),
            "InformationAction" => common.overrides.information = Some(action),
            _ => common.overrides.progress = Some(action),
        }
        common.preferences.push((preference, action_value(action)));
    }
    Ok(())
}

fn switches(vm: &mut Vm, values: &BoundParameters, common: &mut Common) {
    for (parameter, preference) in [
        ("Verbose", "VerbosePreference"),
        ("Debug", "DebugPreference"),
    ] {
        if let Some(value) = values.get(parameter) {
            let action = if vm.to_bool(value) {
                Action::Continue
            } else {
                Action::SilentlyContinue
            };
            match parameter {
                "Verbose" => common.overrides.verbose = Some(action),
                _ => common.overrides.debug = Some(action),
            }
            common.preferences.push((preference, action_value(action)));
        }
    }
    if let Some(value) = values.get("WhatIf") {
        let on = vm.to_bool(value);
        common.overrides.what_if = Some(on);
        common
            .preferences
            .push(("WhatIfPreference", Value::Switch(on)));
    }
    if let Some(value) = values.get("Confirm") {
        let on = vm.to_bool(value);
        common.overrides.confirm = Some(on);
        let bits = if on { 1 } else { 0 };
        common.preferences.push((
            "ConfirmPreference",
            Value::enum_of("System.Management.Automation.ConfirmImpact", bits),
        ));
    }
}

fn variables(vm: &mut Vm, values: &BoundParameters, common: &mut Common) -> R<()> {
    let text = |name: &str| {
        values
            .get(name)
            .and_then(|v| v.as_str())
            .filter(|t| !t.is_empty())
            .map(str::to_string)
    };
    let scope = vm.scope.clone();
    for parameter in ["ErrorVariable", "WarningVariable", "InformationVariable"] {
        let Some(name) = text(parameter) else {
            continue;
        };
        let list = list_variable(vm, &scope, &name);
        let mut streams = match &common.streams {
            Some(streams) => (**streams).clone(),
            None => (*vm.streams).clone(),
        };
        match parameter {
            "ErrorVariable" => {
                common.error_list = Some(list.clone());
                streams.error_variables.push(list)
            }
            "WarningVariable" => streams.warning_variables.push(list),
            _ => streams.information_variables.push(list),
        }
        common.streams = Some(Rc::new(streams));
    }
    if let Some(name) = text("OutVariable") {
        let list = list_variable(vm, &scope, &name);
        common.out = Some(Rc::new(Tee {
            list,
            next: vm.out.clone(),
        }));
    }
    if let Some(name) = text("PipelineVariable") {
        let next = common.out.clone().unwrap_or_else(|| vm.out.clone());
        common.out = Some(Rc::new(PipelineVariable {
            name: Symbol::fold(&name),
            scope,
            next,
        }));
    }
    Ok(())
}

/// The list behind a variable of `-OutVariable` and its kin; `+name` goes on with the one that is there.
fn list_variable(vm: &Vm, scope: &Rc<Scope>, name: &str) -> Rc<List> {
    let (name, append) = match name.strip_prefix('+') {
        Some(rest) => (rest, true),
        None => (name, false),
    };
    let (scope, name) = match name.split_once(':') {
        Some((prefix, rest)) => match vm.prefixed_scope(prefix) {
            Some(named) => (named, rest),
            None => (scope.clone(), name),
        },
        None => (scope.clone(), name),
    };
    let scope = &scope;
    let symbol = Symbol::fold(name);
    let there = append.then(|| vm.own_or_shared(scope, symbol)).flatten();
    let list = match there {
        Some(Value::List(list)) => return list,
        // What is no list that grows is taken into one.
        Some(Value::Array(array)) => array.items.borrow().clone(),
        None | Some(Value::Null | Value::Nothing) => Vec::new(),
        Some(scalar) => vec![scalar],
    };
    let list = Rc::new(List::array_list(list));
    scope.put_named(symbol, Slot::Plain(Value::List(list.clone())));
    list
}

/// Sets a variable to each object that passes.
struct PipelineVariable {
    name: Symbol,
    scope: Rc<Scope>,
    next: Rc<dyn Sink>,
}

impl Sink for PipelineVariable {
    fn write(&self, vm: &mut Vm, value: Value) -> R<()> {
        self.scope.put_named(self.name, Slot::Plain(value.clone()));
        self.next.write(vm, value)
    }
}

/// A RuntimeDefinedParameter as a parameter.
pub fn runtime_defined(
    vm: &mut Vm,
    value: &Value,
    surface: &mut CommandSurface,
) -> R<Option<Parameter>> {
    let Some(defined) =
        value.as_native::<crate::runtime::types::automation::dynamic_parameter::RuntimeDefinedParameter>()
    else {
        return Ok(None);
    };
    Ok(Some(defined.to_parameter(vm, surface)?))
}
