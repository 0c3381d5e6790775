//! Parameter binding: from the words of a call to the values of its parameters.
