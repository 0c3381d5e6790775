//! The format of zip archives.

use super::compression::{Method, compress, decompress};
use crate::runtime::error::R;
use crate::runtime::text::datetime::{DateTime, DateTimeKind};
use crate::runtime::types::failures;
use flate2::{Compression, Crc};

/// One entry with its bytes.
#[derive(Clone)]
pub struct Entry {
    /// Its path, with `/` between the parts; one at the end for folders.
    pub name: String,
    /// Its bytes, not compressed.
    pub data: Vec<u8>,
    /// How many bytes it took in the archive it was read from.
    pub compressed_length: usize,
    /// When it was last changed, on the local clock.
    pub modified: DateTime,
    /// How it is written.
    pub level: Compression,
    /// Attributes of the system it comes from.
    pub attributes: u32,
}

/// The checksum of bytes.
pub fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn number(&self, at: usize, count: usize) -> Option<usize> {
        let part = self.bytes.get(at..at.checked_add(count)?)?;
        Some(
            part.iter()
                .rev()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
        )
    }

    fn text(&self, at: usize, count: usize) -> Option<String> {
        let part = self.bytes.get(at..at.checked_add(count)?)?;
        Some(String::from_utf8_lossy(part).into_owned())
    }

    /// Where the end record begins.
    fn end(&self) -> Option<usize> {
        let last = self.bytes.len().checked_sub(22)?;
        let first = last.saturating_sub(65_535);
        (first..=last)
            .rev()
            .find(|at| self.bytes.get(*at..at + 4) == Some(b"PK\x05\x06"))
    }

    fn entry(&self, at: usize) -> Option<(R<Entry>, usize)> {
        if self.bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let method = self.number(at + 10, 2)?;
        let (time, date) = (self.number(at + 12, 2)?, self.number(at + 14, 2)?);
        let compressed_length = self.number(at + 20, 4)?;
        let name_length = self.number(at + 28, 2)?;
        let extra = self.number(at + 30, 2)? + self.number(at + 32, 2)?;
        let attributes = self.number(at + 38, 4)? as u32;
        let local = self.number(at + 42, 4)?;
        let name = self.text(at + 46, name_length)?;
        let start = local + 30 + self.number(local + 26, 2)? + self.number(local + 28, 2)?;
        let packed = self
            .bytes
            .get(start..start.checked_add(compressed_length)?)?;
        let data = match method {
            0 => Ok(packed.to_vec()),
            8 => decompress(Method::Deflate, packed),
            _ => failures::fail(
                "System.IO.InvalidDataException",
                "The archive entry was compressed using an unsupported compression method.",
            ),
        };
        let entry = data.map(|data| Entry {
            name,
            data,
            compressed_length,
            modified: from_dos(date, time),
            level: Compression::default(),
            attributes,
        });
        Some((entry, at + 46 + name_length + extra))
    }
}

fn from_dos(date: usize, time: usize) -> DateTime {
    let date_parts = (
        1980 + (date >> 9) as i32,
        (date >> 5 & 15) as i32,
        (date & 31) as i32,
    );
    let time_parts = (
        (time >> 11) as i32,
        (time >> 5 & 63) as i32,
        (time & 31) as i32 * 2,
    );
    DateTime::from_parts(date_parts, time_parts, DateTimeKind::Unspecified)
        .or_else(|_| DateTime::from_ymd(1980, 1, 1))
        .unwrap_or(DateTime::MIN)
}

fn to_dos(moment: DateTime) -> (u16, u16) {
    let (year, month, day) = moment.ymd();
    let date = ((year - 1980).clamp(0, 127) << 9) + (month << 5) + day;
    let time = (moment.hour() << 11) + (moment.minute() << 5) + moment.second() / 2;
    (date as u16, time as u16)
}

/// The entries of an archive, or InvalidDataException.
pub fn read(bytes: &[u8]) -> R<Vec<Entry>> {
    let reader = Reader { bytes };
    let Some(end) = reader.end() else {
        return failures::fail(
            "System.IO.InvalidDataException",
            "End of Central Directory record could not be found.",
        );
    };
    let count = reader.number(end + 10, 2).unwrap_or(0);
    let mut at = reader.number(end + 16, 4).unwrap_or(0);
    let mut entries = Vec::new();
    for _ in 0..count {
        match reader.entry(at) {
            Some((entry, next)) => {
                entries.push(entry?);
                at = next;
            }
            None => {
                return failures::fail(
                    "System.IO.InvalidDataException",
                    "Central Directory corrupt.",
                );
            }
        }
    }
    Ok(entries)
}

/// The bytes of an archive.
pub fn write(entries: &[Entry]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    let mut directory: Vec<u8> = Vec::new();
    for entry in entries {
        let start = out.len() as u32;
        let is_folder = entry.name.ends_with('/') && entry.data.is_empty();
        let stored = is_folder || entry.data.is_empty() || entry.level == Compression::none();
        let packed = if stored {
            entry.data.clone()
        } else {
            compress(Method::Deflate, entry.level, &entry.data)
        };
        let (date, time) = to_dos(entry.modified);
        let unicode = !entry.name.is_ascii();
        let flags = if unicode { 0x800u16 } else { 0 };
        let mut common: Vec<u8> = Vec::new();
        common.extend(20u16.to_le_bytes());
        common.extend(flags.to_le_bytes());
        common.extend((if stored { 0u16 } else { 8 }).to_le_bytes());
        common.extend(time.to_le_bytes());
        common.extend(date.to_le_bytes());
        common.extend(checksum(&entry.data).to_le_bytes());
        common.extend((packed.len() as u32).to_le_bytes());
        common.extend((entry.data.len() as u32).to_le_bytes());
        common.extend((entry.name.len() as u16).to_le_bytes());
        common.extend(0u16.to_le_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(entry.name.as_bytes());
        out.extend(&packed);
        directory.extend(b"PK\x01\x02");
        // Made by version 2.0 on Unix.
        directory.extend([20, 3]);
        directory.extend(&common);
        directory.extend([0; 6]);
        directory.extend(entry.attributes.to_le_bytes());
        directory.extend(start.to_le_bytes());
        directory.extend(entry.name.as_bytes());
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    let count = (entries.len() as u16).to_le_bytes();
    out.extend(count);
    out.extend(count);
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let modified = DateTime::from_ymd(2024, 2, 29).unwrap_or(DateTime::MIN);
        let entry = |name: &str, data: &[u8]| Entry {
            name: name.into(),
            data: data.to_vec(),
            compressed_length: 0,
            modified,
            level: Compression::default(),
            attributes: 0,
        };
        let bytes = write(&[entry("a.txt", &[b'x'; 500]), entry("d/", b"")]);
        let Ok(back) = read(&bytes) else {
            panic!("not readable");
        };
        assert_eq!(back.len(), 2);
        assert_eq!(back[0].data.len(), 500);
        assert!(back[0].compressed_length < 50);
        assert_eq!(back[0].modified, modified);
        assert!(read(b"no archive").is_err());
    }
}
