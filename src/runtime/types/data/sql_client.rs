//! `System.Data.SqlClient`: connections that are described but never made, since there is no
//! database server here. Opening one fails as it does when the server is not found.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeRef, collections::list, failures, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

const CONNECTION: &str = "System.Data.SqlClient.SqlConnection";
const COMMAND: &str = "System.Data.SqlClient.SqlCommand";
const ADAPTER: &str = "System.Data.SqlClient.SqlDataAdapter";

/// A new object of the namespace; the arguments are converted.
pub fn construct(type_name: &str, arguments: &[Value]) -> Option<Value> {
    let given = |at: usize| arguments.get(at).cloned();
    let text = |at: usize| given(at).unwrap_or_else(|| Value::str(""));
    let fields = match type_name {
        CONNECTION => vec![
            ("ConnectionString", text(0)),
            ("ConnectionTimeout", Value::Int(15)),
            ("State", Value::enum_of("System.Data.ConnectionState", 0)),
            ("FireInfoMessageEventOnUserErrors", Value::Bool(false)),
            ("StatisticsEnabled", Value::Bool(false)),
            ("Credential", Value::Null),
            ("AccessToken", Value::Null),
        ],
        COMMAND => vec![
            ("CommandText", text(0)),
            ("CommandTimeout", Value::Int(30)),
            ("CommandType", Value::enum_of("System.Data.CommandType", 1)),
            ("Connection", given(1).unwrap_or_default()),
            ("Transaction", Value::Null),
            (
                "Parameters",
                Value::native(Parameters(list::list_of(
                    &crate::runtime::types::known::object(),
                    Vec::new(),
                ))),
            ),
        ],
        ADAPTER => {
            let command = match arguments {
                [query, connection] if query.as_str().is_some() => {
                    let connection = match connection.as_str() {
                        Some(_) => construct(CONNECTION, std::slice::from_ref(connection)),
                        None => Some(connection.clone()),
                    };
                    let both = [query.clone(), connection.unwrap_or_default()];
                    construct(COMMAND, &both)
                }
                _ => given(0),
            };
            vec![
                ("SelectCommand", command.unwrap_or_default()),
                ("InsertCommand", Value::Null),
                ("UpdateCommand", Value::Null),
                ("DeleteCommand", Value::Null),
                ("TableMappings", Value::Null),
            ]
        }
        _ => return None,
    };
    let object = PlainObject::new(type_name, fields).writable();
    Some(Value::native(SqlObject(object)))
}

/// A connection, command or adapter.
struct SqlObject(PlainObject);

/// The word behind one of these keys of a connection string.
fn part(text: &str, keys: &[&str]) -> String {
    let pairs = text.split(';').filter_map(|pair| pair.split_once('='));
    let mut found =
        pairs.filter(|(key, _)| keys.iter().any(|k| k.eq_ignore_ascii_case(key.trim())));
    let value = found.next().map(|(_, value)| value.trim().to_string());
    value.unwrap_or_default()
}

fn unreachable<T>(server: &str) -> R<T> {
    let detail = match server.contains('\\') {
        true => {
            "provider: SQL Network Interfaces, error: 26 - Error Locating Server/Instance Specified"
        }
        false => "provider: TCP Provider, error: 40 - Could not open a connection to SQL Server",
    };
    failures::fail(
        "System.Data.SqlClient.SqlException",
        format!(
            "A network-related or instance-specific error occurred while establishing a connection to SQL Server. The server was not found or was not accessible. Verify that the instance name is correct and that SQL Server is configured to allow remote connections. ({detail})"
        ),
    )
}

impl SqlObject {
    fn server(&self, vm: &mut Vm) -> R<String> {
        let text = self.0.field("ConnectionString").unwrap_or_default();
        let text = vm.to_text(&text)?;
        Ok(part(
            &text,
            &[
                "Server",
                "Data Source",
                "Address",
                "Addr",
                "Network Address",
            ],
        ))
    }

