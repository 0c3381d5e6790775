//! Items as values: files with what their provider adds, drives, locations, and
//! the items of the drives without folders.

use super::{Drive, ItemPath, Provider};
use crate::runtime::command::Command;
use crate::runtime::error::R;
use crate::runtime::object::{CustomObject, Member};
use crate::runtime::scope::Slot;
use crate::runtime::symbol::Symbol;
use crate::runtime::types::automation::command_info::CommandValue;
use crate::runtime::types::io::file_info::FileInfo;
use crate::runtime::types::record::Record;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::path::Path;

impl Vm {
    /// The object of an item, with the notes of its provider.
    pub fn item_value(&mut self, item: &ItemPath) -> R<Value> {
        let value = match item.provider {
            Provider::FileSystem => {
                let path = item.as_file();
                Value::native(FileInfo::new(path, path.is_dir()))
            }
            _ => match self.flat_value(item) {
                Some(value) => value,
                None => return Ok(Value::Null),
            },
        };
        self.annotate(value, item)
    }

    /// Gives an object the notes that tell where it came from.
    fn annotate(&mut self, value: Value, item: &ItemPath) -> R<Value> {
        let container = match item.provider {
            Provider::FileSystem => item.as_file().is_dir(),
            _ => item.path.is_empty(),
        };
        let mut notes = self.origin_notes(item);
        notes.push(("PSIsContainer", Value::Bool(container)));
        match value.base() {
            Value::Native(native) => {
                native.extension.write(|data| {
                    for (name, note) in notes {
                        data.members.set(name, Member::Note(note));
                    }
                });
            }
            Value::Custom(object) => {
                for (name, note) in notes {
                    object.members.set(name, Member::Note(note));
                }
            }
            _ => {}
        }
        Ok(value)
    }

    /// `PSPath`, `PSParentPath`, `PSChildName`, `PSDrive`, `PSProvider` of an item.
    pub fn origin_notes(&mut self, item: &ItemPath) -> Vec<(&'static str, Value)> {
        let mut notes = vec![("PSPath", Value::str(item.provider_text()))];
        if item.is_file_system() {
            let parent = match Path::new(&item.path).parent() {
                Some(parent) => format!(
                    "{}::{}",
                    item.provider.full_name(),
                    parent.to_string_lossy()
                ),
                None => String::new(),
            };
            notes.push(("PSParentPath", Value::str(parent)));
            notes.push(("PSChildName", Value::str(item.leaf())));
        }
        let drive = self.find_drive(&item.drive);
        notes.push((
            "PSDrive",
            drive.map_or(Value::Null, |d| self.drive_value(&d)),
        ));
        notes.push(("PSProvider", self.provider_value(item.provider)));
        notes
    }

    /// A provider as a value.
    pub fn provider_value(&mut self, provider: Provider) -> Value {
        let drives = self.drives();
        let names: Vec<Value> = drives
            .borrow()
            .list
            .iter()
            .filter(|d| d.provider == provider)
            .map(|d| Value::str(&*d.name))
            .collect();
        let capabilities = match provider {
            Provider::FileSystem => 16 | 4 | 32,
            _ => 16,
        };
        Record::value(
            "System.Management.Automation.ProviderInfo",
            provider.full_name(),
            vec![
                ("ImplementingType", Value::Null),
                (
                    "HelpFile",
                    Value::str("System.Management.Automation.dll-Help.xml"),
                ),
                ("Name", Value::str(provider.name())),
                ("PSSnapIn", Value::Null),
                ("ModuleName", Value::str("Microsoft.PowerShell.Core")),
                ("Module", Value::Null),
                ("Description", Value::str("")),
                (
                    "Capabilities",
                    Value::enum_of(
                        "System.Management.Automation.Provider.ProviderCapabilities",
                        capabilities,
                    ),
                ),
                (
                    "Home",
                    match provider {
                        Provider::FileSystem => self.host.variable("HOME").into(),
                        _ => Value::str(""),
                    },
                ),
                ("Drives", Value::array(names)),
            ],
        )
    }

    /// A drive as a value.
    pub fn drive_value(&mut self, drive: &Drive) -> Value {
        let provider = self.provider_value(drive.provider);
        let current = match drive.provider {
            Provider::FileSystem if &*drive.name == "/" => self
                .session
                .location
                .to_string_lossy()
                .trim_start_matches('/')
                .to_string(),
            _ => String::new(),
        };
        Record::value(
            "System.Management.Automation.PSDriveInfo",
            &*drive.name,
            vec![
                ("CurrentLocation", Value::str(current)),
                ("Name", Value::str(&*drive.name)),
                ("Provider", provider),
                ("Root", Value::str(&*drive.root)),
                ("Description", Value::str(&*drive.description)),
                ("MaximumSize", Value::Null),
                ("Credential", Value::Null),
                ("DisplayRoot", Value::Null),
                ("VolumeSeparatedByColon", Value::Bool(&*drive.name != "/")),
            ],
        )
    }

