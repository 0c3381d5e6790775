//! Syntax tree to runnable closures.
