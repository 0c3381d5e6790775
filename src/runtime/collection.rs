//! Arrays, growing lists and dictionaries.

use super::object::Extension;
use super::symbol::fold_name;
use super::types::{TypeRef, known, type_named};
use super::value::{Str, Value};
use crate::host::discard::{discard, free_nested, is_long};
use indexmap::{Equivalent, IndexMap};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// `T[]`: a fixed number of items; `dimensions` only for `T[,]`.
pub struct Array {
    /// The type of the items.
    pub element: TypeRef,
    /// The items, row by row.
    pub items: RefCell<Vec<Value>>,
    /// Lengths of the dimensions of a multidimensional array.
    pub dimensions: Option<Vec<usize>>,
    /// Members added by scripts.
    pub extension: Extension,
}

impl Array {
    /// An `object[]`.
    pub fn objects(items: Vec<Value>) -> Array {
        Array::typed(known::object(), items)
    }

    /// An array of items that are already of the element type.
    pub fn typed(element: TypeRef, items: Vec<Value>) -> Array {
        Array {
            element,
            items: RefCell::new(items),
            dimensions: None,
            extension: Extension::default(),
        }
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.items.borrow().len()
    }

    /// Whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The array's type.
    pub fn type_ref(&self) -> TypeRef {
        super::types::array_of(
            &self.element,
            self.dimensions.as_ref().map_or(1, |d| d.len() as u32),
        )
    }
}

impl Drop for Array {
    fn drop(&mut self) {
        free_items(&mut self.items);
    }
}

/// Long lists are freed so that Ctrl-C is heard meanwhile.
fn free_items(items: &mut RefCell<Vec<Value>>) {
    let items = std::mem::take(items.get_mut());
    if is_long(items.len()) {
        discard(items);
    } else if !items.is_empty() {
        free_nested(items);
    }
}

/// A growing sequence: ArrayList, `List<T>`, `Collection<T>`, Queue, Stack and their kin.
pub struct List {
    /// The exact type.
    pub type_ref: TypeRef,
    /// The type of the items.
    pub element: TypeRef,
    /// The items in order; of a stack the last is the top.
    pub items: RefCell<Vec<Value>>,
    /// ArrayList.ReadOnly, ReadOnlyCollection and the like.
    pub read_only: bool,
    /// Counts changes, so that an enumeration notices them.
    pub version: Cell<u32>,
    /// How many items it had room for when that was last asked or set.
    room: Cell<u32>,
    /// The table whose keys or values these are.
    pub owner: Option<Rc<Dictionary>>,
    /// Members added by scripts.
    pub extension: Extension,
}

impl List {
    /// A list of the given type.
    pub fn new(type_ref: TypeRef, items: Vec<Value>) -> List {
        let element = type_ref
            .arguments
            .first()
            .cloned()
            .unwrap_or_else(known::object);
        List {
            type_ref,
            element,
            room: Cell::new(u32::try_from(items.len()).unwrap_or(u32::MAX)),
            items: RefCell::new(items),
            read_only: false,
            version: Cell::new(0),
            owner: None,
            extension: Extension::default(),
        }
    }

    /// An ArrayList.
    pub fn array_list(items: Vec<Value>) -> List {
        List::new(known::array_list(), items)
    }

    /// A `List<object>`, as properties with several values have.
    pub fn of_objects(items: Vec<Value>) -> List {
        let definition = type_named("System.Collections.Generic.List`1");
        List::new(
            super::types::generic(&definition, vec![known::object()]),
            items,
        )
    }

    /// A `Collection<PSObject>`, as `Invoke()` and `.Where{}` give.
    pub fn collection(items: Vec<Value>) -> List {
        let definition = type_named("System.Collections.ObjectModel.Collection`1");
        List::new(
            super::types::generic(&definition, vec![known::psobject()]),
            items,
        )
    }

    /// Number of items.
    pub fn len(&self) -> usize {
        self.items.borrow().len()
    }

    /// Whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many items fit before .NET's list would grow: it doubles, beginning with four.
    pub fn capacity(&self) -> usize {
        let mut room = self.room.get() as usize;
        while room < self.len() {
            room = (room * 2).max(4);
        }
        self.set_capacity(room);
        room
    }

    /// Sets the capacity, as its property, `EnsureCapacity` and `TrimExcess` do.
    pub fn set_capacity(&self, room: usize) {
        self.room.set(u32::try_from(room).unwrap_or(u32::MAX));
    }
}

