//! `System.Reflection.Assembly`, and which assemblies there are to load: those of .NET and of
//! PowerShell itself, since nothing is loaded from files here.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, failures, find_full, type_named, version};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The assemblies that are there by name, in ordinal order without regard to letter case.
/// Those of the framework leave out their first word.
const OF_SYSTEM: &str = "AppContext Buffers CodeDom Collections Collections.Concurrent Collections.Immutable Collections.NonGeneric Collections.Specialized ComponentModel ComponentModel.Annotations ComponentModel.Composition ComponentModel.Composition.Registration ComponentModel.DataAnnotations ComponentModel.EventBasedAsync ComponentModel.Primitives ComponentModel.TypeConverter Configuration Configuration.ConfigurationManager Console Core Data Data.Common Data.DataSetExtensions Data.Odbc Data.OleDb Data.SqlClient Diagnostics.Contracts Diagnostics.Debug Diagnostics.DiagnosticSource Diagnostics.EventLog Diagnostics.FileVersionInfo Diagnostics.PerformanceCounter Diagnostics.Process Diagnostics.StackTrace Diagnostics.TextWriterTraceListener Diagnostics.Tools Diagnostics.TraceSource Diagnostics.Tracing DirectoryServices DirectoryServices.AccountManagement DirectoryServices.Protocols Drawing Drawing.Common Drawing.Primitives Dynamic.Runtime Formats.Asn1 Formats.Tar Globalization Globalization.Calendars Globalization.Extensions IO IO.Compression IO.Compression.Brotli IO.Compression.FileSystem IO.Compression.ZipFile IO.FileSystem IO.FileSystem.AccessControl IO.FileSystem.DriveInfo IO.FileSystem.Primitives IO.FileSystem.Watcher IO.IsolatedStorage IO.MemoryMappedFiles IO.Packaging IO.Pipelines IO.Pipes IO.Pipes.AccessControl IO.Ports IO.UnmanagedMemoryStream Linq Linq.AsyncEnumerable Linq.Expressions Linq.Parallel Linq.Queryable Management Management.Automation Memory Net Net.Http Net.Http.Json Net.HttpListener Net.Mail Net.NameResolution Net.NetworkInformation Net.Ping Net.Primitives Net.Quic Net.Requests Net.Security Net.ServerSentEvents Net.ServicePoint Net.Sockets Net.WebClient Net.WebHeaderCollection Net.WebProxy Net.WebSockets Net.WebSockets.Client Numerics Numerics.Vectors ObjectModel Private.CoreLib Private.Uri Private.Xml Private.Xml.Linq Reflection Reflection.Context Reflection.DispatchProxy Reflection.Emit Reflection.Emit.ILGeneration Reflection.Emit.Lightweight Reflection.Extensions Reflection.Metadata Reflection.Primitives Reflection.TypeExtensions Resources.Reader Resources.ResourceManager Resources.Writer Runtime Runtime.Caching Runtime.CompilerServices.Unsafe Runtime.CompilerServices.VisualC Runtime.Extensions Runtime.Handles Runtime.InteropServices Runtime.InteropServices.JavaScript Runtime.InteropServices.RuntimeInformation Runtime.Intrinsics Runtime.Loader Runtime.Numerics Runtime.Serialization Runtime.Serialization.Formatters Runtime.Serialization.Json Runtime.Serialization.Primitives Runtime.Serialization.Xml Security Security.AccessControl Security.Claims Security.Cryptography Security.Cryptography.Algorithms Security.Cryptography.Cng Security.Cryptography.Csp Security.Cryptography.Encoding Security.Cryptography.OpenSsl Security.Cryptography.Pkcs Security.Cryptography.Primitives Security.Cryptography.ProtectedData Security.Cryptography.X509Certificates Security.Cryptography.Xml Security.Permissions Security.Principal Security.Principal.Windows Security.SecureString ServiceModel.Http ServiceModel.NetTcp ServiceModel.Primitives ServiceModel.Syndication ServiceModel.Web ServiceProcess ServiceProcess.ServiceController Speech Text.Encoding Text.Encoding.CodePages Text.Encoding.Extensions Text.Encodings.Web Text.Json Text.RegularExpressions Threading Threading.AccessControl Threading.Channels Threading.Overlapped Threading.Tasks Threading.Tasks.Dataflow Threading.Tasks.Extensions Threading.Tasks.Parallel Threading.Thread Threading.ThreadPool Threading.Timer Transactions Transactions.Local ValueTuple Web Web.HttpUtility Web.Services.Description Windows Windows.Extensions Xml Xml.Linq Xml.ReaderWriter Xml.Serialization Xml.XDocument Xml.XmlDocument Xml.XmlSerializer Xml.XPath Xml.XPath.XDocument";

