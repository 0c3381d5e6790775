//! What the engine knows of .NET types; one file per type that scripts touch.
pub mod members;
pub mod signature;