    /// A location as a value: PathInfo.
    pub fn path_info(&mut self, item: &ItemPath) -> Value {
        let drive = self.find_drive(&item.drive);
        let drive = drive.map_or(Value::Null, |d| self.drive_value(&d));
        let provider = self.provider_value(item.provider);
        let text = match item.is_file_system() {
            true => self.drive_path(item),
            false => item.text(),
        };
        Record::value(
            "System.Management.Automation.PathInfo",
            text.clone(),
            vec![
                ("Drive", drive),
                ("Provider", provider),
                (
                    "ProviderPath",
                    Value::str(match item.is_file_system() {
                        true => item.path.clone(),
                        false => item.path.clone(),
                    }),
                ),
                ("Path", Value::str(text)),
            ],
        )
    }

    /// A file's path by the drive it was reached by: `X:/a` for drives that scripts made.
    fn drive_path(&mut self, item: &ItemPath) -> String {
        if &*item.drive == "/" {
            return item.path.clone();
        }
        match self.find_drive(&item.drive) {
            Some(drive) => {
                let root = drive.root.trim_end_matches('/');
                let rest = item.path.strip_prefix(root).unwrap_or(&item.path);
                format!("{}:/{}", drive.name, rest.trim_start_matches('/'))
            }
            None => item.path.clone(),
        }
    }

    /// The names on a drive without folders, sorted.
    pub fn flat_names(&mut self, provider: Provider) -> Vec<String> {
        let mut names: Vec<String> = match provider {
            Provider::FileSystem => Vec::new(),
            Provider::Environment => self.host.variables().into_iter().map(|(n, _)| n).collect(),
            Provider::Variable => {
                let mut names = Vec::new();
                let mut at = Some(self.scope.clone());
                while let Some(scope) = at {
                    for (name, slot) in scope.list() {
                        if !matches!(slot, Slot::Unset) {
                            names.push(name.text().to_string());
                        }
                    }
                    at = scope.parent.clone();
                }
                names
            }
            Provider::Function => {
                self.enter_shipped_functions();
                let mut names = Vec::new();
                let mut at = Some(self.scope.clone());
                while let Some(scope) = at {
                    names.extend(
                        scope
                            .functions
                            .borrow()
                            .values()
                            .map(|f| f.name.to_string()),
                    );
                    at = scope.parent.clone();
                }
                names
            }
            Provider::Alias => {
                let mut names: Vec<String> = crate::runtime::default_aliases::names()
                    .map(str::to_string)
                    .collect();
                let mut at = Some(self.scope.clone());
                while let Some(scope) = at {
                    names.extend(scope.aliases.borrow().values().map(|a| a.name.to_string()));
                    at = scope.parent.clone();
                }
                names
            }
        };
        names.sort_by(|a, b| crate::runtime::collation::compare(a, b, true));
        names.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
        names
    }

    /// The item of a drive without folders; `None` when there is none of the name.
    pub fn flat_value(&mut self, item: &ItemPath) -> Option<Value> {
        let name = item.path.as_str();
        match item.provider {
            Provider::FileSystem => None,
            Provider::Environment => {
                let value = self.host.variable(name)?;
                Some(
                    crate::runtime::types::collections::dictionary::Entry::value(
                        Value::str(name),
                        Value::str(value),
                    ),
                )
            }
            Provider::Variable => {
                let value = match self.variable(name) {
                    Some(value) => value,
                    None => self.automatic_variable(Symbol::fold(name))?,
                };
                let found = self
                    .call_command("Get-Variable", &[("Name", Value::str(name))], &[])
                    .ok()
                    .and_then(|mut v| v.pop());
                Some(found.unwrap_or_else(|| {
                    CustomObject::typed(
                        "System.Management.Automation.PSVariable",
                        [("Name", Value::str(name)), ("Value", value)],
                    )
                }))
            }
            Provider::Function => Some(CommandValue::value(Command::Function(
                self.find_function(name)?,
            ))),
            Provider::Alias => Some(CommandValue::value(Command::Alias(self.find_alias(name)?))),
        }
    }
}
