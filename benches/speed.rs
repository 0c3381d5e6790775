//! How fast the program is, in ratios that compare between machines.
//!
//!     cargo bench --bench speed                    # everything
//!     cargo bench --bench speed -- loop fib        # what contains these words
//!     cargo bench --bench speed -- --runs 15       # more runs
//!     cargo bench --bench speed -- --readme        # and writes the table into README.md
//!     UCSH=/usr/bin/ucsh cargo bench --bench speed # a program that is built already
//!
//! Each program of `programs/` alternates with a yardstick, the loop of
//! `loop-sum.ps1` in CPython; a row gives medians. Starts of the process
//! alternate with `bash -c :`. Without python3 or bash the ratio is left out.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// The program to measure: the one built with the bench, or another that `UCSH` names.
fn ucsh() -> std::ffi::OsString {
    std::env::var_os("UCSH").unwrap_or_else(|| env!("CARGO_BIN_EXE_ucsh").into())
}

const YARDSTICK: &str = "\
total = 0
for i in range(3000000):
    if i % 3 == 0 or i % 5 == 0:
        total += i
print(total)
";

fn main() -> ExitCode {
    let options = Options::read();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches");
    let scratch = std::env::temp_dir().join(format!("ucsh-bench-{}", std::process::id()));
    if let Err(error) = std::fs::create_dir_all(&scratch) {
        eprintln!("{}: {error}", scratch.display());
        return ExitCode::FAILURE;
    }
    let mut rows = vec![
        "| what | ms | ratio to | | MiB | PowerShell: ratio | MiB |".to_owned(),
        "| --- | ---: | --- | ---: | ---: | ---: | ---: |".to_owned(),
    ];
    rows.iter().for_each(|row| println!("{row}"));
    let mut healthy = true;
    for bench in benches(&folder, &scratch) {
        if !options.wants(&bench.name) {
            continue;
        }
        match bench.measure(options.runs) {
            Ok(row) => {
                println!("{row}");
                rows.push(row);
            }
            Err(why) => {
                healthy = false;
                println!("| {} | {why} | | | | | |", bench.name);
            }
        }
    }
    let _ = std::fs::remove_dir_all(&scratch);
    if options.readme && healthy {
        healthy = write_readme(&rows);
    }
    if healthy {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

struct Options {
    words: Vec<String>,
    runs: usize,
    readme: bool,
}

impl Options {
    fn read() -> Options {
        let mut options = Options {
            words: Vec::new(),
            runs: 5,
            readme: false,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                // Cargo's own word for "run as a bench".
                "--bench" => {}
                "--readme" => options.readme = true,
                "--runs" => {
                    let runs = arguments.next().and_then(|n| n.parse().ok());
                    options.runs = runs.unwrap_or(options.runs).max(1);
                }
                _ => options.words.push(argument),
            }
        }
        options
    }

    fn wants(&self, name: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| name.contains(word))
    }
}

/// What a time is divided by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Against {
    CPython,
    Bash,
}

struct Bench {
    name: String,
    arguments: Vec<String>,
    last_line: String,
    against: Against,
    /// PowerShell's ratio and memory, for the table.
    powershell: [String; 2],
}

fn benches(folder: &Path, scratch: &Path) -> Vec<Bench> {
    let store = scratch.join("store.db").display().to_string();
    let start = |name: &str, arguments: &[&str], last_line: &str| Bench {
        name: name.to_owned(),
        arguments: arguments.iter().map(|&a| a.to_owned()).collect(),
        last_line: last_line.to_owned(),
        against: Against::Bash,
        powershell: [String::new(), String::new()],
    };
    let query = "(Get-CsHostingProvider | Measure-Object).Count -ge 0";
    let mut all = vec![
        start(
            "`-NoProfile -Command 1`",
            &["-NoProfile", "-Command", "1"],
            "1",
        ),
        start(
            "`-Command Get-CsHostingProvider`",
            &["--store", &store, "-NoProfile", "-Command", query],
            "True",
        ),
    ];
    let table = std::fs::read_to_string(folder.join("programs.tsv")).unwrap_or_default();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, what, last_line, ratio, memory] = cells[..] else {
            continue;
        };
        let file = folder.join("programs").join(format!("{name}.ps1"));
        all.push(Bench {
            name: format!("{name}: {what}"),
            arguments: vec![
                "-NoProfile".into(),
                "-File".into(),
                file.display().to_string(),
            ],
            last_line: last_line.to_owned(),
            against: Against::CPython,
            powershell: [ratio.to_owned(), memory.to_owned()],
        });
    }
    all.extend(module_bench(scratch));
    all
}

