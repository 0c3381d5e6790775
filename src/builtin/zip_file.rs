//! ZIP files: read whole, written whole.

use flate2::{Compression, Crc, read::DeflateDecoder, write::DeflateEncoder};
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::path::Path;
use std::time::SystemTime;

/// A file of an archive, or a folder when its name ends with `/`.
pub struct Entry {
    /// Its name, parts separated by `/`.
    pub name: String,
    /// Its content.
    pub data: Vec<u8>,
    /// When it was changed last.
    pub modified: Option<SystemTime>,
}

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;

fn broken() -> Error {
    Error::new(
        ErrorKind::InvalidData,
        "End of Central Directory record could not be found.",
    )
}

fn word(bytes: &[u8], at: usize) -> Result<usize> {
    let part = bytes.get(at..at + 2).ok_or_else(broken)?;
    Ok(part.iter().rev().fold(0, |n, b| n << 8 | usize::from(*b)))
}

fn long(bytes: &[u8], at: usize) -> Result<usize> {
    Ok(word(bytes, at)? | word(bytes, at + 2)? << 16)
}

/// The entries of an archive.
pub fn read(path: &Path) -> Result<Vec<Entry>> {
    let bytes = std::fs::read(path)?;
    let mark = END.to_le_bytes();
    let end = bytes
        .windows(4)
        .rposition(|part| part == mark)
        .ok_or_else(broken)?;
    let count = word(&bytes, end + 10)?;
    let mut at = long(&bytes, end + 16)?;
    let mut entries = Vec::with_capacity(count.min(4096));
    for _ in 0..count {
        if long(&bytes, at)? != CENTRAL as usize {
            return Err(broken());
        }
        let method = word(&bytes, at + 10)?;
        let packed = long(&bytes, at + 20)?;
        let (name, extra, comment) = (
            word(&bytes, at + 28)?,
            word(&bytes, at + 30)?,
            word(&bytes, at + 32)?,
        );
        let local = long(&bytes, at + 42)?;
        let text = bytes.get(at + 46..at + 46 + name).ok_or_else(broken)?;
        let start = local + 30 + word(&bytes, local + 26)? + word(&bytes, local + 28)?;
        let content = bytes.get(start..start + packed).ok_or_else(broken)?;
        let data = match method {
            0 => content.to_vec(),
            8 => {
                let mut data = Vec::new();
                DeflateDecoder::new(content).read_to_end(&mut data)?;
                data
            }
            _ => {
                return Err(Error::new(
                    ErrorKind::InvalidData,
                    "The archive entry was compressed using an unsupported compression method.",
                ));
            }
        };
        entries.push(Entry {
            name: String::from_utf8_lossy(text).replace('\\', "/"),
            data,
            modified: None,
        });
        at += 46 + name + extra + comment;
    }
    Ok(entries)
}

/// Date and time as DOS keeps them: to two seconds, from 1980 on.
fn stamp(time: Option<SystemTime>) -> u32 {
    let time = time
        .and_then(|time| jiff::Timestamp::try_from(time).ok())
        .map(|time| time.to_zoned(jiff::tz::TimeZone::system()));
    let Some(time) = time.filter(|time| time.year() >= 1980) else {
        return 0x21 << 16;
    };
    let bits = |n: i8| u32::from(n.unsigned_abs());
    let years = u32::from(time.year().unsigned_abs()).saturating_sub(1980);
    let date = years << 9 | bits(time.month()) << 5 | bits(time.day());
    let clock = bits(time.hour()) << 11 | bits(time.minute()) << 5 | (bits(time.second()) / 2);
    date << 16 | clock
}

fn too_large() -> Error {
    Error::new(ErrorKind::FileTooLarge, "The archive would be too large.")
}

/// Writes an archive.
pub fn write(path: &Path, entries: &[Entry], pack: bool) -> Result<()> {
    let mut file: Vec<u8> = Vec::new();
    let mut directory: Vec<u8> = Vec::new();
    for entry in entries {
        let mut sum = Crc::new();
        sum.update(&entry.data);
        let (method, content) = match pack && !entry.data.is_empty() {
            true => {
                let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(&entry.data)?;
                (8u16, encoder.finish()?)
            }
            false => (0, entry.data.clone()),
        };
        let size = |n: usize| u32::try_from(n).map_err(|_| too_large());
        let name = u16::try_from(entry.name.len()).map_err(|_| too_large())?;
        // Version 2.0, names in UTF-8.
        let mut header: Vec<u8> = Vec::new();
        header.extend(20u16.to_le_bytes());
        header.extend(0x0800u16.to_le_bytes());
        header.extend(method.to_le_bytes());
        header.extend(stamp(entry.modified).to_le_bytes());
        header.extend(sum.sum().to_le_bytes());
        header.extend(size(content.len())?.to_le_bytes());
        header.extend(size(entry.data.len())?.to_le_bytes());
        header.extend(name.to_le_bytes());
        header.extend([0, 0]);
        let place = size(file.len())?;
        file.extend(LOCAL.to_le_bytes());
        file.extend(&header);
        file.extend(entry.name.as_bytes());
        file.extend(content);
        directory.extend(CENTRAL.to_le_bytes());
        directory.extend(20u16.to_le_bytes());
        directory.extend(&header);
        // No comment, first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(place.to_le_bytes());
        directory.extend(entry.name.as_bytes());
    }
    let count = u16::try_from(entries.len()).map_err(|_| too_large())?;
    let start = u32::try_from(file.len()).map_err(|_| too_large())?;
    let length = u32::try_from(directory.len()).map_err(|_| too_large())?;
    file.extend(directory);
    file.extend(END.to_le_bytes());
    file.extend([0; 4]);
    file.extend(count.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend(length.to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0, 0]);
    std::fs::write(path, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let path = std::env::temp_dir().join(format!("ucsh-zip-{}.zip", std::process::id()));
        for pack in [true, false] {
            let entries = ["a.txt", "d/ä.bin", "empty/"].map(|name| Entry {
                name: name.to_string(),
                data: match name.ends_with('/') {
                    true => Vec::new(),
                    false => name.repeat(40).into_bytes(),
                },
                modified: Some(SystemTime::now()),
            });
            write(&path, &entries, pack).expect("written");
            let back = read(&path).expect("read");
            for (one, other) in std::iter::zip(&entries, &back) {
                assert_eq!((&one.name, &one.data), (&other.name, &other.data));
            }
            assert_eq!(back.len(), 3);
        }
        let _ = std::fs::remove_file(path);
    }
}
