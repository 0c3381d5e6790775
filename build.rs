//! Reads every declaration below `cmdlets/`, checks it, and embeds it.
//!
//! A declaration that is wrong does not compile: the message names the file
//! and the line. What is right is written to `OUT_DIR` as tables that the
//! program searches without decoding (see `build/table.rs`).

#[path = "build/check.rs"]
mod check;
#[path = "build/check_kind.rs"]
mod check_kind;
#[allow(dead_code)]
#[path = "src/cmdlet/declaration.rs"]
mod declaration;
#[allow(dead_code)]
#[path = "src/model/kind.rs"]
mod kind;
#[path = "build/known.rs"]
mod known;
#[path = "build/members.rs"]
mod members;
#[allow(dead_code)]
#[path = "src/runtime/types/reflection/signature.rs"]
mod signature;
#[path = "build/sources.rs"]
mod sources;
#[path = "build/table.rs"]
mod table;
#[path = "build/type_names.rs"]
mod type_names;
#[allow(dead_code)]
#[path = "src/model/value.rs"]
mod value;
#[allow(dead_code)]
#[path = "src/runtime/view.rs"]
mod view;

use declaration::CmdletDeclaration;
use kind::Kind;
use serde::Deserialize;
use sources::{Problem, Source};
use std::collections::BTreeMap;
use std::path::Path;
use table::Table;
use view::{ViewDeclaration, ViewFile};

/// The file of a noun: its object kind and the cmdlets that have the noun.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NounManifest {
    #[serde(default)]
    kind: Option<Kind>,
    #[serde(default)]
    cmdlets: Vec<CmdletDeclaration>,
}

fn main() {
    for path in [
        "build.rs",
        "build",
        "cmdlets",
        "src/cmdlet/declaration.rs",
        "src/runtime/types/reflection/signature.rs",
        "src/runtime/view.rs",
        "src/model/kind.rs",
        "src/model/value.rs",
    ] {
        println!("cargo::rerun-if-changed={path}");
    }
    link_at_fixed_address();
    let embedded = embed_commands()
        .and_then(|()| embed_types())
        .and_then(|()| known::embed())
        .and_then(|()| embed_views());
    if let Err(problems) = embedded {
        for problem in problems {
            println!("cargo::error={problem}");
        }
        std::process::exit(1);
    }
}

/// Half of the time to start would go by with the linker of the C library writing addresses into
/// tables of constants, page by page, if the program could be loaded anywhere. Its libraries, stacks
/// and heap still stand where chance puts them.
fn link_at_fixed_address() {
    let target = |name: &str| std::env::var(name).unwrap_or_default();
    if target("CARGO_CFG_TARGET_OS") == "linux" && target("CARGO_CFG_TARGET_ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}

/// All commands into `commands.bin`, the short record before the whole one, and
/// their aliases into `aliases.bin`.
fn embed_commands() -> Result<(), Vec<Problem>> {
    let mut commands = Table::default();
    let mut aliases = Table::default();
    let mut kinds = Table::default();
    let mut problems = Vec::new();
    for source in sources::read_all(Path::new("cmdlets"), "ron")? {
        match read_commands(&source) {
            Ok(NounManifest { kind, cmdlets }) => {
                if let Some(kind) = kind {
                    let fault = check_kind::fault(&kind);
                    problems.extend(fault.map(|it| source.problem_at(&[&kind.noun], &it)));
                    if !kinds.insert(&kind.noun, sources::encode(&kind)) {
                        problems.push(source.problem_at(&[&kind.noun], "it is declared twice"));
                    }
                }
                for cmdlet in cmdlets {
                    let name = cmdlet.name.as_str();
                    if !commands.insert(name, record(&cmdlet)) {
                        problems.push(source.problem_at(&[name], "it is declared twice"));
                    }
                    for alias in &cmdlet.aliases {
                        if !aliases.insert(alias, name.into()) {
                            let message = format!("the alias `{alias}` is taken");
                            problems.push(source.problem_at(&[name], &message));
                        }
                    }
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    sources::write(&aliases, "aliases.bin")?;
    sources::write(&kinds, "kinds.bin")?;
    sources::write(&commands, "commands.bin")
}

/// The cmdlets of one file, completed and checked. A file named by a cmdlet, or
/// in the folder of functions, declares one; a file named by a noun many.
fn read_commands(source: &Source) -> Result<NounManifest, Problem> {
    let mut manifest = match source.folder.as_str() {
        "views" | "types" => return Ok(NounManifest::default()),
        folder if folder == "Functions" || source.stem.contains('-') => NounManifest {
            kind: None,
            cmdlets: vec![source.parse::<CmdletDeclaration>()?],
        },
        _ => source.parse::<NounManifest>()?,
    };
    for cmdlet in &mut manifest.cmdlets {
        check::complete(cmdlet, &source.folder).map_err(|fault| {
            let mut path = vec![cmdlet.name.as_str()];
            path.extend(fault.parameter.as_deref());
            source.problem_at(&path, &fault.message)
        })?;
    }
    Ok(manifest)
}

/// Name, module and kind first, so that listing commands decodes no more.
fn record(cmdlet: &CmdletDeclaration) -> Vec<u8> {
    let mut bytes = sources::encode(&(&cmdlet.name, &cmdlet.module, cmdlet.kind));
    bytes.extend(sources::encode(cmdlet));
    bytes
}

/// The members of .NET types into `types.bin`.
fn embed_types() -> Result<(), Vec<Problem>> {
    let mut types = Table::default();
    for source in sources::read_all(Path::new("cmdlets/types"), "types")? {
        let found = members::parse(source.text())
            .map_err(|line| vec![source.problem_in(line, "this is no member of a type")])?;
        for members in found {
            if !types.insert(&members.name, sources::encode(&members)) {
                return Err(vec![
                    source.problem_at(&[&members.name], "it is there twice"),
                ]);
            }
        }
    }
    sources::write(&types, "types.bin")
}

/// The views of each type into `views.bin`, what types gain into `type_data.bin`.
fn embed_views() -> Result<(), Vec<Problem>> {
    let mut by_type: BTreeMap<String, Vec<ViewDeclaration>> = BTreeMap::new();
    let mut type_data = Table::default();
    for source in sources::read_all(Path::new("cmdlets/views"), "ron")? {
        let file: ViewFile = source.parse().map_err(|problem| vec![problem])?;
        for view in file.views {
            for name in &view.types {
                let views = by_type.entry(name.to_ascii_lowercase()).or_default();
                views.push(view.clone());
            }
        }
        for data in &file.types {
            if !type_data.insert(&data.name, sources::encode(data)) {
                return Err(vec![source.problem_at(&[&data.name], "it is there twice")]);
            }
        }
    }
    let mut views = Table::default();
    for (name, of_type) in &by_type {
        views.insert(name, sources::encode(of_type));
    }
    sources::write(&type_data, "type_data.bin")?;
    sources::write(&views, "views.bin")
}