    fn open<T>(&self, vm: &mut Vm) -> R<T> {
        let text = self.0.field("ConnectionString").unwrap_or_default();
        if vm.to_text(&text)?.is_empty() {
            return failures::invalid_operation(
                "The ConnectionString property has not been initialized.",
            );
        }
        let server = self.server(vm)?;
        unreachable(&server)
    }
}

impl Native for SqlObject {
    fn type_ref(&self) -> TypeRef {
        self.0.type_ref()
    }

    fn fields(&self) -> Option<&PlainObject> {
        Some(&self.0)
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let text = self.0.field("ConnectionString");
        if let Some(text) = text {
            let text = vm.to_text(&text)?;
            match name.to_ascii_lowercase().as_str() {
                "datasource" => return Ok(Some(Value::str(self.server(vm)?))),
                "database" => {
                    let database = part(&text, &["Database", "Initial Catalog"]);
                    return Ok(Some(Value::str(database)));
                }
                _ => {}
            }
        }
        self.0.get(vm, name)
    }

    fn call(
        &self,
        vm: &mut Vm,
        this: &Value,
        name: &str,
        _arguments: &[Value],
    ) -> R<Option<Value>> {
        match name {
            "open" => self.open(vm),
            "close"
            | "dispose"
            | "cancel"
            | "prepare"
            | "resetcommandtimeout"
            | "add_infomessage"
            | "remove_infomessage"
            | "add_statechange" => Ok(Some(Value::Nothing)),
            "createcommand" => Ok(construct(COMMAND, &[Value::str(""), this.clone()])),
            "fill" | "fillschema" | "update" => {
                let command = self.0.field("SelectCommand").unwrap_or_default();
                let connection = vm.get_member(&command, "Connection")?.unwrap_or_default();
                match connection.as_native::<SqlObject>() {
                    Some(connection) => connection.open(vm),
                    None => failures::invalid_operation(
                        "Fill: SelectCommand.Connection property has not been initialized.",
                    ),
                }
            }
            "executereader" | "executenonquery" | "executescalar" | "executexmlreader" => {
                let shown = match name {
                    "executereader" => "ExecuteReader",
                    "executenonquery" => "ExecuteNonQuery",
                    "executescalar" => "ExecuteScalar",
                    _ => "ExecuteXmlReader",
                };
                let connection = self.0.field("Connection").unwrap_or_default();
                failures::invalid_operation(match connection.is_null() {
                    true => format!("{shown}: Connection property has not been initialized."),
                    false => format!(
                        "{shown} requires an open and available Connection. The connection's current state is closed."
                    ),
                })
            }
            _ => Ok(None),
        }
    }
}

/// The parameters of a command.
struct Parameters(Value);

impl Native for Parameters {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Data.SqlClient.SqlParameterCollection")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Count"]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        vm.get_member(&self.0, name)
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match name {
            "add" | "addwithvalue" => {
                let at = |at: usize| arguments.get(at).cloned().unwrap_or_default();
                let fields = vec![("ParameterName", at(0)), ("Value", at(1))];
                let made = PlainObject::new("System.Data.SqlClient.SqlParameter", fields);
                let made = made.writable().value();
                vm.invoke_method(&self.0, "Add", vec![made.clone()])?;
                Ok(Some(made))
            }
            "clear" => {
                vm.invoke_method(&self.0, "Clear", Vec::new())?;
                Ok(Some(Value::Nothing))
            }
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connection_strings_are_read_by_key() {
        let text = "Server = sql1\\inst; Initial Catalog=LcsCDR;Integrated Security=True";
        assert_eq!(part(text, &["Data Source", "Server"]), "sql1\\inst");
        assert_eq!(part(text, &["Database", "initial catalog"]), "LcsCDR");
        assert_eq!(part("", &["Server"]), "");
    }
}
