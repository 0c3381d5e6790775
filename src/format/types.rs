//! What is known of a type for its display: plain or not, default properties, registered views.

use super::property::names;
use crate::runtime::error::R;
use crate::runtime::object::{Member, Members};
use crate::runtime::symbol::Symbol;
use crate::runtime::type_data::{type_data, views_of};
use crate::runtime::value::Value;
use crate::runtime::view::{ViewControl, ViewDeclaration};
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// A kind of layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Format-Table
    Table,
    /// Format-List
    List,
    /// Format-Wide
    Wide,
    /// Format-Custom
    Custom,
}

impl Kind {
    fn of(control: &ViewControl) -> Kind {
        match control {
            ViewControl::Table(_) => Kind::Table,
            ViewControl::List(_) => Kind::List,
            ViewControl::Wide(_) => Kind::Wide,
            ViewControl::Custom(_) => Kind::Custom,
        }
    }
}

/// A registered view, by its place among those of a type.
#[derive(Clone)]
pub struct RegisteredView {
    list: Rc<Vec<ViewDeclaration>>,
    at: usize,
}

impl std::ops::Deref for RegisteredView {
    type Target = ViewDeclaration;

    fn deref(&self) -> &ViewDeclaration {
        &self.list[self.at]
    }
}

/// Views that a session added, in front of and behind the shipped ones.
#[derive(Default, Clone)]
pub struct SessionViews {
    /// Looked at first.
    pub before: Vec<ViewDeclaration>,
    /// Looked at last.
    pub after: Vec<ViewDeclaration>,
}

const SESSION_VIEWS: &str = "format_views";

/// The views the session added.
pub fn session_views(vm: &Vm) -> Option<Rc<SessionViews>> {
    vm.session
        .state
        .get(SESSION_VIEWS)
        .and_then(|views| views.clone().downcast::<SessionViews>().ok())
}

/// Replaces the views the session added.
pub fn set_session_views(vm: &mut Vm, views: SessionViews) {
    vm.session.state.insert(SESSION_VIEWS, Rc::new(views));
}

/// Whether a value is text by itself: strings, numbers, enums and what has no properties.
pub fn is_plain(vm: &mut Vm, value: &Value) -> R<bool> {
    Ok(match value.base() {
        Value::Custom(custom) => custom.members.is_empty() && names(vm, value)?.is_empty(),
        Value::DateTime(_)
        | Value::TimeSpan(_)
        | Value::Type(_)
        | Value::Dict(_)
        | Value::Error(_)
        | Value::Exception(_)
        | Value::Array(_)
        | Value::List(_)
        | Value::Switch(_) => false,
        Value::Native(native) => {
            let type_ref = native.body().type_ref();
            matches!(
                type_ref.full_name.as_ref(),
                "System.IntPtr" | "System.UIntPtr" | "System.Security.SecureString"
            ) || names(vm, value)?.is_empty()
        }
        Value::Instance(_) | Value::Ref(_) => names(vm, value)?.is_empty(),
        _ => true,
    })
}

/// Whether a first value of this kind puts its column's text to the right.
pub fn is_right_aligned(value: &Value) -> bool {
    match value.base() {
        Value::Bool(_) | Value::Char(_) | Value::Enum(_) => true,
        Value::Native(native) => matches!(
            native.body().type_ref().full_name.as_ref(),
            "System.IntPtr" | "System.UIntPtr" | "System.Security.SecureString"
        ),
        other => other.is_number(),
    }
}

impl Vm {
    /// The property that a wide layout shows for a type.
    pub fn default_display_property(&self, type_name: &str) -> Option<String> {
        if let Some(standard) = self.standard_members(type_name)
            && let Some(Member::Note(name)) = standard.get(Symbol::fold("DefaultDisplayProperty"))
        {
            return name.as_str().map(str::to_string);
        }
        type_data(type_name)?.default_display_property.clone()
    }

    fn standard_members(&self, type_name: &str) -> Option<Rc<Members>> {
        let members = self.session.type_members.get(&Symbol::fold(type_name))?;
        match members.get(Symbol::fold("PSStandardMembers")) {
            Some(Member::MemberSet(standard)) => Some(standard),
            _ => None,
        }
    }
}

/// What an object keeps for its display among its standard members, where nothing lists it.
pub fn standard_note(object: &Value, name: &str) -> Option<Value> {
    let Value::Custom(custom) = object.base() else {
        return None;
    };
    match custom.members.get(Symbol::fold("PSStandardMembers")) {
        Some(Member::MemberSet(standard)) => standard.note(name),
        _ => None,
    }
}

