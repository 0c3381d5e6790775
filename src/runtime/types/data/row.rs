//! `DataRow` and `DataRowCollection`.

use super::constraint;
use super::table::{DataTable, Table};
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, data::db_null, equality, failures, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The bits of `DataRowState`.
const DETACHED: i64 = 1;
/// As it was when changes were accepted.
pub const UNCHANGED: i64 = 2;
/// Added since then.
pub const ADDED: i64 = 4;
/// Deleted since then.
pub const DELETED: i64 = 8;
/// Changed since then.
const MODIFIED: i64 = 16;

/// A row of cells, in the order of the table's columns.
pub struct Row {
    pub table: Rc<Table>,
    pub cells: RefCell<Vec<Value>>,
    pub state: Cell<i64>,
    error: RefCell<String>,
}

impl Row {
    /// A row that is in no table yet.
    pub fn new(table: &Rc<Table>, cells: Vec<Value>) -> Rc<Row> {
        Rc::new(Row {
            table: table.clone(),
            cells: RefCell::new(cells),
            state: Cell::new(DETACHED),
            error: RefCell::default(),
        })
    }

    fn place(&self, vm: &mut Vm, which: &Value) -> R<usize> {
        let count = self.table.columns.borrow().len();
        if let Value::Int(at) = which.base() {
            return match usize::try_from(*at) {
                Ok(at) if at < count => Ok(at),
                _ => failures::fail(
                    "System.IndexOutOfRangeException",
                    format!("Cannot find column {at}."),
                ),
            };
        }
        let name = vm.to_text(which)?;
        match self.table.column(&name) {
            Some((at, _)) => Ok(at),
            None => failures::argument(
                format!(
                    "Column '{name}' does not belong to table {}.",
                    self.table.name.borrow()
                ),
                "",
            ),
        }
    }

    /// The cell of a column.
    pub fn cell(&self, vm: &mut Vm, at: usize) -> R<Value> {
        let column = self.table.columns.borrow().get(at).cloned();
        if let Some(column) = &column
            && !column.expression.borrow().is_empty()
        {
            let expression = column.expression.borrow().clone();
            return super::expression::value_of(vm, &expression, self);
        }
        Ok(self.cells.borrow().get(at).cloned().unwrap_or_default())
    }

    fn write(&self, vm: &mut Vm, at: usize, value: &Value) -> R<()> {
        let Some(column) = self.table.columns.borrow().get(at).cloned() else {
            return Ok(());
        };
        let stored = column.stored(vm, value)?;
        if self.state.get() != DETACHED {
            self.table.check_cell(&column, &stored)?;
        }
        if let Some(cell) = self.cells.borrow_mut().get_mut(at) {
            *cell = stored;
        }
        if self.state.get() == UNCHANGED {
            self.state.set(MODIFIED);
        }
        Ok(())
    }
}

/// A row as an object: its columns are its properties.
pub struct DataRow(pub Rc<Row>);

/// The names of the columns of a row.
pub fn column_names(value: &Value) -> Option<Vec<Rc<str>>> {
    let table = match (
        value.as_native::<DataRow>(),
        value.as_native::<super::view::DataRowView>(),
    ) {
        (Some(row), _) => row.0.table.clone(),
        (_, Some(row)) => row.0.table.clone(),
        _ => return None,
    };
    let columns = table.columns.borrow();
    Some(
        columns
            .iter()
            .map(|c| c.name.borrow().as_str().into())
            .collect(),
    )
}

impl Native for DataRow {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Data.DataRow")
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let row = &self.0;
        let at = row.table.column(name).map(|(at, _)| at);
        if let Some(at) = at {
            return row.cell(vm, at).map(Some);
        }
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "itemarray" => {
                let count = row.table.columns.borrow().len();
                let mut cells = Vec::with_capacity(count);
                for at in 0..count {
                    cells.push(row.cell(vm, at)?);
                }
                Value::array(cells)
            }
            "rowstate" => Value::enum_of("System.Data.DataRowState", row.state.get()),
            "rowerror" => Value::str(row.error.borrow().as_str()),
            "haserrors" => Value::Bool(!row.error.borrow().is_empty()),
            "table" => DataTable::value(row.table.clone()),
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        let row = &self.0;
        let at = row.table.column(name).map(|(at, _)| at);
        if let Some(at) = at {
            row.write(vm, at, &value)?;
            return Ok(Some(true));
        }
        match name.to_ascii_lowercase().as_str() {
            "rowerror" => *row.error.borrow_mut() = vm.to_text(&value)?,
            "itemarray" => {
                for (at, cell) in vm.enumerate(&value)?.unwrap_or_default().iter().enumerate() {
                    row.write(vm, at, cell)?;
                }
            }
            "rowstate" | "haserrors" | "table" => return Ok(Some(false)),
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let row = &self.0;
        Ok(Some(match (name, arguments) {
            ("isnull", [which]) => {
                let at = row.place(vm, which)?;
                Value::Bool(db_null::is(&row.cell(vm, at)?))
            }
            ("item" | "get_item", [which]) => {
                let at = row.place(vm, which)?;
                row.cell(vm, at)?
            }
            ("set_item", [which, value]) => {
                let at = row.place(vm, which)?;
                row.write(vm, at, value)?;
                Value::Nothing
            }
            ("delete", []) => {
                if row.state.get() == ADDED {
                    row.table.forget(row);
                    row.state.set(DETACHED);
                } else {
                    row.state.set(DELETED);
                }
                Value::Nothing
            }
            ("acceptchanges", []) => {
                if row.state.get() == DELETED {
                    row.table.forget(row);
                    row.state.set(DETACHED);
                } else {
                    row.state.set(UNCHANGED);
                }
                Value::Nothing
            }
            ("rejectchanges" | "beginedit" | "endedit" | "canceledit", []) => Value::Nothing,
            _ => return Ok(None),
        }))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let at = self.0.place(vm, index)?;
        self.0.cell(vm, at).map(Some)
    }

