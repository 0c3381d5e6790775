//! `DataColumn` and `DataColumnCollection`.

use super::constraint;
use super::table::{DataTable, Table};
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{
    TypeRef, collections::dictionary, data::db_null, failures, known, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

const DATE_TIME_MODE: &str = "System.Data.DataSetDateTime";
const MAPPING: &str = "System.Data.MappingType";
const UNSPECIFIED_LOCAL: i64 = 3;
const ELEMENT: i64 = 1;

/// A column of a table, or one that will be added to a table.
pub struct Column {
    pub name: RefCell<String>,
    pub type_ref: RefCell<TypeRef>,
    pub allows_null: Cell<bool>,
    pub is_unique: Cell<bool>,
    pub default: RefCell<Value>,
    /// The next number, where the column counts by itself.
    pub next: Cell<Option<i64>>,
    pub step: Cell<i64>,
    pub expression: RefCell<String>,
    is_read_only: Cell<bool>,
    caption: RefCell<Option<String>>,
    longest: Cell<i32>,
    /// `ExtendedProperties`, whatever scripts keep there.
    notes: Value,
    clock: Cell<i64>,
    mapping: Cell<i64>,
    pub table: RefCell<Weak<Table>>,
}

impl Column {
    /// A column of text, or of the type.
    pub fn new(name: &str, type_ref: Option<TypeRef>) -> Rc<Column> {
        Rc::new(Column {
            name: RefCell::new(name.to_string()),
            type_ref: RefCell::new(type_ref.unwrap_or_else(known::string)),
            allows_null: Cell::new(true),
            is_unique: Cell::new(false),
            default: RefCell::new(db_null::value()),
            next: Cell::new(None),
            step: Cell::new(1),
            expression: RefCell::default(),
            is_read_only: Cell::new(false),
            caption: RefCell::default(),
            longest: Cell::new(-1),
            notes: dictionary::hashtable([]),
            clock: Cell::new(UNSPECIFIED_LOCAL),
            mapping: Cell::new(ELEMENT),
            table: RefCell::default(),
        })
    }

    /// The same column for another table.
    pub fn copied(&self) -> Rc<Column> {
        let copy = Column::new(&self.name.borrow(), Some(self.type_ref.borrow().clone()));
        copy.allows_null.set(self.allows_null.get());
        copy.is_unique.set(self.is_unique.get());
        copy.next.set(self.next.get());
        copy.step.set(self.step.get());
        *copy.default.borrow_mut() = self.default.borrow().clone();
        *copy.expression.borrow_mut() = self.expression.borrow().clone();
        copy
    }

    /// The value as the column stores it.
    pub fn stored(&self, vm: &mut Vm, value: &Value) -> R<Value> {
        if value.is_null() || db_null::is(value) {
            return Ok(db_null::value());
        }
        let wanted = self.type_ref.borrow().clone();
        if let Some(stored) = vm.try_convert(value, &wanted) {
            return Ok(stored);
        }
        let shown = vm.to_text(value)?;
        let name = self.name.borrow().clone();
        failures::argument(
            format!(
                "The input string '{shown}' was not in a correct format.Couldn't store <{shown}> in {name} Column.  Expected type is {}.",
                wanted.name
            ),
            "",
        )
    }
}

/// A column as an object.
pub struct DataColumn(pub Rc<Column>);

/// `[Data.DataColumn]::new(…)`
pub fn construct(vm: &mut Vm, arguments: &[Value]) -> R<Value> {
    let name = match arguments.first() {
        Some(name) => vm.to_text(name)?,
        None => String::new(),
    };
    let type_ref = arguments.get(1).and_then(|v| match v.base() {
        Value::Type(type_ref) => Some(type_ref.clone()),
        _ => None,
    });
    Ok(Value::native(DataColumn(Column::new(&name, type_ref))))
}

impl Native for DataColumn {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Data.DataColumn")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.0.name.borrow().clone())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "AllowDBNull",
            "AutoIncrement",
            "AutoIncrementSeed",
            "AutoIncrementStep",
            "Caption",
            "ColumnName",
            "Prefix",
            "DataType",
            "DateTimeMode",
            "DefaultValue",
            "Expression",
            "ExtendedProperties",
            "MaxLength",
            "Namespace",
            "Ordinal",
            "ReadOnly",
            "Table",
            "Unique",
            "ColumnMapping",
            "Site",
            "Container",
            "DesignMode",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let column = &self.0;
        let table = column.table.borrow().upgrade();
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "columnname" => Value::str(column.name.borrow().as_str()),
            "caption" => {
                let caption = column.caption.borrow().clone();
                Value::str(caption.unwrap_or_else(|| column.name.borrow().clone()))
            }
            "datatype" => Value::Type(column.type_ref.borrow().clone()),
            "allowdbnull" => Value::Bool(column.allows_null.get()),
            "unique" => Value::Bool(column.is_unique.get()),
            "readonly" => Value::Bool(column.is_read_only.get()),
            "designmode" => Value::Bool(false),
            "autoincrement" => Value::Bool(column.next.get().is_some()),
            "autoincrementseed" => Value::Long(column.next.get().unwrap_or(0)),
            "autoincrementstep" => Value::Long(column.step.get()),
            "defaultvalue" => column.default.borrow().clone(),
            "expression" => Value::str(column.expression.borrow().as_str()),
            "maxlength" => Value::Int(column.longest.get()),
            "ordinal" => Value::Int(table.map_or(-1, |table| {
                let columns = table.columns.borrow();
                let at = columns.iter().position(|c| Rc::ptr_eq(c, column));
                at.map_or(-1, |at| at as i32)
            })),
            "table" => table.map_or(Value::Null, DataTable::value),
            "namespace" | "prefix" => Value::str(""),
            "datetimemode" => Value::enum_of(DATE_TIME_MODE, column.clock.get()),
            "columnmapping" => Value::enum_of(MAPPING, column.mapping.get()),
            "extendedproperties" => column.notes.clone(),
            "site" | "container" => Value::Null,
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        let column = &self.0;
        match name.to_ascii_lowercase().as_str() {
            "columnname" => *column.name.borrow_mut() = vm.to_text(&value)?,
            "caption" => *column.caption.borrow_mut() = Some(vm.to_text(&value)?),
            "expression" => *column.expression.borrow_mut() = vm.to_text(&value)?,
            "datatype" => match value.base() {
                Value::Type(type_ref) => *column.type_ref.borrow_mut() = type_ref.clone(),
                _ => return Ok(Some(false)),
            },
            "allowdbnull" => column.allows_null.set(vm.to_bool(&value)),
            "unique" => column.is_unique.set(vm.to_bool(&value)),
            "readonly" => column.is_read_only.set(vm.to_bool(&value)),
            "autoincrement" => {
                let counts = vm.to_bool(&value);
                let next = column.next.get().unwrap_or(0);
                column.next.set(counts.then_some(next));
                if counts && column.type_ref.borrow().full_name.as_ref() == "System.String" {
                    *column.type_ref.borrow_mut() = known::int();
                }
            }
            "autoincrementseed" => column.next.set(Some(vm.to_long(&value)?)),
            "autoincrementstep" => column.step.set(vm.to_long(&value)?),
            "defaultvalue" => *column.default.borrow_mut() = column.stored(vm, &value)?,
            "maxlength" => column.longest.set(vm.to_int(&value)?),
            "datetimemode" => column.clock.set(number(vm, &value, DATE_TIME_MODE)?),
            "columnmapping" => column.mapping.set(number(vm, &value, MAPPING)?),
            "ordinal" | "table" => return Ok(Some(false)),
            _ => return Ok(None),
        }
        Ok(Some(true))
    }
}

