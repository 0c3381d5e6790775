//! Objects with members: `[pscustomobject]`, instances of script classes, and
//! the members that scripts add to any object.

use super::class::ClassDefinition;
use super::script_block::ScriptBlock;
use super::symbol::Symbol;
use super::value::Value;
use crate::host::discard::free_nested;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// A member that lives on an object rather than on its type.
#[derive(Clone)]
pub enum Member {
    /// A value.
    Note(Value),
    /// A property computed by script blocks.
    Script {
        /// Run to read.
        getter: Option<Rc<ScriptBlock>>,
        /// Run to write.
        setter: Option<Rc<ScriptBlock>>,
    },
    /// Another name of a property, perhaps converted to a type.
    Alias {
        /// The name it stands for.
        target: Rc<str>,
        /// Conversion applied on reading.
        conversion: Option<super::types::TypeRef>,
    },
    /// A method written as a script block.
    Method(Rc<ScriptBlock>),
    /// A named list of properties.
    PropertySet(Vec<Rc<str>>),
    /// A nested set of members, such as PSStandardMembers.
    MemberSet(Rc<Members>),
    /// A property computed by the engine.
    Code(fn(&mut super::vm::Vm, &Value) -> super::error::R<Value>),
}

impl Member {
    /// Whether it reads and writes like a property.
    pub fn is_property(&self) -> bool {
        matches!(
            self,
            Member::Note(_) | Member::Script { .. } | Member::Alias { .. } | Member::Code(_)
        )
    }
}

/// The names of an object's members, shared by objects built alike.
pub struct Shape {
    names: Vec<Symbol>,
    folds: Vec<Symbol>,
    index: Option<FxHashMap<Symbol, u32>>,
    next: RefCell<FxHashMap<Symbol, Rc<Shape>>>,
}

const INDEX_FROM: usize = 12;
/// Shapes of fewer names remember which ones came after them.
const REMEMBERED: usize = 64;

impl Shape {
    fn with(names: Vec<Symbol>) -> Shape {
        let folds: Vec<Symbol> = names.iter().map(|n| n.folded()).collect();
        let index = (folds.len() >= INDEX_FROM).then(|| {
            folds
                .iter()
                .enumerate()
                .map(|(i, f)| (*f, i as u32))
                .collect()
        });
        Shape {
            names,
            folds,
            index,
            next: RefCell::default(),
        }
    }

    /// The shape without members.
    pub fn empty() -> Rc<Shape> {
        thread_local! { static EMPTY: Rc<Shape> = Rc::new(Shape::with(Vec::new())); }
        EMPTY.with(Clone::clone)
    }

    /// The shape with another name. A large one that nobody shares grows in its place.
    fn grown(mut self: Rc<Shape>, name: Symbol) -> Rc<Shape> {
        if self.names.len() < REMEMBERED {
            return self.adding(name);
        }
        match Rc::get_mut(&mut self) {
            Some(own) => {
                if let Some(index) = &mut own.index {
                    index.insert(name.folded(), own.folds.len() as u32);
                }
                own.names.push(name);
                own.folds.push(name.folded());
                // What was reached from here had fewer names.
                own.next.get_mut().clear();
                self
            }
            None => self.adding(name),
        }
    }

    fn adding(self: &Rc<Shape>, name: Symbol) -> Rc<Shape> {
        if let Some(known) = self.next.borrow().get(&name) {
            return known.clone();
        }
        let mut names = self.names.clone();
        names.push(name);
        let built = Rc::new(Shape::with(names));
        // A shape is remembered only while the family is small: objects with thousands of
        // different names (parsed data) must not keep every intermediate shape alive.
        if self.names.len() < REMEMBERED {
            self.next.borrow_mut().insert(name, built.clone());
        }
        built
    }

    /// Where the member of this folded name is.
    pub fn find(&self, folded: Symbol) -> Option<usize> {
        match &self.index {
            Some(index) => index.get(&folded).map(|i| *i as usize),
            None => self.folds.iter().position(|f| *f == folded),
        }
    }

    /// The names in order.
    pub fn names(&self) -> &[Symbol] {
        &self.names
    }
}

/// Members in the order they were added.
pub struct Members {
    state: RefCell<State>,
}

struct State {
    shape: Rc<Shape>,
    /// The first members, when many objects have the same: those of the lines of a file.
    shared: Option<Rc<[Member]>>,
    /// The others.
    own: Vec<Member>,
}

