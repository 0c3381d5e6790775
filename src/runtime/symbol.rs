//! Names as small numbers.
//!
//! Names of variables, members and commands ignore letter case. A [`Symbol`]
//! stands for one spelling; [`Symbol::folded`] gives the symbol that all
//! spellings share, so that comparing names is comparing numbers.

use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// One spelling of a name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Symbol(u32);

#[derive(Default)]
struct Interner {
    by_text: FxHashMap<Rc<str>, u32>,
    entries: Vec<(Rc<str>, u32)>,
    /// By folded symbol the spelling that was seen first.
    first: FxHashMap<u32, u32>,
}

thread_local! {
    static INTERNER: RefCell<Interner> = RefCell::new(Interner::default());
}

impl Interner {
    fn intern(&mut self, text: &str) -> u32 {
        if let Some(&id) = self.by_text.get(text) {
            return id;
        }
        let shared: Rc<str> = Rc::from(text);
        let id = self.entries.len() as u32;
        self.entries.push((shared.clone(), id));
        self.by_text.insert(shared, id);
        let folded = fold_name(text);
        if folded != text {
            let folded = self.intern(&folded);
            self.entries[id as usize].1 = folded;
            self.first.entry(folded).or_insert(id);
        }
        id
    }
}

/// The common spelling of all letter cases of a name.
pub fn fold_name(text: &str) -> String {
    if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.to_lowercase()
    }
}

/// Whether two names are the same but for letter case.
pub fn same_name(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!(a.is_ascii() && b.is_ascii()) && fold_name(a) == fold_name(b))
}

impl Symbol {
    /// The symbol of this exact spelling.
    pub fn new(text: &str) -> Symbol {
        INTERNER.with(|i| Symbol(i.borrow_mut().intern(text)))
    }

    /// The symbol shared by all letter cases of the name.
    pub fn fold(text: &str) -> Symbol {
        Symbol::new(text).folded()
    }

    /// The symbol shared by all letter cases of this name.
    pub fn folded(self) -> Symbol {
        INTERNER.with(|i| Symbol(i.borrow().entries[self.0 as usize].1))
    }

    /// The spelling in which the name was first seen, for lists of names.
    pub fn first_spelling(self) -> Rc<str> {
        INTERNER.with(|i| {
            let interner = i.borrow();
            let folded = interner.entries[self.0 as usize].1;
            let first = interner.first.get(&folded).copied().unwrap_or(folded);
            interner.entries[first as usize].0.clone()
        })
    }

    /// The spelling.
    pub fn text(self) -> Rc<str> {
        INTERNER.with(|i| i.borrow().entries[self.0 as usize].0.clone())
    }
}
