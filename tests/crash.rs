//! What a statement reported as done is still there after the process was
//! killed: two processes write, one of them is ended at a random moment.
//!
//! The long run is `UCSH_KILLS=1000 cargo test --test crash`.
#![cfg(unix)]

mod support;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use support::World;

/// Writes domains one after the other; each is printed when it is done.
fn writer(world: &World, name: &str) -> Child {
    let text = format!(
        "for ($i = 1; $i -le 1000; $i++) {{ $null = New-CsAllowedDomain -Identity \"{name}-$i.contoso.com\"; \"{name}-$i.contoso.com\" }}"
    );
    world
        .command(&["-NoProfile", "-Command", &text])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts")
}

/// What a writer reported before it ended.
fn reported(child: &mut Child) -> Vec<String> {
    let mut text = String::new();
    if let Some(mut pipe) = child.stdout.take() {
        let _ = pipe.read_to_string(&mut text);
    }
    let _ = child.wait();
    // A line without its end was not finished.
    text.split_inclusive('\n')
        .filter_map(|line| line.strip_suffix('\n'))
        .map(str::to_owned)
        .collect()
}

fn chance(seed: &mut u64, below: u64) -> u64 {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % below
}

/// Kills writers that often and counts what the store remembers.
fn kill_writers(times: usize) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let mut seed = now.map_or(1, |d| d.as_nanos() as u64);
    println!("seed {seed}");
    let world = World::new();
    let mut acknowledged = BTreeSet::new();
    for round in 0..times.div_ceil(2) {
        let mut pair = [
            writer(&world, &format!("a{round}")),
            writer(&world, &format!("b{round}")),
        ];
        // Both must have begun, else the moment is always before the first change.
        for child in &mut pair {
            wait_for_a_line(child, &mut acknowledged);
        }
        for child in &mut pair {
            std::thread::sleep(Duration::from_micros(chance(&mut seed, 20_000)));
            child.kill().expect("a child of ours");
        }
        for child in &mut pair {
            acknowledged.extend(reported(child));
        }
        if round % 50 == 49 {
            check(&world, &acknowledged);
        }
    }
    check(&world, &acknowledged);
}

/// Reads single bytes, so that nothing is lost in a buffer.
fn wait_for_a_line(child: &mut Child, acknowledged: &mut BTreeSet<String>) {
    let Some(pipe) = child.stdout.as_mut() else {
        return;
    };
    let mut line = String::new();
    let read = BufReader::with_capacity(1, pipe).read_line(&mut line);
    assert!(read.is_ok_and(|n| n > 0), "the writer could not write");
    acknowledged.insert(line.trim_end().to_owned());
}

/// Every acknowledged change is there.
fn check(world: &World, acknowledged: &BTreeSet<String>) {
    let stored = world.answer("Get-CsAllowedDomain | ForEach-Object { $_.Identity }");
    let stored: BTreeSet<&str> = stored.lines().collect();
    let lost: Vec<&String> = acknowledged
        .iter()
        .filter(|domain| !stored.contains(domain.as_str()))
        .collect();
    assert!(
        lost.is_empty(),
        "lost {} of {}: {lost:?}",
        lost.len(),
        acknowledged.len()
    );
    println!("{} changes acknowledged, none lost", acknowledged.len());
}

#[test]
fn killed_writers_lose_nothing() {
    const USUAL: usize = 20;
    let asked = std::env::var("UCSH_KILLS").ok();
    kill_writers(asked.and_then(|n| n.parse().ok()).unwrap_or(USUAL));
}