impl Drop for List {
    fn drop(&mut self) {
        free_items(&mut self.items);
    }
}

/// A collection that ends its enumeration when it is changed meanwhile.
pub struct Changing {
    list: Rc<List>,
    version: u32,
}

impl Changing {
    /// The collection of a value that can change under an enumeration, as it is now.
    pub fn of(value: &Value) -> Option<Changing> {
        match value.base() {
            Value::List(list) => Some(Changing {
                list: list.clone(),
                version: Changing::version(list),
            }),
            _ => None,
        }
    }

    fn version(list: &List) -> u32 {
        match &list.owner {
            Some(owner) => owner.version.get(),
            None => list.version.get(),
        }
    }

    /// Whether it was changed since.
    pub fn happened(&self) -> bool {
        Changing::version(&self.list) != self.version
    }
}

/// What a dictionary key is compared by.
#[derive(Clone, PartialEq, Eq)]
pub enum KeyIdentity {
    /// Text, folded when the dictionary ignores case.
    Text(Str),
    /// A number, with a tag of its type, by bits.
    Number(u8, u64),
    /// A larger number, date or similar by type and text.
    Composite(Rc<str>, Box<str>),
    /// An object by its address.
    Object(usize),
}

impl Hash for KeyIdentity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            KeyIdentity::Text(text) => text.as_str().hash(state),
            KeyIdentity::Number(tag, bits) => (tag, bits).hash(state),
            KeyIdentity::Composite(kind, text) => (kind, text).hash(state),
            KeyIdentity::Object(address) => address.hash(state),
        }
    }
}

/// A text key that is looked for without making a string of it.
struct TextKey<'a>(&'a str);

impl Hash for TextKey<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Equivalent<KeyIdentity> for TextKey<'_> {
    fn equivalent(&self, key: &KeyIdentity) -> bool {
        matches!(key, KeyIdentity::Text(text) if text.as_str() == self.0)
    }
}

/// The common spelling of a text key; most keys are written in it.
fn folded(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|b| b.is_ascii() && !b.is_ascii_uppercase())
    {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(fold_name(text))
    }
}

/// How keys are ordered and compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum KeyComparison {
    /// Text keys ignore letter case.
    IgnoreCase,
    /// Text keys are compared exactly.
    Exact,
}

/// Keys with values by what the keys are compared by.
pub type Entries = IndexMap<KeyIdentity, (Value, Value), rustc_hash::FxBuildHasher>;

/// The tag of the number that stands where an entry was taken out.
const GONE: u8 = u8::MAX;

/// A dictionary of any kind: its type says which. Keys keep the order they were put in.
pub struct Dictionary {
    /// The exact type.
    pub type_ref: TypeRef,
    /// Entries, and places where some were taken out: to move those behind them up each time
    /// would take long where many go.
    kept: RefCell<Entries>,
    /// How many such places there are.
    gone: Cell<usize>,
    /// How text keys compare.
    pub comparison: KeyComparison,
    /// A script's own comparer, which decides what counts as the same key, or their order.
    pub comparer: Option<Value>,
    /// Refuses changes.
    pub read_only: Cell<bool>,
    /// Counts changes, so that an enumeration notices them.
    pub version: Cell<u32>,
    /// Members added by scripts.
    pub extension: Extension,
}

impl Dictionary {
    /// An empty dictionary of this type.
    pub fn new(type_ref: TypeRef, comparison: KeyComparison) -> Dictionary {
        Dictionary {
            type_ref,
            kept: RefCell::default(),
            gone: Cell::new(0),
            comparison,
            comparer: None,
            read_only: Cell::new(false),
            version: Cell::new(0),
            extension: Extension::default(),
        }
    }

    /// `@{}`
    pub fn hashtable() -> Dictionary {
        Dictionary::new(known::hashtable(), KeyComparison::IgnoreCase)
    }

    /// `[ordered]@{}`
    pub fn ordered() -> Dictionary {
        Dictionary::new(known::ordered(), KeyComparison::IgnoreCase)
    }

    /// Whether integers index by position.
    pub fn is_ordered(&self) -> bool {
        self.type_ref.code == super::types::TypeCode::OrderedDictionary
    }

