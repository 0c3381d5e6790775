//! Writes the embedded tables: sorted folded names, offsets, records.
//!
//! Layout, all numbers little-endian `u32`: the count n; n + 1 pairs of name
//! offset and record offset, the last pair being the ends; the names; the
//! records. `src/runtime/embedded.rs` reads it.

use std::collections::BTreeMap;
use std::path::Path;

/// Rows gathered for one table.
#[derive(Default)]
pub struct Table {
    rows: BTreeMap<String, Vec<u8>>,
}

impl Table {
    /// Adds a record under a name whose letter case does not matter. False if
    /// the name is taken.
    pub fn insert(&mut self, name: &str, record: Vec<u8>) -> bool {
        self.rows
            .insert(name.to_ascii_lowercase(), record)
            .is_none()
    }

    /// Writes the table.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        let mut index = Vec::new();
        let mut names = Vec::new();
        let mut records = Vec::new();
        let mut push = |value: usize| index.extend_from_slice(&(value as u32).to_le_bytes());
        push(self.rows.len());
        for (name, record) in &self.rows {
            push(names.len());
            push(records.len());
            names.extend_from_slice(name.as_bytes());
            records.extend_from_slice(record);
        }
        push(names.len());
        push(records.len());
        index.append(&mut names);
        index.append(&mut records);
        std::fs::write(path, index)
    }
}
