//! `DataSet`, and what makes the objects of `System.Data`.

use super::column;
use super::table::{DataTable, Table};
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, failures, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;

/// A new object.
pub fn construct(vm: &mut Vm, type_name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let name = match arguments.first() {
        Some(name) => Some(vm.to_text(name)?),
        None => None,
    };
    Ok(Some(match type_name {
        "System.Data.DataTable" => DataTable::value(Table::new(&name.unwrap_or_default())),
        "System.Data.DataColumn" => column::construct(vm, arguments)?,
        "System.Data.DataSet" => DataSet::value(name.as_deref().unwrap_or("NewDataSet")),
        "System.Data.DataView" => match arguments.first().and_then(Value::as_native::<DataTable>) {
            Some(table) => super::view::DataView::value(&table.0),
            None => return Ok(None),
        },
        _ => return Ok(None),
    }))
}

/// Tables under one name.
pub struct DataSet {
    name: RefCell<String>,
    tables: Rc<RefCell<Vec<Rc<Table>>>>,
}

impl DataSet {
    /// An empty set.
    pub fn value(name: &str) -> Value {
        Value::native(DataSet {
            name: RefCell::new(name.to_string()),
            tables: Rc::default(),
        })
    }
}

impl Native for DataSet {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Data.DataSet")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["CaseSensitive", "DataSetName", "HasErrors", "Tables"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "datasetname" => Value::str(self.name.borrow().as_str()),
            "tables" => Value::native(Tables(self.tables.clone())),
            "casesensitive" | "haserrors" => Value::Bool(false),
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        if !name.eq_ignore_ascii_case("datasetname") {
            return Ok(None);
        }
        *self.name.borrow_mut() = vm.to_text(&value)?;
        Ok(Some(true))
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        match name {
            "clear" => {
                for table in self.tables.borrow().iter() {
                    table.rows.borrow_mut().clear();
                }
            }
            "acceptchanges" | "dispose" => {}
            _ => return Ok(None),
        }
        Ok(Some(Value::Nothing))
    }
}

struct Tables(Rc<RefCell<Vec<Rc<Table>>>>);

impl Tables {
    fn found(&self, vm: &mut Vm, which: &Value) -> R<Option<Rc<Table>>> {
        let tables = self.0.borrow().clone();
        if let Value::Int(at) = which.base() {
            return match usize::try_from(*at).ok().and_then(|at| tables.get(at)) {
                Some(table) => Ok(Some(table.clone())),
                None => failures::fail(
                    "System.IndexOutOfRangeException",
                    format!("Cannot find table {at}."),
                ),
            };
        }
        let name = vm.to_text(which)?;
        let mut all = tables.iter();
        Ok(all
            .find(|t| t.name.borrow().eq_ignore_ascii_case(&name))
            .cloned())
    }
}

impl Native for Tables {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Data.DataTableCollection")
    }

    fn properties(&self) -> Vec<&'static str> {
        super::COLLECTION_PROPERTIES.to_vec()
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let count = self.0.borrow().len();
        Ok(super::collection_property(name, count))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(Some(match (name, arguments) {
            ("add", [table]) if table.as_native::<DataTable>().is_some() => {
                let table = table.as_native::<DataTable>().map(|t| t.0.clone());
                self.0.borrow_mut().extend(table);
                Value::Nothing
            }
            ("add", arguments) => {
                let name = match arguments.first() {
                    Some(name) => vm.to_text(name)?,
                    None => format!("Table{}", self.0.borrow().len() + 1),
                };
                let table = Table::new(&name);
                self.0.borrow_mut().push(table.clone());
                DataTable::value(table)
            }
            ("contains", [name]) => Value::Bool(self.found(vm, name)?.is_some()),
            ("remove", [name]) => {
                let found = self.found(vm, name)?;
                let is_other = |t: &Rc<Table>| !found.iter().any(|f| Rc::ptr_eq(f, t));
                self.0.borrow_mut().retain(is_other);
                Value::Nothing
            }
            ("clear", []) => {
                self.0.borrow_mut().clear();
                Value::Nothing
            }
            _ => return Ok(None),
        }))
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        let tables = self.0.borrow();
        Some(Ok(tables.iter().cloned().map(DataTable::value).collect()))
    }

    fn index(&self, vm: &mut Vm, index: &Value) -> R<Option<Value>> {
        let found = self.found(vm, index)?;
        Ok(Some(found.map_or(Value::Null, DataTable::value)))
    }
}