impl State {
    fn at(&self, index: usize) -> Option<&Member> {
        match &self.shared {
            None => self.own.get(index),
            Some(shared) => shared
                .get(index)
                .or_else(|| self.own.get(index.checked_sub(shared.len())?)),
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Member> {
        self.shared.iter().flat_map(|s| s.iter()).chain(&self.own)
    }

    /// All members as this object's own.
    fn unshared(&mut self) -> &mut Vec<Member> {
        if let Some(shared) = self.shared.take() {
            self.own.splice(0..0, shared.iter().cloned());
        }
        &mut self.own
    }
}

/// Members that several objects begin with.
pub struct CommonMembers {
    shape: Rc<Shape>,
    members: Rc<[Member]>,
}

impl Drop for Members {
    fn drop(&mut self) {
        free_nested(std::mem::take(&mut self.state.get_mut().own));
    }
}

impl Default for Members {
    fn default() -> Members {
        Members::of(Shape::empty(), Vec::new())
    }
}

impl Members {
    fn of(shape: Rc<Shape>, own: Vec<Member>) -> Members {
        Members {
            state: RefCell::new(State {
                shape,
                shared: None,
                own,
            }),
        }
    }

    /// These members for many objects to begin with.
    pub fn common(&self) -> CommonMembers {
        let state = self.state.borrow();
        CommonMembers {
            shape: state.shape.clone(),
            members: state.iter().cloned().collect(),
        }
    }

    /// Members that begin with those of other objects.
    pub fn beginning(common: &CommonMembers) -> Members {
        Members {
            state: RefCell::new(State {
                shape: common.shape.clone(),
                shared: Some(common.members.clone()),
                own: Vec::new(),
            }),
        }
    }

    /// Members in the layout of others, in their order. `None` if the numbers differ.
    pub fn alike(pattern: &Members, members: Vec<Member>) -> Option<Members> {
        let shape = pattern.state.borrow().shape.clone();
        (shape.names().len() == members.len()).then(|| Members::of(shape, members))
    }

    /// Members with these notes.
    pub fn from_notes<'a>(notes: impl IntoIterator<Item = (&'a str, Value)>) -> Members {
        let members = Members::default();
        for (name, value) in notes {
            members.set(name, Member::Note(value));
        }
        members
    }

    /// The member of this name.
    pub fn get(&self, name: Symbol) -> Option<Member> {
        let state = self.state.borrow();
        let at = state.shape.find(name.folded())?;
        state.at(at).cloned()
    }

    /// The value of a note property.
    pub fn note(&self, name: &str) -> Option<Value> {
        match self.get(Symbol::fold(name)) {
            Some(Member::Note(value)) => Some(value),
            _ => None,
        }
    }

    /// Adds or replaces a member; a replaced one keeps its place and spelling.
    pub fn set(&self, name: &str, member: Member) {
        self.set_symbol(Symbol::new(name), member);
    }

    /// Adds or replaces a member by symbol.
    pub fn set_symbol(&self, name: Symbol, member: Member) {
        let mut state = self.state.borrow_mut();
        match state.shape.find(name.folded()) {
            Some(i) => {
                if let Some(old) = state.unshared().get_mut(i) {
                    *old = member;
                }
            }
            None => {
                let shape = std::mem::replace(&mut state.shape, Shape::empty());
                state.shape = shape.grown(name);
                state.own.push(member);
            }
        }
    }

    /// Takes a member out; whether it was there.
    pub fn remove(&self, name: &str) -> bool {
        let mut state = self.state.borrow_mut();
        let Some(at) = state.shape.find(Symbol::fold(name)) else {
            return false;
        };
        let mut names = state.shape.names.clone();
        names.remove(at);
        state.unshared().remove(at);
        state.shape = Rc::new(Shape::with(names));
        true
    }

    /// Names and members in order.
    pub fn list(&self) -> Vec<(Rc<str>, Member)> {
        let state = self.state.borrow();
        state
            .shape
            .names
            .iter()
            .map(|n| n.text())
            .zip(state.iter().cloned())
            .collect()
    }

    /// Number of members.
    pub fn len(&self) -> usize {
        self.state.borrow().shape.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A copy with members of its own.
    pub fn copy(&self) -> Members {
        let state = self.state.borrow();
        Members {
            state: RefCell::new(State {
                shape: state.shape.clone(),
                shared: state.shared.clone(),
                own: state.own.clone(),
            }),
        }
    }
}

/// What scripts add to an object: members, and type names in front of its own.
#[derive(Default)]
pub struct Extension(RefCell<Option<Box<ExtensionData>>>);

/// The content of an [`Extension`].
#[derive(Default)]
pub struct ExtensionData {
    /// Added members.
    pub members: Members,
    /// The whole list of type names, once it was changed.
    pub type_names: Option<Vec<Rc<str>>>,
}

impl Extension {
    /// An extension with these members.
    pub fn with(members: Members) -> Extension {
        Extension(RefCell::new(Some(Box::new(ExtensionData {
            members,
            type_names: None,
        }))))
    }

