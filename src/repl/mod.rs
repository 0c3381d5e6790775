//! The interactive prompt: colouring, completion, history.
