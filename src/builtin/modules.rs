//! Import-, Get-, New- and Remove-Module, and Export-ModuleMember.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, ErrorRecord, Fault, R, Thrown, Unwind};
use crate::runtime::invoke::BlockCall;
use crate::runtime::messages::stopped_by_error;
use crate::runtime::module::{Exports, Module};
use crate::runtime::modules::{
    ImportOptions, VersionRange, default_exports, export_members, fits_any, module_not_found,
    name_after,
};
use crate::runtime::pattern::wildcard::WildcardPattern;
use crate::runtime::types::automation::module_info::{self, module_of};
use crate::runtime::value::Value;
use crate::runtime::vm::{Action, Vm};
use std::path::Path;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Import-Module", || Box::new(ImportModule)),
    ("Get-Module", || Box::new(GetModule)),
    ("New-Module", || Box::new(NewModule)),
    ("Remove-Module", || Box::<RemoveModule>::default()),
    ("Export-ModuleMember", || Box::new(ExportModuleMember)),
];

/// Other names under which scripts import the modules whose commands are part of the program.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("SkypeForBusiness", "Lync"),
    ("LyncOnlineConnector", "Lync"),
    ("SkypeOnlineConnector", "Lync"),
    ("MicrosoftTeams", "Lync"),
    ("Microsoft.Exchange.Management.PowerShell.E2010", "Exchange"),
    (
        "Microsoft.Exchange.Management.PowerShell.SnapIn",
        "Exchange",
    ),
];

/// The module of the program that a name stands for, with the names of its commands.
pub fn shipped(name: &str) -> Option<(&'static str, Vec<&'static str>)> {
    let name = OTHER_NAMES
        .iter()
        .find(|(other, _)| other.eq_ignore_ascii_case(name))
        .map_or(name, |(_, own)| own);
    let mut module = None;
    let mut commands = Vec::new();
    for summary in crate::cmdlet::catalog::names() {
        if summary.module.eq_ignore_ascii_case(name) {
            module = Some(summary.module);
            commands.push(summary.name);
        }
    }
    module.map(|m| (m, commands))
}

/// Whether a name is that of a module of the program.
pub fn is_shipped(name: &str) -> bool {
    shipped(name).is_some()
}

fn shipped_module(name: &str) -> Option<Rc<Module>> {
    let (own, commands) = shipped(name)?;
    // A script asks for the module by the name that it imported it under.
    let shown = OTHER_NAMES
        .iter()
        .find(|(other, _)| other.eq_ignore_ascii_case(name))
        .map_or(own, |(other, _)| *other);
    let module = Module::new(shown, "");
    *module.version.borrow_mut() = if shown.starts_with("Microsoft.PowerShell") {
        "7.0.0.0".into()
    } else {
        "1.0".into()
    };
    module.module_type.set(2);
    *module.exports.borrow_mut() = Exports {
        cmdlets: commands.into_iter().map(Rc::from).collect(),
        ..Exports::default()
    };
    Some(Rc::new(module))
}

fn options_of(vm: &mut Vm, call: &Call) -> R<ImportOptions> {
    let list = |name: &str| call.has(name).then(|| call.texts(name));
    let version = |vm: &mut Vm, name: &str| -> R<Option<Rc<str>>> {
        match call.get(name) {
            Some(value) if !value.is_null() => Ok(Some(vm.to_text(&value)?.into())),
            _ => Ok(None),
        }
    };
    Ok(ImportOptions {
        force: call.switch("Force"),
        global: call.switch("Global")
            || call
                .text("Scope")
                .is_some_and(|s| s.eq_ignore_ascii_case("global")),
        prefix: call.text("Prefix"),
        functions: list("Function"),
        aliases: list("Alias"),
        variables: list("Variable"),
        arguments: call.items("ArgumentList"),
        versions: VersionRange {
            minimum: version(vm, "MinimumVersion")?,
            maximum: version(vm, "MaximumVersion")?,
            required: version(vm, "RequiredVersion")?,
        },
        no_clobber: call.switch("NoClobber"),
        quiet: call.switch("DisableNameChecking"),
    })
}

const PARSE_EXCEPTION: &str = "System.Management.Automation.ParseException";

struct ImportModule;

