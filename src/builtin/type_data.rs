//! Update-, Get- and Remove-TypeData.

use super::members::{script_of, type_of_alias};
use super::type_file;
use crate::cmdlet::registry::Factory;
use crate::runtime::collection::{Dictionary, KeyComparison};
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::modules::fits_any;
use crate::runtime::object::{Member, Members};
use crate::runtime::provider::ItemPath;
use crate::runtime::symbol::Symbol;
use crate::runtime::text::encoding::decode_script;
use crate::runtime::types::known;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::source::Source;
use std::rc::Rc;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Update-TypeData", || Box::new(UpdateTypeData)),
    ("Get-TypeData", || Box::new(GetTypeData)),
    ("Remove-TypeData", || Box::new(RemoveTypeData)),
];

/// The member set that holds what views and serialization go by.
const STANDARD: &str = "PSStandardMembers";

/// Parameters that name standard members.
const STANDARD_SETS: &[&str] = &[
    "DefaultDisplayPropertySet",
    "DefaultKeyPropertySet",
    "PropertySerializationSet",
];

struct UpdateTypeData;

/// The full name of a type when it is known, else the name as given.
fn full_name(vm: &mut Vm, value: &Value) -> R<Rc<str>> {
    if let Value::Type(type_ref) = value.base() {
        return Ok(type_ref.full_name.clone());
    }
    let text = vm.to_text(value)?;
    Ok(match crate::runtime::types::find(&text) {
        Some(type_ref) => type_ref.full_name.clone(),
        None => text.into(),
    })
}

fn dynamic_fault(message: String) -> Fault {
    Fault::of(
        "System.Management.Automation.RuntimeException",
        "TypesDynamicUpdateException",
        Category::InvalidOperation,
        message,
    )
}

impl Cmdlet for UpdateTypeData {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if let Some(type_name) = call.get("TypeName") {
            return self.dynamic(vm, call, &type_name);
        }
        for (parameter, id) in [
            ("PrependPath", "TypesPrependPathException"),
            ("AppendPath", "TypesAppendPathException"),
        ] {
            for path in call.texts(parameter) {
                for file in files(vm, &path, id)? {
                    self.file(vm, call, &file)?;
                }
            }
        }
        for data in call.items("TypeData") {
            let name = vm.get_member(&data, "TypeName")?.unwrap_or_default();
            let name = full_name(vm, &name)?;
            let table = vm.get_member(&data, "Members")?.unwrap_or_default();
            if let Value::Dict(table) = table.base() {
                for (key, value) in table.pairs() {
                    let key = vm.to_text(&key)?;
                    let member = vm
                        .get_member(&value, "Value")?
                        .map_or(Member::Note(value.clone()), Member::Note);
                    self.enter(vm, call, &name, &key, member)?;
                }
            }
        }
        Ok(())
    }
}

/// The files of type data or views that a path means; wrong ones are written as errors.
pub fn files(vm: &mut Vm, path: &str, id: &str) -> R<Vec<ItemPath>> {
    let wrong = |message: String| {
        Fault::of(
            "System.Management.Automation.PSInvalidOperationException",
            id,
            Category::InvalidArgument,
            message,
        )
    };
    let found = vm.find_items(path, false, true)?;
    for mut fault in found.faults {
        fault.id = id.into();
        fault.category = Category::InvalidOperation;
        vm.write_fault(fault.target(Value::str(path)))?;
    }
    let mut files = Vec::new();
    for item in found.items {
        if !item.is_file_system() {
            vm.write_fault(wrong(format!(
                "Cannot use the {} provider: only paths of the file system can be read here.",
                item.provider.name()
            )))?;
        } else if !item.path.to_ascii_lowercase().ends_with(".ps1xml") {
            vm.write_fault(wrong(format!(
                "Cannot update the type data with the file {}. The file must have the extension ps1xml.",
                item.path
            )))?;
        } else {
            files.push(item);
        }
    }
    Ok(files)
}

impl UpdateTypeData {
    /// The members of a file of type data.
    fn file(&self, vm: &mut Vm, call: &Call, file: &ItemPath) -> R<()> {
        let read = match crate::host::file::read(file.as_file()) {
            Ok(bytes) => type_file::read(&decode_script(&bytes)),
            Err(error) => Err(error.to_string()),
        };
        let declared = match read {
            Ok(declared) => declared,
            Err(message) => {
                return vm.write_fault(Fault::of(
                    "System.Management.Automation.RuntimeException",
                    "TypesXmlUpdateException",
                    Category::InvalidOperation,
                    format!("{}: {message}", file.path),
                ));
            }
        };
        for one in declared {
            let scripts = one.kind.starts_with("Script");
            let mut parts = [one.first, one.second];
            for part in parts.iter_mut().flatten().filter(|_| scripts) {
                let text = vm.to_text(part)?;
                let source = Rc::new(Source::new(&text, None));
                *part = Value::Block(Rc::new(vm.parse_source(&source)?));
            }
            let [first, second] = parts;
            let member = self.member(vm, one.kind, first, second)?;
            match one.standard {
                true => self.enter_standard(vm, call, &one.type_name, &one.name, member)?,
                false => self.enter(vm, call, &one.type_name, &one.name, member)?,
            }
        }
        Ok(())
    }

