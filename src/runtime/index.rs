//! `$value[index]`

use super::collection::{Array, Dictionary, List};
use super::error::{Fault, R};
use super::types::{TypeKind, collections::list_events, dispatch, failures, known};
use super::value::Value;
use super::vm::Vm;
use crate::host::discard::Long;
use std::rc::Rc;

impl Vm {
    /// Reads `$target[index]`.
    pub fn index(&mut self, target: &Value, index: &Value) -> R<Value> {
        let (base, place) = (target.base(), index.base());
        if base.is_null() {
            return self.raise(Fault::new("NullArray", "Cannot index into a null array."));
        }
        if place.is_null() {
            return self.null_index();
        }
        match base {
            Value::Dict(dictionary) => self.index_dictionary(dictionary, place),
            Value::Array(array) if array.dimensions.is_some() => self.index_grid(array, place),
            Value::Array(_) | Value::List(_) | Value::Str(_) => {
                if let Some(places) = self.slice_places(place)? {
                    return self.slice(base, &places);
                }
                let Some(at) = self.position(place)? else {
                    return self.no_position(place);
                };
                match self.item_at(base, at) {
                    Some(item) => Ok(item),
                    None => self.missing_item(base),
                }
            }
            Value::Native(native) => {
                if let Some(places) = self.slice_places(place)?
                    && native.body().enumerate(self).is_some()
                {
                    return self.slice_native(base, &places);
                }
                match native.body().index(self, place) {
                    Ok(Some(found)) => Ok(found),
                    Ok(None) => self.index_scalar(target, place),
                    // What an indexer throws counts as no item, as with lists.
                    Err(unwind)
                        if self.strict_mode() < 30
                            && matches!(*unwind, super::error::Unwind::Error(_)) =>
                    {
                        Ok(Value::Null)
                    }
                    Err(unwind) => Err(unwind),
                }
            }
            Value::Instance(instance) => {
                let inner = instance.native_base.borrow().clone();
                match inner {
                    Some(inner) => self.index(&inner, index),
                    None => self.index_scalar(target, place),
                }
            }
            _ => self.index_scalar(target, place),
        }
    }

    fn null_index<T>(&mut self) -> R<T> {
        self.raise(Fault::new(
            "NullArrayIndex",
            "Index operation failed; the array index evaluated to null.",
        ))
    }

    /// `[0]` and `[-1]` of a value without indexer is the value itself.
    fn index_scalar(&mut self, target: &Value, place: &Value) -> R<Value> {
        for own in [0, -1] {
            if self.equals(&Value::Int(own), place, true)? {
                return Ok(target.clone());
            }
        }
        if self.strict_mode() >= 20 {
            return self.raise(self.not_indexable(target).target(target.clone()));
        }
        Ok(Value::Nothing)
    }

    fn cannot_index<T>(&mut self, target: &Value) -> R<T> {
        self.raise(self.not_indexable(target))
    }

    fn not_indexable(&self, target: &Value) -> Fault {
        let shown = self.type_of(target).reflection_text();
        Fault::new(
            "CannotIndex",
            format!("Unable to index into an object of type \"{shown}\"."),
        )
    }

    /// The places of a slice, when the index is a list of them.
    fn slice_places(&mut self, place: &Value) -> R<Option<Vec<Value>>> {
        match place {
            Value::Array(_) | Value::List(_) => self.enumerate(place),
            Value::Native(_) => self.enumerate(place),
            _ => Ok(None),
        }
    }

    /// A place as a number; `None` when it is none.
    fn position(&mut self, place: &Value) -> R<Option<i64>> {
        Ok(match place {
            Value::Int(at) => Some(i64::from(*at)),
            other => self
                .try_convert(other, &known::int())
                .and_then(|v| match v {
                    Value::Int(at) => Some(i64::from(at)),
                    _ => None,
                }),
        })
    }

    /// Reading at a place that is no number gives null, except under strict mode.
    fn no_position(&mut self, place: &Value) -> R<Value> {
        if self.strict_mode() >= 30 {
            self.convert(place, &known::int())?;
        }
        Ok(Value::Null)
    }

    fn item_at(&mut self, base: &Value, at: i64) -> Option<Value> {
        match base {
            Value::Array(array) => {
                from_end(at, array.len()).map(|at| array.items.borrow()[at].clone())
            }
            Value::List(list) => {
                if !dispatch::is_indexable(list) {
                    return None;
                }
                from_end(at, list.len()).map(|at| list.items.borrow()[at].clone())
            }
            Value::Str(text) => {
                let at = from_end(at, text.len_utf16())?;
                text.unit_at(at).map(Value::Char)
            }
            _ => None,
        }
    }