    /// An extension that only gives these type names.
    pub fn named(type_names: Vec<Rc<str>>) -> Extension {
        Extension(RefCell::new(Some(Box::new(ExtensionData {
            members: Members::default(),
            type_names: Some(type_names),
        }))))
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_none()
    }

    /// Looks at what was added.
    pub fn read<T>(&self, look: impl FnOnce(&ExtensionData) -> T) -> Option<T> {
        self.0.borrow().as_deref().map(look)
    }

    /// Changes what was added.
    pub fn write<T>(&self, change: impl FnOnce(&mut ExtensionData) -> T) -> T {
        change(self.0.borrow_mut().get_or_insert_with(Box::default))
    }

    /// The added member of this name.
    pub fn member(&self, name: Symbol) -> Option<Member> {
        self.0.borrow().as_deref().and_then(|d| d.members.get(name))
    }

    /// A copy of its own.
    pub fn copy(&self) -> Extension {
        match self.0.borrow().as_deref() {
            None => Extension::default(),
            Some(data) => Extension(RefCell::new(Some(Box::new(ExtensionData {
                members: data.members.copy(),
                type_names: data.type_names.clone(),
            })))),
        }
    }
}

/// `[pscustomobject]`.
pub struct CustomObject {
    /// The members.
    pub members: Members,
    /// Type names, most special first; empty for the plain two.
    pub type_names: RefCell<Vec<Rc<str>>>,
}

impl CustomObject {
    /// An object with these members and the plain type names.
    pub fn new(members: Members) -> CustomObject {
        CustomObject {
            members,
            type_names: RefCell::default(),
        }
    }

    /// An object with note properties.
    pub fn from_notes<'a>(notes: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
        Value::Custom(Rc::new(CustomObject::new(Members::from_notes(notes))))
    }

    /// An object with note properties and a type name in front of the plain ones.
    pub fn typed<'a>(type_name: &str, notes: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
        let object = CustomObject::new(Members::from_notes(notes));
        object.type_names.borrow_mut().extend([
            Rc::from(type_name),
            Rc::from("System.Management.Automation.PSCustomObject"),
            Rc::from("System.Object"),
        ]);
        Value::Custom(Rc::new(object))
    }
}

/// An object of a class written in a script.
pub struct Instance {
    /// Its class.
    pub class: Rc<ClassDefinition>,
    /// Field values by the class's field index.
    pub fields: RefCell<Vec<Value>>,
    /// The .NET object it derives from (an exception, a list), if any.
    pub native_base: RefCell<Option<Value>>,
    /// Members added by scripts.
    pub extension: Extension,
}

impl Drop for Instance {
    fn drop(&mut self) {
        free_nested((self.fields.take(), self.native_base.take()));
    }
}

/// A plain value with members of its own, or with the text it was written as.
pub struct Wrapped {
    /// The value.
    pub base: Value,
    /// Added members.
    pub extension: Extension,
    /// How a number argument was written, when that differs from its usual text.
    pub written: Option<Rc<str>>,
}

/// `[ref]`: a place that holds a value.
pub enum Reference {
    /// A variable.
    Variable(Rc<super::scope::Variable>),
    /// A place of its own.
    Cell(RefCell<Value>),
}

impl Drop for Reference {
    fn drop(&mut self) {
        if let Reference::Cell(cell) = self {
            free_nested(cell.take());
        }
    }
}

impl Reference {
    /// Reads the place.
    pub fn get(&self) -> Value {
        match self {
            Reference::Variable(variable) => variable.value.borrow().clone(),
            Reference::Cell(cell) => cell.borrow().clone(),
        }
    }

    /// Writes the place.
    pub fn set(&self, value: Value) {
        match self {
            Reference::Variable(variable) => *variable.value.borrow_mut() = value,
            Reference::Cell(cell) => *cell.borrow_mut() = value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_members_are_an_objects_own_once_it_changes_them() {
        let common = Members::from_notes([("A", Value::Int(1)), ("B", Value::Int(2))]).common();
        let (one, other) = (Members::beginning(&common), Members::beginning(&common));
        one.set("C", Member::Note(Value::Int(3)));
        one.set("a", Member::Note(Value::Int(9)));
        other.remove("A");
        let shown = |members: &Members| {
            let note = |m: &Member| match m {
                Member::Note(Value::Int(n)) => *n,
                _ => -1,
            };
            let list = members.list();
            let all: Vec<String> = list
                .iter()
                .map(|(n, m)| format!("{n}={}", note(m)))
                .collect();
            all.join(" ")
        };
        assert_eq!(shown(&one), "A=9 B=2 C=3");
        assert_eq!(shown(&other), "B=2");
        assert_eq!(shown(&Members::beginning(&common)), "A=1 B=2");
        assert_eq!(shown(&one.copy()), shown(&one));
        assert_eq!(one.len(), 3);
    }
}
