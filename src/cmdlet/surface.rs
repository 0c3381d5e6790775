//! From a declaration to the surface the binder works on.

use super::declaration::{
    ALL_SETS as EVERY_SET, Check, CmdletDeclaration, CommandKind, ConfirmImpact,
    ParameterDeclaration, RangeKind as DeclaredRange,
};
use crate::runtime::attribute::{Attribute, RangeKind};
use crate::runtime::class::EnumDefinition;
use crate::runtime::parameter::{ALL_SETS, CommandSurface, Parameter, ParameterPlace};
use crate::runtime::symbol::Symbol;
use crate::runtime::types::{
    TypeCode, TypeKind, TypeRef, array_of, find, find_full, generic, known, script_type,
};
use crate::runtime::value::Value;
use std::rc::Rc;

/// The modules whose declarations come from the products' documentation, which does not always
/// say which parameter set is the default.
const PRODUCT_MODULES: &[&str] = &["Lync", "Exchange", "ExchangeOnlineManagement"];

/// The surface of a declared command.
pub fn surface(declaration: &CmdletDeclaration) -> CommandSurface {
    let set_names: Vec<Rc<str>> = declaration
        .sets
        .iter()
        .map(|s| Rc::from(s.as_str()))
        .collect();
    let default_set = declaration.default_set.as_ref().and_then(|d| {
        declaration
            .sets
            .iter()
            .position(|s| s.eq_ignore_ascii_case(d))
    });
    let compiled = declaration.kind == CommandKind::Cmdlet;
    let mut surface = CommandSurface {
        name: declaration.name.as_str().into(),
        raiser: if declaration.class.is_empty() {
            declaration.name.as_str().into()
        } else {
            declaration.class.as_str().into()
        },
        parameters: declaration
            .parameters
            .iter()
            .map(|p| Rc::new(parameter(p, declaration)))
            .collect(),
        set_names,
        default_set,
        first_fitting: PRODUCT_MODULES.contains(&declaration.module.as_str()),
        default_set_name: declaration.default_set.as_deref().map(Rc::from),
        compiled,
        advanced: true,
        supports_should_process: declaration.supports_should_process,
        supports_paging: declaration.supports_paging,
        confirm_impact: match declaration.confirm_impact {
            ConfirmImpact::None => 0,
            ConfirmImpact::Low => 1,
            ConfirmImpact::Medium => 2,
            ConfirmImpact::High => 3,
        },
        output_types: declaration
            .output_types
            .iter()
            .map(|name| Rc::from(name.as_str()))
            .collect(),
    };
    crate::runtime::common_parameters::add_common_parameters(&mut surface);
    surface
}

fn parameter(declared: &ParameterDeclaration, declaration: &CmdletDeclaration) -> Parameter {
    let type_ref = parameter_type(declared);
    let is_text =
        type_ref.code == TypeCode::String || declared.type_name.trim_end_matches("[]") == "string";
    // Entries of several parts (`name,mask,number,comment`) have a limit for a part, not for all.
    let mut attributes: Vec<Attribute> = declared
        .checks
        .iter()
        .filter(|check| is_text || !matches!(check, Check::Length { .. }))
        .filter_map(attribute)
        .collect();
    // What the products limit is what they keep; `$null` takes a value away and has no limits.
    let of_product = PRODUCT_MODULES.contains(&declaration.module.as_str());
    if of_product && declared.sets.iter().all(|place| !place.mandatory) {
        attributes.push(Attribute::AllowNull);
    }
    // An encoding may be named; the cmdlet looks the name up.
    let named_encoding = declared.checks.contains(&Check::Encoding);
    if type_ref.code != TypeCode::Object && !named_encoding {
        attributes.push(Attribute::Convert(type_ref.clone()));
    }
    let mut places: Vec<ParameterPlace> = declared
        .sets
        .iter()
        .map(|place| ParameterPlace {
            sets: if place.set == EVERY_SET {
                ALL_SETS
            } else {
                declaration
                    .sets
                    .iter()
                    .position(|s| *s == place.set)
                    .map_or(ALL_SETS, |at| 1 << at.min(31))
            },
            mandatory: place.mandatory,
            position: place.position,
            from_pipeline: place.from_pipeline,
            from_pipeline_by_name: place.from_pipeline_by_name,
            from_remaining: place.from_remaining,
        })
        .collect();
    if places.is_empty() {
        places.push(ParameterPlace::BY_NAME);
    }
    Parameter {
        name: declared.name.as_str().into(),
        symbol: Symbol::new(&declared.name),
        aliases: declared
            .aliases
            .iter()
            .map(|a| Rc::from(a.as_str()))
            .collect(),
        is_switch: type_ref.code == TypeCode::Switch,
        type_ref,
        attributes,
        places,
        dynamic: declared.dynamic,
        common: false,
        hidden: declared.hidden,
        help_message: None,
        kept: Default::default(),
    }
}

