//! Members of values: what stands behind `.`.
//!
//! A member is looked for where PowerShell looks: the keys of a dictionary,
//! what scripts added to the object, what type data adds to its types, and
//! last what its .NET type has.

pub mod added;
pub mod class;
mod inference;
mod intrinsic;
mod list;
pub mod method;
pub mod object_view;
pub mod overload;
mod pipeline_methods;
mod read;
mod statics;
mod unroll;
mod write;

pub use list::{MemberInfo, Property, PropertyKind};
