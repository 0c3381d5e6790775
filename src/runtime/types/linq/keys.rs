//! Values found again by a comparer: the memory of Distinct, GroupBy, Join and their kin.

use crate::runtime::collection::{KeyComparison, KeyIdentity, key_identity};
use crate::runtime::error::R;
use crate::runtime::types::{collections::comparer, equality};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use rustc_hash::FxHashMap;

/// Keys in the order they were added, each with a place.
pub struct Keys {
    places: FxHashMap<KeyIdentity, usize>,
    /// Keys that only a comparer or an `Equals` of their own can tell apart.
    compared: Vec<(Value, usize)>,
    count: usize,
    comparer: Option<Value>,
    ignore_case: bool,
}

impl Keys {
    /// No keys yet; they are compared by a comparer, or by `Equals`.
    pub fn new(comparer: Option<&Value>) -> Keys {
        let comparer = comparer.filter(|it| !it.is_null());
        let own = comparer.filter(|it| it.as_native::<comparer::TextComparer>().is_none());
        let own = own.filter(|it| it.as_native::<comparer::DefaultComparer>().is_none());
        Keys {
            places: FxHashMap::default(),
            compared: Vec::new(),
            count: 0,
            comparer: own.cloned(),
            ignore_case: comparer::key_comparison(comparer) == KeyComparison::IgnoreCase,
        }
    }

    /// The place of a key.
    pub fn find(&self, vm: &mut Vm, key: &Value) -> R<Option<usize>> {
        if !self.is_compared(key) {
            return Ok(self
                .places
                .get(&key_identity(key, self.ignore_case))
                .copied());
        }
        for (known, place) in &self.compared {
            let same = match &self.comparer {
                None => equality::equal(vm, known, key)?,
                Some(comparer) => {
                    let pair = vec![known.clone(), key.clone()];
                    let answer = vm.invoke_method(comparer, "Equals", pair)?;
                    vm.to_bool(&answer)
                }
            };
            if same {
                return Ok(Some(*place));
            }
        }
        Ok(None)
    }

    /// The place of a key, and whether it is new.
    pub fn add(&mut self, vm: &mut Vm, key: &Value) -> R<(usize, bool)> {
        if let Some(place) = self.find(vm, key)? {
            return Ok((place, false));
        }
        let place = self.count;
        self.count += 1;
        if self.is_compared(key) {
            self.compared.push((key.clone(), place));
        } else {
            self.places
                .insert(key_identity(key, self.ignore_case), place);
        }
        Ok((place, true))
    }

    fn is_compared(&self, key: &Value) -> bool {
        self.comparer.is_some() || matches!(key.base(), Value::Instance(_))
    }
}
