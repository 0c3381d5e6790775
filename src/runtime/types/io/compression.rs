//! GZipStream, DeflateStream, ZLibStream.

use crate::runtime::error::R;
use crate::runtime::types::failures;
use crate::runtime::types::io::stream::{self, Coder};
use crate::runtime::value::Value;
use flate2::Compression;
use flate2::read::{
    DeflateDecoder, DeflateEncoder, GzEncoder, MultiGzDecoder, ZlibDecoder, ZlibEncoder,
};
use std::io::Read;

/// How a stream is compressed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Raw.
    Deflate,
    /// With the header of gzip files.
    Gzip,
    /// With a checksum.
    Zlib,
}

struct Compressor {
    method: Method,
    level: Compression,
}

fn invalid<T>() -> R<T> {
    failures::fail(
        "System.IO.InvalidDataException",
        "Found invalid data while decoding.",
    )
}

/// Compressed bytes.
pub fn compress(method: Method, level: Compression, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    // Reading from memory into memory cannot fail.
    let _ = match method {
        Method::Deflate => DeflateEncoder::new(bytes, level).read_to_end(&mut out),
        Method::Gzip => GzEncoder::new(bytes, level).read_to_end(&mut out),
        Method::Zlib => ZlibEncoder::new(bytes, level).read_to_end(&mut out),
    };
    if method == Method::Gzip
        && let Some(system) = out.get_mut(9)
    {
        // The system the bytes come from, as zlib on Unix says it.
        *system = 3;
    }
    out
}

/// The bytes before compression, or InvalidDataException.
fn decompress(method: Method, bytes: &[u8]) -> R<Vec<u8>> {
    let mut out = Vec::new();
    if bytes.is_empty() {
        return Ok(out);
    }
    let done = match method {
        Method::Deflate => DeflateDecoder::new(bytes).read_to_end(&mut out),
        Method::Gzip => {
            if !bytes.starts_with(&[0x1F, 0x8B]) {
                return failures::fail(
                    "System.IO.InvalidDataException",
                    "The archive entry was compressed using an unsupported compression method.",
                );
            }
            MultiGzDecoder::new(bytes).read_to_end(&mut out)
        }
        Method::Zlib => ZlibDecoder::new(bytes).read_to_end(&mut out),
    };
    match done {
        Ok(_) => Ok(out),
        Err(_) => invalid(),
    }
}

impl Coder for Compressor {
    fn type_name(&self) -> &'static str {
        match self.method {
            Method::Deflate => "System.IO.Compression.DeflateStream",
            Method::Gzip => "System.IO.Compression.GZipStream",
            Method::Zlib => "System.IO.Compression.ZLibStream",
        }
    }

    fn encode(&self, bytes: &[u8]) -> R<Vec<u8>> {
        // A stream that nothing was written to writes nothing.
        Ok(if bytes.is_empty() {
            Vec::new()
        } else {
            compress(self.method, self.level, bytes)
        })
    }

    fn decode(&self, bytes: &[u8]) -> R<Vec<u8>> {
        decompress(self.method, bytes)
    }
}

/// The level that bits of CompressionLevel mean.
pub fn level_of(bits: i64) -> Compression {
    match bits {
        1 => Compression::fast(),
        2 => Compression::none(),
        3 => Compression::best(),
        _ => Compression::default(),
    }
}

/// A constructor: the stream, a CompressionMode or CompressionLevel, whether to leave it open.
pub fn construct(type_name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let method = match type_name {
        "System.IO.Compression.GZipStream" => Method::Gzip,
        "System.IO.Compression.DeflateStream" => Method::Deflate,
        "System.IO.Compression.ZLibStream" => Method::Zlib,
        _ => return Ok(None),
    };
    let (Some(below), Some(Value::Enum(how))) = (arguments.first(), arguments.get(1)) else {
        return Ok(None);
    };
    if stream::of(below).is_none() {
        return failures::argument_null("stream");
    }
    let is_mode = &*how.type_ref.name == "CompressionMode";
    let writes = !is_mode || how.bits == 1;
    let level = if is_mode {
        Compression::default()
    } else {
        level_of(how.bits)
    };
    let leave_open = matches!(arguments.get(2), Some(Value::Bool(true)));
    let coder = Box::new(Compressor { method, level });
    Ok(Some(stream::coded(below, coder, writes, leave_open)))
}