/// A module with 2,000 advanced functions, as large products bring them.
fn module_bench(scratch: &Path) -> Option<Bench> {
    const FUNCTIONS: usize = 2_000;
    let mut text = String::new();
    for n in 0..FUNCTIONS {
        text += &format!(
            "function Get-Thing{n} {{ [CmdletBinding(PositionalBinding = $false)] param(\
             [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]$Identity, \
             $Filter, [Alias('DC')]$DomainController, [switch]$Force, [Alias('cf')][switch]$Confirm, \
             [ValidateSet('All', 'None')][string]$Scope = 'All', [int]$ResultSize = 1000) \
             process {{ if ($Force) {{ \"$Identity\" }} else {{ @{{ Number = {n}; Scope = $Scope }} }} }} }}\n"
        );
    }
    let module = scratch.join("large-module.psm1");
    std::fs::write(&module, text).ok()?;
    let path = module.display();
    Some(Bench {
        name: format!("large-module: import {FUNCTIONS} functions"),
        arguments: vec![
            "-NoProfile".into(),
            "-Command".into(),
            format!("Import-Module '{path}'; (Get-Thing1999).Number"),
        ],
        last_line: "1999".to_owned(),
        against: Against::CPython,
        powershell: [String::new(), String::new()],
    })
}

impl Bench {
    fn measure(&self, runs: usize) -> Result<String, String> {
        let mut own = Vec::new();
        let mut yard = Vec::new();
        // The first turn warms the caches and is not counted.
        for turn in 0..=runs {
            let mut command = Command::new(ucsh());
            command.args(&self.arguments);
            let (time, output) = timed(&mut command)?;
            let last = output.trim_end().lines().last().unwrap_or_default();
            if last != self.last_line {
                return Err(format!("printed `{last}`, wanted `{}`", self.last_line));
            }
            let reference = self.against.command().and_then(|mut c| timed(&mut c).ok());
            if turn > 0 {
                own.push(time);
                yard.extend(reference.map(|(time, _)| time));
            }
        }
        let time = median(&mut own);
        let ratio = match yard.is_empty() {
            true => "-".to_owned(),
            false => format!("{:.3}", time / median(&mut yard)),
        };
        let memory = self.memory().map_or("-".to_owned(), |m| format!("{m:.0}"));
        let label = match self.against {
            Against::CPython => "CPython loop",
            Against::Bash => "`bash -c :`",
        };
        let [their_ratio, their_memory] = &self.powershell;
        Ok(format!(
            "| {} | {:.1} | {label} | {ratio} | {memory} | {their_ratio} | {their_memory} |",
            self.name,
            time * 1000.0
        ))
    }

    /// The peak of the process's memory in MiB, read while it runs.
    fn memory(&self) -> Option<f64> {
        let mut child = Command::new(ucsh())
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut pipe = child.stdout.take()?;
        let reader = std::thread::spawn(move || pipe.read_to_end(&mut Vec::new()).is_ok());
        let status = PathBuf::from(format!("/proc/{}/status", child.id()));
        let mut peak = None;
        while child.try_wait().ok()?.is_none() {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kilobytes = line.and_then(|l| l.split_whitespace().next()?.parse::<f64>().ok());
            peak = kilobytes.map(|k| k / 1024.0).or(peak);
            std::thread::sleep(Duration::from_micros(100));
        }
        let _ = reader.join();
        peak
    }
}

impl Against {
    fn command(self) -> Option<Command> {
        let mut command = match self {
            Against::Bash => Command::new("bash"),
            Against::CPython => Command::new(python()?),
        };
        match self {
            Against::Bash => command.args(["-c", ":"]),
            Against::CPython => command.args(["-c", YARDSTICK]),
        };
        Some(command)
    }
}

/// The interpreter itself: `python3` may be a slow script that finds it.
fn python() -> Option<String> {
    static FOUND: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    let find = || {
        let mut command = Command::new("python3");
        command.args(["-c", "import sys; print(sys.executable)"]);
        let (_, path) = timed(&mut command).ok()?;
        Some(path.trim().to_owned())
    };
    FOUND.get_or_init(find).clone()
}

fn timed(command: &mut Command) -> Result<(f64, String), String> {
    let start = Instant::now();
    let done = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    let time = start.elapsed().as_secs_f64();
    if !done.status.success() {
        let text = String::from_utf8_lossy(&done.stderr);
        let first = text.lines().next().unwrap_or_default();
        return Err(format!("failed: {first}"));
    }
    Ok((time, String::from_utf8_lossy(&done.stdout).into_owned()))
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Puts the table between the README's two marks.
fn write_readme(rows: &[String]) -> bool {
    const FROM: &str = "<!-- speed: from here";
    const TO: &str = "<!-- speed: to here -->";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let from = text
        .find(FROM)
        .and_then(|at| Some(at + text[at..].find('\n')? + 1));
    let (Some(from), Some(to)) = (from, text.find(TO)) else {
        eprintln!("README.md has no place for the table");
        return false;
    };
    let table = rows.join("\n");
    let text = format!("{}\n{table}\n\n{}", &text[..from], &text[to..]);
    std::fs::write(&path, text).is_ok()
}
