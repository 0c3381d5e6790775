//! The deployments that ship as examples: each loads, and comes out of the store as it went in.

use std::path::PathBuf;
use ucsh::cmdlet::kinds;
use ucsh::model::deployment::{Deployment, read};
use ucsh::store::Store;

fn files() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|it| it == "ron"))
        .collect();
    files.sort();
    files
}

/// Noun, identity, properties as text.
type Row = (String, String, Vec<(String, String)>);

/// Entries in an order that does not depend on how they are stored.
fn sorted(deployment: Deployment) -> Vec<Row> {
    let mut entries: Vec<_> = deployment
        .entries
        .into_iter()
        .map(|entry| {
            let mut properties: Vec<(String, String)> = entry
                .properties
                .into_iter()
                .map(|(name, value)| (name, format!("{value:?}")))
                .collect();
            properties.sort();
            (entry.noun, entry.identity, properties)
        })
        .collect();
    entries.sort();
    entries
}

#[test]
fn every_example_round_trips() {
    let files = files();
    assert!(files.len() >= 8, "examples are missing: {files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).expect("it can be read");
        let store = Store::open_with(None, kinds::find, &text)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let once = store.export_text().expect("it is written");
        let again = Store::open_with(None, kinds::find, &once)
            .unwrap_or_else(|error| panic!("{} written: {error}", file.display()));
        let first = sorted(read(&once, kinds::find).expect("it is read"));
        let second = again.export().expect("it is exported");
        assert_eq!(first, sorted(second), "{}", file.display());
    }
}
