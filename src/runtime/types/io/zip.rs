//! Zip archives: read whole, written whole.

use crate::runtime::error::R;
use crate::runtime::text::datetime::{DateTime, DateTimeKind};
use crate::runtime::types::failures;
use flate2::{Compression, Crc};
use std::io::{Cursor, Read, Write};
use zip::result::{ZipError, ZipResult};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

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

/// The entries of an archive, or InvalidDataException.
pub fn read(bytes: &[u8]) -> R<Vec<Entry>> {
    try_read(bytes)
        .or_else(|error| failures::fail("System.IO.InvalidDataException", refusal(error)))
}

/// The bytes of an archive; IOException when it would be too large.
pub fn write(entries: &[Entry]) -> R<Vec<u8>> {
    try_write(entries).or_else(|error| failures::fail("System.IO.IOException", error.to_string()))
}

/// What .NET says of an archive that cannot be read.
fn refusal(error: ZipError) -> String {
    match error {
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
            "The archive entry was compressed using an unsupported compression method.".to_owned()
        }
        ZipError::Io(error) => error.to_string(),
        _ => "End of Central Directory record could not be found.".to_owned(),
    }
}

fn try_read(bytes: &[u8]) -> ZipResult<Vec<Entry>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut entries = Vec::with_capacity(archive.len());
    for at in 0..archive.len() {
        let mut file = archive.by_index(at)?;
        let mut data = Vec::new();
        file.read_to_end(&mut data)?;
        entries.push(Entry {
            name: file.name()?.into_owned(),
            data,
            compressed_length: usize::try_from(file.compressed_size()).unwrap_or(usize::MAX),
            modified: from_dos(file.last_modified().unwrap_or_default()),
            level: Compression::default(),
            attributes: file.external_attributes(),
        });
    }
    Ok(entries)
}

fn try_write(entries: &[Entry]) -> ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        let stored = entry.data.is_empty() || entry.level == Compression::none();
        let options = SimpleFileOptions::default()
            .last_modified_time(to_dos(entry.modified))
            .external_attributes(entry.attributes);
        let options = match stored {
            true => options.compression_method(CompressionMethod::Stored),
            false => options
                .compression_method(CompressionMethod::Deflated)
                .compression_level(Some(i64::from(entry.level.level()))),
        };
        archive.start_file(&*entry.name, options)?;
        archive.write_all(&entry.data)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn from_dos(moment: zip::DateTime) -> DateTime {
    let date = (
        i32::from(moment.year()),
        i32::from(moment.month()),
        i32::from(moment.day()),
    );
    let time = (
        i32::from(moment.hour()),
        i32::from(moment.minute()),
        i32::from(moment.second()),
    );
    DateTime::from_parts(date, time, DateTimeKind::Unspecified)
        .or_else(|_| DateTime::from_ymd(1980, 1, 1))
        .unwrap_or(DateTime::MIN)
}

/// Times that the format cannot hold become its first.
fn to_dos(moment: DateTime) -> zip::DateTime {
    let (year, month, day) = moment.ymd();
    let part = |n: i32| u8::try_from(n).unwrap_or(0);
    zip::DateTime::from_date_and_time(
        u16::try_from(year).unwrap_or(0),
        part(month),
        part(day),
        part(moment.hour()),
        part(moment.minute()),
        part(moment.second()),
    )
    .unwrap_or_default()
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
        let text = "d/ä.txt".repeat(80);
        let made = write(&[
            entry("d/ä.txt", text.as_bytes()),
            entry("d/", b""),
            Entry {
                level: Compression::none(),
                ..entry("b.bin", &[7; 90])
            },
        ]);
        let Some(back) = made.ok().and_then(|bytes| read(&bytes).ok()) else {
            panic!("not readable");
        };
        let names: Vec<&str> = back.iter().map(|entry| &*entry.name).collect();
        assert_eq!(names, ["d/ä.txt", "d/", "b.bin"]);
        assert_eq!(back[0].data, text.as_bytes());
        assert_eq!(back[2].compressed_length, 90);
        assert!(back[0].compressed_length < 50);
        assert_eq!(back[0].modified, modified);
        assert!(read(b"no archive").is_err());
    }
}
