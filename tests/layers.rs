//! The folders of `src/` stand on one another: each may use what is below it, never what is above.

use std::path::{Path, PathBuf};

/// From the ground up. A folder may use those before it.
const ORDER: [&str; 13] = [
    "host", "model", "syntax", "store", "runtime", "lower", "bind", "format", "cmdlet", "builtin",
    "uc", "repl", "cli",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            sources(&path, found);
        } else if name != "tests" && !name.ends_with("_tests") {
            found.push(path);
        }
    }
}

#[test]
fn folders_use_only_what_is_below_them() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (floor, folder) in ORDER.iter().enumerate() {
        let mut files = vec![src.join(format!("{folder}.rs"))];
        sources(&src.join(folder), &mut files);
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            for (at, line) in text.lines().enumerate() {
                let above = ORDER[floor + 1..]
                    .iter()
                    .find(|name| line.contains(&format!("crate::{name}::")));
                if let Some(above) = above {
                    let at = at + 1;
                    wrong.push(format!("{}:{at} uses {above}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
