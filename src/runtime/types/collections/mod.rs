//! Arrays, lists, dictionaries and what walks through them.

pub mod array;
pub mod array_segment;
pub mod array_static;
pub mod bit_array;
pub mod blocking_collection;
pub mod comparer;
pub mod dictionary;
pub mod enumerator;
pub mod hash_set;
pub mod lazy;
pub mod linked_list;
pub mod list;
pub mod list_events;
pub mod name_value;
pub mod priority_queue;
pub mod read_only;
pub mod tuple;