/// The others.
const OTHERS: &str = "Microsoft.ApplicationInsights Microsoft.CodeAnalysis Microsoft.CodeAnalysis.CSharp Microsoft.CSharp Microsoft.Extensions.ObjectPool Microsoft.Management.Infrastructure Microsoft.PowerShell.Commands.Management Microsoft.PowerShell.Commands.Utility Microsoft.PowerShell.ConsoleHost Microsoft.PowerShell.MarkdownRender Microsoft.PowerShell.Security Microsoft.VisualBasic Microsoft.VisualBasic.Core Microsoft.Win32.Primitives Microsoft.Win32.Registry Microsoft.Win32.Registry.AccessControl Microsoft.Win32.SystemEvents mscorlib netstandard Newtonsoft.Json System WindowsBase";

/// The assembly of a simple or full name, as it is written in its own full name.
pub fn find(name: &str) -> Option<String> {
    let simple = name.split(',').next().unwrap_or(name).trim();
    let is = |own: &&str| own.eq_ignore_ascii_case(simple);
    if let Some(own) = OTHERS.split(' ').find(is) {
        return Some(own.to_string());
    }
    let head = simple.get(.."System.".len())?;
    let rest = simple.get("System.".len()..)?;
    let found = OF_SYSTEM
        .split(' ')
        .find(|own| own.eq_ignore_ascii_case(rest));
    found
        .filter(|_| head.eq_ignore_ascii_case("System."))
        .map(|own| format!("System.{own}"))
}

/// A part of the program that types come from.
pub struct Assembly {
    name: String,
}

impl Assembly {
    /// The assembly of this name as a value.
    pub fn value(name: impl Into<String>) -> Value {
        Value::native(Assembly { name: name.into() })
    }

    fn version(&self) -> &'static str {
        match self.is_own() {
            true => "7.6.0.500",
            false if self.name == "mscorlib" || self.name == "System" => "4.0.0.0",
            false => "10.0.0.0",
        }
    }

    fn is_own(&self) -> bool {
        self.name == "System.Management.Automation" || self.name.starts_with("Microsoft.PowerShell")
    }

    fn full_name(&self) -> String {
        let key = match self.name.as_str() {
            _ if self.is_own() => "31bf3856ad364e35",
            "System.Private.CoreLib" => "7cec85d7bea7798e",
            "mscorlib" | "System" => "b77a5c561934e089",
            _ => "b03f5f7f11d50a3a",
        };
        let version = self.version();
        format!(
            "{}, Version={version}, Culture=neutral, PublicKeyToken={key}",
            self.name
        )
    }
}

