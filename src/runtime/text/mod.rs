//! Values as text and text as values: numbers, dates, spans and composite formats.

pub mod big_digits;
pub mod char_class;
pub mod composite;
pub mod culture;
mod culture_data;
pub mod datetime;
pub mod datetime_format;
mod datetime_offset;
pub mod datetime_parse;
pub mod datetime_parse_exact;
mod digits;
pub mod encoding;
pub mod guid;
pub mod local_zone;
mod number_custom;
pub mod number_format;
pub mod number_parse;
pub mod numeric;
pub mod text_element;
pub mod timespan;
mod timespan_parse;
pub mod uformat;
pub mod utf16;
pub mod version;

#[cfg(test)]
mod property_tests;
