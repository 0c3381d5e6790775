//! Hashtable, OrderedDictionary, `Dictionary<K,V>`, the sorted ones, and their entries.

use crate::runtime::collection::{Dictionary, KeyComparison, List};
use crate::runtime::error::{Fault, R};
use crate::runtime::native::Native;
use crate::runtime::types::TypeCode;
use crate::runtime::types::{
    TypeRef, collections::array, collections::comparer, dispatch, equality, failures, find_full,
    generic, known, reflection::delegate, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cmp::Ordering;
use std::rc::Rc;

fn is_sorted(dictionary: &Dictionary) -> bool {
    is_sorted_type(&dictionary.type_ref)
}

fn is_sorted_type(type_ref: &TypeRef) -> bool {
    matches!(
        type_ref.definition_name(),
        "System.Collections.SortedList"
            | "System.Collections.Generic.SortedList`2"
            | "System.Collections.Generic.SortedDictionary`2"
    )
}

/// Whether this is one of the dictionary types.
pub fn is_dictionary_type(type_ref: &TypeRef) -> bool {
    is_sorted_type(type_ref)
        || matches!(
            type_ref.definition_name(),
            "System.Collections.Hashtable"
                | "System.Collections.Specialized.OrderedDictionary"
                | "System.Collections.Specialized.ListDictionary"
                | "System.Collections.Specialized.HybridDictionary"
                | "System.Collections.Generic.Dictionary`2"
                | "System.Collections.Generic.OrderedDictionary`2"
                | "System.Collections.Concurrent.ConcurrentDictionary`2"
                | "System.Collections.ObjectModel.ReadOnlyDictionary`2"
                | "System.Management.Automation.PSPrimitiveDictionary"
                | "System.Management.Automation.RuntimeDefinedParameterDictionary"
        )
}

/// Names of the properties.
pub fn property_names(dictionary: &Dictionary) -> &'static [&'static str] {
    if dictionary.is_ordered() {
        return &[
            "Count",
            "IsReadOnly",
            "Keys",
            "Values",
            "IsFixedSize",
            "SyncRoot",
            "IsSynchronized",
        ];
    }
    if dictionary.is_generic() {
        return &["Comparer", "Count", "Capacity", "Keys", "Values"];
    }
    &[
        "IsReadOnly",
        "IsFixedSize",
        "IsSynchronized",
        "Keys",
        "Values",
        "SyncRoot",
        "Count",
    ]
}

fn key_collection(dictionary: &Rc<Dictionary>, items: Vec<Value>, values: bool) -> Value {
    let name = match (dictionary.is_ordered(), values) {
        (true, _) => {
            "System.Collections.Specialized.OrderedDictionary+OrderedDictionaryKeyValueCollection"
        }
        _ if &*dictionary.type_ref.full_name == "System.Collections.SortedList" => {
            if values {
                "System.Collections.SortedList+ValueList"
            } else {
                "System.Collections.SortedList+KeyList"
            }
        }
        (false, false) => "System.Collections.Hashtable+KeyCollection",
        (false, true) => "System.Collections.Hashtable+ValueCollection",
    };
    if dictionary.is_generic() {
        let arguments = &dictionary.type_ref.arguments;
        let element = arguments.get(usize::from(values)).cloned();
        let element = element.unwrap_or_else(known::object);
        let owner = dictionary.type_ref.definition_name();
        let owner = owner.split('`').next().unwrap_or(owner);
        let part = match (owner.ends_with(".SortedList"), values) {
            (false, false) => "KeyCollection",
            (false, true) => "ValueCollection",
            (true, false) => "KeyList",
            (true, true) => "ValueList",
        };
        let type_ref = match find_full(&format!("{owner}`2+{part}")) {
            Some(definition) => generic(&definition, arguments.clone()),
            None => find_full("System.Collections.ObjectModel.ReadOnlyCollection`1")
                .map_or_else(known::object, |it| generic(&it, vec![element.clone()])),
        };
        let mut list = List::new(type_ref, items);
        list.element = element;
        list.read_only = true;
        return Value::List(Rc::new(list));
    }
    let type_ref = find_full(name).unwrap_or_else(known::array_list);
    let mut list = List::new(type_ref, items);
    list.read_only = true;
    list.owner = Some(dictionary.clone());
    Value::List(Rc::new(list))
}

