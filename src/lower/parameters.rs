//! The surface of a block: its parameters with their attributes, for the binder.

use super::Lowering;
use crate::runtime::attribute::{Attribute, make};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::parameter::{ALL_SETS, CommandSurface, Parameter, ParameterPlace};
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::symbol::{Symbol, same_name};
use crate::runtime::types::resolve::{TypeSite, type_name_text};
use crate::runtime::types::{TypeCode, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::*;
use std::rc::Rc;

/// Whether a block binds as an advanced function: `[CmdletBinding()]`, or a `[Parameter()]` anywhere.
pub fn is_advanced(ast: &ScriptBlockAst, parameters: &[ParameterAst]) -> bool {
    ast.attributes.iter().any(|a| attribute_is(&a.type_name, "CmdletBinding"))
        || parameters
            .iter()
            .any(|p| p.attributes.iter().any(|a| matches!(a, AttributeBaseAst::Attribute(a) if attribute_is(&a.type_name, "Parameter"))))
}

/// What `[Obsolete('…')]` on a block says.
pub fn obsolete(ast: &ScriptBlockAst) -> Option<Rc<str>> {
    let attribute = ast
        .attributes
        .iter()
        .find(|a| attribute_is(&a.type_name, "Obsolete"))?;
    Some(match attribute.positional.first().map(|said| &said.kind) {
        Some(ExpressionKind::String { value, .. }) => value.clone(),
        _ => "".into(),
    })
}

fn attribute_is(name: &TypeName, wanted: &str) -> bool {
    let text = type_name_text(name);
    let short = text.rsplit('.').next().unwrap_or(&text);
    short.eq_ignore_ascii_case(wanted) || short.eq_ignore_ascii_case(&format!("{wanted}Attribute"))
}

/// The surface of a block under the name it is called by.
pub fn surface(vm: &mut Vm, block: &ScriptBlock, name: &str) -> R<Rc<CommandSurface>> {
    let code = vm.code_of(block);
    if let Some(surface) = code.surface.get()
        && *surface.name == *name
    {
        return Ok(surface.clone());
    }
    let lowering = Lowering {
        in_string: false,
        source: block.source.clone(),
        in_method: false,
        home: super::Home::default(),
    };
    let built = Rc::new(lowering.build_surface(vm, block, name, code.advanced)?);
    let _ = code.surface.set(built.clone());
    Ok(built)
}

impl Lowering {
    fn build_surface(
        &self,
        vm: &mut Vm,
        block: &ScriptBlock,
        name: &str,
        advanced: bool,
    ) -> R<CommandSurface> {
        let mut surface = CommandSurface {
            name: name.into(),
            raiser: name.into(),
            parameters: Vec::new(),
            set_names: Vec::new(),
            default_set: None,
            default_set_name: None,
            first_fitting: false,
            compiled: false,
            advanced,
            supports_should_process: false,
            supports_paging: false,
            confirm_impact: 2,
            output_types: Vec::new(),
        };
        let mut positional_binding = true;
        let of_engine = ["CmdletBinding", "OutputType", "Alias"];
        for attribute in &block.ast.attributes {
            if !of_engine
                .iter()
                .any(|known| attribute_is(&attribute.type_name, known))
            {
                // One that is nowhere fails the call.
                self.attribute(attribute)(vm)?;
            }
        }
        for attribute in block
            .ast
            .attributes
            .iter()
            .filter(|a| attribute_is(&a.type_name, "CmdletBinding"))
        {
            for (argument, value) in self.named_arguments(vm, attribute)? {
                match &*argument.to_ascii_lowercase() {
                    "defaultparametersetname" => {
                        surface.default_set_name = Some(vm.to_text(&value)?.into())
                    }
                    "supportsshouldprocess" => surface.supports_should_process = vm.to_bool(&value),
                    "supportspaging" => surface.supports_paging = vm.to_bool(&value),
                    "positionalbinding" => positional_binding = vm.to_bool(&value),
                    "confirmimpact" => {
                        let impact = crate::runtime::types::find(
                            "System.Management.Automation.ConfirmImpact",
                        );
                        if let Some(impact) = impact
                            && let Value::Enum(e) = vm.convert(&value, &impact)?
                        {
                            surface.confirm_impact = e.bits as u8;
                        }
                    }
                    "helpuri" | "remotingcapability" => {}
                    other => {
                        return vm.raise(unknown_argument(
                            other,
                            "System.Management.Automation.CmdletBindingAttribute",
                        ));
                    }
                }
            }
        }
        // The default set is the first of all.
        finish_sets(&mut surface);
        let asts = super::parameters_of(block);
        for ast in &asts {
            let parameter = self.surface_parameter(vm, ast, &mut surface)?;
            surface.parameters.push(Rc::new(parameter));
        }
        if positional_binding {
            number_positions(&mut surface);
        }
        check_aliases(vm, &surface)?;
        if advanced {
            crate::runtime::common_parameters::add_common_parameters(&mut surface);
        }
        Ok(surface)
    }

    /// One declared parameter.
    fn surface_parameter(
        &self,
        vm: &mut Vm,
        ast: &ParameterAst,
        surface: &mut CommandSurface,
    ) -> R<Parameter> {
        let name = ast.name.name.clone();
        let mut parameter = Parameter {
            symbol: Symbol::new(&name),
            name,
            aliases: Vec::new(),
            type_ref: known::object(),
            is_switch: false,
            attributes: Vec::new(),
            places: Vec::new(),
            dynamic: false,
            common: false,
            hidden: false,
            help_message: None,
            kept: Default::default(),
        };
        let mut typed = false;
        for attribute in &ast.attributes {
            match attribute {
                AttributeBaseAst::TypeConstraint(constraint) => {
                    let type_ref = TypeSite::new(constraint.type_name.clone()).resolve(vm)?;
                    if !typed {
                        parameter.type_ref = type_ref.clone();
                        parameter.is_switch = type_ref.code == TypeCode::Switch;
                        typed = true;
                    }
                    if type_ref.code != TypeCode::Object {
                        parameter.attributes.push(Attribute::Convert(type_ref));
                    }
                }
                AttributeBaseAst::Attribute(a) if attribute_is(&a.type_name, "Parameter") => {
                    let place = self.parameter_place(vm, a, surface, &mut parameter)?;
                    parameter.places.push(place);
                }
                AttributeBaseAst::Attribute(a) if attribute_is(&a.type_name, "Alias") => {
                    for argument in &a.positional {
                        let value = self.expression(argument)(vm)?;
                        let items = vm.enumerate(&value)?.unwrap_or_else(|| vec![value]);
                        for item in items {
                            parameter.aliases.push(vm.to_text(&item)?.into());
                        }
                    }
                }
                AttributeBaseAst::Attribute(a) => {
                    if let Some(attribute) = self.attribute(a)(vm)? {
                        parameter.attributes.push(attribute);
                    }
                }
            }
        }
        // What stands nearest to the name is applied first.
        parameter.attributes.reverse();
        if parameter.places.is_empty() {
            parameter.places.push(ParameterPlace::BY_NAME);
        }
        Ok(parameter)
    }

    fn parameter_place(
        &self,
        vm: &mut Vm,
        ast: &AttributeAst,
        surface: &mut CommandSurface,
        parameter: &mut Parameter,
    ) -> R<ParameterPlace> {
        let mut place = ParameterPlace::BY_NAME;
        for (argument, value) in self.named_arguments(vm, ast)? {
            match &*argument.to_ascii_lowercase() {
                "mandatory" => place.mandatory = vm.to_bool(&value),
                "position" => {
                    let position = vm.to_int(&value)?;
                    place.position = (position != i32::MIN).then_some(position);
                }
                "parametersetname" => {
                    let name = vm.to_text(&value)?;
                    if !name.eq_ignore_ascii_case("__AllParameterSets") {
                        place.sets = 1 << surface.set_index(&name);
                    }
                }
                "valuefrompipeline" => place.from_pipeline = vm.to_bool(&value),
                "valuefrompipelinebypropertyname" => {
                    place.from_pipeline_by_name = vm.to_bool(&value)
                }
                "valuefromremainingarguments" => place.from_remaining = vm.to_bool(&value),
                "helpmessage" => parameter.help_message = Some(vm.to_text(&value)?.into()),
                "dontshow" => parameter.hidden = vm.to_bool(&value),
                "helpmessagebasename"
                | "helpmessageresourceid"
                | "experimentname"
                | "experimentaction" => {}
                other => {
                    return vm.raise(unknown_argument(
                        other,
                        "System.Management.Automation.ParameterAttribute",
                    ));
                }
            }
        }
        Ok(place)
    }

    /// The named arguments of an attribute with their values; a bare name is true.
    fn named_arguments(&self, vm: &mut Vm, ast: &AttributeAst) -> R<Vec<(Rc<str>, Value)>> {
        ast.named
            .iter()
            .map(|argument| {
                let value = match &argument.value {
                    Some(expression) => self.expression(expression)(vm)?,
                    None => Value::Bool(true),
                };
                Ok((Rc::from(argument.name.as_str()), value))
            })
            .collect()
    }

    /// An attribute as what it does to a value; made anew each time, since its arguments may name types.
    pub fn attribute(&self, ast: &AttributeAst) -> super::assignment::AttributeMaker {
        let (lowering, ast) = (self.clone(), ast.clone());
        Box::new(move |vm| lowering.make_attribute(vm, &ast))
    }

    fn make_attribute(&self, vm: &mut Vm, ast: &AttributeAst) -> R<Option<Attribute>> {
        let text = type_name_text(&ast.type_name);
        let short = text.rsplit('.').next().unwrap_or(&text);
        let short = short
            .strip_suffix("Attribute")
            .unwrap_or(short)
            .to_ascii_lowercase();
        let mut positional = Vec::with_capacity(ast.positional.len());
        for argument in &ast.positional {
            positional.push(self.expression(argument)(vm)?);
        }
        let named = self.named_arguments(vm, ast)?;
        match make::attribute(vm, &short, &positional, &named)? {
            Some(made) => Ok(Some(made)),
            None => self.custom_attribute(vm, ast, positional, named),
        }
    }

    fn custom_attribute(
        &self,
        vm: &mut Vm,
        ast: &AttributeAst,
        positional: Vec<Value>,
        named: Vec<(Rc<str>, Value)>,
    ) -> R<Option<Attribute>> {
        let site = TypeSite::attribute(ast.type_name.clone());
        let Some(type_ref) = site.try_resolve(vm)? else {
            let text = type_name_text(&ast.type_name);
            return vm.raise(Fault::new("CustomAttributeTypeNotFound", format!("Cannot find the type for custom attribute '{text}'. Make sure that the assembly that contains this type is loaded.")));
        };
        if type_ref.class().is_none() {
            return Ok(Some(Attribute::Other(
                type_ref.full_name.clone(),
                positional,
            )));
        }
        let object = vm.construct(&type_ref, positional)?;
        for (name, value) in named {
            vm.write_property(&object, &name, value)?;
        }
        Ok(Some(Attribute::Custom(object)))
    }
}

fn unknown_argument(name: &str, attribute: &str) -> Fault {
    Fault::of(
        "System.Management.Automation.RuntimeException",
        "PropertyNotFoundForType",
        Category::InvalidOperation,
        format!("Property '{name}' cannot be found for type '{attribute}'."),
    )
}

/// Functions number their parameters by order of declaration unless one of them has a position
/// or belongs to a parameter set by name.
fn number_positions(surface: &mut CommandSurface) {
    let placed = |place: &ParameterPlace| place.position.is_some() || place.sets != ALL_SETS;
    if surface
        .parameters
        .iter()
        .any(|p| p.places.iter().any(placed))
    {
        return;
    }
    let mut next = 0;
    for parameter in &mut surface.parameters {
        let Some(parameter) = Rc::get_mut(parameter) else {
            continue;
        };
        if parameter.is_switch {
            continue;
        }
        if parameter.places.iter().any(|p| p.from_remaining) && parameter.places.len() == 1 {
            continue;
        }
        for place in &mut parameter.places {
            place.position = Some(next);
        }
        next += 1;
    }
}

fn check_aliases(vm: &mut Vm, surface: &CommandSurface) -> R<()> {
    let mut seen: Vec<&str> = Vec::new();
    for parameter in &surface.parameters {
        for alias in &parameter.aliases {
            let fault = if seen.iter().any(|s| same_name(s, alias)) {
                Some((
                    "AliasDeclaredMultipleTimes",
                    format!("The alias \"{alias}\" is declared multiple times."),
                ))
            } else if surface.parameters.iter().any(|p| same_name(&p.name, alias)) {
                Some((
                    "ParameterNameConflictsWithAlias",
                    format!(
                        "The parameter '{alias}' cannot be specified because it conflicts with the parameter alias of the same name for parameter '{}'.",
                        parameter.name
                    ),
                ))
            } else {
                None
            };
            if let Some((id, message)) = fault {
                return vm.raise(Fault::of(
                    "System.Management.Automation.MetadataException",
                    id,
                    Category::MetadataError,
                    message,
                ));
            }
            seen.push(alias);
        }
    }
    if surface.advanced {
        for parameter in &surface.parameters {
            if crate::runtime::common_parameters::is_common(&parameter.name, surface) {
                return vm.raise(Fault::of(
                    "System.Management.Automation.MetadataException",
                    "ParameterNameAlreadyExistsForCommand",
                    Category::MetadataError,
                    format!("A parameter with the name '{}' was defined multiple times for the command.", parameter.name),
                ));
            }
            for alias in &parameter.aliases {
                if crate::runtime::common_parameters::is_common_alias(alias, surface) {
                    return vm.raise(Fault::of(
                        "System.Management.Automation.MetadataException",
                        "AliasParameterNameAlreadyExistsForCommand",
                        Category::MetadataError,
                        format!("The parameter alias cannot be specified because an alias with the name '{alias}' was already defined multiple times for the command."),
                    ));
                }
            }
        }
    }
    Ok(())
}

/// Finds the default set; a name no parameter belongs to becomes a set of its own.
fn finish_sets(surface: &mut CommandSurface) {
    if let Some(name) = surface.default_set_name.clone() {
        let index = surface.set_index(&name);
        surface.default_set = Some(index);
    }
}
