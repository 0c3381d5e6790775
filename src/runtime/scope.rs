//! Variables and the scopes that hold them.
//!
//! Every block of code has a [`Layout`]: the names it assigns. A [`Scope`] made
//! for the block has one slot for each; names that turn up at run time go into
//! a map beside them. A place in the code remembers where it last found its
//! name ([`Site`]), so that the common access is two comparisons.

use super::attribute::Attribute;
use super::command::FunctionInfo;
use super::module::Module;
use super::symbol::Symbol;
use super::value::Value;
use crate::host::discard::free_nested;
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The names a block assigns, with their slots.
pub struct Layout {
    id: u32,
    names: RefCell<Vec<Symbol>>,
    index: RefCell<FxHashMap<Symbol, u32>>,
    /// Owned by one scope alone, so that new names may join.
    growing: bool,
}

impl Layout {
    /// A layout of these folded names, shared by every scope of the block.
    pub fn fixed(names: Vec<Symbol>) -> Rc<Layout> {
        Rc::new(Layout::with(names, false))
    }

    /// A layout for one long-lived scope (global, module, script), open to new names.
    pub fn growing() -> Rc<Layout> {
        Rc::new(Layout::with(Vec::new(), true))
    }

    /// What tells it from every other layout.
    pub fn id(&self) -> u32 {
        self.id
    }

    fn with(names: Vec<Symbol>, growing: bool) -> Layout {
        thread_local! { static NEXT: Cell<u32> = const { Cell::new(1) }; }
        let id = NEXT.with(|n| n.replace(n.get() + 1));
        let index = names
            .iter()
            .enumerate()
            .map(|(i, n)| (*n, i as u32))
            .collect();
        Layout {
            id,
            names: RefCell::new(names),
            index: RefCell::new(index),
            growing,
        }
    }

    fn find(&self, name: Symbol) -> Option<u32> {
        self.index.borrow().get(&name).copied()
    }

    fn add(&self, name: Symbol) -> u32 {
        let mut names = self.names.borrow_mut();
        let at = names.len() as u32;
        names.push(name);
        self.index.borrow_mut().insert(name, at);
        at
    }
}

/// What stands in a slot.
#[derive(Clone, Default)]
pub enum Slot {
    /// Never assigned here.
    #[default]
    Unset,
    /// A plain value.
    Plain(Value),
    /// A variable with options, a type or references to it.
    Variable(Rc<Variable>),
}

/// What a scope keeps in a slot.
enum Held {
    /// Its content.
    Slot(Slot),
    /// A plain text that is being added to: it becomes a value when somebody looks at it.
    Growing(Box<GrowingText>),
}

/// A text behind one pointer, so that a slot stays small.
struct GrowingText {
    text: String,
}

/// Shorter texts are added to by copying them.
const GROWING_FROM: usize = 512;

impl Held {
    /// The value of a text that was being added to.
    #[cold]
    fn grown_text(&mut self) -> Option<&mut Value> {
        let Held::Growing(growing) = self else {
            return None;
        };
        *self = Held::Slot(Slot::Plain(Value::str(&growing.text)));
        match self {
            Held::Slot(Slot::Plain(value)) => Some(value),
            _ => None,
        }
    }

    /// A copy of the content; a text that was being added to is a value from now on.
    fn content(&mut self) -> Slot {
        match self {
            Held::Slot(slot) => slot.clone(),
            Held::Growing(growing) => {
                let slot = Slot::Plain(Value::str(&growing.text));
                *self = Held::Slot(slot.clone());
                slot
            }
        }
    }
}

/// A variable that is more than a value.
pub struct Variable {
    /// Its name.
    pub name: Rc<str>,
    /// Its value.
    pub value: RefCell<Value>,
    /// Option bits.
    pub options: Cell<u8>,
    /// Conversions and checks applied to what is assigned, shared by the calls of a function.
    pub attributes: RefCell<Option<Rc<[Attribute]>>>,
    /// A description for people.
    pub description: RefCell<Option<Rc<str>>>,
    /// Conversion failures are reported as those of a plain cast.
    pub plain_cast_errors: Cell<bool>,
}

/// Option bits of a [`Variable`].
pub mod options {
    /// Cannot be assigned without Force.
    pub const READ_ONLY: u8 = 1;
    /// Cannot be assigned or removed at all.
    pub const CONSTANT: u8 = 2;
    /// Not seen from child scopes.
    pub const PRIVATE: u8 = 4;
    /// Seen and changed from every scope.
    pub const ALL_SCOPE: u8 = 8;
}

impl Variable {
    /// A variable without options.
    pub fn new(name: &str, value: Value) -> Variable {
        Variable::named(name.into(), value)
    }

