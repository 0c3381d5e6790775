//! Reads `cmdlets/types/*.known`, the .NET types scripts name, and
//! `cmdlets/types/accelerators.txt`, their short names, one a line:
//!
//! ```text
//! class System.Collections.Queue : object, Collections.ICollection, ICloneable
//! interface System.Collections.Generic.ISet<T> : Collections.Generic.ICollection<T>
//! timespan System.TimeSpan
//! int32 System.Int32 hidden
//! ```
//!
//! `Dictionary<TKey,TValue>+KeyCollection` is a type within a generic one.
//!
//! The first type after the colon of a class is its base; names of interfaces may
//! leave out `System.`. A hidden accelerator is never printed for its type. Both
//! become constants in the program's own source.

use crate::sources::{self, Problem};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Writes both tables into the folder that the program includes from.
pub fn embed() -> Result<(), Vec<Problem>> {
    let mut types = BTreeMap::new();
    for source in sources::read_all(Path::new("cmdlets/types"), "known")? {
        for (number, line) in source.text().lines().enumerate() {
            let (name, row) = known_type(line)
                .ok_or_else(|| vec![source.problem_in(number + 1, "this is no known type")])?;
            if types.insert(name.to_ascii_lowercase(), row).is_some() {
                return Err(vec![source.problem_in(number + 1, "it is there twice")]);
            }
        }
    }
    let rows: String = types.into_values().collect();
    sources::write_text(&format!("&[\n{rows}]\n"), "known_types.rs")?;
    let mut rows = String::new();
    for (short, full, printed) in accelerators() {
        let _ = writeln!(rows, "({short:?}, {full:?}, {printed}),");
    }
    sources::write_text(&format!("&[\n{rows}]\n"), "accelerators.rs")
}

/// The short names of types with their full names, and whether they are printed.
pub fn accelerators() -> impl Iterator<Item = (&'static str, &'static str, bool)> {
    let text = include_str!("../cmdlets/types/accelerators.txt");
    text.lines().filter_map(|line| {
        let (short, rest) = line.split_once(' ')?;
        Some(match rest.strip_suffix(" hidden") {
            Some(full) => (short, full, false),
            None => (short, rest, true),
        })
    })
}

/// The reflection name of a type and its row as source text.
fn known_type(line: &str) -> Option<(String, String)> {
    let (shape, rest) = line.split_once(' ')?;
    let (declared, bases) = rest.split_once(" : ").unwrap_or((rest, ""));
    let (name, parameters) = match declared.split_once('<') {
        None => (declared.to_string(), Vec::new()),
        Some((bare, rest)) => {
            let (list, nested) = rest.split_once('>')?;
            let parameters: Vec<&str> = list.split(',').collect();
            (format!("{bare}`{}{nested}", parameters.len()), parameters)
        }
    };
    let mut bases = bases.split(", ").filter(|base| !base.is_empty());
    let (shape, base) = match shape {
        "class" => ("Class", bases.next()),
        "abstract" => ("Abstract", bases.next()),
        "struct" => ("Struct", None),
        "interface" => ("Interface", None),
        _ => return None,
    };
    let base = base.filter(|base| *base != "object");
    let base = base.map_or(String::new(), |base| closed(base, &parameters));
    let mut interfaces = String::new();
    for interface in bases {
        let _ = write!(interfaces, "{:?}, ", closed(interface, &parameters));
    }
    let row = format!(
        "KnownType {{ full_name: {name:?}, base: {base:?}, shape: Shape::{shape}, interfaces: &[{interfaces}] }},\n"
    );
    Some((name, row))
}

/// `Collections.Generic.IList<T>` as `System.Collections.Generic.IList[!0]`: full
/// names, and the parameters of the type by their places.
fn closed(written: &str, parameters: &[&str]) -> String {
    let mut text = String::new();
    for part in written.split_inclusive(['<', '>', ',']) {
        let (name, end) = match part.find(['<', '>', ',']) {
            Some(at) => part.split_at(at),
            None => (part, ""),
        };
        match parameters.iter().position(|parameter| *parameter == name) {
            Some(place) => {
                let _ = write!(text, "!{place}");
            }
            None if name.is_empty() || is_full(name) => text.push_str(name),
            None => {
                let _ = write!(text, "System.{name}");
            }
        }
        text.push_str(match end {
            "<" => "[",
            ">" => "]",
            other => other,
        });
    }
    text
}

/// Whether a name begins with the first word of a namespace; others lie below `System`.
fn is_full(name: &str) -> bool {
    ["System.", "Microsoft."]
        .iter()
        .any(|word| name.starts_with(word))
}
