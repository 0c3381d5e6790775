//! Linguistic comparison of text, as the invariant culture does it.