impl Cmdlet for ImportModule {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let options = options_of(vm, call)?;
        for value in call.items("ModuleInfo") {
            if let Some(module) = module_of(&value) {
                if !vm.session.modules.iter().any(|m| Rc::ptr_eq(m, &module)) {
                    vm.session.modules.push(module.clone());
                }
                vm.import_exports(&module, &options)?;
                self.give(vm, call, module)?;
            }
        }
        for name in call.texts("Name") {
            self.import(vm, call, &name, &options)?;
        }
        for specification in call.items("FullyQualifiedName") {
            let (name, versions) = specified(vm, &specification)?;
            let options = ImportOptions {
                versions,
                ..options.clone()
            };
            self.import(vm, call, &name, &options)?;
        }
        Ok(())
    }
}

/// The name and versions of a module specification: a name, or a table.
pub fn specified(vm: &mut Vm, value: &Value) -> R<(Rc<str>, VersionRange)> {
    let Value::Dict(table) = value.base() else {
        return Ok((vm.to_text(value)?.into(), VersionRange::default()));
    };
    let text = |vm: &mut Vm, key: &str| -> R<Option<Rc<str>>> {
        match table.get_str(key) {
            Some(value) => Ok(Some(vm.to_text(&value)?.into())),
            None => Ok(None),
        }
    };
    Ok((
        text(vm, "ModuleName")?.unwrap_or_else(|| "".into()),
        VersionRange {
            minimum: text(vm, "ModuleVersion")?,
            maximum: text(vm, "MaximumVersion")?,
            required: text(vm, "RequiredVersion")?,
        },
    ))
}

impl ImportModule {
    fn import(&self, vm: &mut Vm, call: &Call, name: &str, options: &ImportOptions) -> R<()> {
        // Scripts for Windows name a product's module by its path there.
        let path = name.contains(['/', '\\']);
        let leaf = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let plain = match leaf.rsplit_once('.') {
            Some((stem, end)) if ["psd1", "psm1"].contains(&&*end.to_ascii_lowercase()) => stem,
            _ => leaf,
        };
        let absent = if path {
            !vm.file_path(name).exists()
        } else {
            vm.find_module_file(name, &VersionRange::default())
                .is_none()
        };
        if absent && let Some(module) = shipped_module(if path { plain } else { name }) {
            if !options.versions.contains(&module.version.borrow()) {
                return vm.write_fault(module_not_found(name, &options.versions));
            }
            if let Some(prefix) = &options.prefix {
                let exports = module.exports.borrow().cmdlets.clone();
                let names: Vec<&str> = exports.iter().map(|it| &**it).collect();
                crate::builtin::aliases::prefix_commands(vm, &names, prefix);
            }
            let known = vm
                .session
                .modules
                .iter()
                .find(|m| *m.name.borrow() == *module.name.borrow())
                .cloned();
            let module = match known {
                Some(known) => known,
                None => {
                    vm.session.modules.push(module.clone());
                    module
                }
            };
            return self.give(vm, call, module);
        }
        match vm.import_by_name(name, options) {
            Ok(module) => self.give(vm, call, module),
            Err(unwind) => match *unwind {
                Unwind::Error(thrown) => {
                    let id = thrown.record.error_id.borrow().clone();
                    if id.starts_with("Modules_") {
                        // It is the cmdlet's own error, whatever ran when it was found.
                        *thrown.record.invocation.borrow_mut() = None;
                        return vm.write_error(thrown.record);
                    }
                    if !thrown.record.thrown.get() {
                        // What else went wrong in the module's file is told as the file's own error.
                        return self.write_inner(vm, thrown.record);
                    }
                    name_after(&thrown.record, &call.info.class);
                    Err(thrown.into())
                }
                other => Err(Box::new(other)),
            },
        }
    }

    fn write_inner(&self, vm: &mut Vm, record: Rc<ErrorRecord>) -> R<()> {
        let unread = &*record.exception_type().full_name == PARSE_EXCEPTION;
        if unread && vm.error_action() == Action::Stop {
            // The exception of a text that cannot be read gives way to the one that stops.
            let record = record.copy_with(stopped_by_error(&record), Value::Null);
            record.named.set(true);
            return Err(Thrown {
                record: Rc::new(record),
                ends_script: true,
            }
            .into());
        }
        vm.write_foreign_error(record)
    }

