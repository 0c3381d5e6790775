//! What the conformance run is made of: the recorded cases, the program asked
//! under the conditions of the recording, and the lists of what is known to differ.

pub mod case;
pub mod difference;
pub mod known;
pub mod process;
pub mod question;