/// The type of a parameter. A product's enumeration is known by the values its declaration lists.
fn parameter_type(declared: &ParameterDeclaration) -> TypeRef {
    let text = declared.type_name.trim_end_matches("[]");
    if find(text).is_some()
        || declared.accepted_values.is_empty()
        || declared.open_values
        || text.contains(['<', '[', '`'])
    {
        return type_of_text(&declared.type_name);
    }
    let members = declared
        .accepted_values
        .iter()
        .enumerate()
        .map(|(i, v)| (Rc::from(v.as_str()), i as i64))
        .collect();
    let definition = EnumDefinition {
        members,
        flags: false,
        underlying: TypeCode::Int,
    };
    let base = find_full("System.Enum");
    let enumeration = script_type(
        text,
        base,
        TypeKind::Enum(Rc::new(definition)),
        Vec::new(),
        None,
    );
    if declared.type_name.ends_with("[]") {
        array_of(&enumeration, 1)
    } else {
        enumeration
    }
}

/// The type of a declared name; unknown product types are plain objects, checked by the cmdlet itself.
fn type_of_text(text: &str) -> TypeRef {
    if let Some(element) = text.strip_suffix("[]") {
        return array_of(&type_of_text(element), 1);
    }
    if let Some((head, rest)) = text.split_once(['<', '['])
        && let Some(inner) = rest.strip_suffix(['>', ']'])
    {
        let arguments: Vec<TypeRef> = inner
            .split(',')
            .map(|a| type_of_text(a.trim().trim_matches(['[', ']'])))
            .collect();
        let head = head.split('`').next().unwrap_or(head);
        // A collection of a product's own objects takes one of them as well as several.
        let own_objects = arguments.iter().all(|it| it.code == TypeCode::Object);
        if own_objects && head == "System.Collections.ObjectModel.Collection" {
            return array_of(&known::object(), 1);
        }
        if let Some(definition) = find_full(&format!("{head}`{}", arguments.len())) {
            return generic(&definition, arguments);
        }
        return known::object();
    }
    find(text).unwrap_or_else(known::object)
}

fn attribute(check: &Check) -> Option<Attribute> {
    Some(match check {
        Check::NotNull => Attribute::ValidateNotNull,
        Check::NotNullOrEmpty => Attribute::ValidateNotNullOrEmpty,
        Check::NotNullOrWhiteSpace => Attribute::ValidateNotNullOrWhiteSpace,
        Check::AllowNull => Attribute::AllowNull,
        Check::AllowEmptyString => Attribute::AllowEmptyString,
        Check::AllowEmptyCollection => Attribute::AllowEmptyCollection,
        Check::Range { min, max } => Attribute::ValidateRange {
            min: integer(*min),
            max: integer(*max),
        },
        Check::RangeKind(kind) => Attribute::ValidateRangeKind(match kind {
            DeclaredRange::Positive => RangeKind::Positive,
            DeclaredRange::NonNegative => RangeKind::NonNegative,
            DeclaredRange::Negative => RangeKind::Negative,
            DeclaredRange::NonPositive => RangeKind::NonPositive,
        }),
        Check::Length { min, max } => Attribute::ValidateLength {
            min: *min as i32,
            max: i32::try_from(*max).unwrap_or(i32::MAX),
        },
        Check::Count { min, max } => Attribute::ValidateCount {
            min: *min as i32,
            max: i32::try_from(*max).unwrap_or(i32::MAX),
        },
        Check::Pattern(pattern) => Attribute::ValidatePattern {
            pattern: pattern.as_str().into(),
            options: 1,
            message: None,
        },
        Check::Set {
            values,
            ignore_case,
        } => Attribute::ValidateSet {
            values: values.iter().map(|v| Rc::from(v.as_str())).collect(),
            ignore_case: *ignore_case,
            message: None,
            generator: None,
        },
        Check::Credential => Attribute::Transform("Credential".into()),
        Check::Transform(name) => Attribute::Transform(name.as_str().into()),
        _ => return None,
    })
}

fn integer(value: i64) -> Value {
    i32::try_from(value).map_or(Value::Long(value), Value::Int)
}