/// A property.
pub fn get(dictionary: &Rc<Dictionary>, name: &str) -> R<Option<Value>> {
    Ok(Some(match name {
        "count" => Value::Int(dictionary.len() as i32),
        "keys" => key_collection(dictionary, dictionary.keys(), false),
        "values" => key_collection(dictionary, dictionary.values(), true),
        "isreadonly" => Value::Bool(dictionary.read_only.get()),
        "isempty" if dictionary.type_ref.name.starts_with("Concurrent") => {
            Value::Bool(dictionary.is_empty())
        }
        "comparer" if dictionary.is_generic() => Value::native(comparer::TextComparer {
            ordinal: true,
            ignore_case: dictionary.comparison == KeyComparison::IgnoreCase,
        }),
        "capacity" => Value::Int(dictionary.len() as i32),
        _ => return Ok(None),
    }))
}

/// The entries as objects.
pub fn entries(dictionary: &Dictionary) -> Vec<Value> {
    let generic_entry = dictionary.is_generic().then(|| {
        find_full("System.Collections.Generic.KeyValuePair`2")
            .map(|d| generic(&d, dictionary.type_ref.arguments.clone()))
    });
    dictionary
        .pairs()
        .into_iter()
        .map(|(key, value)| match &generic_entry {
            Some(Some(type_ref)) => Entry::pair(type_ref.clone(), key, value),
            _ => Entry::value(key, value),
        })
        .collect()
}

/// A DictionaryEntry or `KeyValuePair<K,V>`.
pub struct Entry {
    type_ref: TypeRef,
    /// The key.
    pub key: Value,
    /// The value.
    pub item: Value,
}

impl Entry {
    /// A DictionaryEntry.
    pub fn value(key: Value, item: Value) -> Value {
        let type_ref = type_named("System.Collections.DictionaryEntry");
        Value::native(Entry {
            type_ref,
            key,
            item,
        })
    }

    /// `[DictionaryEntry]::new(key, value)`
    pub fn construct(arguments: &[Value]) -> Option<Value> {
        match arguments {
            [key, item] => Some(Entry::value(key.clone(), item.clone())),
            _ => None,
        }
    }

    /// `[KeyValuePair[K,V]]::new(key, value)`
    pub fn construct_pair(
        vm: &mut Vm,
        type_ref: &TypeRef,
        arguments: &[Value],
    ) -> R<Option<Value>> {
        let ([key, item], [key_type, item_type]) = (arguments, &*type_ref.arguments) else {
            return Ok(None);
        };
        let key = vm.convert(key, key_type)?;
        let item = vm.convert(item, item_type)?;
        Ok(Some(Entry::pair(type_ref.clone(), key, item)))
    }

    /// An entry of this type.
    pub fn pair(type_ref: TypeRef, key: Value, item: Value) -> Value {
        Value::native(Entry {
            type_ref,
            key,
            item,
        })
    }
}

impl Native for Entry {
    fn type_ref(&self) -> TypeRef {
        self.type_ref.clone()
    }

    fn to_text(&self, vm: &mut Vm) -> R<String> {
        let (key, item) = (vm.to_text(&self.key)?, vm.to_text(&self.item)?);
        Ok(format!("[{key}, {item}]"))
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Key", "Value"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "key" => Some(self.key.clone()),
            "value" => Some(self.item.clone()),
            _ => None,
        })
    }
}

