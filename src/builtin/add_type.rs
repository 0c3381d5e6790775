//! Add-Type: types from C# source, and assemblies by name.

use super::selection::stop;
use crate::cmdlet::registry::Factory;
use crate::lower::csharp;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::types::{TypeRef, reflection::assembly};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::csharp::Diagnostic;
use crate::syntax::csharp::ast::Unit;
use std::cell::RefCell;
use std::rc::Rc;

thread_local! {
    /// The sources that were compiled, with their types.
    static COMPILED: RefCell<Vec<(String, Vec<TypeRef>)>> = const { RefCell::new(Vec::new()) };
}

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[("Add-Type", || Box::new(AddType))];

/// Makes a .NET type known to the session.
struct AddType;

impl Cmdlet for AddType {
    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if call.has("OutputType") && !call.has("OutputAssembly") {
            return vm.raise(Fault::of(
                "System.Exception",
                "OUTPUTTYPE_REQUIRES_ASSEMBLY",
                Category::InvalidArgument,
                "The OutputType parameter requires that the OutputAssembly parameter be specified.",
            ));
        }
        if call.has("AssemblyName") {
            return load(vm, call);
        }
        let mut source = String::new();
        for path in call.texts("Path").iter().chain(&call.texts("LiteralPath")) {
            let file = vm.file_path(path);
            if !vm.file_system_path(path)?.exists() {
                return stop(crate::runtime::provider::path_not_found(
                    &file.to_string_lossy(),
                ));
            }
            let lower = path.to_ascii_lowercase();
            if lower.ends_with(".dll") || lower.ends_with(".exe") {
                return vm.raise(Fault::of(
                    "System.NotSupportedException",
                    "ASSEMBLY_NOT_SUPPORTED",
                    Category::NotImplemented,
                    format!("Add-Type cannot load the assembly '{path}' here: this shell runs without .NET."),
                ));
            }
            source = match std::fs::read_to_string(&file) {
                Ok(text) => text.trim_start_matches('\u{feff}').to_string(),
                Err(wrong) => {
                    return vm.raise(Fault::dotnet("System.IO.IOException", wrong.to_string()));
                }
            };
        }
        for name in call.texts("ReferencedAssemblies") {
            find_reference(vm, &name)?;
        }
        if let Some(definition) = call.text("TypeDefinition") {
            source = definition.to_string();
        }
        if let Some(name) = call.text("Name") {
            source = around_members(call, &name);
        }
        let types = compiled(vm, call, source)?;
        if call.switch("PassThru") {
            for found in types {
                vm.write(Value::Type(found))?;
            }
        }
        Ok(())
    }
}

/// The types of the assemblies that are there need no loading; any other is looked for as a file in
/// the current folder.
fn load(vm: &mut Vm, call: &Call) -> R<()> {
    for name in call.texts("AssemblyName") {
        if assembly::find(&name).is_none() {
            return missing(vm, &name);
        }
    }
    Ok(())
}

fn missing(vm: &mut Vm, name: &str) -> R<()> {
    let file = name.split(',').next().unwrap_or(name).trim();
    let file = match file.to_ascii_lowercase().ends_with(".dll") {
        true => vm.file_path(file),
        false => vm.file_path(&format!("{file}.dll")),
    };
    stop(crate::runtime::provider::path_not_found(
        &file.to_string_lossy(),
    ))
}

/// Assemblies that come with the program, but that no source can refer to by their name alone.
const NOT_FOR_SOURCE: &str = " ";

fn find_reference(vm: &mut Vm, name: &str) -> R<()> {
    let bare = name.strip_suffix(".dll").unwrap_or(name);
    if name.contains(['/', '\\']) {
        if vm.file_path(name).exists() {
            return Ok(());
        }
        return missing(vm, name);
    }
    if assembly::find(bare).is_none() || NOT_FOR_SOURCE.contains(&format!(" {bare} ")) {
        return missing(vm, name);
    }
    Ok(())
}