    fn missing_item(&mut self, base: &Value) -> R<Value> {
        if self.strict_mode() < 30 {
            return Ok(Value::Null);
        }
        match base {
            Value::List(_) => failures::bad_index(),
            _ => failures::outside_array(),
        }
    }

    fn slice(&mut self, base: &Value, places: &[Value]) -> R<Value> {
        let mut items = Long::from(Vec::with_capacity(places.len()));
        for place in places {
            self.heed()?;
            if let Some(inner) = self.slice_places(place)? {
                if let Value::Array(array) = self.slice(base, &inner)? {
                    items.extend(array.items.borrow().iter().cloned());
                }
                continue;
            }
            let Some(at) = self.position(place.base())? else {
                continue;
            };
            match self.item_at(base, at) {
                Some(item) => items.push(item),
                None if self.strict_mode() >= 30 => {
                    self.missing_item(base)?;
                }
                None => {}
            }
        }
        Ok(Value::array(items.into_inner()))
    }

    fn slice_native(&mut self, base: &Value, places: &[Value]) -> R<Value> {
        let mut items = Vec::new();
        for place in places {
            let found = self.index(base, place)?;
            if !found.is_null() {
                items.push(found);
            }
        }
        Ok(Value::array(items))
    }

    fn index_dictionary(&mut self, dictionary: &Rc<Dictionary>, place: &Value) -> R<Value> {
        if dictionary.is_ordered()
            && let Value::Int(at) = place
        {
            let entries = dictionary.entries().borrow();
            return match from_end(i64::from(*at), entries.len())
                .and_then(|at| entries.get_index(at))
            {
                Some((_, (_, value))) => Ok(value.clone()),
                None if self.strict_mode() >= 30 => failures::bad_index(),
                None => Ok(Value::Null),
            };
        }
        if let Value::Array(keys) = place {
            let keys = self.copy_items(&keys.items)?;
            if !dictionary.contains(place) {
                let mut values = Vec::with_capacity(keys.len());
                for key in keys {
                    values.push(self.index_dictionary(dictionary, key.base())?);
                }
                return Ok(Value::array(values));
            }
        }
        let key = dispatch::typed_key(self, dictionary, place)?;
        Ok(dictionary.get(&key).unwrap_or_default())
    }

    fn grid_place(&mut self, array: &Rc<Array>, place: &Value) -> R<Option<usize>> {
        let dimensions = array.dimensions.clone().unwrap_or_default();
        let places = match self.slice_places(place)? {
            Some(places) => places,
            None => vec![place.clone()],
        };
        if places.len() != dimensions.len() {
            let shown: Vec<String> = places
                .iter()
                .map(|p| self.to_text(p))
                .collect::<R<Vec<String>>>()?;
            return self.raise(Fault::new(
                "NeedMultidimensionalIndex",
                format!(
                    "You cannot index into a {} dimensional array with index [{}].",
                    dimensions.len(),
                    shown.join(",")
                ),
            ));
        }
        let mut flat = 0;
        for (place, length) in places.iter().zip(&dimensions) {
            let Some(at) = self
                .position(place.base())?
                .and_then(|at| from_end(at, *length))
            else {
                return Ok(None);
            };
            flat = flat * length + at;
        }
        Ok(Some(flat))
    }

    fn index_grid(&mut self, array: &Rc<Array>, place: &Value) -> R<Value> {
        if let Value::Array(places) = place {
            let places = self.copy_items(&places.items)?;
            if !places.is_empty() && places.iter().all(|p| matches!(p.base(), Value::Array(_))) {
                let mut items = Vec::new();
                for place in &places {
                    match self.grid_place(array, place.base())? {
                        Some(at) => items.extend(array.items.borrow().get(at).cloned()),
                        None if self.strict_mode() >= 30 => return failures::outside_array(),
                        None => {}
                    }
                }
                return Ok(Value::array(items));
            }
        }
        match self.grid_place(array, place)? {
            Some(at) => Ok(array.items.borrow().get(at).cloned().unwrap_or_default()),
            None if self.strict_mode() >= 30 => failures::outside_array(),
            None => Ok(Value::Null),
        }
    }

