//! `DataTable`.

use super::column::{Column, Columns, DataColumn};
use super::row::{ADDED, DELETED, DataRow, Row, Rows, UNCHANGED};
use super::{constraint, expression, order, view};
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{
    TypeRef, collections::array, data::db_null, failures, known, type_named,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::rc::Rc;

/// What a table holds.
#[derive(Default)]
pub struct Table {
    pub name: RefCell<String>,
    pub columns: RefCell<Vec<Rc<Column>>>,
    pub rows: RefCell<Vec<Rc<Row>>>,
    /// The names of the columns of the primary key.
    pub keys: RefCell<Vec<String>>,
    /// The name of the set the table belongs to.
    pub set: RefCell<Option<String>>,
}

impl Table {
    /// An empty table.
    pub fn new(name: &str) -> Rc<Table> {
        Rc::new(Table {
            name: RefCell::new(name.to_string()),
            ..Table::default()
        })
    }

    /// A column and its place, by its name in any letter case.
    pub fn column(&self, name: &str) -> Option<(usize, Rc<Column>)> {
        let columns = self.columns.borrow();
        let mut all = columns.iter().enumerate();
        all.find(|(_, c)| c.name.borrow().eq_ignore_ascii_case(name))
            .map(|(at, column)| (at, column.clone()))
    }

    /// What a new row has in a column.
    pub fn initial(&self, _vm: &mut Vm, column: &Column) -> Value {
        match column.next.get() {
            Some(next) => {
                column.next.set(Some(next.wrapping_add(column.step.get())));
                match i32::try_from(next) {
                    Ok(next) if *column.type_ref.borrow() == known::int() => Value::Int(next),
                    _ => Value::Long(next),
                }
            }
            None => column.default.borrow().clone(),
        }
    }

    /// A row of the columns' defaults that is not in the table yet.
    pub fn new_row(self: &Rc<Self>, vm: &mut Vm) -> Rc<Row> {
        let columns = self.columns.borrow().clone();
        let cells = columns.iter().map(|c| self.initial(vm, c)).collect();
        Row::new(self, cells)
    }

    /// Refuses what a column may not hold.
    pub fn check_cell(&self, column: &Column, cell: &Value) -> R<()> {
        let name = column.name.borrow().clone();
        let is_key = self
            .keys
            .borrow()
            .iter()
            .any(|k| k.eq_ignore_ascii_case(&name));
        if db_null::is(cell) && (is_key || !column.allows_null.get()) {
            return constraint(
                "NoNullAllowedException",
                format!("Column '{name}' does not allow nulls."),
            );
        }
        if is_key && self.keys.borrow().len() == 1 || column.is_unique.get() {
            let at = self.column(&name).map(|(at, _)| at);
            let taken = self.rows.borrow().iter().any(|row| {
                let cells = row.cells.borrow();
                at.and_then(|at| cells.get(at))
                    .is_some_and(|other| crate::runtime::native::same_key(other, cell, true))
            });
            if taken {
                let shown = match cell.base() {
                    Value::Str(text) => text.as_str().to_string(),
                    cell => super::whole(cell).map_or_else(String::new, |n| n.to_string()),
                };
                return constraint(
                    "ConstraintException",
                    format!(
                        "Column '{name}' is constrained to be unique.  Value '{shown}' is already present."
                    ),
                );
            }
        }
        Ok(())
    }

    /// Takes a row out.
    pub fn forget(&self, row: &Rc<Row>) {
        self.rows.borrow_mut().retain(|r| !Rc::ptr_eq(r, row));
    }

    /// The rows as objects, without those that were deleted.
    pub fn row_values(&self) -> Vec<Value> {
        let rows = self.rows.borrow();
        let live = rows.iter().filter(|row| row.state.get() != DELETED);
        live.map(|row| Value::native(DataRow(row.clone())))
            .collect()
    }

    /// The rows for which an expression holds, in the order another tells.
    pub fn selected(&self, vm: &mut Vm, filter: &str, sort: &str) -> R<Vec<Rc<Row>>> {
        let mut found = Vec::new();
        for row in self.rows.borrow().clone() {
            if row.state.get() != DELETED && expression::holds(vm, filter, &row)? {
                found.push(row);
            }
        }
        for key in sort.split(',').rev().filter(|key| !key.trim().is_empty()) {
            let mut words = key.split_whitespace();
            let name = words.next().unwrap_or_default();
            let name = name.trim_start_matches('[').trim_end_matches(']');
            let descending = words.next().is_some_and(|w| w.eq_ignore_ascii_case("desc"));
            let Some((at, _)) = self.column(name) else {
                return failures::fail(
                    "System.IndexOutOfRangeException",
                    format!("Cannot find column {name}."),
                );
            };
            let mut keyed = Vec::with_capacity(found.len());
            for row in found {
                keyed.push((row.cell(vm, at)?, row));
            }
            let mut failed = None;
            keyed.sort_by(|(one, _), (other, _)| {
                let found = order(vm, one, other).unwrap_or_else(|error| {
                    failed = Some(error);
                    Ordering::Equal
                });
                if descending { found.reverse() } else { found }
            });
            if let Some(error) = failed {
                return Err(error);
            }
            found = keyed.into_iter().map(|(_, row)| row).collect();
        }
        Ok(found)
    }

    /// The same columns; with the rows as well if wanted.
    pub fn copied(self: &Rc<Self>, with_rows: bool) -> Rc<Table> {
        let copy = Table::new(&self.name.borrow());
        for column in self.columns.borrow().iter() {
            let column = column.copied();
            *column.table.borrow_mut() = Rc::downgrade(&copy);
            copy.columns.borrow_mut().push(column);
        }
        *copy.keys.borrow_mut() = self.keys.borrow().clone();
        if with_rows {
            for row in self.rows.borrow().iter() {
                copy.import(row);
            }
        }
        copy
    }

    /// Adds a row of another table with the same columns.
    pub fn import(self: &Rc<Self>, row: &Row) {
        let mut cells = Vec::new();
        for column in self.columns.borrow().iter() {
            let from = row.table.column(&column.name.borrow()).map(|(at, _)| at);
            let cell = from.and_then(|at| row.cells.borrow().get(at).cloned());
            cells.push(cell.unwrap_or_else(db_null::value));
        }
        let copy = Row::new(self, cells);
        copy.state.set(row.state.get());
        self.rows.borrow_mut().push(copy);
    }
}

/// A table as an object; pipelines take it apart into its rows.
pub struct DataTable(pub Rc<Table>);

impl DataTable {
    /// The object of a table.
    pub fn value(table: Rc<Table>) -> Value {
        Value::native(DataTable(table))
    }
}

fn rows_of(rows: Vec<Rc<Row>>) -> Value {
    let element = type_named("System.Data.DataRow");
    let rows = rows.into_iter().map(|row| Value::native(DataRow(row)));
    array::of(&element, rows.collect())
}

impl Native for DataTable {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Data.DataTable")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.0.name.borrow().clone())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "CaseSensitive",
            "IsInitialized",
            "RemotingFormat",
            "ChildRelations",
            "Columns",
            "Constraints",
            "DataSet",
            "DefaultView",
            "DisplayExpression",
            "ExtendedProperties",
            "HasErrors",
            "Locale",
            "MinimumCapacity",
            "ParentRelations",
            "PrimaryKey",
            "Rows",
            "TableName",
            "Namespace",
            "Prefix",
            "Site",
            "Container",
            "DesignMode",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let table = &self.0;
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "tablename" => Value::str(table.name.borrow().as_str()),
            "columns" => Value::native(Columns(table.clone())),
            "rows" => Value::native(Rows(table.clone())),
            "defaultview" => view::DataView::value(table),
            "primarykey" => {
                let keys = table.keys.borrow();
                let columns = keys.iter().filter_map(|key| table.column(key));
                let columns = columns.map(|(_, column)| Value::native(DataColumn(column)));
                let element = type_named("System.Data.DataColumn");
                array::of(&element, columns.collect())
            }
            "dataset" => match &*table.set.borrow() {
                Some(name) => super::set::DataSet::value(name),
                None => Value::Null,
            },
            "casesensitive" | "haserrors" | "designmode" => Value::Bool(false),
            "isinitialized" => Value::Bool(true),
            "minimumcapacity" => Value::Int(50),
            "namespace" | "prefix" | "displayexpression" => Value::str(""),
            "site" | "container" => Value::Null,
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "tablename" => *self.0.name.borrow_mut() = vm.to_text(&value)?,
            "primarykey" => {
                let columns = vm.enumerate(&value)?.unwrap_or_else(|| vec![value.clone()]);
                let mut keys = Vec::new();
                for column in &columns {
                    if let Some(column) = column.as_native::<DataColumn>() {
                        column.0.allows_null.set(false);
                        keys.push(column.0.name.borrow().clone());
                    }
                }
                *self.0.keys.borrow_mut() = keys;
            }
            "casesensitive" | "minimumcapacity" | "namespace" | "prefix" | "locale" => {}
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let table = &self.0;
        let text = |vm: &mut Vm, value: Option<&Value>| match value {
            Some(value) => vm.to_text(value),
            None => Ok(String::new()),
        };
        Ok(Some(match name {
            "newrow" => Value::native(DataRow(table.new_row(vm))),
            "select" => {
                let filter = text(vm, arguments.first())?;
                let sort = text(vm, arguments.get(1))?;
                rows_of(table.selected(vm, &filter, &sort)?)
            }
            "compute" => {
                let wanted = text(vm, arguments.first())?;
                let filter = text(vm, arguments.get(1))?;
                let rows = table.selected(vm, &filter, "")?;
                expression::aggregate(vm, &wanted, table, &rows)?
            }
            "clone" => DataTable::value(table.copied(false)),
            "copy" => DataTable::value(table.copied(true)),
            "clear" => {
                table.rows.borrow_mut().clear();
                Value::Nothing
            }
            "importrow" => {
                if let Some(row) = arguments.first().and_then(Value::as_native::<DataRow>) {
                    table.import(&row.0);
                }
                Value::Nothing
            }
            "merge" => {
                if let Some(other) = arguments.first().and_then(Value::as_native::<DataTable>) {
                    for row in other.0.rows.borrow().iter() {
                        table.import(row);
                    }
                }
                Value::Nothing
            }
            "loaddatarow" => {
                let values = arguments.first().cloned().unwrap_or_default();
                Rows(table.clone()).add(vm, &[values])?
            }
            "acceptchanges" => {
                let mut rows = table.rows.borrow_mut();
                rows.retain(|row| row.state.get() != DELETED);
                for row in rows.iter() {
                    row.state.set(UNCHANGED);
                }
                Value::Nothing
            }
            "rejectchanges" => {
                let mut rows = table.rows.borrow_mut();
                rows.retain(|row| row.state.get() != ADDED);
                for row in rows.iter() {
                    row.state.set(UNCHANGED);
                }
                Value::Nothing
            }
            "getchanges" => {
                let changed = table.copied(false);
                for row in table.rows.borrow().iter() {
                    if row.state.get() != UNCHANGED {
                        changed.import(row);
                    }
                }
                if changed.rows.borrow().is_empty() {
                    Value::Null
                } else {
                    DataTable::value(changed)
                }
            }
            "beginloaddata" | "endloaddata" | "dispose" => Value::Nothing,
            "tostring" => Value::str(vm.to_text(this)?),
            _ => return Ok(None),
        }))
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(Ok(self.0.row_values()))
    }

    fn equals(&self, other: &Value) -> Option<bool> {
        let other = other.as_native::<DataTable>();
        Some(other.is_some_and(|other| Rc::ptr_eq(&other.0, &self.0)))
    }
}
