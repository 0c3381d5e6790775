//! Namespaces and types that a source names and that nothing it can refer to has.

use crate::syntax::csharp::Diagnostic;
use crate::syntax::csharp::ast::{TypeShape, Unit};

/// The namespaces of the reference assemblies.
const KNOWN: &str = " Microsoft Microsoft.CSharp Microsoft.CSharp.RuntimeBinder Microsoft.VisualBasic Microsoft.VisualBasic.CompilerServices Microsoft.VisualBasic.FileIO Microsoft.Win32 Microsoft.Win32.SafeHandles Microsoft.PowerShell Microsoft.PowerShell.Commands System System.Buffers System.Buffers.Binary System.Buffers.Text System.CodeDom System.CodeDom.Compiler System.Collections System.Collections.Concurrent System.Collections.Frozen System.Collections.Generic System.Collections.Immutable System.Collections.ObjectModel System.Collections.Specialized System.ComponentModel System.ComponentModel.DataAnnotations System.ComponentModel.DataAnnotations.Schema System.ComponentModel.Design System.Configuration System.Configuration.Assemblies System.Data System.Data.Common System.Data.SqlTypes System.Diagnostics System.Diagnostics.CodeAnalysis System.Diagnostics.Contracts System.Diagnostics.Metrics System.Diagnostics.SymbolStore System.Diagnostics.Tracing System.Drawing System.Dynamic System.Formats System.Formats.Asn1 System.Formats.Tar System.Globalization System.IO System.IO.Compression System.IO.Enumeration System.IO.IsolatedStorage System.IO.MemoryMappedFiles System.IO.Pipelines System.IO.Pipes System.Linq System.Linq.Expressions System.Management System.Management.Automation System.Management.Automation.Host System.Management.Automation.Internal System.Management.Automation.Language System.Management.Automation.Provider System.Management.Automation.Runspaces System.Management.Automation.Security System.Net System.Net.Cache System.Net.Http System.Net.Http.Headers System.Net.Http.Json System.Net.Mail System.Net.Mime System.Net.NetworkInformation System.Net.Quic System.Net.Security System.Net.ServerSentEvents System.Net.Sockets System.Net.WebSockets System.Numerics System.Reflection System.Reflection.Emit System.Reflection.Metadata System.Reflection.PortableExecutable System.Resources System.Runtime System.Runtime.CompilerServices System.Runtime.ConstrainedExecution System.Runtime.ExceptionServices System.Runtime.InteropServices System.Runtime.InteropServices.ComTypes System.Runtime.InteropServices.Marshalling System.Runtime.Intrinsics System.Runtime.Loader System.Runtime.Remoting System.Runtime.Serialization System.Runtime.Serialization.Formatters System.Runtime.Serialization.Formatters.Binary System.Runtime.Serialization.Json System.Runtime.Versioning System.Security System.Security.AccessControl System.Security.Authentication System.Security.Authentication.ExtendedProtection System.Security.Claims System.Security.Cryptography System.Security.Cryptography.X509Certificates System.Security.Permissions System.Security.Policy System.Security.Principal System.Text System.Text.Encodings System.Text.Encodings.Web System.Text.Json System.Text.Json.Nodes System.Text.Json.Schema System.Text.Json.Serialization System.Text.RegularExpressions System.Text.Unicode System.Threading System.Threading.Channels System.Threading.Tasks System.Threading.Tasks.Dataflow System.Timers System.Transactions System.Web System.Windows System.Windows.Input System.Windows.Markup System.Xml System.Xml.Linq System.Xml.Resolvers System.Xml.Schema System.Xml.Serialization System.Xml.XPath System.Xml.Xsl ";

fn is_known(name: &str) -> bool {
    KNOWN.contains(&format!(" {name} "))
}

/// Types of the older framework that are gone, and that sources still implement.
const GONE: &str = " ICertificatePolicy ";

/// The complaints about bases that are not there any more.
fn gone(unit: &Unit) -> impl Iterator<Item = Diagnostic> {
    let bases = unit.types.iter().flat_map(|declaration| &declaration.bases);
    bases.filter_map(|base| {
        let TypeShape::Named(parts) = &base.shape else {
            return None;
        };
        let name = &parts.last()?.text;
        let own = unit.types.iter().any(|t| t.name == *name);
        (GONE.contains(&format!(" {name} ")) && !own).then(|| not_found(name, base.at))
    })
}

fn not_found(name: &str, at: usize) -> Diagnostic {
    Diagnostic {
        code: "CS0246",
        message: format!(
            "The type or namespace name '{name}' could not be found (are you missing a using directive or an assembly reference?)"
        ),
        at,
    }
}

/// The complaints about `using` lines that open what is not there.
pub(super) fn unknown(unit: &Unit) -> Vec<Diagnostic> {
    let own = |name: &str| {
        unit.types
            .iter()
            .any(|t| t.prefix.trim_end_matches(['.', '+']).starts_with(name))
    };
    let mut wrong: Vec<Diagnostic> = gone(unit).collect();
    for (name, at) in &unit.usings {
        if is_known(name) || own(name) {
            continue;
        }
        // The first part that is missing is what the complaint names.
        let mut there = 0;
        for (end, _) in name.match_indices('.') {
            let start = name.get(..end).unwrap_or("");
            if is_known(start) || own(start) {
                there = end;
            } else {
                break;
            }
        }
        let rest = name.get(there..).unwrap_or("").trim_start_matches('.');
        let missing = rest.split('.').next().unwrap_or(rest);
        wrong.push(match there {
            0 => not_found(missing, *at),
            end => Diagnostic {
                code: "CS0234",
                message: format!(
                    "The type or namespace name '{missing}' does not exist in the namespace '{}' (are you missing an assembly reference?)",
                    name.get(..end).unwrap_or("")
                ),
                // The missing part is where it stands.
                at: *at + end + 1,
            },
        });
    }
    wrong.sort_by_key(|d| d.at);
    wrong
}