    /// Writes `$target[index] = value`.
    pub fn set_index(&mut self, target: &Value, index: &Value, value: Value) -> R<()> {
        let value = match value {
            Value::Nothing => Value::Null,
            other => other,
        };
        let (base, place) = (target.base(), index.base());
        if base.is_null() {
            return self.raise(Fault::new("NullArray", "Cannot index into a null array."));
        }
        if place.is_null() {
            return self.null_index();
        }
        match base {
            Value::Dict(dictionary) => self.set_in_dictionary(&dictionary.clone(), place, value),
            Value::Array(array) => self.set_in_array(&array.clone(), place, value),
            Value::List(list) if self.session.events_active => {
                let (list, at) = (list.clone(), self.to_int(place).unwrap_or(-1));
                let at_index = usize::try_from(at).unwrap_or(usize::MAX);
                let old = list.items.borrow().get(at_index).cloned();
                self.set_in_list(&list, place, value)?;
                let new = list.items.borrow().get(at_index).cloned();
                match (old, new) {
                    (Some(old), Some(new)) => list_events::replaced(self, target, at, old, new),
                    _ => Ok(()),
                }
            }
            Value::List(list) => self.set_in_list(&list.clone(), place, value),
            Value::Native(native) => match native.body().set_index(self, place, value)? {
                Some(()) => Ok(()),
                None => self.cannot_index(target),
            },
            Value::Instance(instance) => {
                let inner = instance.native_base.borrow().clone();
                match inner {
                    Some(inner) => self.set_index(&inner, index, value),
                    None => self.cannot_index(target),
                }
            }
            _ => self.cannot_index(target),
        }
    }

    fn set_in_array(&mut self, array: &Rc<Array>, place: &Value, value: Value) -> R<()> {
        let at = if array.dimensions.is_some() {
            self.grid_place(array, place)?
        } else {
            if let Value::Array(places) = place {
                let mut shown = Vec::new();
                for place in self.copy_items(&places.items)? {
                    shown.push(self.to_text(&place)?);
                }
                let message = format!(
                    "Array assignment to [{}] failed because assignment to slices is not supported.",
                    shown.join(",")
                );
                return self.raise(Fault::new("ArraySliceAssignmentFailed", message));
            }
            match self.position(place)? {
                Some(at) => from_end(at, array.len()),
                None => {
                    self.convert(place, &known::int())?;
                    None
                }
            }
        };
        let Some(at) = at else {
            return failures::outside_array();
        };
        let value = match array.element.kind {
            TypeKind::Class if array.element == known::object() => value,
            _ => self.convert(&value, &array.element)?,
        };
        if let Some(item) = array.items.borrow_mut().get_mut(at) {
            *item = value;
        }
        Ok(())
    }

    fn set_in_list(&mut self, list: &Rc<List>, place: &Value, value: Value) -> R<()> {
        if !dispatch::is_indexable(list) {
            return self.cannot_index(&Value::List(list.clone()));
        }
        let at = match self.position(place)? {
            Some(at) => from_end(at, list.len()),
            None => {
                self.convert(place, &known::int())?;
                None
            }
        };
        let Some(at) = at else {
            return failures::bad_index();
        };
        if list.read_only {
            return failures::not_supported("Collection is read-only.");
        }
        let value = match list.element == known::object() {
            true => value,
            false => self.convert(&value, &list.element)?,
        };
        list.version.set(list.version.get().wrapping_add(1));
        if let Some(item) = list.items.borrow_mut().get_mut(at) {
            *item = value;
        }
        Ok(())
    }

    /// `$table[[object]key]`: an ordered table takes the index as a key, whatever its type.
    pub fn index_by_key(&mut self, target: &Value, key: &Value) -> R<Value> {
        match target.base() {
            Value::Dict(table) if table.is_ordered() && !key.is_null() => {
                Ok(table.get(key.base()).unwrap_or_default())
            }
            _ => self.index(target, key),
        }
    }

    /// `$table[[object]key] = value`
    pub fn set_index_by_key(&mut self, target: &Value, key: &Value, value: Value) -> R<()> {
        match target.base() {
            Value::Dict(table) if table.is_ordered() && !key.is_null() => {
                dispatch::set_entry(self, table, key.base().clone(), value)
            }
            _ => self.set_index(target, key, value),
        }
    }

    fn set_in_dictionary(
        &mut self,
        dictionary: &Rc<Dictionary>,
        place: &Value,
        value: Value,
    ) -> R<()> {
        if dictionary.is_ordered()
            && let Value::Int(at) = place
        {
            let at = from_end(i64::from(*at), dictionary.len());
            let mut entries = dictionary.entries().borrow_mut();
            return match at.and_then(|at| entries.get_index_mut(at)) {
                Some((_, entry)) => {
                    entry.1 = value;
                    Ok(())
                }
                None => {
                    drop(entries);
                    failures::out_of_range(
                        "Specified argument was out of the range of valid values.",
                        "index",
                    )
                }
            };
        }
        dispatch::set_entry(self, dictionary, place.clone(), value)
    }
}

/// A place that may count from the end; `None` outside.
fn from_end(at: i64, length: usize) -> Option<usize> {
    let at = if at < 0 { at + length as i64 } else { at };
    usize::try_from(at).ok().filter(|at| *at < length)
}
