//! The tree of public folders: the root that is always there, the system's own folders, and what lies below a folder.

use super::answer::{fault, object_value, refuse, text};
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::model::identity::fold;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, R};
use crate::runtime::object::Member;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-PublicFolder", || Box::new(Get)),
    ("Remove-PublicFolder", || Box::new(Remove)),
];

const NOUN: &str = "PublicFolder";

/// Folders that no administrator makes, with the names that they show.
const SYSTEM: &[(&str, &str)] = &[
    ("\\", "IPM_SUBTREE"),
    ("\\NON_IPM_SUBTREE", "NON_IPM_SUBTREE"),
    ("\\NON_IPM_SUBTREE\\DUMPSTER_ROOT", "DUMPSTER_ROOT"),
    ("\\NON_IPM_SUBTREE\\EFORMS REGISTRY", "EFORMS REGISTRY"),
    ("\\NON_IPM_SUBTREE\\LOST_AND_FOUND", "LOST_AND_FOUND"),
];

/// Every folder, the system's first.
fn folders(store: &Store) -> Result<Vec<Object>, ModelError> {
    let kind = store.kind(NOUN)?;
    let mut all: Vec<Object> = SYSTEM
        .iter()
        .map(|(path, _)| {
            let mut folder = Object::new(kind, *path);
            if let Some((above, _)) = path
                .rsplit_once('\\')
                .filter(|(above, _)| !above.is_empty())
            {
                folder.set("ParentPath", Datum::text(above));
            }
            folder
        })
        .collect();
    for folder in store.list(NOUN)? {
        all.push(folder?);
    }
    Ok(all)
}

/// Writes a folder; the root shows the name that the system gives it.
fn write(vm: &mut Vm, folder: &Object) -> R<()> {
    let shown = object_value(folder);
    if folder.identity == "\\"
        && let Value::Custom(custom) = &shown
    {
        let name = SYSTEM.first().map_or("", |(_, name)| name);
        custom.members.set("Name", Member::Note(Value::str(name)));
        custom
            .members
            .set("ParentPath", Member::Note(Value::str("")));
    }
    vm.write(shown)
}

/// Whether a folder lies below another; the system's folders are not below the root that users see.
fn below(folder: &Object, above: &str) -> bool {
    let path = fold(&folder.identity);
    match above {
        "\\" => path.len() > 1 && !path.starts_with("\\non_ipm_subtree"),
        above => path
            .strip_prefix(above)
            .is_some_and(|rest| rest.starts_with('\\')),
    }
}

/// Whether it lies directly in the other.
fn directly_in(folder: &Object, above: &str) -> bool {
    let path = fold(&folder.identity);
    below(folder, above)
        && path
            .rsplit_once('\\')
            .is_some_and(|(parent, _)| parent == above.trim_end_matches('\\'))
}

/// The folder that was named, by its path or its name; the root if none was.
fn named(store: &Store, all: &[Object], typed: Option<&str>) -> Result<Object, ModelError> {
    let typed = typed.unwrap_or("\\");
    let exact = all.iter().find(|it| fold(&it.identity) == fold(typed));
    match exact {
        Some(found) => Ok(found.clone()),
        None => store.find_one(NOUN, typed),
    }
}

struct Get;

impl Cmdlet for Get {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let all = folders(&store);
        let all = vm.model(all)?;
        let limit = match call.get("ResultSize") {
            Some(size) => vm.to_text(&size)?.parse().unwrap_or(usize::MAX),
            None => 10_000,
        };
        if call.switch("ResidentFolders") {
            // What a mailbox holds the contents of.
            let mailbox = text(vm, call, "Mailbox")?.unwrap_or_default();
            let here = |folder: &&Object| {
                let placed = ["OverrideContentMailbox", "Mailbox"]
                    .iter()
                    .map(|name| folder.text(name))
                    .find(|it| !it.is_empty());
                placed.is_some_and(|it| fold(&it) == fold(&mailbox))
            };
            let mut held = all.iter().filter(here).take(limit);
            return held.try_for_each(|folder| write(vm, folder));
        }
        let typed = text(vm, call, "Identity")?;
        let typed = match call.switch("LostAndFound") {
            true => Some("\\NON_IPM_SUBTREE\\LOST_AND_FOUND".to_owned()),
            false => typed,
        };
        let folder = match named(&store, &all, typed.as_deref()) {
            Ok(folder) => folder,
            Err(error) => return refuse(vm, &error),
        };
        let above = fold(&folder.identity);
        let mut shown: Vec<&Object> = Vec::new();
        let children = call.switch("GetChildren");
        let only_below = children || call.switch("LostAndFound");
        if !only_below {
            shown.push(&folder);
        }
        if only_below || call.switch("Recurse") {
            shown.extend(all.iter().filter(|it| match children {
                true => directly_in(it, &above),
                false => below(it, &above),
            }));
        }
        shown
            .into_iter()
            .take(limit)
            .try_for_each(|folder| write(vm, folder))
    }
}

struct Remove;

impl Cmdlet for Remove {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let folder = match store.find_one(NOUN, &typed) {
            Ok(folder) => folder,
            Err(error) => return refuse(vm, &error),
        };
        let all = folders(&store);
        let above = fold(&folder.identity);
        let mut gone: Vec<Object> = vm.model(all)?;
        gone.retain(|it| below(it, &above));
        if !gone.is_empty() && !call.switch("Recurse") {
            return vm.write_fault(fault(
                "PublicFolderHasSubfolders",
                Category::InvalidOperation,
                format!(
                    "The folder \"{}\" has subfolders. Use -Recurse to remove them with it.",
                    folder.identity
                ),
                &folder.identity,
            ));
        }
        if !vm.should_process(call, &folder.identity, "Remove-PublicFolder")? {
            return Ok(());
        }
        gone.push(folder);
        let removed = store.atomic(|| {
            for folder in &gone {
                store.remove(folder.kind, &folder.identity)?;
            }
            Ok(())
        });
        match removed {
            Ok(()) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}
