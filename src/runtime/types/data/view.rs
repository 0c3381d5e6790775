//! `DataView`: the rows of a table, filtered and sorted.

use super::row::{DataRow, Row};
use super::table::{DataTable, Table};
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, failures, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;

/// A view of a table.
pub struct DataView {
    table: Rc<Table>,
    filter: RefCell<String>,
    sort: RefCell<String>,
}

impl DataView {
    /// A view of all rows as they come.
    pub fn value(table: &Rc<Table>) -> Value {
        Value::native(DataView {
            table: table.clone(),
            filter: RefCell::default(),
            sort: RefCell::default(),
        })
    }

    fn rows(&self, vm: &mut Vm) -> R<Vec<Rc<Row>>> {
        let (filter, sort) = (self.filter.borrow().clone(), self.sort.borrow().clone());
        self.table.selected(vm, &filter, &sort)
    }
}

impl Native for DataView {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Data.DataView")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "AllowDelete",
            "AllowEdit",
            "AllowNew",
            "ApplyDefaultSort",
            "DataViewManager",
            "IsInitialized",
            "RowFilter",
            "RowStateFilter",
            "Sort",
            "Table",
            "Count",
        ]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "count" => Value::Int(self.rows(vm)?.len() as i32),
            "rowfilter" => Value::str(self.filter.borrow().as_str()),
            "sort" => Value::str(self.sort.borrow().as_str()),
            "table" => DataTable::value(self.table.clone()),
            "allowdelete" | "allowedit" | "allownew" | "isinitialized" => Value::Bool(true),
            "applydefaultsort" => Value::Bool(false),
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        match name.to_ascii_lowercase().as_str() {
            "rowfilter" => *self.filter.borrow_mut() = vm.to_text(&value)?,
            "sort" => *self.sort.borrow_mut() = vm.to_text(&value)?,
            "count" | "table" => return Ok(Some(false)),
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        if name != "totable" {
            return Ok(None);
        }
        let copy = self.table.copied(false);
        for row in self.rows(vm)? {
            copy.import(&row);
        }
        Ok(Some(DataTable::value(copy)))
    }

    fn enumerate(&self, vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(self.rows(vm).map(|rows| {
            let rows = rows.into_iter();
            rows.map(|row| Value::native(DataRowView(row))).collect()
        }))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let at = vm.to_long(index)?;
        let rows = self.rows(vm)?;
        match usize::try_from(at).ok().and_then(|at| rows.get(at)) {
            Some(row) => Ok(Some(Value::native(DataRowView(row.clone())))),
            None => failures::fail(
                "System.IndexOutOfRangeException",
                format!("Index {at} is either negative or above rows count."),
            ),
        }
    }
}

/// A row as a view shows it.
pub struct DataRowView(pub Rc<Row>);

impl DataRowView {
    fn row(&self) -> DataRow {
        DataRow(self.0.clone())
    }
}

impl Native for DataRowView {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Data.DataRowView")
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        if name.eq_ignore_ascii_case("row") {
            return Ok(Some(Value::native(self.row())));
        }
        let is_column = self.0.table.column(name).is_some();
        if is_column {
            self.row().get(vm, name)
        } else {
            Ok(None)
        }
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        self.row().set(vm, name, value)
    }

    fn call(&self, vm: &mut Vm, this: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        self.row().call(vm, this, name, arguments)
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        self.row().index(vm, index)
    }

    fn set_index(&self, vm: &mut Vm, index: &Value, value: Value) -> R<Option<()>> {
        self.row().set_index(vm, index, value)
    }
}
