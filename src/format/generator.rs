//! The content of the entries of one sequence: which properties, in which layout.

use super::packet::{Column, Content, Packet, Shape, Start};
use super::property::{self, Expression, Shown};
use super::types::{Kind, RegisteredView, default_set, find_view, is_right_aligned, standard_note};
use super::{custom, parameters::Parameters};
use crate::runtime::error::{Category, ErrorDetails, ErrorRecord, R, Unwind};
use crate::runtime::value::Value;
use crate::runtime::view::{Align, ListEntry, ViewControl};
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;

/// How many columns an automatic table has at most.
const MOST_COLUMNS: usize = 10;
/// From more properties than this on an object is shown as a list.
const MOST_FOR_TABLE: usize = 4;

/// Makes the entries of a sequence.
pub struct Generator {
    layout: Layout,
    /// The view, when it is a registered one.
    pub view: Option<RegisteredView>,
    /// What groups objects.
    pub group: Option<Shown>,
    wrap: bool,
    auto_size: bool,
    errors: ErrorMarks,
}

/// What becomes of values that cannot be computed.
#[derive(Default)]
struct ErrorMarks {
    /// A mark stands in the value's place.
    display: bool,
    /// They are told about behind the object.
    show: bool,
    failures: RefCell<Vec<Rc<ErrorRecord>>>,
}

enum Layout {
    Table {
        columns: Vec<Shown>,
        header: Vec<Column>,
        /// Chosen from properties: real numbers are rounded.
        automatic: bool,
        hide_header: bool,
    },
    /// The properties of each object: given, the view's, or its own.
    List(ListSource),
    Wide(Option<Shown>, usize),
    Custom(Option<Expression>, Option<Vec<Shown>>, usize),
}

enum ListSource {
    Given(Vec<Shown>),
    View(Vec<(Vec<String>, Vec<Shown>)>),
    Own,
}

impl Generator {
    /// The layout for a sequence that begins with this object.
    pub fn new(
        vm: &mut Vm,
        kind: Option<Kind>,
        parameters: &Parameters,
        first: &Value,
    ) -> R<Generator> {
        let mut view = None;
        if parameters.properties.is_empty() {
            view = find_view(vm, first, kind, parameters.view.as_deref());
        }
        if view.is_none()
            && let Some(name) = &parameters.view
        {
            return super::unknown_view::fail(vm, name, first, kind);
        }
        let group = match (&parameters.group_by, &view) {
            (Some(group), _) => Some(group.clone()),
            (None, Some(view)) => match &view.group_by {
                Some(group) => {
                    let mut shown = Shown::of(property::declared(vm, &group.value)?);
                    shown.label = group.label.as_deref().map(Rc::from);
                    shown.width = Some(group.indent as usize);
                    Some(shown)
                }
                None => None,
            },
            (None, None) => None,
        };
        let layout = match &view {
            Some(view) => view_layout(vm, view, parameters)?,
            None => {
                let kind = match kind {
                    Some(kind) => kind,
                    None => natural_kind(vm, first)?,
                };
                property_layout(vm, kind, parameters, first)?
            }
        };
        Ok(Generator {
            layout,
            group,
            wrap: parameters.wrap || view.as_ref().is_some_and(|v| v.wrap),
            auto_size: parameters.auto_size.unwrap_or(false)
                || view.as_ref().is_some_and(|v| v.auto_size),
            view,
            errors: ErrorMarks {
                display: parameters.display_error,
                show: parameters.show_error,
                ..ErrorMarks::default()
            },
        })
    }

    /// The packet that begins the sequence.
    pub fn start(&self) -> Packet {
        let shape = match &self.layout {
            Layout::Table {
                header,
                hide_header,
                ..
            } => Shape::Table {
                columns: header.clone(),
                hide_header: *hide_header,
            },
            Layout::List(_) => Shape::List,
            Layout::Wide(_, columns) => Shape::Wide { columns: *columns },
            Layout::Custom(..) => Shape::Custom,
        };
        Packet::Start(Rc::new(Start {
            shape,
            auto_size: self.auto_size,
        }))
    }

    /// What went wrong with the values of the objects so far, each time once.
    pub fn failures(&self) -> Vec<Rc<ErrorRecord>> {
        std::mem::take(&mut *self.errors.failures.borrow_mut())
    }

