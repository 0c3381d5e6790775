//! Tables that the build script embeds: names to records, by binary search.
//!
//! Nothing is decoded or allocated to open one, so a program that asks for one
//! name of thousands pays for one. `build/table.rs` has the layout.

/// An embedded table; the names in it are folded to lower case.
#[derive(Clone, Copy)]
pub struct EmbeddedTable {
    bytes: &'static [u8],
}

impl EmbeddedTable {
    /// A table over the bytes that the build script wrote.
    pub const fn new(bytes: &'static [u8]) -> Self {
        EmbeddedTable { bytes }
    }

    /// How many names it has.
    pub fn len(&self) -> usize {
        self.number(0)
    }

    /// There is no name in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The record of a name, letter case ignored.
    pub fn find(&self, name: &str) -> Option<&'static [u8]> {
        let at = self.lower_bound(name);
        (at < self.len() && compare_folded(self.name(at), name).is_eq()).then(|| self.record(at))
    }

    /// All rows in the order of their folded names.
    pub fn rows(self) -> impl Iterator<Item = (&'static str, &'static [u8])> {
        (0..self.len()).map(move |at| (self.name(at), self.record(at)))
    }

    /// The rows whose name begins with a text, letter case ignored.
    pub fn rows_starting_with(
        self,
        prefix: &str,
    ) -> impl Iterator<Item = (&'static str, &'static [u8])> {
        let prefix = prefix.to_ascii_lowercase();
        (self.lower_bound(&prefix)..self.len())
            .map(move |at| (self.name(at), self.record(at)))
            .take_while(move |(name, _)| name.starts_with(&prefix))
    }

    /// The first row whose name is not less than this one.
    fn lower_bound(&self, name: &str) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if compare_folded(self.name(middle), name).is_lt() {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    fn name(&self, row: usize) -> &'static str {
        let base = self.names_start();
        let range = base + self.number(1 + 2 * row)..base + self.number(3 + 2 * row);
        self.bytes
            .get(range)
            .and_then(|bytes| std::str::from_utf8(bytes).ok())
            .unwrap_or("")
    }

    fn record(&self, row: usize) -> &'static [u8] {
        let base = self.names_start() + self.number(1 + 2 * self.len());
        let range = base + self.number(2 + 2 * row)..base + self.number(4 + 2 * row);
        self.bytes.get(range).unwrap_or(&[])
    }

    fn names_start(&self) -> usize {
        4 * (3 + 2 * self.len())
    }

    fn number(&self, at: usize) -> usize {
        self.bytes
            .get(4 * at..4 * at + 4)
            .and_then(|bytes| <[u8; 4]>::try_from(bytes).ok())
            .map_or(0, |bytes| u32::from_le_bytes(bytes) as usize)
    }
}

/// Compares a folded name with one in any letter case.
fn compare_folded(folded: &str, name: &str) -> std::cmp::Ordering {
    folded
        .bytes()
        .cmp(name.bytes().map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "a" → 1 byte, "bc" → 2 bytes, in the layout of the build script.
    fn sample() -> EmbeddedTable {
        let mut bytes = Vec::new();
        for number in [2u32, 0, 0, 1, 1, 3, 3] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(b"abc");
        bytes.extend_from_slice(&[7, 8, 9]);
        EmbeddedTable::new(bytes.leak())
    }

    #[test]
    fn finds_in_any_letter_case() {
        assert_eq!(sample().find("A"), Some(&[7u8][..]));
        assert_eq!(sample().find("Bc"), Some(&[8u8, 9][..]));
        assert_eq!(sample().find("b"), None);
        assert_eq!(sample().find("z"), None);
    }

    #[test]
    fn lists_by_prefix() {
        let names: Vec<_> = sample().rows_starting_with("B").map(|row| row.0).collect();
        assert_eq!(names, ["bc"]);
        assert_eq!(sample().rows_starting_with("").count(), 2);
    }

    #[test]
    fn an_empty_table_finds_nothing() {
        let table = EmbeddedTable::new(&[]);
        assert!(table.is_empty() && table.find("x").is_none());
    }
}
