//! Compress-Archive and Expand-Archive: ZIP files.

use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::provider::ItemPath;
use crate::runtime::provider::find::entries;
use crate::runtime::text::datetime::DateTime;
use crate::runtime::types::io::zip::{self, Entry};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use flate2::Compression;
use std::path::{Path, PathBuf};

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Compress-Archive", || Box::<CompressArchive>::default()),
    ("Expand-Archive", || Box::new(ExpandArchive)),
];

fn refused(id: &str, message: String, target: &str) -> Fault {
    Fault::of(
        "System.ArgumentException",
        id,
        Category::InvalidArgument,
        message,
    )
    .target(Value::str(target))
}

fn no_path(path: &str) -> Fault {
    refused(
        "ArchiveCmdletPathNotFound",
        format!("The path '{path}' either does not exist or is not a valid file system path."),
        path,
    )
}

fn failed(error: &std::io::Error, path: &Path) -> Fault {
    Fault::of(
        "System.IO.IOException",
        "ArchiveFileFailure",
        Category::WriteError,
        format!("{error} : '{}'", path.display()),
    )
}

/// The archive's path with its extension; another extension than `.zip` is an error.
fn archive_path(vm: &mut Vm, text: &str) -> R<PathBuf> {
    let path = vm.file_path(text);
    match path.extension().map(|e| e.to_string_lossy().into_owned()) {
        None => Ok(PathBuf::from(format!("{}.zip", path.display()))),
        Some(extension) if extension.eq_ignore_ascii_case("zip") => Ok(path),
        Some(extension) => vm.raise(refused(
            "NotSupportedArchiveFileExtension",
            format!("{extension} is not a supported archive file format. .zip is the only supported archive file format."),
            &format!(".{extension}"),
        )),
    }
}

#[derive(Default)]
struct CompressArchive {
    paths: Vec<std::rc::Rc<str>>,
}

impl Cmdlet for CompressArchive {
    fn process(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        self.paths.extend(call.texts("Path"));
        self.paths.extend(call.texts("LiteralPath"));
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let destination = call.text("DestinationPath").unwrap_or_default();
        let archive = archive_path(vm, &destination)?;
        let shown = archive.to_string_lossy().into_owned();
        if archive.exists() && !call.switch("Force") && !call.switch("Update") {
            return vm.raise(refused(
                "ArchiveFileExists",
                format!("The archive file {shown} already exists. Use the -Update parameter to update the existing archive file or use the -Force parameter to overwrite the existing archive file."),
                &shown,
            ));
        }
        let literal = call.has("LiteralPath");
        let mut items: Vec<ItemPath> = Vec::new();
        for path in &self.paths {
            let found = vm.find_items(path, literal, false)?;
            if found.items.is_empty() {
                return vm.raise(no_path(path));
            }
            items.extend(found.items);
        }
        if !vm.should_process(call, &shown, "Compress-Archive")? {
            return Ok(());
        }
        let mut list = Vec::new();
        if call.switch("Update") && archive.exists() {
            list = match crate::host::file::read(&archive) {
                Ok(bytes) => zip::read(&bytes)?,
                Err(error) => return vm.write_fault(failed(&error, &archive)),
            };
        }
        let level = match call.text("CompressionLevel").as_deref() {
            Some(level) if level.eq_ignore_ascii_case("NoCompression") => Compression::none(),
            Some(level) if level.eq_ignore_ascii_case("Fastest") => Compression::fast(),
            _ => Compression::default(),
        };
        for item in &items {
            if let Err(error) = add(&mut list, item.as_file(), "", level) {
                return vm.write_fault(failed(&error, item.as_file()));
            }
        }
        let bytes = zip::write(&list)?;
        if let Err(error) = std::fs::write(&archive, bytes) {
            return vm.write_fault(failed(&error, &archive));
        }
        if call.switch("PassThru") {
            let made = vm.item_value(&ItemPath::file(shown))?;
            vm.write(made)?;
        }
        Ok(())
    }
}

