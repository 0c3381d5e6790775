//! Numbers: their types, their functions, and numbers as bytes.

pub mod bit_converter;
pub mod buffer;
pub mod complex;
pub mod convert;
pub mod int_ptr;
pub mod math;
pub mod number_functions;
pub mod numbers;
pub mod random;