impl Native for Assembly {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Reflection.Assembly")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.full_name())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "FullName",
            "GlobalAssemblyCache",
            "ImageRuntimeVersion",
            "IsDynamic",
            "Location",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "fullname" => Some(Value::str(self.full_name())),
            "location" => Some(Value::str("")),
            "globalassemblycache" | "isdynamic" => Some(Value::Bool(false)),
            "imageruntimeversion" => Some(Value::str("v4.0.30319")),
            _ => None,
        })
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        Ok(match (name, arguments) {
            ("getname", _) => {
                let number = version::construct(&[Value::str(self.version())])?;
                let fields = vec![
                    ("Name", Value::str(self.name.as_str())),
                    ("Version", number.unwrap_or_default()),
                    ("FullName", Value::str(self.full_name())),
                ];
                let made = crate::runtime::types::plain_object::PlainObject::new(
                    "System.Reflection.AssemblyName",
                    fields,
                );
                Some(made.with_text(self.full_name()).value())
            }
            ("gettype", [name, ..]) => {
                let name = vm.to_text(name)?;
                Some(find_full(&name).map_or(Value::Null, Value::Type))
            }
            _ => None,
        })
    }

    fn key_text(&self) -> Option<String> {
        Some(self.name.clone())
    }
}

/// A static method; the name is in lower case.
pub fn call_static(vm: &mut Vm, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let asked = match arguments.first() {
        Some(first) => vm.to_text(first)?,
        None => String::new(),
    };
    match name {
        "loadwithpartialname" => Ok(Some(find(&asked).map_or(Value::Null, Assembly::value))),
        "load" => match find(&asked) {
            Some(own) => Ok(Some(Assembly::value(own))),
            None => {
                let full = match asked.contains(',') {
                    true => asked,
                    false => format!("{asked}, Culture=neutral, PublicKeyToken=null"),
                };
                not_there(&full)
            }
        },
        "loadfile" if !asked.starts_with('/') => {
            failures::argument("Absolute path information is required.", "path")
        }
        "loadfile" | "loadfrom" | "unsafeloadfrom" => {
            let path = match asked.starts_with('/') {
                true => asked,
                false => format!("{}/{asked}", vm.file_path(".").to_string_lossy()),
            };
            not_there(&path)
        }
        "getexecutingassembly" | "getcallingassembly" => {
            Ok(Some(Assembly::value("System.Management.Automation")))
        }
        "getassembly" => match arguments {
            [Value::Type(of)] => Ok(Some(Assembly::value(
                crate::runtime::types::reflection::runtime_type::assembly_of(of),
            ))),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

/// The application domain, of which there is one.
pub fn domain() -> Value {
    Value::native(Domain)
}

struct Domain;

impl Native for Domain {
    fn type_ref(&self) -> TypeRef {
        type_named("System.AppDomain")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["FriendlyName", "Id", "BaseDirectory", "IsFullyTrusted"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let folder = || {
            let program = std::env::current_exe().unwrap_or_default();
            let folder = program.parent().unwrap_or(&program);
            Value::str(format!("{}/", folder.display()))
        };
        Ok(match name.to_ascii_lowercase().as_str() {
            "friendlyname" => Some(Value::str("pwsh")),
            "id" => Some(Value::Int(1)),
            "basedirectory" => Some(folder()),
            "isfullytrusted" | "ishomogenous" => Some(Value::Bool(true)),
            _ => None,
        })
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "getassemblies" => {
                let names = OF_SYSTEM.split(' ').map(|name| format!("System.{name}"));
                Some(Value::array(names.map(Assembly::value).collect()))
            }
            "add_assemblyresolve" | "add_unhandledexception" | "add_processexit" => {
                Some(Value::Nothing)
            }
            _ => None,
        })
    }
}

fn not_there<T>(name: &str) -> R<T> {
    failures::fail(
        "System.IO.FileNotFoundException",
        format!(
            "Could not load file or assembly '{name}'. The system cannot find the file specified.\n"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assemblies_are_found_by_simple_and_full_names() {
        for (name, want) in [
            ("System.Web", Some("System.Web")),
            ("system.drawing", Some("System.Drawing")),
            ("System.Xml.Linq, Version=4.0.0.0", Some("System.Xml.Linq")),
            ("mscorlib", Some("mscorlib")),
            ("System.Windows.Forms", None),
            ("PresentationFramework", None),
            ("ä", None),
        ] {
            assert_eq!(find(name).as_deref(), want, "{name}");
        }
    }
}