    fn set_index(&self, vm: &mut Vm, index: &Value, value: Value) -> R<Option<()>> {
        let at = self.0.place(vm, index)?;
        self.0.write(vm, at, &value).map(Some)
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        let other = other.as_native::<DataRow>();
        Some(other.is_some_and(|other| Rc::ptr_eq(&other.0, &self.0)))
    }
}

/// The rows of a table.
pub struct Rows(pub Rc<Table>);

impl Rows {
    fn insert(&self, row: &Rc<Row>, at: usize) -> R<()> {
        let table = &self.0;
        if row.state.get() != DETACHED {
            return failures::argument("This row already belongs to this table.", "");
        }
        let columns = table.columns.borrow().clone();
        for (column, cell) in columns.iter().zip(row.cells.borrow().iter()) {
            table.check_cell(column, cell)?;
        }
        row.state.set(ADDED);
        let mut rows = table.rows.borrow_mut();
        let at = at.min(rows.len());
        rows.insert(at, row.clone());
        Ok(())
    }

    /// Adds a row of values, or a row that was made before.
    pub fn add(&self, vm: &mut Vm, arguments: &[Value]) -> R<Value> {
        if let [one] = arguments
            && let Some(row) = one.as_native::<DataRow>()
        {
            self.insert(&row.0, usize::MAX)?;
            return Ok(Value::Nothing);
        }
        let values = match arguments {
            [Value::Array(values)] => values.items.borrow().clone(),
            values => values.to_vec(),
        };
        let columns = self.0.columns.borrow().clone();
        if values.len() > columns.len() {
            return failures::argument(
                "Input array is longer than the number of columns in this table.",
                "",
            );
        }
        let row = self.0.new_row(vm);
        for (at, value) in values.iter().enumerate() {
            let counts = columns.get(at).is_some_and(|c| c.next.get().is_some());
            if counts && value.is_null() {
                continue;
            }
            row.write(vm, at, value)?;
        }
        self.insert(&row, usize::MAX)?;
        Ok(Value::native(DataRow(row)))
    }

    fn at(&self, at: i64) -> R<Rc<Row>> {
        let rows = self.0.rows.borrow();
        match usize::try_from(at).ok().and_then(|at| rows.get(at)) {
            Some(row) => Ok(row.clone()),
            None => failures::fail(
                "System.IndexOutOfRangeException",
                format!("There is no row at position {at}."),
            ),
        }
    }
}

impl Native for Rows {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Data.DataRowCollection")
    }

    fn properties(&self) -> Vec<&'static str> {
        super::COLLECTION_PROPERTIES.to_vec()
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let count = self.0.rows.borrow().len();
        Ok(super::collection_property(name, count))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let table = &self.0;
        Ok(Some(match (name, arguments) {
            ("add", arguments) => self.add(vm, arguments)?,
            ("insertat", [row, at]) => {
                let at = usize::try_from(vm.to_int(at)?).unwrap_or_default();
                match row.as_native::<DataRow>() {
                    Some(row) => self.insert(&row.0, at)?,
                    None => return failures::argument_null("row"),
                }
                Value::Nothing
            }
            ("remove", [row]) => match row.as_native::<DataRow>() {
                Some(row) => {
                    table.forget(&row.0);
                    row.0.state.set(DETACHED);
                    Value::Nothing
                }
                None => {
                    return failures::fail(
                        "System.IndexOutOfRangeException",
                        "The given DataRow is not in the current DataRowCollection.",
                    );
                }
            },
            ("removeat", [at]) => {
                let row = self.at(vm.to_long(at)?)?;
                table.forget(&row);
                row.state.set(DETACHED);
                Value::Nothing
            }
            ("indexof", [row]) => {
                let rows = table.rows.borrow();
                let at = row
                    .as_native::<DataRow>()
                    .and_then(|row| rows.iter().position(|r| Rc::ptr_eq(r, &row.0)));
                Value::Int(at.map_or(-1, |at| at as i32))
            }
            ("find" | "contains", [key]) => {
                let keys = table.keys.borrow().clone();
                let Some((at, column)) = keys.first().and_then(|key| table.column(key)) else {
                    return constraint(
                        "MissingPrimaryKeyException",
                        "Table doesn't have a primary key.".to_string(),
                    );
                };
                let key = column.stored(vm, key)?;
                let mut found = None;
                for row in table.rows.borrow().clone() {
                    let cell = row.cell(vm, at)?;
                    if equality::equal(vm, &cell, &key)? {
                        found = Some(row);
                        break;
                    }
                }
                match (name, found) {
                    ("contains", found) => Value::Bool(found.is_some()),
                    (_, Some(row)) => Value::native(DataRow(row)),
                    (_, None) => Value::Null,
                }
            }
            ("clear", []) => {
                table.rows.borrow_mut().clear();
                Value::Nothing
            }
            _ => return Ok(None),
        }))
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(Ok(self.0.row_values()))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let at = vm.to_long(index)?;
        Ok(Some(Value::native(DataRow(self.at(at)?))))
    }
}