/// A new dictionary.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let mut source = None;
    let mut by = None;
    for argument in arguments {
        match argument.base() {
            Value::Dict(dictionary) => source = Some(dictionary.pairs()),
            Value::Instance(_) => {}
            Value::Native(_) => match vm.enumerate(argument)? {
                Some(_) => {}
                None => by = Some(argument.clone()),
            },
            Value::Array(_) | Value::List(_) => {
                let mut pairs = Vec::new();
                for item in vm.enumerate(argument)?.unwrap_or_default() {
                    if let Some(entry) = item.as_native::<Entry>() {
                        pairs.push((entry.key.clone(), entry.item.clone()));
                    }
                }
                source = Some(pairs);
            }
            Value::Int(n) if *n < 0 => {
                return failures::out_of_range("Non-negative number required.", "capacity");
            }
            // A Hashtable needs more places than it has entries.
            Value::Int(n)
                if type_ref.code == TypeCode::Hashtable
                    && f64::from(*n) / 0.72 > f64::from(i32::MAX) =>
            {
                return failures::argument(
                    "Hashtable's capacity overflowed and went negative. Check load factor, capacity and the current size of the table.",
                    "loadFactor",
                );
            }
            Value::Int(n) => failures::check_room(*n)?,
            _ => {}
        }
    }
    // Tables made through a constructor compare text exactly, unlike literals.
    let comparison = comparer::key_comparison(by.as_ref());
    let mut dictionary = Dictionary::new(type_ref.clone(), comparison);
    dictionary.comparer = comparer::of_script(arguments);
    let dictionary = Rc::new(dictionary);
    for (key, value) in source.unwrap_or_default() {
        dispatch::set_entry(vm, &dictionary, key, value)?;
    }
    if type_ref.definition_name().contains("ReadOnly") {
        dictionary.read_only.set(true);
    }
    Ok(Some(Value::Dict(dictionary)))
}

/// Moves the last entry of a sorted dictionary to its place among the others, which are in order.
/// Whether that could be done: not where comparing fails.
fn settle_last(vm: &mut Vm, dictionary: &Rc<Dictionary>) -> bool {
    let key_at = |at: usize| {
        let entries = dictionary.entries().borrow();
        entries.get_index(at).map(|(_, (key, _))| key.clone())
    };
    let ignore_case = dictionary.comparison == KeyComparison::IgnoreCase;
    let by = dictionary.comparer.as_ref();
    let last = dictionary.len().saturating_sub(1);
    let Some(key) = key_at(last) else {
        return false;
    };
    let (mut low, mut high) = (0, last);
    // Most keys come in order: the first look is at the last but one.
    let mut middle = last.saturating_sub(1);
    while low < high {
        let Some(other) = key_at(middle) else {
            return false;
        };
        match comparer::order_of(vm, by, ignore_case, &other, &key) {
            Ok(Ordering::Greater) => high = middle,
            Ok(_) => low = middle + 1,
            Err(_) => return false,
        }
        middle = low + (high - low) / 2;
    }
    let mut entries = dictionary.entries().borrow_mut();
    if low < last && last < entries.len() {
        entries.move_index(last, low);
    }
    true
}

/// Puts the entries of a sorted dictionary in order.
pub fn keep_sorted(vm: &mut Vm, dictionary: &Rc<Dictionary>) -> R<()> {
    if !is_sorted(dictionary) || dictionary.len() < 2 || settle_last(vm, dictionary) {
        return Ok(());
    }
    let mut keys = dictionary.keys();
    let ignore_case = dictionary.comparison == KeyComparison::IgnoreCase;
    let by = dictionary.comparer.as_ref();
    equality::sort(vm, &mut keys, |vm, a, b| {
        comparer::order_of(vm, by, ignore_case, a, b)
    })?;
    let mut entries = dictionary.entries().borrow_mut();
    let mut taken = std::mem::take(&mut *entries);
    for key in keys {
        let identity = dictionary.identity(&key);
        if let Some(entry) = taken.shift_remove(&identity) {
            entries.insert(identity, entry);
        }
    }
    Ok(())
}

fn not_there<T>(vm: &mut Vm, key: &Value) -> R<T> {
    let text = vm.to_text(key)?;
    failures::fail(
        "System.Collections.Generic.KeyNotFoundException",
        format!("The given key '{text}' was not present in the dictionary."),
    )
}

const DEFAULTS: &str = "System.Management.Automation.DefaultParameterDictionary";