    /// Whether it is one of the generic dictionaries, which refuse missing keys in some calls.
    pub fn is_generic(&self) -> bool {
        !self.type_ref.arguments.is_empty()
            || self
                .type_ref
                .base
                .as_ref()
                .is_some_and(|b| !b.arguments.is_empty())
    }

    /// The entries in order, without gaps.
    pub fn entries(&self) -> &RefCell<Entries> {
        if self.gone.replace(0) > 0 {
            let mut kept = self.kept.borrow_mut();
            kept.retain(|key, _| !matches!(key, KeyIdentity::Number(GONE, _)));
        }
        &self.kept
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.kept.borrow().len() - self.gone.get()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What this key is compared by in this dictionary.
    pub fn identity(&self, key: &Value) -> KeyIdentity {
        key_identity(key, self.comparison == KeyComparison::IgnoreCase)
    }

    /// The value under a key.
    pub fn get(&self, key: &Value) -> Option<Value> {
        self.kept
            .borrow()
            .get(&self.identity(key))
            .map(|(_, v)| v.clone())
    }

    /// The value under a text key.
    pub fn get_str(&self, key: &str) -> Option<Value> {
        let key = match self.comparison {
            KeyComparison::IgnoreCase => folded(key),
            KeyComparison::Exact => Cow::Borrowed(key),
        };
        self.kept
            .borrow()
            .get(&TextKey(&key))
            .map(|(_, v)| v.clone())
    }

    /// Puts a value under a key, keeping the place and spelling of an existing key.
    pub fn set(&self, key: Value, value: Value) {
        let identity = self.identity(&key);
        self.version.set(self.version.get().wrapping_add(1));
        match self.kept.borrow_mut().entry(identity) {
            indexmap::map::Entry::Occupied(mut entry) => entry.get_mut().1 = value,
            indexmap::map::Entry::Vacant(entry) => {
                entry.insert((key, value));
            }
        }
    }

    /// Puts a value under a text key.
    pub fn set_str(&self, key: &str, value: Value) {
        self.set(Value::str(key), value);
    }

    /// Takes a key out; whether it was there.
    pub fn remove(&self, key: &Value) -> bool {
        self.version.set(self.version.get().wrapping_add(1));
        let identity = self.identity(key);
        let mut kept = self.kept.borrow_mut();
        let Some(at) = kept.get_index_of(&identity) else {
            return false;
        };
        let by_place = self.is_ordered() || self.type_ref.definition_name().contains("Sorted");
        if at + 1 == kept.len() || by_place {
            return kept.shift_remove_index(at).is_some();
        }
        // The last takes the place of what is taken out, so that the others stay where they are.
        let gone = self.gone.get();
        kept.insert(
            KeyIdentity::Number(GONE, gone as u64),
            (Value::Null, Value::Null),
        );
        kept.swap_remove_index(at);
        self.gone.set(gone + 1);
        let many = (gone + 1) * 2 > kept.len();
        drop(kept);
        if many {
            self.entries();
        }
        true
    }

    /// Whether the key is there.
    pub fn contains(&self, key: &Value) -> bool {
        self.kept.borrow().contains_key(&self.identity(key))
    }

    /// The keys in order.
    pub fn keys(&self) -> Vec<Value> {
        self.entries()
            .borrow()
            .values()
            .map(|(k, _)| k.clone())
            .collect()
    }

    /// The values in order.
    pub fn values(&self) -> Vec<Value> {
        self.entries()
            .borrow()
            .values()
            .map(|(_, v)| v.clone())
            .collect()
    }

    /// Keys with values in order.
    pub fn pairs(&self) -> Vec<(Value, Value)> {
        self.entries().borrow().values().cloned().collect()
    }
}

impl Drop for Dictionary {
    fn drop(&mut self) {
        let entries = std::mem::take(self.kept.get_mut());
        if is_long(entries.len()) {
            discard(entries.into_iter().collect::<Vec<_>>());
        } else if !entries.is_empty() {
            free_nested(entries);
        }
    }
}

/// What a value is compared by as a dictionary key or set member.
pub fn key_identity(key: &Value, ignore_case: bool) -> KeyIdentity {
    match key.base() {
        Value::Str(text) if ignore_case => KeyIdentity::Text(match folded(text) {
            Cow::Borrowed(_) => text.clone(),
            Cow::Owned(folded) => Str::new(folded),
        }),
        Value::Str(text) => KeyIdentity::Text(text.clone()),
        Value::Bool(b) => KeyIdentity::Number(0, u64::from(*b)),
        Value::Char(c) => KeyIdentity::Number(1, u64::from(*c)),
        Value::SByte(n) => KeyIdentity::Number(2, *n as u64),
        Value::Byte(n) => KeyIdentity::Number(3, u64::from(*n)),
        Value::Short(n) => KeyIdentity::Number(4, *n as u64),
        Value::UShort(n) => KeyIdentity::Number(5, u64::from(*n)),
        Value::Int(n) => KeyIdentity::Number(6, *n as u64),
        Value::UInt(n) => KeyIdentity::Number(7, u64::from(*n)),
        Value::Long(n) => KeyIdentity::Number(8, *n as u64),
        Value::ULong(n) => KeyIdentity::Number(9, *n),
        Value::Float(n) => {
            KeyIdentity::Number(10, u64::from(if *n == 0.0 { 0 } else { n.to_bits() }))
        }
        Value::Double(n) => KeyIdentity::Number(11, if *n == 0.0 { 0 } else { n.to_bits() }),
        Value::TimeSpan(t) => KeyIdentity::Number(12, t.ticks() as u64),
        Value::DateTime(d) => KeyIdentity::Number(13, d.ticks() as u64),
        Value::Switch(b) => KeyIdentity::Number(14, u64::from(*b)),
        Value::Decimal(d) => {
            KeyIdentity::Composite("decimal".into(), d.normalize().to_string().into())
        }
        Value::BigInt(n) => KeyIdentity::Composite("bigint".into(), n.to_string().into()),
        Value::Enum(e) => {
            KeyIdentity::Composite(e.type_ref.full_name.clone(), e.bits.to_string().into())
        }
        Value::Type(t) => KeyIdentity::Composite("type".into(), t.full_name.to_string().into()),
        Value::Null | Value::Nothing => KeyIdentity::Object(0),
        Value::Array(o) => KeyIdentity::Object(Rc::as_ptr(o).cast::<u8>() as usize),
        Value::List(o) => KeyIdentity::Object(Rc::as_ptr(o).cast::<u8>() as usize),
        Value::Dict(o) => KeyIdentity::Object(Rc::as_ptr(o).cast::<u8>() as usize),
        Value::Block(o) => KeyIdentity::Object(Rc::as_ptr(o).cast::<u8>() as usize),
        Value::Custom(o) => KeyIdentity::Object(Rc::as_ptr(o).cast::<u8>() as usize),
        Value::Instance(o) => KeyIdentity::Object(Rc::as_ptr(o).cast::<u8>() as usize),
        Value::Error(o) => KeyIdentity::Object(Rc::as_ptr(o).cast::<u8>() as usize),
        Value::Exception(o) => KeyIdentity::Object(Rc::as_ptr(o).cast::<u8>() as usize),
        Value::Ref(o) => KeyIdentity::Object(Rc::as_ptr(o).cast::<u8>() as usize),
        Value::Native(o) => match o.body().key_text() {
            Some(text) => {
                KeyIdentity::Composite(o.body().type_ref().full_name.clone(), text.into())
            }
            None => KeyIdentity::Object(Rc::as_ptr(o).cast::<u8>() as usize),
        },
        Value::Wrapped(o) => key_identity(&o.base, ignore_case),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_keeps_its_order_when_entries_are_taken_out() {
        let table = Dictionary::hashtable();
        for n in 0..10 {
            table.set(Value::Int(n), Value::Int(n * n));
        }
        for n in [0, 3, 9, 4] {
            assert!(table.remove(&Value::Int(n)));
            assert!(!table.remove(&Value::Int(n)) && !table.contains(&Value::Int(n)));
        }
        table.set(Value::Int(3), Value::Null);
        assert_eq!(table.len(), 7);
        let keys = || {
            table
                .keys()
                .iter()
                .map(|k| format!("{}", as_int(k)))
                .collect::<Vec<_>>()
        };
        assert_eq!(keys().join(" "), "1 2 5 6 7 8 3");
        for n in [1, 2, 5, 6, 7, 8, 3] {
            assert!(table.remove(&Value::Int(n)));
        }
        assert!(table.is_empty() && table.pairs().is_empty());
    }

    fn as_int(value: &Value) -> i32 {
        match value {
            Value::Int(n) => *n,
            _ => -1,
        }
    }
}
