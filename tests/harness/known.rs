//! The lists of cases known to differ. They may only become shorter.

use super::difference::Level;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What the lists say of all cases.
#[derive(Clone, Debug, Default)]
pub struct Known {
    failures: BTreeSet<String>,
    differences: BTreeSet<String>,
}

/// Whether the lists are rewritten after the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Update {
    No,
    Shrink,
    Force,
}

impl Update {
    /// As the environment asks.
    pub fn from_environment() -> Update {
        match std::env::var("UCSH_UPDATE_KNOWN").as_deref() {
            Err(_) | Ok("" | "0") => Update::No,
            Ok("force") => Update::Force,
            Ok(_) => Update::Shrink,
        }
    }
}

const FAILURES_HEAD: &str = "\
# Conformance cases whose output or exit code is not yet PowerShell's. The list only becomes shorter:
# UCSH_UPDATE_KNOWN=1 cargo test --test conformance
";
const DIFFERENCES_HEAD: &str = "\
# Conformance cases with the right output and exit code, but another text on standard error. The list only becomes
# shorter: UCSH_UPDATE_KNOWN=1 cargo test --test conformance
";

fn paths(tests: &Path) -> (PathBuf, PathBuf) {
    (
        tests.join("known-failures.txt"),
        tests.join("known-differences.txt"),
    )
}

fn names(path: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

impl Known {
    /// Reads both lists from the folder `tests`.
    pub fn read(tests: &Path) -> Known {
        let (failures, differences) = paths(tests);
        Known {
            failures: names(&failures),
            differences: names(&differences),
        }
    }

    /// The least level a case has to reach.
    pub fn expected(&self, name: &str) -> Level {
        if self.failures.contains(name) {
            Level::Differs
        } else if self.differences.contains(name) {
            Level::Output
        } else {
            Level::Exact
        }
    }

    /// Listed names that no case has.
    pub fn strangers(&self, cases: &BTreeSet<&str>) -> Vec<String> {
        let listed = self.failures.union(&self.differences);
        listed
            .filter(|name| !cases.contains(name.as_str()))
            .cloned()
            .collect()
    }

    /// Takes in the levels of a run: what got better leaves its list; what got worse enters one only by force.
    pub fn take(&mut self, results: &BTreeMap<String, Level>, update: Update) {
        for (name, &level) in results {
            if level as u8 > self.expected(name) as u8 || update == Update::Force {
                self.put(name, level);
            }
        }
    }

    fn put(&mut self, name: &str, level: Level) {
        self.failures.remove(name);
        self.differences.remove(name);
        match level {
            Level::Differs => self.failures.insert(name.to_owned()),
            Level::Output => self.differences.insert(name.to_owned()),
            Level::Exact => false,
        };
    }

    /// Drops listed names that no case has.
    pub fn keep(&mut self, cases: &BTreeSet<&str>) {
        self.failures.retain(|name| cases.contains(name.as_str()));
        self.differences
            .retain(|name| cases.contains(name.as_str()));
    }

    /// Writes both lists.
    pub fn write(&self, tests: &Path) -> std::io::Result<()> {
        let (failures, differences) = paths(tests);
        let text = |head: &str, names: &BTreeSet<String>| {
            let mut out = head.to_owned();
            for name in names {
                out.push_str(name);
                out.push('\n');
            }
            out
        };
        std::fs::write(failures, text(FAILURES_HEAD, &self.failures))?;
        std::fs::write(differences, text(DIFFERENCES_HEAD, &self.differences))
    }
}
