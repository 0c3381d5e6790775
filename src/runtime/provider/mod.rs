//! Providers: the places that paths lead to, drives, and how a path is read.

pub mod find;
pub mod values;

use super::error::{Category, Fault, R};
use super::value::Value;
use super::vm::Vm;
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// What stands behind a drive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Provider {
    /// Files and folders.
    FileSystem,
    /// Variables.
    Variable,
    /// Environment variables.
    Environment,
    /// Functions.
    Function,
    /// Aliases.
    Alias,
}

impl Provider {
    /// Every provider in the order `Get-PSProvider` lists them.
    pub const ALL: [Provider; 5] = [
        Provider::Alias,
        Provider::Environment,
        Provider::FileSystem,
        Provider::Function,
        Provider::Variable,
    ];

    /// The provider's name.
    pub fn name(self) -> &'static str {
        match self {
            Provider::FileSystem => "FileSystem",
            Provider::Variable => "Variable",
            Provider::Environment => "Environment",
            Provider::Function => "Function",
            Provider::Alias => "Alias",
        }
    }

    /// The provider of a name, with or without its module.
    pub fn named(name: &str) -> Option<Provider> {
        let name = name.rsplit(['\\', '/']).next().unwrap_or(name);
        Provider::ALL
            .into_iter()
            .find(|p| p.name().eq_ignore_ascii_case(name))
    }

    /// The name with its module, as it stands in `PSPath`.
    pub fn full_name(self) -> String {
        format!("Microsoft.PowerShell.Core\\{}", self.name())
    }
}

/// A drive.
#[derive(Clone)]
pub struct Drive {
    /// Its name without the colon.
    pub name: Rc<str>,
    /// What stands behind it.
    pub provider: Provider,
    /// Where it begins; empty for drives without folders.
    pub root: Rc<str>,
    /// For people.
    pub description: Rc<str>,
}

/// The drives of a session and the drive it is on.
pub struct Drives {
    /// Every drive.
    pub list: Vec<Drive>,
    /// The drive of the current location; none means the file system's own.
    pub current: Option<Rc<str>>,
}

impl Default for Drives {
    fn default() -> Drives {
        let drive = |name: &str, provider, root: &str, description: &str| Drive {
            name: name.into(),
            provider,
            root: root.into(),
            description: description.into(),
        };
        let temporary = std::env::temp_dir();
        let temporary = format!("{}/", temporary.to_string_lossy().trim_end_matches('/'));
        Drives {
            list: vec![
                drive("/", Provider::FileSystem, "/", "/"),
                drive(
                    "Alias",
                    Provider::Alias,
                    "",
                    "Drive that contains a view of the aliases stored in a session state.",
                ),
                drive(
                    "Env",
                    Provider::Environment,
                    "",
                    "Drive that contains a view of the environment variables for the process.",
                ),
                drive(
                    "Function",
                    Provider::Function,
                    "",
                    "Drive that contains a view of the functions stored in a session state.",
                ),
                drive(
                    "Temp",
                    Provider::FileSystem,
                    &temporary,
                    "Drive that maps to the temporary directory path for the current user",
                ),
                drive(
                    "Variable",
                    Provider::Variable,
                    "",
                    "Drive that contains a view of those variables stored in a session state.",
                ),
            ],
            current: None,
        }
    }
}

/// A path read: whose it is, and what its owner calls it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ItemPath {
    /// Whose it is.
    pub provider: Provider,
    /// The drive it was reached by.
    pub drive: Rc<str>,
    /// The full path of a file, or the name of an item; empty for a whole drive.
    pub path: String,
}

impl ItemPath {
    /// A file by its full path.
    pub fn file(path: impl Into<String>) -> ItemPath {
        ItemPath {
            provider: Provider::FileSystem,
            drive: "/".into(),
            path: path.into(),
        }
    }

    /// Whether it is on disk.
    pub fn is_file_system(&self) -> bool {
        self.provider == Provider::FileSystem
    }

    /// As a path on disk.
    pub fn as_file(&self) -> &Path {
        Path::new(&self.path)
    }

    /// The last part.
    pub fn leaf(&self) -> String {
        match self.is_file_system() {
            true => super::types::io::file_info::leaf(self.as_file()),
            false => self.path.clone(),
        }
    }

    /// The path as people write it.
    pub fn text(&self) -> String {
        match self.is_file_system() {
            true => self.path.clone(),
            false => format!("{}:/{}", self.drive, self.path),
        }
    }

    /// The path with its provider, as `PSPath` gives it.
    pub fn provider_text(&self) -> String {
        let rest = match self.is_file_system() {
            true => self.path.clone(),
            false => self.path.clone(),
        };
        format!("{}::{rest}", self.provider.full_name())
    }
}

