//! The only door to console, clock, files, environment and processes.
