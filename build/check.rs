//! Completes a declaration with what RON may leave out, and refuses one that
//! contradicts itself.

use crate::declaration::{
    ALL_SETS, Check, CmdletDeclaration, CommandKind, ParameterDeclaration, ParameterInSet,
};
use crate::type_names;
use std::collections::HashSet;

/// Names and aliases that the binder gives to every cmdlet.
const COMMON: &[&str] = &[
    "verbose",
    "vb",
    "debug",
    "db",
    "erroraction",
    "ea",
    "warningaction",
    "wa",
    "informationaction",
    "infa",
    "progressaction",
    "proga",
    "errorvariable",
    "ev",
    "warningvariable",
    "wv",
    "informationvariable",
    "iv",
    "outvariable",
    "ov",
    "outbuffer",
    "ob",
    "pipelinevariable",
    "pv",
];

/// Names that come with `supports_should_process`.
const SHOULD_PROCESS: &[&str] = &["whatif", "wi", "confirm", "cf"];

/// Names that come with `supports_paging`.
const PAGING: &[&str] = &["includetotalcount", "skip", "first"];

/// What is wrong, and the parameter it is wrong with.
pub struct Fault {
    /// The name of the parameter, if it is one's fault.
    pub parameter: Option<String>,
    /// In one sentence.
    pub message: String,
}

type Checked = Result<(), Fault>;

/// Fills in the defaults that depend on other fields, then checks.
pub fn complete(cmdlet: &mut CmdletDeclaration, folder: &str) -> Checked {
    if cmdlet.module.is_empty() && cmdlet.kind == CommandKind::Cmdlet {
        cmdlet.module = folder.to_string();
    }
    if cmdlet.class.is_empty() && cmdlet.kind == CommandKind::Cmdlet {
        let name = cmdlet.name.replacen('-', "", 1);
        cmdlet.class = match folder {
            "Lync" => format!("Microsoft.Rtc.Management.{name}Cmdlet"),
            "Exchange" => format!("Microsoft.Exchange.Management.{name}"),
            _ => format!("Microsoft.PowerShell.Commands.{name}Command"),
        };
    }
    cmdlet.output_types = cmdlet
        .output_types
        .iter()
        .map(|name| full_type(name, None))
        .collect::<Result<_, _>>()?;
    for parameter in &mut cmdlet.parameters {
        parameter.type_name = full_type(&parameter.type_name, Some(&parameter.name))?;
        if parameter.sets.is_empty() {
            parameter.sets.push(ParameterInSet::default());
        }
    }
    check_sets(cmdlet)?;
    check_names(cmdlet)?;
    check_positions(cmdlet)?;
    cmdlet.parameters.iter().try_for_each(check_parameter)
}

fn full_type(declared: &str, parameter: Option<&str>) -> Result<String, Fault> {
    type_names::full_name(declared).ok_or_else(|| Fault {
        parameter: parameter.map(str::to_string),
        message: format!("the type `{declared}` is neither an accelerator nor a full name"),
    })
}

fn check_sets(cmdlet: &CmdletDeclaration) -> Checked {
    let known = |set: &String| set == ALL_SETS || cmdlet.sets.contains(set);
    if let Some(set) = cmdlet.default_set.as_ref().filter(|set| !known(set)) {
        return whole(format!("the default set `{set}` is not among its sets"));
    }
    for parameter in &cmdlet.parameters {
        let mut seen = HashSet::new();
        for place in &parameter.sets {
            if !known(&place.set) {
                return of(parameter, format!("there is no set `{}`", place.set));
            }
            if !seen.insert(&place.set) {
                return of(parameter, format!("it is twice in the set `{}`", place.set));
            }
        }
    }
    Ok(())
}

fn check_names(cmdlet: &CmdletDeclaration) -> Checked {
    let mut seen: HashSet<String> = HashSet::new();
    for parameter in &cmdlet.parameters {
        for name in std::iter::once(&parameter.name).chain(&parameter.aliases) {
            let folded = name.to_ascii_lowercase();
            let taken = COMMON.contains(&folded.as_str())
                || cmdlet.supports_should_process && SHOULD_PROCESS.contains(&folded.as_str())
                || cmdlet.supports_paging && PAGING.contains(&folded.as_str());
            if taken && cmdlet.kind == CommandKind::Cmdlet {
                return of(parameter, format!("`{name}` is a common parameter"));
            }
            if !seen.insert(folded) {
                return of(parameter, format!("the name `{name}` is taken twice"));
            }
        }
    }
    Ok(())
}

fn check_positions(cmdlet: &CmdletDeclaration) -> Checked {
    let unnamed = [ALL_SETS.to_string()];
    let sets: &[String] = if cmdlet.sets.is_empty() {
        &unnamed
    } else {
        &cmdlet.sets
    };
    for set in sets {
        let mut taken = HashSet::new();
        for parameter in &cmdlet.parameters {
            let position = parameter.in_set(set).and_then(|place| place.position);
            if position.is_some_and(|position| !taken.insert(position)) {
                let message = format!("its position in the set `{set}` is taken");
                return of(parameter, message);
            }
        }
    }
    Ok(())
}

fn check_parameter(parameter: &ParameterDeclaration) -> Checked {
    for check in &parameter.checks {
        let empty = match check {
            Check::Range { min, max } => min > max,
            Check::Length { min, max } | Check::Count { min, max } => min > max,
            Check::Set { values, .. } => values.is_empty(),
            Check::Span { min, max } => min.is_none() && max.is_none(),
            _ => false,
        };
        if empty {
            return of(parameter, format!("nothing or everything passes {check:?}"));
        }
    }
    Ok(())
}

fn whole(message: String) -> Checked {
    Err(Fault {
        parameter: None,
        message,
    })
}

fn of(parameter: &ParameterDeclaration, message: String) -> Checked {
    Err(Fault {
        parameter: Some(parameter.name.clone()),
        message,
    })
}