    fn give(&self, vm: &mut Vm, call: &Call, module: Rc<Module>) -> R<()> {
        if call.switch("AsCustomObject") {
            let object = module_info::custom_object(vm, &module)?;
            return vm.write(object);
        }
        if call.switch("PassThru") {
            return vm.write(module_info::value(module));
        }
        Ok(())
    }
}

struct GetModule;

impl Cmdlet for GetModule {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut names = call.texts("Name");
        for specification in call.items("FullyQualifiedName") {
            names.push(specified(vm, &specification)?.0);
        }
        if call.switch("ListAvailable") {
            return self.available(vm, &names);
        }
        let mut found: Vec<Rc<Module>> = match vm.scope_module().filter(|m| !m.is_closure) {
            Some(inside) => inside.nested.borrow().clone(),
            None => Vec::new(),
        };
        found.extend(vm.session.modules.clone());
        if call.switch("All") {
            for module in found.clone() {
                found.extend(module.nested.borrow().iter().cloned());
            }
        }
        if names.is_empty() {
            found.sort_by(|a, b| {
                a.name
                    .borrow()
                    .to_lowercase()
                    .cmp(&b.name.borrow().to_lowercase())
            });
        }
        for module in found {
            let name = module.name.borrow().clone();
            if names.is_empty() || fits_any(&names, &name) {
                vm.write(module_info::value(module))?;
            }
        }
        Ok(())
    }
}

impl GetModule {
    fn available(&self, vm: &mut Vm, names: &[Rc<str>]) -> R<()> {
        let mut files = Vec::new();
        for name in names {
            if name.contains(['/', '\\']) {
                files.extend(vm.find_module_file(name, &VersionRange::default()));
            }
        }
        files.extend(vm.available_modules(None));
        for file in files {
            let name = file
                .file_stem()
                .map(|n| n.to_string_lossy().to_string())
                .unwrap_or_default();
            let by_path = names.iter().any(|n| n.contains(['/', '\\']));
            if names.is_empty() || by_path || fits_any(names, &name) {
                let module = described(vm, &file)?;
                vm.write(module_info::value(module))?;
            }
        }
        let mut shown: Vec<&str> = Vec::new();
        for summary in crate::cmdlet::catalog::names() {
            if !shown.contains(&summary.module) && !summary.module.is_empty() {
                shown.push(summary.module);
            }
        }
        shown.sort_unstable();
        for name in shown {
            if (names.is_empty() || fits_any(names, name))
                && let Some(module) = shipped_module(name)
            {
                vm.write(module_info::value(module))?;
            }
        }
        Ok(())
    }
}

/// A module by its manifest alone: nothing of it runs.
pub(super) fn described(vm: &mut Vm, file: &Path) -> R<Rc<Module>> {
    let name = file
        .file_stem()
        .map(|n| n.to_string_lossy().to_string())
        .unwrap_or_default();
    let module = Rc::new(Module::new(&name, &file.to_string_lossy()));
    if !file
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("psd1"))
    {
        return Ok(module);
    }
    let data = vm.read_data_file(file, true)?;
    let Value::Dict(table) = data.base() else {
        return Ok(module);
    };
    *module.manifest.borrow_mut() = data.clone();
    let text = |vm: &mut Vm, key: &str| -> R<Option<Rc<str>>> {
        match table.get_str(key) {
            Some(value) if !value.is_null() => Ok(Some(vm.to_text(&value)?.into())),
            _ => Ok(None),
        }
    };
    if let Some(version) = text(vm, "ModuleVersion")? {
        *module.version.borrow_mut() = version;
    }
    if let Some(guid) = text(vm, "GUID")? {
        *module.guid.borrow_mut() = guid;
    }
    if let Some(description) = text(vm, "Description")? {
        *module.description.borrow_mut() = description;
    }
    *module.private_data.borrow_mut() = table.get_str("PrivateData").unwrap_or_default();
    let root = match text(vm, "RootModule")? {
        Some(root) => Some(root),
        None => text(vm, "ModuleToProcess")?,
    };
    if root.is_none_or(|r| r.is_empty()) {
        module.module_type.set(2);
    }
    Ok(module)
}

struct NewModule;

