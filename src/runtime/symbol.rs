//! Names as small numbers.
//!
//! Names of variables, members and commands ignore letter case. A [`Symbol`]
//! stands for one spelling; [`Symbol::folded`] gives the symbol that all
//! spellings share, so that comparing names is comparing numbers.

use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// One spelling of a name. Names that are not their own common spelling have the bit [`VARIED`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Symbol(u32);

/// Marks the spellings that share another one's folded symbol.
const VARIED: u32 = 1 << 31;

/// Names whose symbols are known before anything runs, in the order of their numbers.
const KNOWN: [&str; 4] = ["_", "args", "input", "this"];

struct Interner {
    by_text: FxHashMap<Rc<str>, u32>,
    entries: Vec<(Rc<str>, u32)>,
    /// By folded symbol the spelling that was seen first.
    first: FxHashMap<u32, u32>,
}

thread_local! {
    static INTERNER: RefCell<Interner> = RefCell::new(Interner::new());
}

impl Interner {
    fn new() -> Interner {
        let mut interner = Interner {
            by_text: FxHashMap::default(),
            entries: Vec::new(),
            first: FxHashMap::default(),
        };
        for name in KNOWN {
            interner.intern(name);
        }
        interner
    }

    fn intern(&mut self, text: &str) -> u32 {
        if let Some(&id) = self.by_text.get(text) {
            return id;
        }
        let common = fold_name(text);
        let folded = (common != text).then(|| self.intern(&common));
        let shared: Rc<str> = Rc::from(text);
        let at = self.entries.len() as u32;
        let id = match folded {
            None => at,
            Some(_) => at | VARIED,
        };
        self.entries.push((shared.clone(), folded.unwrap_or(id)));
        self.by_text.insert(shared, id);
        if let Some(folded) = folded {
            self.first.entry(folded).or_insert(id);
        }
        id
    }

    fn entry(&self, id: u32) -> &(Rc<str>, u32) {
        &self.entries[(id & !VARIED) as usize]
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
    /// `$_`
    pub const ITEM: Symbol = Symbol(0);
    /// `$args`
    pub const ARGS: Symbol = Symbol(1);
    /// `$input`
    pub const INPUT: Symbol = Symbol(2);
    /// `$this`
    pub const THIS: Symbol = Symbol(3);

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
        match self.0 & VARIED {
            0 => self,
            _ => INTERNER.with(|i| Symbol(i.borrow().entry(self.0).1)),
        }
    }

    /// The spelling in which the name was first seen, for lists of names.
    pub fn first_spelling(self) -> Rc<str> {
        INTERNER.with(|i| {
            let interner = i.borrow();
            let folded = interner.entry(self.0).1;
            let first = interner.first.get(&folded).copied().unwrap_or(folded);
            interner.entry(first).0.clone()
        })
    }

    /// The spelling.
    pub fn text(self) -> Rc<str> {
        INTERNER.with(|i| i.borrow().entry(self.0).0.clone())
    }
}
