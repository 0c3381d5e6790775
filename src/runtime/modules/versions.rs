//! Versions of modules, and the error of a module that is nowhere.

use crate::runtime::error::{Category, Fault};
use crate::runtime::value::Value;
use std::rc::Rc;

/// Versions of a module that will do.
#[derive(Default, Clone)]
pub struct VersionRange {
    /// At least.
    pub minimum: Option<Rc<str>>,
    /// At most.
    pub maximum: Option<Rc<str>>,
    /// Exactly.
    pub required: Option<Rc<str>>,
}

impl VersionRange {
    /// Whether a version is among them.
    pub fn contains(&self, version: &str) -> bool {
        let key = |text: &str| {
            let mut parts = [0i64; 4];
            for (slot, part) in parts.iter_mut().zip(text.split('.')) {
                *slot = part.parse().unwrap_or(0);
            }
            parts
        };
        let own = key(version);
        self.minimum.as_ref().is_none_or(|m| own >= key(m))
            && self.required.as_ref().is_none_or(|r| own == key(r))
            && self.maximum.as_ref().is_none_or(|m| {
                let limit = m.replace('*', &i32::MAX.to_string());
                own <= key(&limit)
            })
    }

    /// Whether nothing is asked.
    pub fn is_any(&self) -> bool {
        self.minimum.is_none() && self.maximum.is_none() && self.required.is_none()
    }

    /// The version that messages name; empty when nothing is asked.
    pub fn shown(&self) -> String {
        [&self.required, &self.minimum, &self.maximum]
            .into_iter()
            .flatten()
            .next()
            .map(|v| v.to_string())
            .unwrap_or_default()
    }
}

/// The error of a module that is nowhere.
pub fn module_not_found(name: &str, versions: &VersionRange) -> Fault {
    let (id, message) = if versions.is_any() {
        (
            "Modules_ModuleNotFound",
            format!(
                "The specified module '{name}' was not loaded because no valid module file was found in any module directory."
            ),
        )
    } else {
        (
            "Modules_ModuleWithVersionNotFound",
            format!(
                "The specified module '{name}' with version '{}' was not loaded because no valid module file was found in any module directory.",
                versions.shown()
            ),
        )
    };
    Fault::of(
        "System.IO.FileNotFoundException",
        id,
        Category::ResourceUnavailable,
        message,
    )
    .target(Value::str(name))
}
