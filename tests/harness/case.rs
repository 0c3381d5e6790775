//! The recorded cases: what is asked and what PowerShell answered.

use serde_json::Value;
use std::path::{Path, PathBuf};

/// What a program wrote and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub stdout: String,
    pub stderr: String,
    pub exit: Option<i32>,
}

/// How a case is asked.
#[derive(Clone, Debug)]
pub enum Ask {
    /// A script file of its own.
    Script { path: PathBuf, colour: bool },
    /// A command line with the files it may use.
    CommandLine {
        files: Vec<(String, String)>,
        args: Vec<String>,
        stdin: String,
        interactive: bool,
    },
    /// A snippet evaluated by the functions of `rules.ps1`.
    Rule { script: String },
    /// A line completed by `TabExpansion2`.
    Completion {
        setup: String,
        line: String,
        cursor: usize,
    },
}

/// One recorded case.
#[derive(Clone, Debug)]
pub struct Case {
    pub name: String,
    pub ask: Ask,
    pub want: Answer,
}

/// The areas that hold scripts, one folder each.
const SCRIPT_AREAS: [&str; 8] = [
    "language",
    "functions",
    "errors",
    "cmdlets",
    "dotnet",
    "formatting",
    "scripts",
    "terminal",
];

/// Reads every case below `data`.
pub fn all(data: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for area in SCRIPT_AREAS {
        cases.extend(scripts(data, area));
    }
    cases.extend(command_lines(data));
    cases.extend(rules(data));
    cases.extend(completions(data));
    cases
}

fn read(path: &Path) -> String {
    let raw = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    String::from_utf8(raw).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn read_or(path: PathBuf, none: &str) -> String {
    if path.exists() {
        read(&path)
    } else {
        none.to_owned()
    }
}

fn scripts(data: &Path, area: &str) -> Vec<Case> {
    let folder = data.join(area);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
        .map(|entry| entry.expect("a folder entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "ps1"))
        .collect();
    paths.sort();
    let to_case = |path: PathBuf| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        Case {
            name: format!("{area}/{stem}"),
            want: Answer {
                stdout: read(&path.with_extension("stdout")),
                stderr: read_or(path.with_extension("stderr"), ""),
                exit: read_or(path.with_extension("exit"), "0")
                    .trim()
                    .parse()
                    .ok(),
            },
            ask: Ask::Script {
                colour: area == "terminal",
                path,
            },
        }
    };
    paths.into_iter().map(to_case).collect()
}

fn text(row: &Value, key: &str) -> String {
    row[key].as_str().unwrap_or_default().to_owned()
}

fn command_lines(data: &Path) -> Vec<Case> {
    let all: Value = serde_json::from_str(&read(&data.join("cli.json"))).expect("cli.json");
    let files: Vec<(String, String)> = all["files"]
        .as_object()
        .expect("cli.json: files")
        .iter()
        .map(|(name, content)| {
            (
                name.clone(),
                content.as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect();
    let to_case = |row: &Value| {
        let args: Vec<String> = row["args"]
            .as_array()
            .expect("cli.json: args")
            .iter()
            .map(|a| a.as_str().unwrap_or_default().to_owned())
            .collect();
        Case {
            name: format!("cli/{:03}", row["id"].as_u64().expect("cli.json: id")),
            want: Answer {
                stdout: text(row, "stdout"),
                stderr: text(row, "stderr"),
                exit: row["exit"].as_i64().and_then(|n| n.try_into().ok()),
            },
            ask: Ask::CommandLine {
                files: files.clone(),
                args,
                stdin: text(row, "stdin"),
                interactive: row["interactive"].as_bool().unwrap_or(false),
            },
        }
    };
    let rows = all["cases"].as_array().expect("cli.json: cases");
    rows.iter().map(to_case).collect()
}

/// The rows of a file with one JSON object a line, with the line numbers.
fn rows(path: &Path) -> Vec<(usize, Value)> {
    read(path)
        .split('\n')
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
        .map(|(n, line)| {
            let row = serde_json::from_str(line);
            let row = row.unwrap_or_else(|e| panic!("{}:{}: {e}", path.display(), n + 1));
            (n + 1, row)
        })
        .collect()
}

fn output(stdout: String) -> Answer {
    Answer {
        stdout,
        stderr: String::new(),
        exit: Some(0),
    }
}

fn rules(data: &Path) -> Vec<Case> {
    let prelude = read(&data.join("rules.ps1"));
    let to_case = |(n, row): (usize, Value)| {
        let ask = match text(&row, "kind").as_str() {
            "run" => "Show-Result",
            _ => "Show-ParseErrors",
        };
        let code = quoted(&text(&row, "code"));
        Case {
            name: format!("rules/{}/{n:04}", text(&row, "id")),
            want: output(text(&row, "answer") + "\n"),
            ask: Ask::Rule {
                script: format!("{prelude}\nSet-Location $env:CASE_TMP\n{ask} '{code}'\n"),
            },
        }
    };
    let rows = rows(&data.join("rules.jsonl"));
    rows.into_iter().map(to_case).collect()
}

/// Text for a single-quoted string: each kind of single quote ends one, so each is doubled.
fn quoted(code: &str) -> String {
    let mut out = String::with_capacity(code.len() + 8);
    for c in code.chars() {
        out.push(c);
        if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
            out.push(c);
        }
    }
    out
}

fn completions(data: &Path) -> Vec<Case> {
    let to_case = |(_, row): (usize, Value)| {
        let input = text(&row, "input");
        let cursor = input.chars().position(|c| c == '¦').expect("a cursor");
        let mut want = format!("{} {}\n", row["replace"][0], row["replace"][1]);
        for item in row["matches"].as_array().into_iter().flatten() {
            let part = |i: usize| item[i].as_str().unwrap_or_default();
            want += &format!("{}\t{}\t{}\n", part(0), part(1), part(2));
        }
        Case {
            name: format!("completion/{:03}", row["id"].as_u64().expect("an id")),
            want: output(want),
            ask: Ask::Completion {
                setup: text(&row, "setup"),
                line: input.replace('¦', "").replace('\'', "''"),
                cursor,
            },
        }
    };
    let rows = rows(&data.join("completion.jsonl"));
    rows.into_iter().map(to_case).collect()
}