/// The number of an enumeration's value.
fn number(vm: &mut Vm, value: &Value, enumeration: &str) -> R<i64> {
    let value = vm.convert(value, &type_named(enumeration))?;
    vm.to_long(&value)
}

/// The columns of a table.
pub struct Columns(pub Rc<Table>);

impl Columns {
    fn add(&self, vm: &mut Vm, column: Rc<Column>) -> R<Value> {
        let table = &self.0;
        if column.name.borrow().is_empty() {
            let taken = table.columns.borrow().len();
            *column.name.borrow_mut() = format!("Column{}", taken + 1);
        }
        let name = column.name.borrow().clone();
        if table.column(&name).is_some() {
            return constraint(
                "DuplicateNameException",
                format!("A column named '{name}' already belongs to this DataTable."),
            );
        }
        *column.table.borrow_mut() = Rc::downgrade(table);
        table.columns.borrow_mut().push(column.clone());
        for row in table.rows.borrow().iter() {
            let value = table.initial(vm, &column);
            row.cells.borrow_mut().push(value);
        }
        Ok(Value::native(DataColumn(column)))
    }

    fn found(&self, vm: &mut Vm, which: &Value) -> R<Option<Rc<Column>>> {
        if let Value::Int(at) = which.base() {
            let columns = self.0.columns.borrow();
            return match usize::try_from(*at).ok().and_then(|at| columns.get(at)) {
                Some(column) => Ok(Some(column.clone())),
                None => failures::fail(
                    "System.IndexOutOfRangeException",
                    format!("Cannot find column {at}."),
                ),
            };
        }
        let name = vm.to_text(which)?;
        Ok(self.0.column(&name).map(|(_, column)| column))
    }
}