impl Vm {
    /// The session's drives.
    pub fn drives(&mut self) -> Rc<RefCell<Drives>> {
        let kept = self
            .session
            .state
            .entry("drives")
            .or_insert_with(|| Rc::new(RefCell::new(Drives::default())))
            .clone();
        kept.downcast::<RefCell<Drives>>().unwrap_or_default()
    }

    /// The drive of a name.
    pub fn find_drive(&mut self, name: &str) -> Option<Drive> {
        let drives = self.drives();
        let drives = drives.borrow();
        drives
            .list
            .iter()
            .find(|d| d.name.eq_ignore_ascii_case(name))
            .cloned()
    }

    /// The current location.
    pub fn location(&mut self) -> ItemPath {
        let drives = self.drives();
        let current = drives.borrow().current.clone();
        match current.and_then(|name| self.find_drive(&name)) {
            Some(drive) if drive.provider != Provider::FileSystem => ItemPath {
                provider: drive.provider,
                drive: drive.name,
                path: String::new(),
            },
            Some(drive) => ItemPath {
                provider: Provider::FileSystem,
                drive: drive.name,
                path: self.session.location.to_string_lossy().into_owned(),
            },
            None => ItemPath::file(self.session.location.to_string_lossy().into_owned()),
        }
    }

    /// Goes to a location.
    pub fn set_location(&mut self, to: &ItemPath) {
        let drives = self.drives();
        drives.borrow_mut().current = (&*to.drive != "/").then(|| to.drive.clone());
        if to.is_file_system() {
            self.session.location = PathBuf::from(&to.path);
        }
    }

    /// Reads a path without asking whether there is something.
    pub fn item_path(&mut self, text: &str) -> R<ItemPath> {
        if let Some((provider, rest)) = text.split_once("::") {
            let Some(found) = Provider::named(provider) else {
                return Err(Fault::of(
                    "System.Management.Automation.ProviderNotFoundException",
                    "ProviderNotFound",
                    Category::ObjectNotFound,
                    format!("Cannot find a provider with the name '{provider}'."),
                )
                .target(Value::str(provider))
                .into());
            };
            return Ok(match found {
                Provider::FileSystem => ItemPath::file(self.absolute(rest)),
                other => ItemPath {
                    provider: other,
                    drive: drive_of(other).into(),
                    path: rest.trim_matches(['/', '\\']).to_string(),
                },
            });
        }
        if let Some((name, rest)) = drive_prefix(text) {
            let Some(drive) = self.find_drive(name) else {
                return Err(super::variables::drive_not_found(name, name).into());
            };
            if drive.provider != Provider::FileSystem {
                return Ok(ItemPath {
                    provider: drive.provider,
                    drive: drive.name,
                    path: rest.trim_matches(['/', '\\']).to_string(),
                });
            }
            let rest = rest.replace('\\', "/");
            let root = Path::new(&*drive.root).join(rest.trim_start_matches('/'));
            return Ok(ItemPath {
                provider: Provider::FileSystem,
                drive: drive.name,
                path: plain(&super::discovery::normal(&root)),
            });
        }
        let location = self.location();
        if !location.is_file_system() && !text.starts_with(['/', '~', '\\']) {
            let path = text.trim_start_matches("./").trim_start_matches(".\\");
            return Ok(ItemPath {
                path: if path == "." { "" } else { path }.to_string(),
                ..location
            });
        }
        Ok(ItemPath::file(self.absolute(text)))
    }

    /// The file a path names; a drive that is not there is an error.
    pub fn file_system_path(&mut self, text: &str) -> R<std::path::PathBuf> {
        let item = self.item_path(text)?;
        Ok(match item.is_file_system() {
            true => item.path.into(),
            false => self.file_path(text),
        })
    }

    fn absolute(&self, text: &str) -> String {
        plain(&self.file_path(text))
    }
}

fn plain(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The drive that shows a provider's items.
pub fn drive_of(provider: Provider) -> &'static str {
    match provider {
        Provider::FileSystem => "/",
        Provider::Variable => "Variable",
        Provider::Environment => "Env",
        Provider::Function => "Function",
        Provider::Alias => "Alias",
    }
}

/// A path's drive and the rest: `env:PATH`.
pub fn drive_prefix(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once(':')?;
    let plain = !name.is_empty() && !name.contains(['/', '\\', '*', '?', '[', '.', '~', ' ']);
    plain.then_some((name, rest))
}

/// The error of a path without an item.
pub fn path_not_found(path: &str) -> Fault {
    Fault::of(
        "System.Management.Automation.ItemNotFoundException",
        "PathNotFound",
        Category::ObjectNotFound,
        format!("Cannot find path '{path}' because it does not exist."),
    )
    .target(Value::str(path))
}