/// Adds a file, or a folder with what is in it; an entry of the same name is replaced.
fn add(
    list: &mut Vec<Entry>,
    path: &Path,
    prefix: &str,
    level: Compression,
) -> std::io::Result<()> {
    let leaf = path.file_name().unwrap_or_default().to_string_lossy();
    let name = format!("{prefix}{leaf}");
    if !path.is_dir() {
        let entry = Entry {
            name,
            data: crate::host::file::read(path)?,
            compressed_length: 0,
            modified: changed(path)?,
            level,
            attributes: 0,
        };
        list.retain(|old| old.name != entry.name);
        list.push(entry);
        return Ok(());
    }
    let prefix = format!("{name}/");
    let children = entries(path, false)?;
    if children.is_empty() && !list.iter().any(|old| old.name == prefix) {
        list.push(Entry {
            name: prefix.clone(),
            data: Vec::new(),
            compressed_length: 0,
            modified: changed(path)?,
            level,
            attributes: 0,
        });
    }
    for (child, _) in children {
        add(list, &child, &prefix, level)?;
    }
    Ok(())
}

/// When a file or folder was last changed, on the local clock.
fn changed(path: &Path) -> std::io::Result<DateTime> {
    let time = path.metadata()?.modified()?;
    Ok(DateTime::from_system_time(time).to_local())
}

struct ExpandArchive;

impl Cmdlet for ExpandArchive {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let literal = call.text("LiteralPath");
        let given = literal.or_else(|| call.text("Path")).unwrap_or_default();
        let found = vm.find_items(&given, call.has("LiteralPath"), false)?;
        let Some(item) = found.items.first() else {
            return vm.raise(no_path(&given));
        };
        let archive = archive_path(vm, &item.path)?;
        let target = match call.text("DestinationPath") {
            Some(folder) => vm.file_path(&folder),
            None => {
                let stem = archive.file_stem().unwrap_or_default().to_owned();
                vm.session.location.join(stem)
            }
        };
        let shown = archive.to_string_lossy().into_owned();
        if !vm.should_process(call, &shown, "Expand-Archive")? {
            return Ok(());
        }
        let list = match crate::host::file::read(&archive) {
            Ok(bytes) => zip::read(&bytes)?,
            Err(error) => return vm.raise(failed(&error, &archive)),
        };
        for entry in list {
            let Some(place) = inside(&target, &entry.name) else {
                continue;
            };
            if let Err(error) = self.place(vm, call, &archive, &target, &place, &entry)? {
                vm.write_fault(failed(&error, &place))?;
            }
        }
        Ok(())
    }
}

/// Where an entry goes; none for names that lead out of the folder.
fn inside(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut place = folder.to_path_buf();
    for part in name
        .split(['/', '\\'])
        .filter(|p| !p.is_empty() && *p != ".")
    {
        if part == ".." || part.contains(':') {
            return None;
        }
        place.push(part);
    }
    Some(place)
}

impl ExpandArchive {
    fn place(
        &self,
        vm: &mut Vm,
        call: &Call,
        archive: &Path,
        target: &Path,
        place: &Path,
        entry: &Entry,
    ) -> R<std::io::Result<()>> {
        if entry.name.ends_with('/') {
            return Ok(std::fs::create_dir_all(place));
        }
        if place.exists() && !call.switch("Force") {
            let file = place.display();
            vm.write_fault(refused(
                "ExpandArchiveFileExists",
                format!(
                    "Failed to create file '{file}' while expanding the archive file '{}' contents as the file '{file}' already exists. Use the -Force parameter if you want to overwrite the existing directory '{}' contents when expanding the archive file.",
                    archive.display(),
                    target.display()
                ),
                &file.to_string(),
            ))?;
            return Ok(Ok(()));
        }
        let folder = place.parent().unwrap_or(target);
        let made =
            std::fs::create_dir_all(folder).and_then(|()| std::fs::write(place, &entry.data));
        if made.is_ok() && call.switch("PassThru") {
            let item = ItemPath::file(place.to_string_lossy().into_owned());
            let value = vm.item_value(&item)?;
            vm.write(value)?;
        }
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stay_inside_their_folder() {
        let folder = Path::new("/x");
        for (name, want) in [
            ("a/b.txt", Some("/x/a/b.txt")),
            ("./a", Some("/x/a")),
            ("../a", None),
            ("c:/a", None),
        ] {
            assert_eq!(inside(folder, name), want.map(PathBuf::from), "{name}");
        }
    }
}
