//! Files, streams, readers, writers and archives.

pub mod binary_io;
pub mod compression;
pub mod console;
pub mod console_reader;
pub mod file;
pub mod file_info;
pub mod file_system_watcher;
pub mod path;
pub mod stream;
pub mod text_reader;
pub mod text_writer;
pub mod zip;
pub mod zip_archive;
