//! The types of values and services beyond the language's own, by name: dates
//! and times, streams, hashes, encodings of the web.

use crate::runtime::error::R;
use crate::runtime::text::datetime::{DateOnly, DateTimeOffset, TimeOnly};
use crate::runtime::types::{
    TypeRef, automation::proxy_command, automation::ps_serializer, automation::runspace,
    collections::blocking_collection, cryptography, cryptography::x509_store, data,
    data::sql_client, diagnostics::process_start, drawing, io::binary_io, io::compression,
    io::file_system_watcher, io::stream, io::text_reader, io::text_writer, io::zip_archive,
    net::mail_message, net::network, net::service_point, net::socket, net::uri_builder,
    net::web_client, net::web_request, net::web_text, numerics::buffer, numerics::complex,
    numerics::int_ptr, plain_object, reflection::assembly, reflection::platform,
    reflection::pointer, text::culture, text::json_node, text::region_info, text::string_info,
    text::text_encoding, text::text_json, threading::task, threading::thread, threading::timer,
    time::calendar, time::date_only, time::date_time_offset, time::time_only, time::time_zone,
    type_named, version, xml::xlinq, xml::xml_convert, xml::xml_reader, xml::xml_writer,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// A static property; the name is in lower case.
pub fn read_static(vm: &mut Vm, type_ref: &TypeRef, name: &str) -> R<Option<Value>> {
    Ok(match type_ref.definition_name() {
        "System.DateTimeOffset" => date_time_offset::read_static(vm, name),
        "System.DateOnly" => date_only::read_static(name),
        "System.TimeOnly" => time_only::read_static(name),
        "System.TimeZoneInfo" => time_zone::read_static(name),
        "System.Threading.Tasks.Task" => task::read_static(name),
        of if of.starts_with("System.Threading.") => thread::read_static(of, name),
        "System.IntPtr" | "System.UIntPtr" => int_ptr::read_static(type_ref, name),
        "System.Numerics.Complex" => complex::read_static(name),
        of if of.starts_with("System.Drawing.") => drawing::read_static(of, name),
        "System.Text.Rune" if name == "replacementchar" => {
            string_info::construct_rune(vm, &[Value::Int(0xFFFD)])?
        }
        of if of.starts_with("System.Net.Mime.MediaTypeNames+") => media_type(of, name),
        "System.Text.DecoderFallback" | "System.Text.EncoderFallback" => {
            text_encoding::fallback(&type_ref.name, name, None)
        }
        "System.IO.Stream" if name == "null" => Some(stream::reading(Vec::new())),
        "System.IO.TextWriter" if name == "null" => Some(text_writer::nowhere()),
        of if of.starts_with("System.Xml.Linq.") => xlinq::read_static(of, name),
        "System.EventArgs" if name == "empty" => {
            Some(crate::runtime::types::diagnostics::process_start::no_event_arguments())
        }
        "System.Management.Automation.Runspaces.Runspace" => runspace::read_static(vm, name),
        "System.Text.Encodings.Web.JavaScriptEncoder" => match name {
            "unsaferelaxedjsonescaping" => Some(text_json::relaxed_encoder()),
            _ => None,
        },
        "System.Globalization.RegionInfo" if name == "currentregion" => region_info::current(vm)?,
        "System.AppDomain" if name == "currentdomain" => Some(assembly::domain()),
        "System.Management.Automation.PSObject" => match name {
            "adaptedmembersetname" => Some(Value::str("psadapted")),
            "baseobjectmembersetname" => Some(Value::str("psbase")),
            "extendedmembersetname" => Some(Value::str("psextended")),
            _ => None,
        },
        "System.IO.StreamReader" | "System.IO.TextReader" if name == "null" => {
            text_reader::construct(vm, "System.IO.StringReader", &[Value::str("")])?
        }
        "System.Text.RegularExpressions.Match" if name == "empty" => {
            let regex = type_named("System.Text.RegularExpressions.Regex");
            let given = vec![Value::str("a"), Value::str("b")];
            Some(vm.invoke_static(&regex, "Match", given)?)
        }
        "System.Management.Automation.PSCredential" if name == "empty" => Some(Value::Null),
        "System.Net.ServicePointManager" => service_point::read_static(name),
        of => cryptography::read_static(of, name),
    })
}

/// The names of media types.
fn media_type(type_name: &str, name: &str) -> Option<Value> {
    let text = match (type_name.rsplit('+').next()?, name) {
        ("Text", "plain" | "html" | "xml" | "css" | "csv" | "javascript" | "markdown") => {
            format!("text/{name}")
        }
        ("Text", "richtext") => "text/richtext".into(),
        ("Application", "json" | "xml" | "pdf" | "zip" | "rtf") => format!("application/{name}"),
        ("Application", "octet") => "application/octet-stream".into(),
        ("Application", "soap") => "application/soap+xml".into(),
        ("Application", "formurlencoded") => "application/x-www-form-urlencoded".into(),
        ("Image", "gif" | "jpeg" | "png" | "tiff" | "bmp" | "webp" | "avif") => {
            format!("image/{name}")
        }
        ("Image", "svg") => "image/svg+xml".into(),
        _ => return None,
    };
    Some(Value::str(text))
}

/// A static method; the name is in lower case.
pub fn call_static(
    vm: &mut Vm,
    type_ref: &TypeRef,
    name: &str,
    arguments: &[Value],
) -> R<Option<Value>> {
    match type_ref.definition_name() {
        "System.DateTimeOffset" => date_time_offset::call_static(vm, name, arguments),
        "System.DateOnly" => date_only::call_static(vm, name, arguments),
        "System.TimeOnly" => time_only::call_static(vm, name, arguments),
        "System.TimeZoneInfo" => time_zone::call_static(vm, name, arguments),
        "System.IO.Compression.ZipFile" | "System.IO.Compression.ZipFileExtensions" => {
            zip_archive::call_static(vm, name, arguments)
        }
        "System.Web.HttpUtility" => web_text::call_static(vm, true, name, arguments),
        "System.Net.WebUtility" => web_text::call_static(vm, false, name, arguments),
        "System.Globalization.StringInfo" => string_info::call_static(vm, name, arguments),
        "System.Net.Dns"
        | "System.Net.IPEndPoint"
        | "System.Net.NetworkInformation.PhysicalAddress" => {
            network::call_static(vm, type_ref.definition_name(), name, arguments)
        }
        "System.Globalization.ISOWeek" => calendar::iso_week(vm, name, arguments),
        "System.Text.Rune" => string_info::call_rune_static(vm, name, arguments),
        "System.Buffer" => buffer::call_static(vm, name, arguments),
        "System.Net.WebRequest" | "System.Net.HttpWebRequest" | "System.Net.FtpWebRequest" => {
            web_request::call_static(vm, name, arguments)
        }
        "System.Numerics.Complex" => match (name, arguments) {
            ("parse", [text, ..]) => {
                let text = vm.to_text(text)?;
                complex::parse(&text).map(Some)
            }
            _ => complex::call_static(vm, name, arguments),
        },
        "System.Drawing.Color" => drawing::color_static(vm, name, arguments),
        "System.Globalization.NumberFormatInfo" | "System.Globalization.DateTimeFormatInfo" => {
            Ok(culture::format_info_static(vm, type_ref, name, arguments))
        }
        "System.Threading.Tasks.Task" => task::call_static(vm, name, arguments),
        of if of.starts_with("System.Threading.") => thread::call_static(vm, of, name, arguments),
        "System.Xml.XmlWriter" if name == "create" => xml_writer::create(vm, arguments),
        "System.Xml.XmlReader" if name == "create" => xml_reader::create(vm, arguments),
        "System.Xml.XmlConvert" => xml_convert::call_static(vm, name, arguments),
        of if of.starts_with("System.Xml.") => xlinq::call_static(vm, of, name, arguments),
        "System.Diagnostics.Process" => process_start::call_static(vm, name, arguments),
        "System.Runtime.InteropServices.Marshal" => pointer::call_static(vm, name, arguments),
        "System.Reflection.Assembly" => assembly::call_static(vm, name, arguments),
        of if of.starts_with("System.Text.Json.") => {
            text_json::call_static(vm, of, name, arguments)
        }
        "System.Management.Automation.ProxyCommand" => {
            proxy_command::call_static(vm, name, arguments)
        }
        "System.Management.Automation.PSSerializer" => {
            ps_serializer::call_static(vm, name, arguments)
        }
        of if of.starts_with("System.Management.Automation.Runspaces.") => {
            runspace::call_static(vm, of, name, arguments)
        }
        of => match cryptography::call_static(vm, of, name, arguments)? {
            Some(result) => Ok(Some(result)),
            None => platform::refuse(of),
        },
    }
}

/// A new object.
pub fn construct(vm: &mut Vm, type_ref: &TypeRef, arguments: &[Value]) -> R<Option<Value>> {
    let name = type_ref.definition_name();
    match name {
        "System.DateTimeOffset" => date_time_offset::construct(vm, arguments),
        "System.DateOnly" => date_only::construct(vm, arguments),
        "System.IntPtr" | "System.UIntPtr" => Ok(int_ptr::construct(type_ref, arguments)),
        "System.TimeOnly" => time_only::construct(vm, arguments),
        "System.IO.Compression.ZipArchive" => zip_archive::construct(arguments),
        of if of.starts_with("System.Management.Automation.Runspaces.SessionState") => {
            Ok(runspace::entry(of, arguments))
        }
        "System.Text.Json.JsonSerializerOptions" => Ok(Some(text_json::options())),
        of if of.starts_with("System.Text.Json.Nodes.") => json_node::construct(vm, of, arguments),
        "System.Collections.Concurrent.BlockingCollection`1" => {
            blocking_collection::construct(vm, type_ref, arguments)
        }
        "System.Management.Automation.CommandMetadata" => proxy_command::construct(vm, arguments),
        "System.Globalization.RegionInfo" => region_info::construct(vm, arguments),
        "System.Timers.Timer" => timer::construct(vm, arguments),
        "System.IO.FileSystemWatcher" => file_system_watcher::construct(vm, arguments),
        "System.UriBuilder" => uri_builder::construct(vm, arguments),
        "System.Globalization.StringInfo" => string_info::construct(vm, arguments),
        "System.Xml.XmlWriterSettings" | "System.Xml.XmlTextWriter" => {
            xml_writer::construct(vm, name, arguments)
        }
        "System.Xml.XmlReaderSettings" => Ok(Some(xml_reader::settings())),
        "System.Xml.XmlTextReader" => xml_reader::create(vm, arguments),
        "System.Xml.XmlNodeReader" => Ok(xml_reader::of_node(arguments)),
        "System.Xml.NameTable" => Ok(Some(
            plain_object::PlainObject::new(name, Vec::new()).value(),
        )),
        "System.Net.IPEndPoint" | "System.Net.NetworkInformation.PhysicalAddress" => {
            network::construct(vm, name, arguments)
        }
        _ if name.starts_with("System.Net.Mail.") => mail_message::construct(vm, name, arguments),
        "System.Net.Sockets.TcpClient" | "System.Net.NetworkInformation.Ping" => {
            socket::construct(vm, name, arguments)
        }
        "System.Diagnostics.Process" => Ok(Some(process_start::PreparedProcess::value(
            process_start::start_info(&[]),
        ))),
        "System.Diagnostics.ProcessStartInfo" => Ok(Some(process_start::start_info(arguments))),
        _ if name.starts_with("System.Data.SqlClient.") => {
            Ok(sql_client::construct(name, arguments))
        }
        "System.Net.WebClient" => web_client::construct(vm).map(Some),
        "System.Security.Cryptography.X509Certificates.X509Store" => {
            x509_store::construct(vm, arguments)
        }
        "System.Globalization.GregorianCalendar" => Ok(Some(calendar::value(false))),
        "System.Text.Rune" => string_info::construct_rune(vm, arguments),
        _ if name.starts_with("System.Text.") && name.ends_with("Fallback") => {
            Ok(text_encoding::fallback(name, "new", arguments.first()))
        }
        "System.IO.MemoryStream" | "System.IO.FileStream" | "System.IO.BufferedStream" => {
            stream::construct(vm, name, arguments)
        }
        "System.IO.StringReader" | "System.IO.StreamReader" => {
            text_reader::construct(vm, name, arguments)
        }
        "System.IO.StringWriter" | "System.IO.StreamWriter" => {
            text_writer::construct(vm, name, arguments)
        }
        "System.IO.BinaryReader" | "System.IO.BinaryWriter" => {
            binary_io::construct(name, arguments)
        }
        "System.IO.Compression.GZipStream"
        | "System.IO.Compression.DeflateStream"
        | "System.IO.Compression.ZLibStream" => compression::construct(name, arguments),
        "System.Numerics.Complex" => complex::construct(vm, arguments),
        _ if name.starts_with("System.Drawing.") => drawing::construct(vm, name, arguments),
        _ if name.starts_with("System.Data.") => data::construct(vm, name, arguments),
        _ if name.starts_with("System.Xml.Linq.") => xlinq::construct(vm, type_ref, arguments),
        _ => match cryptography::construct(vm, type_ref, arguments)? {
            Some(made) => Ok(Some(made)),
            None => platform::refuse(name),
        },
    }
}

/// The conversions that the types themselves define as operators.
pub fn converted(value: &Value, target: &TypeRef) -> Option<Value> {
    match target.definition_name() {
        "System.Version" => version::of_semantic(value),
        "System.Numerics.Complex" => complex::converted(value),
        "System.Net.NetworkCredential" => {
            crate::runtime::types::automation::secure_string::of_network(value)
        }
        _ => xlinq::converted(value, target),
    }
}

/// Whether the types define a conversion of a value, without trying it.
pub fn converts(value: &Value, target: &TypeRef) -> bool {
    match target.definition_name() {
        "System.Version" => version::of_semantic(value).is_some(),
        "System.Numerics.Complex" => value.base().is_number(),
        "System.Net.NetworkCredential" => {
            crate::runtime::types::automation::secure_string::of_network(value).is_some()
        }
        "System.Xml.Linq.XName" | "System.Xml.Linq.XNamespace" => value.as_str().is_some(),
        _ => false,
    }
}

/// The zero of a struct.
pub fn zero(type_ref: &TypeRef) -> Option<Value> {
    Some(match type_ref.definition_name() {
        "System.IntPtr" | "System.UIntPtr" => int_ptr::construct(type_ref, &[])?,
        "System.DateTimeOffset" => date_time_offset::value(DateTimeOffset::default()),
        "System.DateOnly" => date_only::value(DateOnly(0)),
        "System.TimeOnly" => time_only::value(TimeOnly(0)),
        _ => return None,
    })
}
