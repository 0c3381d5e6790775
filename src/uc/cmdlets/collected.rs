//! A real deployment, collected with `Export-Clixml` on its servers, as entries for the store: one file for
//! a cmdlet (`Get-CsUser.xml`), each with the objects that it wrote. Properties that a declaration does not
//! know are kept as they are.

use crate::cmdlet::generic::value::{plain_datum, value_datum};
use crate::cmdlet::{catalog, kinds};
use crate::model::constraint;
use crate::model::deployment::{Deployment, Entry};
use crate::model::identity::{fold, normalise};
use crate::model::kind::{IdentityForm, Kind};
use crate::model::object::Object;
use crate::runtime::error::R;
use crate::runtime::invoke::BlockCall;
use crate::runtime::object::Member;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::path::{Path, PathBuf};

/// Members that say how an object came here, not what it is.
const OF_THE_WAY: &[&str] = &[
    "PSComputerName",
    "RunspaceId",
    "PSShowComputerName",
    "ObjectState",
    "PSSourceJobInstanceId",
];

/// Whether a path is a collection: a folder, or a file of `Export-Clixml`.
pub fn is_collection(path: &Path) -> bool {
    path.is_dir() || is_xml(path)
}

fn is_xml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("xml") || end.eq_ignore_ascii_case("clixml"))
}

/// The deployment that a folder or file holds; what exists here already keeps what the files do not say.
pub fn read(vm: &mut Vm, path: &Path) -> R<Deployment> {
    let mut files: Vec<PathBuf> = match std::fs::read_dir(path) {
        Ok(entries) => entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|file| is_xml(file))
            .collect(),
        Err(_) => vec![path.to_path_buf()],
    };
    files.sort();
    let mut entries: Vec<Entry> = Vec::new();
    for file in files {
        let named = file.file_stem().map(|it| it.to_string_lossy().into_owned());
        let noun = named.unwrap_or_default();
        let noun = noun.split_once('-').map_or(noun.as_str(), |(_, noun)| noun);
        let by_file = kinds::find(noun);
        for value in objects(vm, &file)? {
            let Some(kind) = by_file.or_else(|| kind_of(&value)) else {
                vm.write_warning(&format!(
                    "{}: nothing here is called {noun}; its objects are left out.",
                    file.display()
                ))?;
                break;
            };
            if let Some(entry) = entry(vm, kind, &value)? {
                add(vm, &mut entries, entry)?;
            }
        }
    }
    Ok(Deployment {
        product: String::new(),
        entries,
    })
}

fn objects(vm: &mut Vm, file: &Path) -> R<Vec<Value>> {
    let block = vm.parse_block("param($file) Import-Clixml -LiteralPath $file")?;
    let Value::Block(block) = block else {
        return Ok(Vec::new());
    };
    vm.call_block_with(
        &block,
        BlockCall {
            arguments: vec![Value::str(&*file.to_string_lossy())],
            ..BlockCall::default()
        },
    )
}

/// The kind whose objects have the value's type.
fn kind_of(value: &Value) -> Option<&'static Kind> {
    let Value::Custom(custom) = value.base() else {
        return None;
    };
    let names = custom.type_names.borrow();
    let plain = names
        .first()
        .map(|name| name.trim_start_matches("Deserialized."))?;
    catalog::names_starting_with("Get-")
        .filter_map(|summary| kinds::find(summary.name.split_once('-')?.1))
        .find(|kind| kind.type_names.first().is_some_and(|it| it == plain))
}

fn entry(vm: &mut Vm, kind: &'static Kind, value: &Value) -> R<Option<Entry>> {
    let Value::Custom(custom) = value.base() else {
        return Ok(None);
    };
    let mut text = |name: &str| -> R<String> {
        match custom.members.note(name) {
            Some(value) if !value.is_null() => vm.to_text(&value),
            _ => Ok(String::new()),
        }
    };
    // An account is known by its place in the directory, an object of Exchange by its name.
    let forms: &[&str] = match (&kind.identity, kind.stored_noun()) {
        (_, "ADUser") => &["DistinguishedName", "Identity"],
        (IdentityForm::Directory { .. }, _) => &["Name", "Identity"],
        _ => &["Identity", "DistinguishedName", "Name"],
    };
    let mut identity = String::new();
    for form in forms {
        if identity.is_empty() {
            identity = text(form)?;
        }
    }
    let stored = kinds::find(kind.stored_noun()).unwrap_or(kind);
    let Ok(identity) = normalise(stored, &identity) else {
        vm.write_warning(&format!(
            "\"{identity}\" cannot name a {}; it is left out.",
            kind.noun
        ))?;
        return Ok(None);
    };
    let mut object = Object::new(kind, identity);
    for (name, member) in custom.members.list() {
        let Member::Note(given) = member else {
            continue;
        };
        if given.is_null() || OF_THE_WAY.iter().any(|it| it.eq_ignore_ascii_case(&name)) {
            continue;
        }
        let Some(property) = kind.property(&name) else {
            if kind.view.is_none() {
                let kept = plain_datum(vm, &given)?;
                object.properties.push((name.to_string(), kept));
            }
            continue;
        };
        if property.key || property.is_computed() && property.pair.is_none() {
            continue;
        }
        let datum = value_datum(vm, &given, Some(property))?;
        if datum.same(&property.default) || datum.is_blank() {
            continue;
        }
        // A value that this declaration does not allow is what the deployment has all the same.
        let datum = constraint::value(property, datum.clone()).unwrap_or(datum);
        object.set(&property.name, datum);
    }
    Ok(Some(Entry {
        noun: kind.stored_noun().to_owned(),
        identity: object.identity,
        properties: object.properties,
    }))
}

/// Joins what several files, and the store, say of one object.
fn add(vm: &mut Vm, entries: &mut Vec<Entry>, entry: Entry) -> R<()> {
    let same = |known: &&mut Entry| {
        known.noun == entry.noun && fold(&known.identity) == fold(&entry.identity)
    };
    if let Some(known) = entries.iter_mut().find(same) {
        merge(&mut known.properties, entry.properties);
        return Ok(());
    }
    let store = vm.twin()?;
    let before = store.get(&entry.noun, &entry.identity);
    let mut properties = vm.model(before)?.map_or_else(Vec::new, |it| it.properties);
    merge(&mut properties, entry.properties);
    entries.push(Entry {
        properties,
        ..entry
    });
    Ok(())
}

fn merge<T>(into: &mut Vec<(String, T)>, from: Vec<(String, T)>) {
    for (name, value) in from {
        match into
            .iter_mut()
            .find(|(known, _)| fold(known) == fold(&name))
        {
            Some((_, old)) => *old = value,
            None => into.push((name, value)),
        }
    }
}
