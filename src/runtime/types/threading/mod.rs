//! `System.Threading`: the one thread that a script sees.

pub mod interlocked;
pub mod task;
pub mod thread;
pub mod timer;