impl Native for Columns {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Data.DataColumnCollection")
    }

    fn properties(&self) -> Vec<&'static str> {
        super::COLLECTION_PROPERTIES.to_vec()
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let count = self.0.columns.borrow().len();
        Ok(super::collection_property(name, count))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let table = &self.0;
        Ok(Some(match (name, arguments) {
            ("add", [one]) if one.as_native::<DataColumn>().is_some() => {
                if let Some(column) = one.as_native::<DataColumn>() {
                    self.add(vm, column.0.clone())?;
                }
                Value::Nothing
            }
            ("add", arguments) => {
                let made = construct(vm, arguments)?;
                match made.as_native::<DataColumn>() {
                    Some(column) => self.add(vm, column.0.clone())?,
                    None => return Ok(None),
                }
            }
            ("addrange", [many]) => {
                for one in vm.enumerate(many)?.unwrap_or_default() {
                    if let Some(column) = one.as_native::<DataColumn>() {
                        self.add(vm, column.0.clone())?;
                    }
                }
                Value::Nothing
            }
            ("contains", [name]) => {
                let name = vm.to_text(name)?;
                Value::Bool(table.column(&name).is_some())
            }
            ("indexof", [name]) => {
                let name = vm.to_text(name)?;
                Value::Int(table.column(&name).map_or(-1, |(at, _)| at as i32))
            }
            ("remove" | "removeat", [which]) => {
                let at = match (name, which.base()) {
                    ("removeat", Value::Int(at)) => usize::try_from(*at).ok(),
                    _ => {
                        let name = vm.to_text(which)?;
                        table.column(&name).map(|(at, _)| at)
                    }
                };
                let count = table.columns.borrow().len();
                let Some(at) = at.filter(|at| *at < count) else {
                    let shown = vm.to_text(which)?;
                    return failures::argument(
                        format!(
                            "Column '{shown}' does not belong to table {}.",
                            table.name.borrow()
                        ),
                        "",
                    );
                };
                table.columns.borrow_mut().remove(at);
                for row in table.rows.borrow().iter() {
                    row.cells.borrow_mut().remove(at);
                }
                Value::Nothing
            }
            ("clear", []) => {
                table.columns.borrow_mut().clear();
                table.rows.borrow_mut().clear();
                Value::Nothing
            }
            _ => return Ok(None),
        }))
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        let columns = self.0.columns.borrow();
        let all = columns.iter().map(|c| Value::native(DataColumn(c.clone())));
        Some(Ok(all.collect()))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let found = self.found(vm, index)?;
        Ok(Some(found.map_or(Value::Null, |column| {
            Value::native(DataColumn(column))
        })))
    }
}