fn already_there<T>(vm: &mut Vm, dictionary: &Dictionary, key: &Value) -> R<T> {
    let text = vm.to_text(key)?;
    let name = dictionary.type_ref.definition_name();
    if name == DEFAULTS {
        let message = format!("The key '{text}' has already been added to the dictionary.");
        return vm.raise(Fault::argument("Argument", message));
    }
    let message = if dictionary.is_ordered()
        || matches!(
            name,
            "System.Collections.Hashtable" | "System.Collections.SortedList"
        ) {
        format!(
            "Item has already been added. Key in dictionary: '{text}'  Key being added: '{text}'"
        )
    } else {
        format!("An item with the same key has already been added. Key: {text}")
    };
    failures::argument(
        message,
        if is_sorted(dictionary) && dictionary.is_generic() {
            "key"
        } else {
            ""
        },
    )
}

fn by_position(vm: &mut Vm, dictionary: &Dictionary, at: &Value) -> R<(Value, Value)> {
    let at = vm.to_int(at)?;
    let found = usize::try_from(at).ok().and_then(|at| {
        dictionary
            .entries()
            .borrow()
            .get_index(at)
            .map(|(_, e)| e.clone())
    });
    match found {
        Some(entry) => Ok(entry),
        None => failures::bad_index(),
    }
}

/// A method.
pub fn call(
    vm: &mut Vm,
    dictionary: &Rc<Dictionary>,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    let null_key = arguments.first().is_some_and(Value::is_null);
    if null_key
        && matches!(
            name,
            "add"
                | "contains"
                | "containskey"
                | "get_item"
                | "item"
                | "remove"
                | "trygetvalue"
                | "tryadd"
        )
    {
        return failures::argument_null("key");
    }
    if dictionary.read_only.get()
        && matches!(
            name,
            "add" | "remove" | "clear" | "insert" | "removeat" | "tryadd"
        )
    {
        return failures::not_supported("Collection is read-only.");
    }
    Ok(Some(match (name, arguments) {
        ("add", [key, _])
            if key.as_str().is_none() && dictionary.type_ref.definition_name() == DEFAULTS =>
        {
            let (text, kind) = (vm.to_text(key)?, vm.type_of(key).full_name.clone());
            let message = format!(
                "The key '{text}' of type '{kind}' is not a string value. DefaultParameterDictionary only accepts string value keys."
            );
            return vm.raise(Fault::argument("Argument", message));
        }
        ("add", [key, value]) => {
            let key = dispatch::typed_key(vm, dictionary, key)?;
            if dictionary.contains(&key) {
                return already_there(vm, dictionary, &key);
            }
            dispatch::set_entry(vm, dictionary, key, value.clone())?;
            Value::Nothing
        }
        ("add", [entry]) => match entry.as_native::<Entry>() {
            Some(entry) => {
                let (key, item) = (entry.key.clone(), entry.item.clone());
                return call(vm, dictionary, name, &[key, item]);
            }
            None => return Ok(None),
        },
        ("tryadd", [key, value]) => {
            let key = dispatch::typed_key(vm, dictionary, key)?;
            let there = dictionary.contains(&key);
            if !there {
                dispatch::set_entry(vm, dictionary, key, value.clone())?;
            }
            Value::Bool(!there)
        }
        ("containskey", [key]) => {
            let key = dispatch::typed_key(vm, dictionary, key)?;
            Value::Bool(dictionary.contains(&key))
        }
        ("contains", [key]) => match key.as_native::<Entry>() {
            Some(entry) if dictionary.is_generic() => Value::Bool(dictionary.contains(&entry.key)),
            _ => {
                let key = dispatch::typed_key(vm, dictionary, key)?;
                Value::Bool(dictionary.contains(&key))
            }
        },
        ("containsvalue", [value]) => {
            let values = dictionary.values();
            Value::Bool(array::find(vm, &values, value)?.is_some())
        }
        ("remove", [key]) => {
            let key = dispatch::typed_key(vm, dictionary, key)?;
            let removed = dictionary.remove(&key);
            if dictionary.is_generic() {
                Value::Bool(removed)
            } else {
                Value::Nothing
            }
        }
        ("remove", [key, Value::Ref(place)]) => {
            let key = dispatch::typed_key(vm, dictionary, key)?;
            let found = dictionary.get(&key);
            let removed = dictionary.remove(&key);
            place.set(found.unwrap_or_default());
            Value::Bool(removed)
        }
        ("tryremove", [key, Value::Ref(place)]) => {
            return call(
                vm,
                dictionary,
                "remove",
                &[key.clone(), Value::Ref(place.clone())],
            );
        }
        ("clear", []) => {
            dictionary.entries().borrow_mut().clear();
            dictionary
                .version
                .set(dictionary.version.get().wrapping_add(1));
            Value::Nothing
        }
        ("trygetvalue", [key, Value::Ref(place)]) => {
            let key = dispatch::typed_key(vm, dictionary, key)?;
            let found = dictionary.get(&key);
            let there = found.is_some();
            let missing = dictionary
                .type_ref
                .arguments
                .get(1)
                .and_then(dispatch::zero);
            place.set(found.or(missing).unwrap_or_default());
            Value::Bool(there)
        }
        _ => return value_of(vm, dictionary, name, arguments),
    }))
}