    /// A variable without options whose name is shared.
    pub fn named(name: Rc<str>, value: Value) -> Variable {
        Variable {
            name,
            value: RefCell::new(value),
            options: Cell::new(0),
            attributes: RefCell::default(),
            description: RefCell::default(),
            plain_cast_errors: Cell::new(false),
        }
    }

    /// Whether it refuses assignment.
    pub fn is_protected(&self) -> bool {
        self.options.get() & (options::READ_ONLY | options::CONSTANT) != 0
    }
}

/// The memory of one place in the code where it found its name.
#[derive(Default)]
pub struct Site {
    layout: Cell<u32>,
    slot: Cell<u32>,
}

/// Why a scope exists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ScopeKind {
    /// The session's own.
    Global,
    /// Of a script file.
    Script,
    /// The root of a module.
    Module,
    /// Of a function or `& { }`.
    Local,
}

/// A scope.
pub struct Scope {
    /// Why it exists.
    pub kind: ScopeKind,
    layout: Rc<Layout>,
    slots: RefCell<Vec<Held>>,
    extra: RefCell<Option<Box<FxHashMap<Symbol, Slot>>>>,
    /// The scope in which this one was entered.
    pub parent: Option<Rc<Scope>>,
    /// The scope of the caller, when that belongs to another session state than this one.
    pub caller: RefCell<Option<Rc<Scope>>>,
    /// The module it belongs to.
    pub module: Option<Rc<Module>>,
    /// Functions defined here, by folded name.
    pub functions: RefCell<FxHashMap<Symbol, Rc<FunctionInfo>>>,
    /// Aliases defined here, by folded name.
    pub aliases: RefCell<FxHashMap<Symbol, Rc<super::command::AliasInfo>>>,
    /// `Set-StrictMode` in force from here on: version times ten, 0 for off.
    pub strict_mode: Cell<Option<u16>>,
    /// The call it was made for.
    pub invocation: RefCell<Option<Rc<super::invocation::InvocationInfo>>>,
    /// Drives made here.
    pub drives: RefCell<Vec<Value>>,
}

impl Scope {
    /// A scope for a block.
    pub fn new(
        kind: ScopeKind,
        layout: Rc<Layout>,
        parent: Option<Rc<Scope>>,
        module: Option<Rc<Module>>,
    ) -> Rc<Scope> {
        let count = layout.names.borrow().len();
        let slots = std::iter::repeat_with(|| Held::Slot(Slot::Unset))
            .take(count)
            .collect();
        Rc::new(Scope {
            kind,
            layout,
            slots: RefCell::new(slots),
            extra: RefCell::default(),
            parent,
            caller: RefCell::default(),
            module,
            functions: RefCell::default(),
            aliases: RefCell::default(),
            strict_mode: Cell::new(None),
            invocation: RefCell::default(),
            drives: RefCell::default(),
        })
    }

    /// Whether it was made for the block with this layout.
    pub fn is_laid_out_by(&self, layout: u32) -> bool {
        self.layout.id == layout
    }

    #[inline]
    fn place(&self, name: Symbol, site: &Site) -> Option<usize> {
        if site.layout.get() == self.layout.id {
            return Some(site.slot.get() as usize);
        }
        let slot = self.layout.find(name)?;
        site.layout.set(self.layout.id);
        site.slot.set(slot);
        Some(slot as usize)
    }

    /// The slot of this folded name in this scope alone.
    pub fn own(&self, name: Symbol, site: &Site) -> Slot {
        match self.place(name, site) {
            Some(at) => self.content(at),
            None => self
                .extra
                .borrow()
                .as_ref()
                .and_then(|m| m.get(&name).cloned())
                .unwrap_or_default(),
        }
    }

    /// The slot of this folded name in this scope alone, without a site.
    pub fn own_named(&self, name: Symbol) -> Slot {
        match self.layout.find(name) {
            Some(at) => self.content(at as usize),
            None => self
                .extra
                .borrow()
                .as_ref()
                .and_then(|m| m.get(&name).cloned())
                .unwrap_or_default(),
        }
    }

    fn content(&self, at: usize) -> Slot {
        let mut slots = self.slots.borrow_mut();
        slots.get_mut(at).map(Held::content).unwrap_or_default()
    }

    /// Looks at a plain value in place; `None` when the slot holds none.
    #[inline]
    pub fn with_plain<T>(
        &self,
        name: Symbol,
        site: &Site,
        look: impl FnOnce(&mut Value) -> T,
    ) -> Option<T> {
        let at = self.place(name, site)?;
        let mut slots = self.slots.borrow_mut();
        let value = match slots.get_mut(at)? {
            Held::Slot(Slot::Plain(value)) => value,
            other => other.grown_text()?,
        };
        Some(look(value))
    }