impl Cmdlet for NewModule {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(Value::Block(block)) = call.get("ScriptBlock").map(Value::into_base) else {
            return Ok(());
        };
        let name = match call.text("Name") {
            Some(name) => name,
            None => {
                let guid = crate::runtime::text::guid::Guid::new();
                let text = guid.format("D").unwrap_or_default();
                format!("__DynamicModule_{text}").into()
            }
        };
        let module = Rc::new(Module::new(&name, &name));
        let scope = vm.make_module_scope(&module);
        let bound = Rc::new(block.bound_to(Some(module.clone())));
        let arguments = call.items("ArgumentList");
        let output = vm.in_scope(scope, |vm| {
            vm.call_block_with(
                &bound,
                BlockCall {
                    arguments,
                    dot_sourced: true,
                    ..BlockCall::default()
                },
            )
        })?;
        default_exports(&module);
        if call.has("Function") {
            let wanted = call.texts("Function");
            module
                .exports
                .borrow_mut()
                .functions
                .retain(|(n, _)| fits_any(&wanted, n));
        }
        let options = ImportOptions {
            quiet: true,
            ..ImportOptions::default()
        };
        if call.switch("AsCustomObject") {
            let object = module_info::custom_object(vm, &module)?;
            return vm.write(object);
        }
        vm.import_exports(&module, &options)?;
        if call.has("Name") {
            vm.session.modules.push(module.clone());
        }
        if call.switch("ReturnResult") {
            for item in output {
                vm.write(item)?;
            }
            return Ok(());
        }
        vm.write(module_info::value(module))
    }
}

#[derive(Default)]
struct RemoveModule {
    asked: usize,
    removed: usize,
    any_plain: bool,
}

impl Cmdlet for RemoveModule {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut chosen: Vec<Rc<Module>> = Vec::new();
        for value in call.items("ModuleInfo") {
            self.asked += 1;
            self.any_plain = true;
            chosen.extend(module_of(&value));
        }
        let mut names = call.texts("Name");
        for specification in call.items("FullyQualifiedName") {
            names.push(specified(vm, &specification)?.0);
        }
        for name in names {
            self.asked += 1;
            self.any_plain |= !WildcardPattern::contains_wildcards(&name);
            let stem = Path::new(&*name)
                .file_stem()
                .map(|s| s.to_string_lossy().to_string())
                .unwrap_or_default();
            let is_path = name.contains(['/', '\\']);
            let patterns = [if is_path { stem.as_str().into() } else { name }];
            let found: Vec<Rc<Module>> = vm
                .session
                .modules
                .iter()
                .filter(|m| fits_any(&patterns, &m.name.borrow()))
                .cloned()
                .collect();
            chosen.extend(found);
        }
        for module in chosen {
            let name = module.name.borrow().clone();
            if !vm.should_process(call, &name, "Remove-Module")? {
                self.removed += 1;
                continue;
            }
            let access = module.access.get();
            if access == 2 || (access == 1 && !call.switch("Force")) {
                let (id, what) = if access == 2 {
                    ("Modules_ModuleIsConstant", "constant")
                } else {
                    ("Modules_ModuleIsReadOnly", "read-only")
                };
                vm.write_fault(
                    Fault::of(
                        "System.InvalidOperationException",
                        id,
                        Category::PermissionDenied,
                        format!("Unable to remove the module '{name}' because it is {what}. Verify that your module is not {what}."),
                    )
                    .target(Value::str(&*name)),
                )?;
                continue;
            }
            vm.remove_module(&module)?;
            self.removed += 1;
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, _call: &Call) -> R<()> {
        if self.removed > 0 || !self.any_plain {
            return Ok(());
        }
        vm.write_fault(Fault::of(
            "System.InvalidOperationException",
            "Modules_NoModulesRemoved",
            Category::ResourceUnavailable,
            "No modules were removed. Verify that the specification of modules to remove is correct and those modules exist in the runspace.",
        ))
    }
}

struct ExportModuleMember;

impl Cmdlet for ExportModuleMember {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let Some(module) = vm.scope_module().filter(|m| !m.is_closure) else {
            return vm.raise(Fault::of(
                "System.InvalidOperationException",
                "Modules_CanOnlyExecuteExportModuleMemberInsideAModule",
                Category::PermissionDenied,
                "The Export-ModuleMember cmdlet can only be called from inside a module.",
            ));
        };
        let functions = call.texts("Function");
        let aliases = call.texts("Alias");
        let variables = call.texts("Variable");
        for name in &functions {
            vm.write_verbose(&format!("Exporting function '{name}'."))?;
        }
        export_members(&module, &functions, &aliases, &variables);
        Ok(())
    }
}
