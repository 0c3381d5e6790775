//! Strings, characters, encodings, regular expressions and cultures.

pub mod char;
pub mod culture;
pub mod json_node;
pub mod letter_case;
pub mod regex;
pub mod region_info;
pub mod string;
pub mod string_builder;
pub mod string_info;
pub mod string_static;
pub mod text_coder;
pub mod text_encoding;
pub mod text_json;