    /// Whether the slot holds a long plain text, to which [`Scope::add_text`] adds without copying it.
    pub fn has_long_text(&self, name: Symbol, site: &Site) -> bool {
        let Some(at) = self.place(name, site) else {
            return false;
        };
        match self.slots.borrow().get(at) {
            Some(Held::Growing(_)) => true,
            Some(Held::Slot(Slot::Plain(Value::Str(text)))) => text.as_str().len() >= GROWING_FROM,
            _ => false,
        }
    }

    /// Adds to a long plain text in place; whether the slot holds one.
    pub fn add_text(&self, name: Symbol, site: &Site, more: &str) -> bool {
        let Some(at) = self.place(name, site) else {
            return false;
        };
        let mut slots = self.slots.borrow_mut();
        match slots.get_mut(at) {
            Some(Held::Growing(growing)) => growing.text.push_str(more),
            Some(held @ Held::Slot(Slot::Plain(Value::Str(_)))) => {
                let Held::Slot(Slot::Plain(Value::Str(text))) = &*held else {
                    return false;
                };
                let mut longer = String::with_capacity((text.as_str().len() + more.len()) * 2);
                longer.push_str(text);
                longer.push_str(more);
                *held = Held::Growing(Box::new(GrowingText { text: longer }));
            }
            _ => return false,
        }
        true
    }

    /// Puts a slot's content.
    pub fn put(&self, name: Symbol, site: &Site, content: Slot) {
        match self.place(name, site) {
            Some(at) => self.put_at(at, content),
            None => self.put_named(name, content),
        }
    }

    /// Puts a slot's content, without a site.
    pub fn put_named(&self, name: Symbol, content: Slot) {
        if let Some(at) = self.layout.find(name) {
            self.put_at(at as usize, content);
        } else if self.layout.growing {
            let at = self.layout.add(name) as usize;
            self.put_at(at, content);
        } else {
            self.extra
                .borrow_mut()
                .get_or_insert_with(Box::default)
                .insert(name, content);
        }
    }

    fn put_at(&self, at: usize, content: Slot) {
        let mut slots = self.slots.borrow_mut();
        if at >= slots.len() {
            slots.resize_with(at + 1, || Held::Slot(Slot::Unset));
        }
        slots[at] = Held::Slot(content);
    }

    /// All names with content.
    pub fn list(&self) -> Vec<(Symbol, Slot)> {
        let mut slots = self.slots.borrow_mut();
        let mut all: Vec<(Symbol, Slot)> = self
            .layout
            .names
            .borrow()
            .iter()
            .zip(slots.iter_mut())
            .map(|(n, s)| (*n, s.content()))
            .filter(|(_, s)| !matches!(s, Slot::Unset))
            .collect();
        if let Some(extra) = self.extra.borrow().as_ref() {
            all.extend(
                extra
                    .iter()
                    .filter(|(_, s)| !matches!(s, Slot::Unset))
                    .map(|(n, s)| (*n, s.clone())),
            );
        }
        all
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        free_nested((self.slots.take(), self.extra.take()));
        // Long chains of scopes are taken apart one by one instead of recursively.
        let mut next = self.parent.take();
        while let Some(scope) = next {
            next = match Rc::try_unwrap(scope) {
                Ok(mut owned) => owned.parent.take(),
                Err(_) => None,
            };
        }
    }
}

const _: () = assert!(size_of::<Held>() <= 24);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_grows_in_its_slot_until_somebody_looks() {
        let name = Symbol::fold("text");
        let site = Site::default();
        let scope = Scope::new(ScopeKind::Local, Layout::fixed(vec![name]), None, None);
        scope.put(name, &site, Slot::Plain(Value::str("short")));
        assert!(!scope.has_long_text(name, &site));
        let long = "x".repeat(GROWING_FROM);
        scope.put(name, &site, Slot::Plain(Value::str(&long)));
        assert!(scope.add_text(name, &site, "a") && scope.add_text(name, &site, "b"));
        let Slot::Plain(Value::Str(first)) = scope.own(name, &site) else {
            panic!("no text");
        };
        assert!(scope.add_text(name, &site, "c"));
        assert!(first.as_str() == long.clone() + "ab");
        let last = scope.with_plain(name, &site, |value| value.as_str().map(str::to_owned));
        assert_eq!(last.flatten(), Some(long + "abc"));
        scope.put_named(name, Slot::Unset);
        assert!(!scope.add_text(name, &site, "d"));
    }
}