    /// The content of an object's entry.
    pub fn entry(&self, vm: &mut Vm, object: &Value) -> R<Content> {
        Ok(match &self.layout {
            Layout::Table {
                columns, automatic, ..
            } => {
                let mut cells = Vec::with_capacity(columns.len());
                for shown in columns {
                    let text = self.errors.text(vm, shown, object, *automatic)?;
                    cells.push(text.into_boxed_str());
                }
                Content::Row {
                    cells,
                    wrap: self.wrap,
                }
            }
            Layout::List(source) => Content::List(self.list_fields(vm, source, object)?),
            Layout::Wide(shown, _) => {
                let text = match shown {
                    Some(shown) => self.errors.text(vm, shown, object, false)?,
                    None => String::new(),
                };
                Content::Wide(text)
            }
            Layout::Custom(Some(expression), ..) => {
                let kept = match expression {
                    Expression::Property(name) => standard_note(object, name),
                    _ => None,
                };
                Content::Custom(match kept {
                    Some(value) => vm.to_text(&value)?,
                    None => {
                        let shown = Shown::of(expression.clone());
                        self.errors.text(vm, &shown, object, false)?
                    }
                })
            }
            Layout::Custom(None, properties, depth) => {
                Content::Custom(custom::text(vm, object, properties.as_deref(), *depth)?)
            }
        })
    }

    fn list_fields(
        &self,
        vm: &mut Vm,
        source: &ListSource,
        object: &Value,
    ) -> R<Vec<(Rc<str>, String)>> {
        let shown = match source {
            ListSource::Given(given) => {
                let mut all: Vec<Shown> = Vec::new();
                for shown in given {
                    all.extend(property::resolve(vm, shown, object)?);
                }
                all
            }
            ListSource::View(entries) => {
                let names = vm.type_names(object);
                let fits = |types: &[String]| {
                    names
                        .iter()
                        .any(|n| types.iter().any(|t| t.eq_ignore_ascii_case(n)))
                };
                entries
                    .iter()
                    .find(|(types, _)| !types.is_empty() && fits(types))
                    .or_else(|| entries.iter().find(|(types, _)| types.is_empty()))
                    .map(|(_, items)| items.clone())
                    .unwrap_or_default()
            }
            ListSource::Own => own_properties(vm, object)?,
        };
        let mut fields = Vec::with_capacity(shown.len());
        for shown in &shown {
            if let Some(condition) = &shown.condition
                && !property::evaluate(vm, condition, object)?.is_ok_and(|value| vm.to_bool(&value))
            {
                continue;
            }
            fields.push((shown.title(), self.errors.text(vm, shown, object, false)?));
        }
        Ok(fields)
    }
}

impl ErrorMarks {
    fn text(&self, vm: &mut Vm, shown: &Shown, object: &Value, rounded: bool) -> R<String> {
        let value = match property::evaluate(vm, &shown.expression, object)? {
            Ok(value) => value,
            Err(record) => {
                self.note(
                    record.exception.clone(),
                    "PSPropertyExpressionError",
                    object,
                    format!("Failed to evaluate expression \"{}\".", shown.source()),
                );
                return Ok(match self.display {
                    true => "#ERR".into(),
                    false => String::new(),
                });
            }
        };
        let Some(format) = &shown.format else {
            return vm.cell_text(&value, rounded);
        };
        match vm.text_by_format(&value, format) {
            Ok(text) => Ok(text),
            Err(unwind) => {
                let Unwind::Error(thrown) = *unwind else {
                    return Err(unwind);
                };
                vm.remember_error(&thrown.record);
                if !self.display {
                    return vm.cell_text(&value, rounded);
                }
                self.note(
                    thrown.record.exception.clone(),
                    "formattingError",
                    &value,
                    format!("Failed to interpret format string \"{format}\"."),
                );
                Ok("#FMTERR".into())
            }
        }
    }

    fn note(&self, exception: Value, id: &str, target: &Value, message: String) {
        if !self.show {
            return;
        }
        let record = ErrorRecord::new(exception, id, Category::InvalidArgument, target.clone());
        *record.details.borrow_mut() = Some(ErrorDetails {
            message: message.into(),
            recommended_action: "".into(),
        });
        self.failures.borrow_mut().push(Rc::new(record));
    }
}

/// The content of an object shown as a list outside of any sequence.
pub fn loose_list(vm: &mut Vm, object: &Value) -> R<Content> {
    let names = property::names_of_type_first(vm, object)?;
    let errors = ErrorMarks::default();
    let mut fields = Vec::new();
    for name in names {
        let shown = Shown::property(name.clone());
        fields.push((name, errors.text(vm, &shown, object, false)?));
    }
    Ok(Content::List(fields))
}

/// Table or list, by how many properties an object shows.
fn natural_kind(vm: &mut Vm, first: &Value) -> R<Kind> {
    let mut count = default_set(vm, first)?.len();
    if count == 0 {
        count = property::names_of_type_first(vm, first)?.len();
    }
    Ok(if count > MOST_FOR_TABLE {
        Kind::List
    } else {
        Kind::Table
    })
}

/// The default properties of an object that it has, otherwise all.
fn own_properties(vm: &mut Vm, object: &Value) -> R<Vec<Shown>> {
    let mut all = Vec::new();
    for name in default_set(vm, object)? {
        all.extend(property::resolve(vm, &Shown::property(name), object)?);
    }
    if all.is_empty() {
        all = property::names_of_type_first(vm, object)?
            .into_iter()
            .map(|name| Shown::of(Expression::Found(name)))
            .collect();
    }
    Ok(all)
}