    fn dynamic(&self, vm: &mut Vm, call: &Call, type_name: &Value) -> R<()> {
        let name = full_name(vm, type_name)?;
        let mut any = false;
        if !call.has("MemberType")
            && ["MemberName", "Value", "SecondValue"]
                .iter()
                .any(|p| call.has(p))
        {
            return vm.raise(Fault::of(
                "System.InvalidOperationException",
                "MemberTypeIsMissing",
                Category::InvalidOperation,
                "The MemberType parameter must be specified with the MemberName, Value and SecondValue parameters.",
            ));
        }
        if let Some(kind) = call.get("MemberType") {
            any = true;
            let kind = vm.to_text(&kind)?;
            let member_name = call.text("MemberName").unwrap_or_default();
            let (first, second) = (call.get("Value"), call.get("SecondValue"));
            let member = self.member(vm, &kind, first, second)?;
            self.enter(vm, call, &name, &member_name, member)?;
        }
        for set in STANDARD_SETS {
            if call.has(set) {
                any = true;
                let names = call.texts(set);
                self.enter_standard(vm, call, &name, set, Member::PropertySet(names))?;
            }
        }
        for note in [
            "DefaultDisplayProperty",
            "SerializationDepth",
            "SerializationMethod",
            "StringSerializationSource",
            "TargetTypeForDeserialization",
            "InheritPropertySerializationSet",
        ] {
            if let Some(value) = call.get(note) {
                any = true;
                self.enter_standard(vm, call, &name, note, Member::Note(value))?;
            }
        }
        if call.has("TypeConverter") || call.has("TypeAdapter") {
            any = true;
        }
        if !any {
            return vm.raise(
                Fault::of(
                    "System.InvalidOperationException",
                    "TypeDataEmpty",
                    Category::InvalidOperation,
                    format!(
                        "The TypeData must contain members or other data for the type \"{name}\"."
                    ),
                )
                .target(Value::str(&*name)),
            );
        }
        Ok(())
    }

    fn member(
        &self,
        vm: &mut Vm,
        kind: &str,
        first: Option<Value>,
        second: Option<Value>,
    ) -> R<Member> {
        Ok(match kind.to_ascii_lowercase().as_str() {
            "scriptproperty" => Member::Script {
                getter: script_of(vm, first.as_ref())?,
                setter: script_of(vm, second.as_ref())?,
            },
            "aliasproperty" => Member::Alias {
                target: vm.to_text(&first.unwrap_or_default())?.into(),
                conversion: type_of_alias(vm, second.as_ref())?,
            },
            "scriptmethod" => match script_of(vm, first.as_ref())? {
                Some(block) => Member::Method(block),
                None => Member::Note(Value::Null),
            },
            "propertyset" => {
                let value = first.unwrap_or_default();
                let items = vm.enumerate(&value)?.unwrap_or_else(|| vec![value]);
                let mut names = Vec::new();
                for item in &items {
                    names.push(vm.to_text(item)?.into());
                }
                Member::PropertySet(names)
            }
            _ => Member::Note(first.unwrap_or_default()),
        })
    }

    fn members(&self, vm: &mut Vm, type_name: &str) -> Rc<Members> {
        vm.session
            .type_members
            .entry(Symbol::fold(type_name))
            .or_default()
            .clone()
    }

    fn enter(
        &self,
        vm: &mut Vm,
        call: &Call,
        type_name: &str,
        name: &str,
        member: Member,
    ) -> R<()> {
        if !vm.should_process(call, &format!("TypeName: {type_name}"), "Update TypeData")? {
            return Ok(());
        }
        let members = self.members(vm, type_name);
        let exists = members.get(Symbol::fold(name)).is_some()
            || crate::runtime::type_data::type_data(type_name)
                .is_some_and(|d| d.members.iter().any(|(n, _)| n.eq_ignore_ascii_case(name)));
        put(vm, call, (&members, type_name), (name, member), exists)
    }

    fn enter_standard(
        &self,
        vm: &mut Vm,
        call: &Call,
        type_name: &str,
        name: &str,
        member: Member,
    ) -> R<()> {
        if !vm.should_process(call, &format!("TypeName: {type_name}"), "Update TypeData")? {
            return Ok(());
        }
        let members = self.members(vm, type_name);
        let standard = match members.get(Symbol::fold(STANDARD)) {
            Some(Member::MemberSet(set)) => set,
            _ => {
                let set = Rc::new(Members::default());
                members.set(STANDARD, Member::MemberSet(set.clone()));
                set
            }
        };
        let exists = standard.get(Symbol::fold(name)).is_some();
        put(vm, call, (&standard, type_name), (name, member), exists)
    }
}