/// The class around what MemberDefinition says.
fn around_members(call: &Call, name: &str) -> String {
    let mut usings = String::from("using System;\nusing System.Runtime.InteropServices;\n");
    if call.has("UsingNamespace") {
        usings.clear();
        usings.push_str("using System;\nusing System.Runtime.InteropServices;\n");
        for namespace in call.texts("UsingNamespace") {
            usings.push_str(&format!("using {namespace};\n"));
        }
    }
    let members: Vec<String> = call
        .texts("MemberDefinition")
        .iter()
        .map(|m| m.to_string())
        .collect();
    let class = format!(
        "    public class {name}\n    {{\n    {}\n    }}\n",
        members.join("\n")
    );
    let namespace = match call.has("Namespace") {
        true => call.text("Namespace").unwrap_or_default(),
        false => "Microsoft.PowerShell.Commands.AddType.AutoGeneratedTypes".into(),
    };
    match namespace.is_empty() {
        true => format!("{usings}\n{class}"),
        false => format!("{usings}\nnamespace {namespace}\n{{\n{class}\n}}\n"),
    }
}

/// The types of a source, compiled unless that was done before.
fn compiled(vm: &mut Vm, call: &Call, source: String) -> R<Vec<TypeRef>> {
    let known = COMPILED.with_borrow(|all| {
        let found = all.iter().find(|(text, _)| *text == source);
        found.map(|(_, types)| types.clone())
    });
    if let Some(types) = known {
        return Ok(types);
    }
    let unit = match csharp::parse(&source, !call.switch("IgnoreWarnings")) {
        Ok(unit) => unit,
        Err(wrong) => return complain(vm, &source, &wrong),
    };
    refuse_known(vm, &unit)?;
    match csharp::define(vm, unit)? {
        Ok(types) => {
            COMPILED.with_borrow_mut(|all| all.push((source, types.clone())));
            Ok(types)
        }
        Err(wrong) => complain(vm, &source, &wrong),
    }
}

fn compiler_errors<T>(vm: &mut Vm) -> R<T> {
    vm.raise(Fault::of(
        "System.InvalidOperationException",
        "COMPILER_ERRORS",
        Category::InvalidData,
        "Cannot add type. Compilation errors occurred.",
    ))
}

/// A name can stand for one type only.
fn refuse_known(vm: &mut Vm, unit: &Unit) -> R<()> {
    let mut refused = false;
    for declaration in &unit.types {
        let name = declaration.full_name();
        let known = COMPILED.with_borrow(|all| {
            let mut types = all.iter().flat_map(|(_, types)| types);
            types.any(|t| *t.full_name == *name)
        });
        if known {
            refused = true;
            let shown = name.replace('+', ".");
            vm.write_fault(
                Fault::of(
                    "System.Exception",
                    "TYPE_ALREADY_EXISTS",
                    Category::InvalidOperation,
                    format!("Cannot add type. The type name '{shown}' already exists."),
                )
                .target(Value::str(&shown)),
            )?;
        }
    }
    match refused {
        true => compiler_errors(vm),
        false => Ok(()),
    }
}

/// Every complaint of the compiler with the line it is about, and then the end.
fn complain<T>(vm: &mut Vm, source: &str, wrong: &[Diagnostic]) -> R<T> {
    for each in wrong {
        let text = shown(source, each);
        let target: Rc<str> = text.as_str().into();
        vm.write_fault(
            Fault::of(
                "System.Exception",
                "SOURCE_CODE_ERROR",
                Category::InvalidData,
                text,
            )
            .target(Value::str(&*target)),
        )?;
    }
    compiler_errors(vm)
}

/// `(line,column): error CS1002: ; expected`, the line, and a mark below it.
fn shown(source: &str, wrong: &Diagnostic) -> String {
    let before = source.get(..wrong.at).unwrap_or(source);
    let number = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = source.get(start..).unwrap_or("");
    let line = line.lines().next().unwrap_or("");
    let column = before.get(start..).unwrap_or("").encode_utf16().count();
    let mut text = format!(
        "({number},{}): error {}: {}\n{line}\n",
        column + 1,
        wrong.code,
        wrong.message
    );
    let blanks = line.len() - line.trim_start().len();
    if blanks < line.len() {
        text.push_str(line.get(..blanks).unwrap_or(""));
        text.push_str(&" ".repeat(column.saturating_sub(blanks)));
        text.push_str("^\n");
    }
    text
}