fn display_set(standard: &Members) -> Option<Vec<Rc<str>>> {
    match standard.get(Symbol::fold("DefaultDisplayPropertySet")) {
        Some(Member::PropertySet(names)) => Some(names),
        Some(Member::Note(value)) => match value.base() {
            Value::Array(array) => Some(
                array
                    .items
                    .borrow()
                    .iter()
                    .filter_map(|v| v.as_str().map(Rc::from))
                    .collect(),
            ),
            _ => None,
        },
        _ => None,
    }
}

/// The properties that an object shows when nothing else is said; empty for "all".
pub fn default_set(vm: &mut Vm, value: &Value) -> R<Vec<Rc<str>>> {
    if let Value::Custom(custom) = value.base() {
        let own = custom.members.get(Symbol::fold("PSStandardMembers"));
        if let Some(Member::MemberSet(standard)) = own
            && let Some(set) = display_set(&standard)
        {
            return Ok(set);
        }
        if custom.type_names.borrow().is_empty() && vm.session.type_members.is_empty() {
            return Ok(Vec::new());
        }
    }
    for type_name in vm.type_names(value) {
        if let Some(standard) = vm.standard_members(&type_name)
            && let Some(set) = display_set(&standard)
        {
            return Ok(set);
        }
        if let Some(data) = type_data(&type_name)
            && !data.default_display.is_empty()
        {
            return Ok(data
                .default_display
                .iter()
                .map(|n| Rc::from(n.as_str()))
                .collect());
        }
    }
    Ok(Vec::new())
}

/// The registered view of an object: of the nearest type name, of a kind, of a name.
pub fn find_view(
    vm: &Vm,
    value: &Value,
    kind: Option<Kind>,
    name: Option<&str>,
) -> Option<RegisteredView> {
    if let Value::Custom(custom) = value
        && custom.type_names.borrow().is_empty()
    {
        return None;
    }
    let added = session_views(vm);
    let fits = |view: &ViewDeclaration| {
        kind.is_none_or(|kind| Kind::of(&view.control) == kind)
            && name.is_none_or(|name| view.name.eq_ignore_ascii_case(name))
    };
    let from = |views: &[ViewDeclaration], type_name: &str| {
        let found = views.iter().find(|view| {
            view.types.iter().any(|t| t.eq_ignore_ascii_case(type_name)) && fits(view)
        });
        found.map(|view| RegisteredView {
            list: Rc::new(vec![view.clone()]),
            at: 0,
        })
    };
    for type_name in vm.type_names(value) {
        let type_name = type_name
            .strip_prefix("Deserialized.")
            .unwrap_or(&type_name);
        if let Some(added) = &added
            && let Some(view) = from(&added.before, type_name)
        {
            return Some(view);
        }
        for candidate in [type_name, open_generic(type_name)] {
            if let Some(list) = views_of(candidate)
                && let Some(at) = list.iter().position(fits)
            {
                return Some(RegisteredView { list, at });
            }
        }
        if let Some(added) = &added
            && let Some(view) = from(&added.after, type_name)
        {
            return Some(view);
        }
    }
    None
}

/// The names and kinds of the views registered for exactly this type.
pub fn views_of_type(vm: &Vm, type_name: &str) -> Vec<(String, Kind)> {
    let of_type = |views: &[ViewDeclaration]| -> Vec<(String, Kind)> {
        views
            .iter()
            .filter(|v| v.types.iter().any(|t| t.eq_ignore_ascii_case(type_name)))
            .map(|v| (v.name.clone(), Kind::of(&v.control)))
            .collect()
    };
    let added = session_views(vm);
    let mut found = added
        .as_ref()
        .map(|a| of_type(&a.before))
        .unwrap_or_default();
    if let Some(list) = views_of(type_name) {
        found.extend(list.iter().map(|v| (v.name.clone(), Kind::of(&v.control))));
    }
    if let Some(added) = &added {
        found.extend(of_type(&added.after));
    }
    found
}

/// The name of a generic type without its arguments.
fn open_generic(type_name: &str) -> &str {
    match type_name.find("[[") {
        Some(at) => &type_name[..at],
        None => type_name,
    }
}

/// Whether a view is for objects of the value's type.
pub fn applies(vm: &Vm, view: &ViewDeclaration, value: &Value) -> bool {
    vm.type_names(value).iter().any(|type_name| {
        let type_name = type_name.strip_prefix("Deserialized.").unwrap_or(type_name);
        view.types.iter().any(|t| t.eq_ignore_ascii_case(type_name))
    })
}