/// Gives a type's members another; only `-Force` replaces one that is there.
fn put(
    vm: &mut Vm,
    call: &Call,
    (members, type_name): (&Members, &str),
    (name, member): (&str, Member),
    exists: bool,
) -> R<()> {
    if exists && !call.switch("Force") {
        return vm.write_fault(dynamic_fault(format!(
            "Error in TypeData \"{type_name}\": The member {name} is already present."
        )));
    }
    members.set(name, member);
    Ok(())
}

struct GetTypeData;

impl Cmdlet for GetTypeData {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let patterns = call.texts("TypeName");
        let mut names: Vec<Rc<str>> = vm
            .session
            .type_members
            .keys()
            .map(|s| s.first_spelling())
            .filter(|n| patterns.is_empty() || fits_any(&patterns, n))
            .collect();
        names.sort();
        for pattern in &patterns {
            let plain = crate::runtime::types::find(pattern).map(|t| t.full_name.clone());
            let name = plain.unwrap_or_else(|| pattern.clone());
            let declared = crate::runtime::type_data::type_data(&name).is_some();
            if declared && !names.iter().any(|n| n.eq_ignore_ascii_case(&name)) {
                names.push(name);
            }
        }
        for name in names {
            let value = data_value(vm, &name);
            vm.write(value)?;
        }
        Ok(())
    }
}

fn data_value(vm: &mut Vm, name: &str) -> Value {
    let table = Dictionary::new(known::hashtable(), KeyComparison::IgnoreCase);
    let mut fields = vec![("TypeName", Value::str(name))];
    let property_set = |names: &[Rc<str>]| {
        PlainObject::new(
            "System.Management.Automation.Runspaces.PropertySetData",
            vec![(
                "ReferencedProperties",
                Value::strings(names.iter().map(|n| n.to_string())),
            )],
        )
        .value()
    };
    let mut sets = [Value::Null, Value::Null, Value::Null];
    let mut display = Value::Null;
    for (member_name, member) in vm.type_data_members(name) {
        let kind = match &member {
            Member::MemberSet(inner) if member_name.eq_ignore_ascii_case(STANDARD) => {
                for (slot, set) in sets.iter_mut().zip(STANDARD_SETS) {
                    if let Some(Member::PropertySet(names)) = inner.get(Symbol::fold(set)) {
                        *slot = property_set(&names);
                    }
                }
                display = inner.note("DefaultDisplayProperty").unwrap_or_default();
                continue;
            }
            Member::Note(value) => (
                "NotePropertyData",
                vec![
                    ("Name", Value::str(&*member_name)),
                    ("Value", value.clone()),
                ],
            ),
            Member::Script { getter, setter } => (
                "ScriptPropertyData",
                vec![
                    ("Name", Value::str(&*member_name)),
                    (
                        "GetScriptBlock",
                        getter.clone().map_or(Value::Null, Value::Block),
                    ),
                    (
                        "SetScriptBlock",
                        setter.clone().map_or(Value::Null, Value::Block),
                    ),
                ],
            ),
            Member::Alias { target, .. } => (
                "AliasPropertyData",
                vec![
                    ("Name", Value::str(&*member_name)),
                    ("ReferencedMemberName", Value::str(&**target)),
                ],
            ),
            Member::Method(block) => (
                "ScriptMethodData",
                vec![
                    ("Name", Value::str(&*member_name)),
                    ("Script", Value::Block(block.clone())),
                ],
            ),
            _ => ("TypeMemberData", vec![("Name", Value::str(&*member_name))]),
        };
        let (type_name, fields) = kind;
        let full = format!("System.Management.Automation.Runspaces.{type_name}");
        table.set_str(&member_name, PlainObject::new(&full, fields).value());
    }
    let [shown, keys, serialized] = sets;
    fields.push(("Members", Value::Dict(Rc::new(table))));
    fields.push(("DefaultDisplayProperty", display));
    fields.push(("DefaultDisplayPropertySet", shown));
    fields.push(("DefaultKeyPropertySet", keys));
    fields.push(("PropertySerializationSet", serialized));
    PlainObject::new("System.Management.Automation.Runspaces.TypeData", fields)
        .with_text("System.Management.Automation.Runspaces.TypeData")
        .value()
}

struct RemoveTypeData;

impl Cmdlet for RemoveTypeData {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut names = Vec::new();
        if let Some(name) = call.get("TypeName") {
            names.push(full_name(vm, &name)?);
        }
        for data in call.items("TypeData") {
            let name = vm.get_member(&data, "TypeName")?.unwrap_or_default();
            names.push(vm.to_text(&name)?.into());
        }
        for name in names {
            if !vm.should_process(call, &format!("TypeName: {name}"), "Remove TypeData")? {
                continue;
            }
            if vm
                .session
                .type_members
                .remove(&Symbol::fold(&name))
                .is_none()
            {
                vm.write_fault(
                    Fault::of(
                        "System.Management.Automation.RuntimeException",
                        "TypesDynamicUpdateException",
                        Category::InvalidOperation,
                        format!("Error in TypeData \"{name}\": The type \"{name}\" was not found. The type name value must be the full name of the type. Verify the type name and run the command again."),
                    )
                    .target(Value::str(&*name)),
                )?;
            }
        }
        Ok(())
    }
}
