//! Whatever the program, it ends: without a panic, soon after it is told to,
//! and within bounds of memory.
//!
//! Nothing of the machine is touched. The program runs in a sandbox (no
//! processes, a virtual clock), and the kernel keeps this process to one
//! temporary folder and to the folders that the fuzzer itself was given.
#![no_main]

mod deep;

use deep::Deep;
use landlock::{
    ABI, Access, AccessFs, AccessNet, PathBeneath, PathFd, Ruleset, RulesetAttr, RulesetCreated,
    RulesetCreatedAttr, RulesetStatus, Scope,
};
use libfuzzer_sys::fuzz_target;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use ucsh::cli::invocation::Invocation;
use ucsh::cli::run::Engine;
use ucsh::cli::session::Session;
use ucsh::host::INTERRUPTED;
use ucsh::host::sandbox::Sandbox;
use ucsh::runtime::limits;

/// How many turns of loops, calls and piped objects a program may take.
const STEPS: u64 = 20_000;
/// The largest text or array.
const LARGEST: usize = 16 << 20;
/// When Ctrl-C is pressed: after this time, or at this many bytes of memory.
const PATIENCE: Duration = Duration::from_secs(2);
const MEMORY: u64 = 600 << 20;

/// When the program that runs began, in milliseconds; 0 when none runs.
static BEGAN: AtomicU64 = AtomicU64::new(0);
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("ucsh-fuzz-{}", std::process::id()))
}

/// Keeps this process to its folder and to what the fuzzer's arguments name.
fn confine() -> Result<(), Box<dyn std::error::Error>> {
    let folder = folder();
    std::fs::create_dir_all(&folder)?;
    let abi = ABI::V6;
    let named = std::env::args().skip(1).map(|argument| {
        let value = argument
            .split_once('=')
            .map_or(argument.as_str(), |(_, v)| v);
        PathBuf::from(value)
    });
    // An artifact's place is named by the beginning of its path.
    let named = named.flat_map(|path| [path.parent().map(Path::to_owned), Some(path)]);
    let mut open: Vec<PathBuf> = named.flatten().filter(|path| path.is_dir()).collect();
    open.retain(|path| !path.as_os_str().is_empty() && path != Path::new("/"));
    open.push(folder);
    let mut rules: RulesetCreated = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?;
    for path in &open {
        rules = rules.add_rule(PathBeneath::new(
            PathFd::new(path)?,
            AccessFs::from_all(abi),
        ))?;
    }
    let own = PathFd::new("/proc/self")?;
    rules = rules.add_rule(PathBeneath::new(own, AccessFs::from_read(abi)))?;
    let status = rules.restrict_self()?;
    match status.ruleset {
        RulesetStatus::NotEnforced => Err("the kernel has no Landlock".into()),
        _ => Ok(()),
    }
}

fn prepare() {
    if let Err(error) = confine() {
        eprintln!("the machine cannot be kept safe: {error}");
        std::process::exit(1);
    }
    LazyLock::force(&START);
    std::thread::spawn(watch);
}

/// Presses Ctrl-C on programs that take too long or too much.
fn watch() {
    loop {
        std::thread::sleep(Duration::from_millis(10));
        let began = BEGAN.load(Ordering::Relaxed);
        let now = START.elapsed().as_millis() as u64;
        let late = began > 0 && now.saturating_sub(began) > PATIENCE.as_millis() as u64;
        if late || memory() > MEMORY {
            INTERRUPTED.store(true, Ordering::Relaxed);
        }
    }
}

/// The memory that this process has taken.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = status.split(' ').nth(1).and_then(|n| n.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096
}

fn run(text: &str) {
    limits::set_largest(LARGEST);
    let host = Rc::new(Sandbox::new(folder(), 0));
    let invocation = Invocation {
        store: Some(":memory:".to_owned()),
        non_interactive: true,
        ..Invocation::default()
    };
    let mut session = Session::new(&invocation, host);
    session.vm.steps.allow(STEPS);
    session.run_command(text, &[]);
}

/// The thread that runs programs.
static EVALUATOR: LazyLock<Deep> = LazyLock::new(|| Deep::new(run));

fuzz_target!(init: prepare(), |text: &str| {
    INTERRUPTED.store(false, Ordering::Relaxed);
    BEGAN.store(START.elapsed().as_millis() as u64 + 1, Ordering::Relaxed);
    EVALUATOR.work(text);
    BEGAN.store(0, Ordering::Relaxed);
    // Each program finds the folder empty.
    if std::fs::read_dir(folder()).is_ok_and(|mut entries| entries.next().is_some()) {
        let _ = std::fs::remove_dir_all(folder());
        let _ = std::fs::create_dir_all(folder());
    }
});
