//! The command line of the program: one file per front end.