fn property_layout(vm: &mut Vm, kind: Kind, parameters: &Parameters, first: &Value) -> R<Layout> {
    Ok(match kind {
        Kind::Table => {
            let columns = if parameters.properties.is_empty() {
                let mut columns = own_properties(vm, first)?;
                columns.truncate(MOST_COLUMNS);
                columns
            } else {
                given_columns(vm, &parameters.properties, first)?
            };
            let mut header = Vec::with_capacity(columns.len());
            for shown in &columns {
                let align = match shown.align {
                    Some(align) => align,
                    None => match property::evaluate(vm, &shown.expression, first)? {
                        Ok(value) if is_right_aligned(&value) => Align::Right,
                        _ => Align::Left,
                    },
                };
                header.push(Column {
                    label: shown.title(),
                    width: shown.width.unwrap_or(0),
                    align,
                });
            }
            Layout::Table {
                columns,
                header,
                automatic: true,
                hide_header: parameters.hide_headers,
            }
        }
        Kind::List if parameters.properties.is_empty() => Layout::List(ListSource::Own),
        Kind::List => Layout::List(ListSource::Given(parameters.properties.clone())),
        Kind::Wide => {
            let shown = match parameters.properties.first() {
                Some(given) => property::resolve(vm, given, first)?
                    .into_iter()
                    .next()
                    .or_else(|| Some(given.clone())),
                None => match vm.naming_property(first)? {
                    Some(name) => Some(Shown::property(name)),
                    None => own_properties(vm, first)?.into_iter().next(),
                },
            };
            Layout::Wide(shown, wide_columns(parameters))
        }
        Kind::Custom => Layout::Custom(
            None,
            (!parameters.properties.is_empty()).then(|| parameters.properties.clone()),
            parameters.depth.unwrap_or(custom::DEFAULT_DEPTH),
        ),
    })
}

/// Columns in a line of a wide layout; 0 for "as many as fit".
fn wide_columns(parameters: &Parameters) -> usize {
    match parameters.columns {
        Some(columns) => columns,
        None if parameters.auto_size == Some(true) => 0,
        None => 2,
    }
}

/// The columns that `-Property` names; what the first object does not have stays, empty.
fn given_columns(vm: &mut Vm, given: &[Shown], first: &Value) -> R<Vec<Shown>> {
    let mut columns = Vec::new();
    for shown in given {
        let found = property::resolve(vm, shown, first)?;
        let pattern = matches!(&shown.expression, Expression::Property(name)
            if crate::runtime::pattern::wildcard::WildcardPattern::contains_wildcards(name));
        if found.is_empty() && !pattern {
            columns.push(shown.clone());
        }
        columns.extend(found);
    }
    Ok(columns)
}

fn view_layout(vm: &mut Vm, view: &RegisteredView, parameters: &Parameters) -> R<Layout> {
    Ok(match &view.control {
        ViewControl::Table(declared) => {
            let mut columns = Vec::with_capacity(declared.len());
            let mut header = Vec::with_capacity(declared.len());
            for column in declared {
                let mut shown = Shown::of(property::declared(vm, &column.value)?);
                shown.label = column.label.as_deref().map(Rc::from);
                shown.format = column.format.as_deref().map(Rc::from);
                header.push(Column {
                    label: shown.title(),
                    width: column.width.unwrap_or(0) as usize,
                    align: column.align.unwrap_or(Align::Left),
                });
                columns.push(shown);
            }
            Layout::Table {
                columns,
                header,
                automatic: false,
                hide_header: parameters.hide_headers || view.hide_header,
            }
        }
        ViewControl::List(entries) => {
            let mut read = Vec::new();
            for entry in entries {
                read.push((entry.selected_by.clone(), list_items(vm, entry)?));
            }
            Layout::List(ListSource::View(read))
        }
        ViewControl::Wide(value) => {
            let shown = Shown::of(property::declared(vm, value)?);
            let columns = match (parameters.columns, view.columns) {
                (None, Some(columns)) => columns as usize,
                _ => wide_columns(parameters),
            };
            Layout::Wide(Some(shown), columns)
        }
        ViewControl::Custom(value) => Layout::Custom(Some(property::declared(vm, value)?), None, 0),
    })
}

fn list_items(vm: &mut Vm, entry: &ListEntry) -> R<Vec<Shown>> {
    let mut items = Vec::with_capacity(entry.items.len());
    for item in &entry.items {
        let mut shown = Shown::of(property::declared(vm, &item.value)?);
        shown.label = item.label.as_deref().map(Rc::from);
        shown.format = item.format.as_deref().map(Rc::from);
        if let Some(condition) = &item.condition {
            shown.condition = Some(property::declared(vm, condition)?);
        }
        items.push(shown);
    }
    Ok(items)
}
