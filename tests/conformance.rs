//! The recorded answers of PowerShell, one test a case; see `conformance/README.md`.

mod harness;

use harness::case::{self, Case};
use harness::difference::{Level, level, show};
use harness::known::{Known, Update};
use harness::question::ask;
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

/// The levels reached, by case.
type Results = Arc<Mutex<BTreeMap<String, Level>>>;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let cases = case::all(&tests.join("conformance"));
    let names: BTreeSet<String> = cases.iter().map(|c| c.name.clone()).collect();
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let update = Update::from_environment();
    let mut known = Known::read(&tests);

    let mut trials = vec![lists_name_cases(known.strangers(&names), update)];
    let results = Results::default();
    for case in cases {
        trials.push(trial(case, &known, update, &results));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);

    if let Ok(results) = results.lock() {
        report(&results);
        if update != Update::No && !arguments.list {
            known.keep(&names);
            known.take(&results, update);
            if let Err(error) = known.write(&tests) {
                eprintln!("the lists of known cases could not be written: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    conclusion.exit_code()
}

/// A listed name without a case would hide a misspelling.
fn lists_name_cases(strangers: Vec<String>, update: Update) -> Trial {
    Trial::test("the lists name cases", move || {
        if strangers.is_empty() || update != Update::No {
            return Ok(());
        }
        Err(format!("not the names of cases: {}", strangers.join(", ")).into())
    })
}

fn trial(case: Case, known: &Known, update: Update, results: &Results) -> Trial {
    let expected = known.expected(&case.name);
    let results = Arc::clone(results);
    let name = case.name.clone();
    let run = move || {
        let got = ask(Path::new(env!("CARGO_BIN_EXE_ucsh")), &case);
        let reached = level(&case.want, &got);
        if let Ok(mut results) = results.lock() {
            results.insert(case.name.clone(), reached);
        }
        let difference = || show(&case.want, &got);
        if std::env::var_os("UCSH_SHOW_KNOWN").is_some() && reached != Level::Exact {
            eprintln!("{}\n{}", case.name, difference());
        }
        judge(expected, reached, update, difference)
    };
    // The recordings are of Linux: paths, file modes and programs differ elsewhere.
    Trial::test(name, run).with_ignored_flag(!cfg!(target_os = "linux"))
}

fn judge(
    expected: Level,
    reached: Level,
    update: Update,
    difference: impl Fn() -> String,
) -> Result<(), Failed> {
    if reached == expected || update == Update::Force {
        return Ok(());
    }
    if (reached as u8) < expected as u8 {
        return Err(difference().into());
    }
    if update == Update::Shrink {
        return Ok(());
    }
    let list = match expected {
        Level::Differs => "known-failures.txt",
        _ => "known-differences.txt",
    };
    Err(format!(
        "it has become better: take it out of tests/{list} \
         (UCSH_UPDATE_KNOWN=1 cargo test --test conformance does it)"
    )
    .into())
}

/// One line an area: how many cases give the same output, and how many the same errors too.
fn report(results: &BTreeMap<String, Level>) {
    let mut areas: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for (name, level) in results {
        let area = name.split('/').next().unwrap_or_default();
        for row in [area, "total"] {
            let row = areas.entry(row).or_default();
            row[0] += 1;
            row[1] += usize::from(*level != Level::Differs);
            row[2] += usize::from(*level == Level::Exact);
        }
    }
    for (area, [all, output, exact]) in areas {
        let percent = |n: usize| 100.0 * n as f64 / all.max(1) as f64;
        println!(
            "{area:12} {all:5} cases  {output:5} same output and exit ({:5.1} %)  {exact:5} same errors too ({:5.1} %)",
            percent(output),
            percent(exact)
        );
    }
}
