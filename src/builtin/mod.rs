//! The general cmdlets, one file per family.
