//! The files that declarations come from, and messages that point into them.

use crate::table::Table;
use ron::extensions::Extensions;
use serde::{Serialize, de::DeserializeOwned};
use std::fmt;
use std::path::{Path, PathBuf};

/// What is wrong, and where.
#[derive(Debug)]
pub struct Problem {
    path: PathBuf,
    line: usize,
    message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.message)
    }
}

/// One file of declarations.
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// The name of its folder: the module.
    pub folder: String,
    /// Its name without extension: a noun or a cmdlet.
    pub stem: String,
    text: String,
}

impl Source {
    /// Reads the text as RON.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        ron::Options::default()
            .with_default_extension(
                Extensions::IMPLICIT_SOME
                    | Extensions::UNWRAP_NEWTYPES
                    | Extensions::UNWRAP_VARIANT_NEWTYPES,
            )
            .from_str(&self.text)
            .map_err(|error| Problem {
                path: self.path.clone(),
                line: error.span.start.line,
                message: error.code.to_string(),
            })
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A problem with a line.
    pub fn problem_in(&self, line: usize, message: &str) -> Problem {
        Problem {
            path: self.path.clone(),
            line,
            message: message.to_string(),
        }
    }

    /// A problem with the thing that has these names, each within the one before.
    pub fn problem_at(&self, names: &[&str], message: &str) -> Problem {
        let mut at = 0;
        for name in names {
            let quoted = format!("\"{name}\"");
            at += self.text[at..].find(&quoted).unwrap_or(0);
        }
        Problem {
            path: self.path.clone(),
            line: self.text[..at].matches('\n').count() + 1,
            message: format!("{}: {message}", names.join(" -")),
        }
    }
}

/// Every file below a folder with this extension, in the order of their paths.
pub fn read_all(root: &Path, extension: &str) -> Result<Vec<Source>, Vec<Problem>> {
    let mut paths = Vec::new();
    walk(root, &mut paths).map_err(|error| vec![unreadable(root, &error)])?;
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    paths
        .into_iter()
        .map(|path| read(path).map_err(|problem| vec![problem]))
        .collect()
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

fn read(path: PathBuf) -> Result<Source, Problem> {
    let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
    let name = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    Ok(Source {
        folder: name(path.parent().and_then(Path::file_name)),
        stem: name(path.file_stem()),
        text,
        path,
    })
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    Problem {
        path: path.to_path_buf(),
        line: 1,
        message: error.to_string(),
    }
}

/// A record in the form that the program decodes.
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_allocvec(value).unwrap_or_default()
}

/// Writes a table into the folder that the program includes from.
pub fn write(table: &Table, name: &str) -> Result<(), Vec<Problem>> {
    let folder = std::env::var_os("OUT_DIR").unwrap_or_default();
    let path = Path::new(&folder).join(name);
    table
        .write(&path)
        .map_err(|error| vec![unreadable(&path, &error)])
}

/// Writes source text into the folder that the program includes from.
pub fn write_text(text: &str, name: &str) -> Result<(), Vec<Problem>> {
    let folder = std::env::var_os("OUT_DIR").unwrap_or_default();
    let path = Path::new(&folder).join(name);
    std::fs::write(&path, text).map_err(|error| vec![unreadable(&path, &error)])
}
