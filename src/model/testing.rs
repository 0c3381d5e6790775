//! Declarations for the tests of this room: those of the program, read from
//! their files without the embedded tables.

use super::kind::Kind;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::OnceLock;

#[derive(Deserialize)]
struct Manifest {
    kind: Option<Kind>,
}

/// The declared kind of a noun.
pub fn kind(noun: &str) -> Option<&'static Kind> {
    static KINDS: OnceLock<HashMap<String, Kind>> = OnceLock::new();
    KINDS
        .get_or_init(|| {
            let root = concat!(env!("CARGO_MANIFEST_DIR"), "/cmdlets");
            let mut kinds = HashMap::new();
            for folder in ["Lync", "Exchange", "ActiveDirectory", "DnsServer", "Twin"] {
                let Ok(files) = std::fs::read_dir(format!("{root}/{folder}")) else {
                    continue;
                };
                for file in files.flatten().map(|file| file.path()) {
                    if file
                        .file_stem()
                        .is_some_and(|stem| stem.to_string_lossy().contains('-'))
                    {
                        continue;
                    }
                    let text = std::fs::read_to_string(&file).unwrap();
                    let manifest: Manifest = super::deployment::reader()
                        .from_str(&text)
                        .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
                    if let Some(kind) = manifest.kind {
                        kinds.insert(kind.noun.to_lowercase(), kind);
                    }
                }
            }
            kinds
        })
        .get(&noun.to_lowercase())
}