/// The methods that read or write the value of one key.
fn value_of(
    vm: &mut Vm,
    dictionary: &Rc<Dictionary>,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("item" | "get_item", [key]) => {
            if dictionary.is_ordered() && matches!(key.base(), Value::Int(_)) {
                by_position(vm, dictionary, key)?.1
            } else {
                let key = dispatch::typed_key(vm, dictionary, key)?;
                match dictionary.get(&key) {
                    Some(value) => value,
                    None if dictionary.is_generic() => return not_there(vm, &key),
                    None => Value::Null,
                }
            }
        }
        ("set_item", [key, value]) => {
            dispatch::set_entry(vm, dictionary, key.clone(), value.clone())?;
            Value::Nothing
        }
        ("getvalueordefault", [key, rest @ ..]) => {
            let key = dispatch::typed_key(vm, dictionary, key)?;
            dictionary
                .get(&key)
                .or_else(|| rest.first().cloned())
                .unwrap_or_default()
        }
        ("addorupdate", [key, add, update]) => {
            let key = dispatch::typed_key(vm, dictionary, key)?;
            let value = match dictionary.get(&key) {
                Some(old) => array::call_delegate(vm, update, vec![key.clone(), old])?,
                None => match add.base() {
                    _ if delegate::is_callable(add) => {
                        array::call_delegate(vm, add, vec![key.clone()])?
                    }
                    other => other.clone(),
                },
            };
            dispatch::set_entry(vm, dictionary, key, value.clone())?;
            value
        }
        ("getoradd", [key, add]) => {
            let key = dispatch::typed_key(vm, dictionary, key)?;
            match dictionary.get(&key) {
                Some(old) => old,
                None => {
                    let value = match add.base() {
                        _ if delegate::is_callable(add) => {
                            array::call_delegate(vm, add, vec![key.clone()])?
                        }
                        other => other.clone(),
                    };
                    dispatch::set_entry(vm, dictionary, key, value.clone())?;
                    value
                }
            }
        }
        _ => return at_position(vm, dictionary, name, arguments),
    }))
}

/// The methods that go by position, of the kinds that keep one.
fn at_position(
    vm: &mut Vm,
    dictionary: &Rc<Dictionary>,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("insert", [at, key, value]) if dictionary.is_ordered() => {
            let at = vm.to_int(at)?;
            let Some(at) = usize::try_from(at)
                .ok()
                .filter(|at| *at <= dictionary.len())
            else {
                return failures::bad_index();
            };
            if dictionary.contains(key) {
                return already_there(vm, dictionary, key);
            }
            let identity = dictionary.identity(key);
            dictionary.entries().borrow_mut().shift_insert(
                at,
                identity,
                (key.clone(), value.clone()),
            );
            Value::Nothing
        }
        ("removeat", [at]) => {
            let (key, _) = by_position(vm, dictionary, at)?;
            dictionary.remove(&key);
            Value::Nothing
        }
        ("getbyindex" | "getvalueatindex", [at]) => by_position(vm, dictionary, at)?.1,
        ("getkey" | "getkeyatindex", [at]) => by_position(vm, dictionary, at)?.0,
        ("getkeylist", []) => array::of(&known::object(), dictionary.keys()),
        ("getvaluelist", []) => array::of(&known::object(), dictionary.values()),
        ("indexofkey", [key]) => {
            let identity = dictionary.identity(key);
            let at = dictionary.entries().borrow().get_index_of(&identity);
            Value::Int(at.map_or(-1, |at| at as i32))
        }
        ("indexofvalue", [value]) => {
            let values = dictionary.values();
            let at = array::find(vm, &values, value)?;
            Value::Int(at.map_or(-1, |at| at as i32))
        }
        ("setbyindex", [at, value]) => {
            let (key, _) = by_position(vm, dictionary, at)?;
            dictionary.set(key, value.clone());
            Value::Nothing
        }
        _ => return as_a_whole(vm, dictionary, name, arguments),
    }))
}

/// The methods about all entries together.
fn as_a_whole(
    vm: &mut Vm,
    dictionary: &Rc<Dictionary>,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    Ok(Some(match (name, arguments) {
        ("getenumerator", []) => {
            let class = match &*dictionary.type_ref.name {
                "Dictionary`2" => "System.Collections.Generic.Dictionary`2+Enumerator",
                "SortedDictionary`2" => "System.Collections.Generic.SortedDictionary`2+Enumerator",
                "Hashtable" => "System.Collections.Hashtable+HashtableEnumerator",
                "SortedList" => "System.Collections.SortedList+SortedListEnumerator",
                "OrderedDictionary" => {
                    "System.Collections.Specialized.OrderedDictionary+OrderedDictionaryEnumerator"
                }
                _ => "System.Collections.IDictionaryEnumerator",
            };
            crate::runtime::types::collections::enumerator::Enumerator::of(
                class,
                entries(dictionary),
            )
        }
        ("tryupdate", [key, new, expected]) => {
            let key = dispatch::typed_key(vm, dictionary, key)?;
            let same = match dictionary.get(&key) {
                Some(old) => equality::equal(vm, &old, expected)?,
                None => false,
            };
            if same {
                dispatch::set_entry(vm, dictionary, key, new.clone())?;
            }
            Value::Bool(same)
        }
        ("toarray", []) => {
            let entries = entries(dictionary);
            let element = entries
                .first()
                .map_or_else(known::object, |it| vm.type_of(it));
            array::of(&element, entries)
        }
        ("getat", [at]) => {
            let (key, _) = by_position(vm, dictionary, at)?;
            let entries = entries(dictionary);
            let same = |it: &&Value| {
                it.as_native::<Entry>().is_some_and(|entry| {
                    dictionary.identity(&entry.key) == dictionary.identity(&key)
                })
            };
            entries.iter().find(same).cloned().unwrap_or_default()
        }
        ("clone", []) => Value::Dict(Rc::new(copy(dictionary))),
        ("copyto", [Value::Array(target), at]) => {
            let at = vm.to_int(at)?;
            array::copy_into(vm, &entries(dictionary), target, at)?;
            Value::Nothing
        }
        ("asreadonly", []) => {
            let copied = copy(dictionary);
            copied.read_only.set(true);
            Value::Dict(Rc::new(copied))
        }
        ("ensurecapacity", [n]) => {
            let n = vm.to_int(n)?;
            failures::check_room(n)?;
            Value::Int(n)
        }
        ("trimexcess" | "trimtosize", _) => Value::Nothing,
        _ => return Ok(None),
    }))
}

/// A copy with entries of its own.
pub fn copy(dictionary: &Dictionary) -> Dictionary {
    let mut copied = Dictionary::new(dictionary.type_ref.clone(), dictionary.comparison);
    copied.comparer = dictionary.comparer.clone();
    *copied.entries().borrow_mut() = dictionary.entries().borrow().clone();
    copied
}

/// A hashtable of text keys.
pub fn hashtable<'a>(entries: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let table = Dictionary::hashtable();
    for (key, value) in entries {
        table.set_str(key, value);
    }
    Value::Dict(Rc::new(table))
}
