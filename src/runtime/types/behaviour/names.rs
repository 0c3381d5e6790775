//! The types that do something themselves, by full name.

use super::{Behaviour, of};
use crate::runtime::text::datetime::{DateOnly, DateTimeOffset, TimeOnly};
use crate::runtime::text::guid::Guid;
use crate::runtime::types::automation::{
    code_generation, command_completion, dynamic_parameter, error_record, host, language,
    language_primitives, powershell, proxy_command, ps_object, ps_serializer, ps_token,
    ps_type_name, ps_variable, raw_ui, runspace, secure_string, wildcard_pattern,
};
use crate::runtime::types::collections::comparer::{
    ComparisonComparer, DefaultComparer, TextComparer,
};
use crate::runtime::types::collections::{
    array_segment, bit_array, blocking_collection, comparer, dictionary::Entry, hash_set, lazy,
    linked_list, list, name_value, priority_queue, read_only,
};
use crate::runtime::types::cryptography::x509_store;
use crate::runtime::types::data::db_null;
use crate::runtime::types::diagnostics::{file_version_info, process_start};
use crate::runtime::types::io::{
    binary_io, compression, console, file, file_info, file_system_watcher, path, stream,
    text_reader, text_writer, zip_archive,
};
use crate::runtime::types::net::{
    ip_address, mail_address, network, service_point, socket, uri, uri_builder, web_client,
    web_request, web_text,
};
use crate::runtime::types::numerics::{
    bit_converter, buffer, complex, convert, int_ptr, math, random,
};
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::reflection::{activator, assembly, marshal, pointer};
use crate::runtime::types::text::{
    culture, regex, region_info, string_builder, string_info, text_encoding, text_json,
};
use crate::runtime::types::threading::{interlocked, task, thread, timer};
use crate::runtime::types::time::{
    calendar, current_zone, date_only, date_time_offset, time_only, time_zone,
};
use crate::runtime::types::xml::{
    xlinq, xml_convert, xml_namespaces::NamespaceManager, xml_node, xml_reader, xml_writer,
};
use crate::runtime::types::{
    drawing, enumeration, environment, garbage_collector, guid, linq, nullable,
    settings::{self, CodeProvider},
    version,
};
use crate::runtime::value::Value;

/// What each of them does, sorted by name.
pub(super) static NAMES: &[Behaviour] = &[
    of("Microsoft.CSharp.CSharpCodeProvider")
        .construct(|_, this, _| Ok(Some(CodeProvider::value(this)))),
    of("Microsoft.VisualBasic.VBCodeProvider")
        .construct(|_, this, _| Ok(Some(CodeProvider::value(this)))),
    of("System.Activator")
        .call(|vm, _, name, arguments| activator::call_static(vm, name, arguments)),
    of("System.AppDomain").read(|_, _, name| Ok((name == "currentdomain").then(assembly::domain))),
    of("System.ArraySegment`1").construct(array_segment::construct),
    of("System.BitConverter")
        .read(|_, _, name| Ok((name == "islittleendian").then_some(Value::Bool(true))))
        .call(|vm, _, name, arguments| bit_converter::call_static(vm, name, arguments)),
    of("System.Buffer").call(|vm, _, name, arguments| buffer::call_static(vm, name, arguments)),
    of("System.Collections.ArrayList")
        .call(|vm, _, name, arguments| list::call_static(vm, name, arguments)),
    of("System.Collections.BitArray").construct(|_, _, arguments| bit_array::construct(arguments)),
    of("System.Collections.CaseInsensitiveComparer").read(|_, _, name| {
        let default = || DefaultComparer::value("System.Collections.CaseInsensitiveComparer", true);
        Ok(name.starts_with("default").then(default))
    }),
    of("System.Collections.Comparer").read(|_, _, name| {
        let default = || DefaultComparer::value("System.Collections.Comparer", false);
        Ok(name.starts_with("default").then(default))
    }),
    of("System.Collections.Concurrent.BlockingCollection`1")
        .construct(blocking_collection::construct),
    of("System.Collections.DictionaryEntry")
        .construct(|_, _, arguments| Ok(Entry::construct(arguments)))
        .zero(|_| Some(Entry::value(Value::Null, Value::Null))),
    of("System.Collections.Generic.Comparer`1")
        .read(|_, this, name| Ok((name == "default").then(|| DefaultComparer::generic(this))))
        .call(|_, _, name, arguments| {
            let comparison = arguments.first().filter(|_| name == "create");
            Ok(comparison.map(ComparisonComparer::value))
        }),
    of("System.Collections.Generic.EqualityComparer`1")
        .read(|_, this, name| Ok((name == "default").then(|| DefaultComparer::generic(this)))),
    of("System.Collections.Generic.HashSet`1").construct(hash_set::construct),
    of("System.Collections.Generic.KeyValuePair`2").construct(Entry::construct_pair),
    of("System.Collections.Generic.LinkedListNode`1").construct(linked_list::construct),
    of("System.Collections.Generic.LinkedList`1").construct(linked_list::construct),
    of("System.Collections.Generic.PriorityQueue`2").construct(priority_queue::construct),
    of("System.Collections.Generic.SortedSet`1").construct(hash_set::construct),
    of("System.Collections.Hashtable").call(|_, _, name, arguments| {
        Ok(arguments
            .first()
            .filter(|_| name == "synchronized")
            .cloned())
    }),
    of("System.Collections.ObjectModel.ReadOnlyCollection`1")
        .construct(|_, this, arguments| read_only::construct(this, arguments)),
    of("System.Collections.Specialized.NameValueCollection").construct(name_value::construct),
    of("System.Collections.Specialized.StringDictionary").construct(name_value::construct),
    of("System.Console")
        .read(|vm, _, name| console::read_static(vm, name))
        .write(console::write_static)
        .call(|vm, _, name, arguments| console::call_static(vm, name, arguments)),
    of("System.Convert")
        .read(|_, _, name| Ok((name == "dbnull").then(db_null::value)))
        .call(|vm, _, name, arguments| convert::call_static(vm, name, arguments)),
    of("System.DBNull").read(|_, _, name| Ok((name == "value").then(db_null::value))),
    of("System.DateOnly")
        .read(|_, _, name| Ok(date_only::read_static(name)))
        .call(|vm, _, name, arguments| date_only::call_static(vm, name, arguments))
        .construct(|vm, _, arguments| date_only::construct(vm, arguments))
        .zero(|_| Some(date_only::value(DateOnly(0)))),
    of("System.DateTimeOffset")
        .read(|vm, _, name| Ok(date_time_offset::read_static(vm, name)))
        .call(|vm, _, name, arguments| date_time_offset::call_static(vm, name, arguments))
        .construct(|vm, _, arguments| date_time_offset::construct(vm, arguments))
        .zero(|_| Some(date_time_offset::value(DateTimeOffset::default()))),
    of("System.Diagnostics.FileVersionInfo")
        .call(|vm, _, name, arguments| file_version_info::call_static(vm, name, arguments)),
    of("System.Diagnostics.Process")
        .call(|vm, _, name, arguments| process_start::call_static(vm, name, arguments))
        .construct(|_, _, _| {
            let start = process_start::start_info(&[]);
            Ok(Some(process_start::PreparedProcess::value(start)))
        }),
    of("System.Diagnostics.ProcessStartInfo")
        .construct(|_, _, arguments| Ok(Some(process_start::start_info(arguments)))),
    of("System.Diagnostics.Stopwatch")
        .read(|_, _, name| Ok(environment::stopwatch_property(name)))
        .call(|vm, _, name, arguments| environment::stopwatch_static(vm, name, arguments))
        .construct(|vm, _, _| Ok(Some(environment::Stopwatch::value(vm, false)))),
    of("System.Drawing.Color")
        .call(|vm, _, name, arguments| drawing::color_static(vm, name, arguments)),
    of("System.Enum")
        .call(|vm, _, name, arguments| enumeration::call_static(vm, None, name, arguments)),
    of("System.Environment")
        .read(|vm, _, name| Ok(environment::read_static(vm, name)))
        .call(|vm, _, name, arguments| environment::call_static(vm, name, arguments)),
    of("System.EventArgs")
        .read(|_, _, name| Ok((name == "empty").then(process_start::no_event_arguments))),
    of("System.GC")
        .read(|_, _, name| Ok(garbage_collector::read_static(name)))
        .call(|_, _, name, _| Ok(garbage_collector::call_static(name))),
    of("System.Globalization.CultureInfo")
        .read(|vm, _, name| Ok(culture::read_static(vm, name)))
        .write(culture::write_static)
        .call(|vm, _, name, arguments| culture::call_static(vm, name, arguments))
        .construct(|vm, _, arguments| culture::make(vm, arguments, false)),
    of("System.Globalization.DateTimeFormatInfo")
        .read(|vm, this, name| Ok(culture::format_info(vm, &this.full_name, name)))
        .call(|vm, this, name, arguments| {
            Ok(culture::format_info_static(vm, this, name, arguments))
        })
        .construct(|vm, this, _| Ok(culture::format_info(vm, &this.full_name, "new"))),
    of("System.Globalization.GregorianCalendar")
        .construct(|_, _, _| Ok(Some(calendar::value(false)))),
    of("System.Globalization.ISOWeek")
        .call(|vm, _, name, arguments| calendar::iso_week(vm, name, arguments)),
    of("System.Globalization.NumberFormatInfo")
        .read(|vm, this, name| Ok(culture::format_info(vm, &this.full_name, name)))
        .call(|vm, this, name, arguments| {
            Ok(culture::format_info_static(vm, this, name, arguments))
        })
        .construct(|vm, this, _| Ok(culture::format_info(vm, &this.full_name, "new"))),
    of("System.Globalization.RegionInfo")
        .read(|vm, _, name| match name {
            "currentregion" => region_info::current(vm),
            _ => Ok(None),
        })
        .construct(|vm, _, arguments| region_info::construct(vm, arguments)),
    of("System.Globalization.StringInfo")
        .call(|vm, _, name, arguments| string_info::call_static(vm, name, arguments))
        .construct(|vm, _, arguments| string_info::construct(vm, arguments)),
    of("System.Guid")
        .read(|_, _, name| Ok(guid::read_static(name)))
        .call(|_, _, name, arguments| guid::call_static(name, arguments))
        .construct(|_, _, arguments| guid::construct(arguments))
        .zero(|_| Some(guid::value(Guid([0; 16])))),
    of("System.IO.BinaryReader")
        .construct(|_, this, arguments| binary_io::construct(&this.full_name, arguments)),
    of("System.IO.BinaryWriter")
        .construct(|_, this, arguments| binary_io::construct(&this.full_name, arguments)),
    of("System.IO.BufferedStream")
        .construct(|vm, this, arguments| stream::construct(vm, &this.full_name, arguments)),
    of("System.IO.Compression.DeflateStream")
        .construct(|_, this, arguments| compression::construct(&this.full_name, arguments)),
    of("System.IO.Compression.GZipStream")
        .construct(|_, this, arguments| compression::construct(&this.full_name, arguments)),
    of("System.IO.Compression.ZLibStream")
        .construct(|_, this, arguments| compression::construct(&this.full_name, arguments)),
    of("System.IO.Compression.ZipArchive")
        .construct(|_, _, arguments| zip_archive::construct(arguments)),
    of("System.IO.Compression.ZipFile")
        .call(|vm, _, name, arguments| zip_archive::call_static(vm, name, arguments)),
    of("System.IO.Compression.ZipFileExtensions")
        .call(|vm, _, name, arguments| zip_archive::call_static(vm, name, arguments)),
    of("System.IO.Directory")
        .call(|vm, _, name, arguments| file::directory_static(vm, name, arguments)),
    of("System.IO.DirectoryInfo").construct(file_info::construct),
    of("System.IO.File").call(|vm, _, name, arguments| file::file_static(vm, name, arguments)),
    of("System.IO.FileInfo").construct(file_info::construct),
    of("System.IO.FileStream")
        .construct(|vm, this, arguments| stream::construct(vm, &this.full_name, arguments)),
    of("System.IO.FileSystemWatcher")
        .construct(|vm, _, arguments| file_system_watcher::construct(vm, arguments)),
    of("System.IO.MemoryStream")
        .construct(|vm, this, arguments| stream::construct(vm, &this.full_name, arguments)),
    of("System.IO.Path")
        .read(|_, _, name| Ok(path::read_static(name)))
        .call(|vm, _, name, arguments| path::call_static(vm, name, arguments)),
    of("System.IO.Stream")
        .read(|_, _, name| Ok((name == "null").then(|| stream::reading(Vec::new())))),
    of("System.IO.StreamReader")
        .read(|_, _, name| Ok(text_reader::read_static(name)))
        .construct(|vm, this, arguments| text_reader::construct(vm, &this.full_name, arguments)),
    of("System.IO.StreamWriter")
        .construct(|vm, this, arguments| text_writer::construct(vm, &this.full_name, arguments)),
    of("System.IO.StringReader")
        .construct(|vm, this, arguments| text_reader::construct(vm, &this.full_name, arguments)),
    of("System.IO.StringWriter")
        .construct(|vm, this, arguments| text_writer::construct(vm, &this.full_name, arguments)),
    of("System.IO.TextReader").read(|_, _, name| Ok(text_reader::read_static(name))),
    of("System.IO.TextWriter").read(|_, _, name| Ok((name == "null").then(text_writer::nowhere))),
    of("System.IntPtr")
        .read(|_, this, name| Ok(int_ptr::read_static(this, name)))
        .construct(|_, this, arguments| Ok(int_ptr::construct(this, arguments)))
        .zero(|this| int_ptr::construct(this, &[])),
    of("System.Lazy`1").construct(|_, this, arguments| lazy::construct(this, arguments)),
    of("System.Linq.Enumerable")
        .call(|vm, _, name, arguments| linq::call_static(vm, name, arguments, None)),
    of("System.Management.Automation.CommandCompletion")
        .call(|vm, _, name, arguments| command_completion::call_static(vm, name, arguments)),
    of("System.Management.Automation.CommandMetadata")
        .construct(|vm, _, arguments| proxy_command::construct(vm, arguments)),
    of("System.Management.Automation.CompletionResult").construct(|_, this, arguments| {
        Ok(Some(command_completion::result(&this.full_name, arguments)))
    }),
    of("System.Management.Automation.ErrorDetails")
        .construct(|vm, _, arguments| error_record::Details::construct(vm, arguments)),
    of("System.Management.Automation.Host.ChoiceDescription")
        .construct(|vm, _, arguments| host::construct_choice(vm, arguments)),
    of("System.Management.Automation.Host.Coordinates")
        .construct(|vm, this, arguments| raw_ui::construct(vm, &this.full_name, arguments)),
    of(host::FIELD).construct(|vm, _, arguments| host::construct_field(vm, arguments)),
    of("System.Management.Automation.Host.Rectangle")
        .construct(|vm, this, arguments| raw_ui::construct(vm, &this.full_name, arguments)),
    of("System.Management.Automation.Host.Size")
        .construct(|vm, this, arguments| raw_ui::construct(vm, &this.full_name, arguments)),
    of("System.Management.Automation.Internal.AutomationNull")
        .read(|_, _, name| Ok((name == "value").then_some(Value::Nothing))),
    of("System.Management.Automation.Language.CodeGeneration")
        .call(|_, _, name, arguments| Ok(code_generation::call_static(name, arguments))),
    of("System.Management.Automation.Language.NullString").read(|_, this, name| {
        let empty = || PlainObject::new(&this.full_name, Vec::new()).with_text("");
        Ok((name == "value").then(|| empty().value()))
    }),
    of("System.Management.Automation.Language.Parser")
        .call(|vm, _, name, arguments| language::call_static(vm, name, arguments)),
    of("System.Management.Automation.LanguagePrimitives")
        .call(|vm, _, name, arguments| language_primitives::call_static(vm, name, &[], arguments)),
    of("System.Management.Automation.PSCredential")
        .read(|_, _, name| Ok((name == "empty").then_some(Value::Null)))
        .construct(|vm, this, arguments| secure_string::construct(vm, &this.full_name, arguments)),
    of("System.Management.Automation.PSObject")
        .read(|_, _, name| Ok(ps_object::read_static(name)))
        .call(|_, _, name, arguments| Ok(ps_object::call_static(name, arguments))),
    of("System.Management.Automation.PSParser").call(|vm, _, name, arguments| match name {
        "tokenize" => ps_token::tokenize(vm, arguments),
        _ => Ok(None),
    }),
    of("System.Management.Automation.PSSerializer")
        .call(|vm, _, name, arguments| ps_serializer::call_static(vm, name, arguments)),
    of("System.Management.Automation.PSTypeName")
        .construct(|vm, _, arguments| ps_type_name::construct(vm, arguments)),
    of("System.Management.Automation.PSVariable")
        .construct(|vm, _, arguments| ps_variable::construct(vm, arguments)),
    of("System.Management.Automation.PowerShell").call(|_, _, name, arguments| {
        Ok((name == "create").then(|| powershell::create(arguments)))
    }),
    of("System.Management.Automation.ProxyCommand")
        .call(|vm, _, name, arguments| proxy_command::call_static(vm, name, arguments)),
    of("System.Management.Automation.Runspaces.Runspace")
        .read(|vm, _, name| Ok(runspace::read_static(vm, name))),
    of("System.Management.Automation.RuntimeDefinedParameter")
        .construct(|vm, _, arguments| dynamic_parameter::construct(vm, arguments)),
    of("System.Management.Automation.SemanticVersion")
        .call(|_, _, name, arguments| version::call_static(name, true, arguments))
        .construct(|_, _, arguments| version::construct_semantic(arguments)),
    of("System.Management.Automation.WildcardPattern")
        .call(|vm, _, name, arguments| wildcard_pattern::call_static(vm, name, arguments))
        .construct(|vm, _, arguments| wildcard_pattern::construct(vm, arguments).map(Some)),
    of("System.Math")
        .read(|_, _, name| Ok(math::read_static(name)))
        .call(|vm, _, name, arguments| math::call_static(vm, name, arguments)),
    of("System.MathF")
        .read(|_, _, name| Ok(math::read_static(name)))
        .call(|vm, _, name, arguments| math::call_static(vm, name, arguments)),
    of("System.Net.CredentialCache").read(|vm, _, name| settings::default_credentials(vm, name)),
    of("System.Net.Dns").call(|vm, this, name, arguments| {
        network::call_static(vm, &this.full_name, name, arguments)
    }),
    of("System.Net.FtpWebRequest")
        .call(|vm, _, name, arguments| web_request::call_static(vm, name, arguments)),
    of("System.Net.HttpWebRequest")
        .call(|vm, _, name, arguments| web_request::call_static(vm, name, arguments)),
    of("System.Net.IPAddress")
        .read(|_, _, name| Ok(ip_address::read_static(name)))
        .call(|_, _, name, arguments| ip_address::call_static(name, arguments))
        .construct(|_, _, arguments| ip_address::construct(arguments)),
    of("System.Net.IPEndPoint")
        .call(|vm, this, name, arguments| {
            network::call_static(vm, &this.full_name, name, arguments)
        })
        .construct(|vm, this, arguments| network::construct(vm, &this.full_name, arguments)),
    of("System.Net.Mail.MailAddress")
        .call(|_, _, name, arguments| Ok(mail_address::call_static(name, arguments)))
        .construct(|_, _, arguments| mail_address::construct(arguments)),
    of("System.Net.NetworkCredential")
        .construct(|vm, this, arguments| secure_string::construct(vm, &this.full_name, arguments))
        .convert(|value, _| secure_string::of_network(value)),
    of("System.Net.NetworkInformation.PhysicalAddress")
        .call(|vm, this, name, arguments| {
            network::call_static(vm, &this.full_name, name, arguments)
        })
        .construct(|vm, this, arguments| network::construct(vm, &this.full_name, arguments)),
    of("System.Net.NetworkInformation.Ping")
        .construct(|vm, this, arguments| socket::construct(vm, &this.full_name, arguments)),
    of("System.Net.ServicePointManager")
        .read(|_, _, name| Ok(service_point::read_static(name)))
        .write(service_point::write_static),
    of("System.Net.Sockets.TcpClient")
        .construct(|vm, this, arguments| socket::construct(vm, &this.full_name, arguments)),
    of("System.Net.WebClient").construct(|vm, _, _| web_client::construct(vm).map(Some)),
    of("System.Net.WebRequest")
        .call(|vm, _, name, arguments| web_request::call_static(vm, name, arguments)),
    of("System.Net.WebUtility")
        .call(|vm, _, name, arguments| web_text::call_static(vm, false, name, arguments)),
    of("System.Nullable").call(|vm, _, name, arguments| nullable::call_static(vm, name, arguments)),
    of("System.Numerics.Complex")
        .read(|_, _, name| Ok(complex::read_static(name)))
        .call(|vm, _, name, arguments| complex::call_static(vm, name, arguments))
        .construct(|vm, _, arguments| complex::construct(vm, arguments))
        .convert(|value, _| complex::converted(value)),
    of("System.OperatingSystem")
        .call(|vm, _, name, arguments| environment::operating_system(vm, name, arguments))
        .construct(|vm, _, arguments| environment::new_operating_system(vm, arguments)),
    of("System.Random")
        .read(|vm, _, name| match name {
            "shared" => random::construct(vm, &[]),
            _ => Ok(None),
        })
        .construct(|vm, _, arguments| random::construct(vm, arguments)),
    of("System.Reflection.Assembly")
        .call(|vm, _, name, arguments| assembly::call_static(vm, name, arguments)),
    of("System.Runtime.InteropServices.Marshal").call(|vm, _, name, arguments| {
        match (name, arguments.first()) {
            ("sizeof", Some(of)) => marshal::size_of(vm, of).map(Some),
            _ => pointer::call_static(vm, name, arguments),
        }
    }),
    of("System.Security.Cryptography.X509Certificates.X509Store")
        .construct(|vm, _, arguments| x509_store::construct(vm, arguments)),
    of("System.Security.SecureString")
        .construct(|vm, this, arguments| secure_string::construct(vm, &this.full_name, arguments)),
    of("System.StringComparer")
        .read(|_, _, name| Ok(TextComparer::named(name).map(Value::native)))
        .call(|_, _, name, arguments| Ok(comparer::call_static(name, arguments))),
    of("System.Text.ASCIIEncoding").read(|_, _, name| Ok(text_encoding::read_static(name))),
    of("System.Text.DecoderFallback")
        .read(|_, this, name| Ok(text_encoding::fallback(&this.name, name, None))),
    of("System.Text.EncoderFallback")
        .read(|_, this, name| Ok(text_encoding::fallback(&this.name, name, None))),
    of("System.Text.Encoding")
        .read(|_, _, name| Ok(text_encoding::read_static(name)))
        .call(|vm, _, name, arguments| text_encoding::call_static(vm, name, arguments)),
    of("System.Text.Encodings.Web.JavaScriptEncoder").read(|_, _, name| {
        Ok((name == "unsaferelaxedjsonescaping").then(text_json::relaxed_encoder))
    }),
    of("System.Text.Json.JsonSerializerOptions")
        .construct(|_, _, _| Ok(Some(text_json::options()))),
    of("System.Text.RegularExpressions.Match").read(|vm, _, name| match name {
        "empty" => regex::empty_match(vm).map(Some),
        _ => Ok(None),
    }),
    of("System.Text.RegularExpressions.Regex")
        .read(|_, _, name| Ok(regex::read_static(name)))
        .call(|vm, _, name, arguments| regex::call_static(vm, name, arguments))
        .construct(|_, _, arguments| regex::construct(arguments)),
    of("System.Text.Rune")
        .read(|vm, _, name| match name {
            "replacementchar" => string_info::construct_rune(vm, &[Value::Int(0xFFFD)]),
            _ => Ok(None),
        })
        .call(|vm, _, name, arguments| string_info::call_rune_static(vm, name, arguments))
        .construct(|vm, _, arguments| string_info::construct_rune(vm, arguments)),
    of("System.Text.StringBuilder")
        .construct(|vm, _, arguments| string_builder::construct(vm, arguments)),
    of("System.Text.UTF8Encoding").read(|_, _, name| Ok(text_encoding::read_static(name))),
    of("System.Threading.Interlocked")
        .call(|vm, _, name, arguments| interlocked::call_static(vm, name, arguments)),
    of("System.Threading.Monitor")
        .read(|_, _, name| Ok(thread::read_monitor(name)))
        .call(|_, _, name, arguments| thread::monitor(name, arguments)),
    of("System.Threading.Tasks.Task")
        .read(|_, _, name| Ok(task::read_static(name)))
        .call(|vm, _, name, arguments| task::call_static(vm, name, arguments)),
    of("System.Threading.Thread")
        .read(|_, _, name| Ok(thread::read_static(name)))
        .call(|vm, _, name, arguments| thread::call_static(vm, name, arguments)),
    of("System.Threading.Timeout").read(|_, _, name| Ok(thread::read_timeout(name))),
    of("System.TimeOnly")
        .read(|_, _, name| Ok(time_only::read_static(name)))
        .call(|vm, _, name, arguments| time_only::call_static(vm, name, arguments))
        .construct(|vm, _, arguments| time_only::construct(vm, arguments))
        .zero(|_| Some(time_only::value(TimeOnly(0)))),
    of("System.TimeZone").read(|_, _, name| Ok(current_zone::read_static(name))),
    of("System.TimeZoneInfo")
        .read(|_, _, name| Ok(time_zone::read_static(name)))
        .call(|vm, _, name, arguments| time_zone::call_static(vm, name, arguments)),
    of("System.Timers.Timer").construct(|vm, _, arguments| timer::construct(vm, arguments)),
    of("System.UIntPtr")
        .read(|_, this, name| Ok(int_ptr::read_static(this, name)))
        .construct(|_, this, arguments| Ok(int_ptr::construct(this, arguments)))
        .zero(|this| int_ptr::construct(this, &[])),
    of("System.Uri")
        .read(|_, _, name| Ok(uri::read_static(name)))
        .call(|_, _, name, arguments| Ok(uri::call_static(name, arguments)))
        .construct(|_, _, arguments| uri::construct(arguments)),
    of("System.UriBuilder").construct(|vm, _, arguments| uri_builder::construct(vm, arguments)),
    of("System.Version")
        .call(|_, _, name, arguments| version::call_static(name, false, arguments))
        .construct(|_, _, arguments| version::construct(arguments))
        .convert(|value, _| version::of_semantic(value)),
    of("System.Web.HttpUtility")
        .call(|vm, _, name, arguments| web_text::call_static(vm, true, name, arguments)),
    of("System.Xml.NameTable")
        .construct(|_, this, _| Ok(Some(PlainObject::new(&this.full_name, Vec::new()).value()))),
    of("System.Xml.XPath.Extensions")
        .call(|vm, this, name, arguments| xlinq::call_static(vm, &this.full_name, name, arguments)),
    of("System.Xml.XmlConvert")
        .call(|vm, _, name, arguments| xml_convert::call_static(vm, name, arguments)),
    of("System.Xml.XmlDocument").construct(|_, _, _| Ok(Some(xml_node::document()))),
    of("System.Xml.XmlNamespaceManager").construct(|_, _, _| Ok(Some(NamespaceManager::value()))),
    of("System.Xml.XmlNodeReader").construct(|_, _, arguments| Ok(xml_reader::of_node(arguments))),
    of("System.Xml.XmlReader").call(|vm, _, name, arguments| match name {
        "create" => xml_reader::create(vm, arguments),
        _ => Ok(None),
    }),
    of("System.Xml.XmlReaderSettings").construct(|_, _, _| Ok(Some(xml_reader::settings()))),
    of("System.Xml.XmlTextReader").construct(|vm, _, arguments| xml_reader::create(vm, arguments)),
    of("System.Xml.XmlTextWriter")
        .construct(|vm, this, arguments| xml_writer::construct(vm, &this.full_name, arguments)),
    of("System.Xml.XmlWriter").call(|vm, _, name, arguments| match name {
        "create" => xml_writer::create(vm, arguments),
        _ => Ok(None),
    }),
    of("System.Xml.XmlWriterSettings")
        .construct(|vm, this, arguments| xml_writer::construct(vm, &this.full_name, arguments)),
];

/// Lookup is by halving, so that an unsorted row would never be found.
const _: () = assert!(sorted(NAMES), "the rows are not sorted by name");

const fn sorted(rows: &[Behaviour]) -> bool {
    let mut at = 1;
    while at < rows.len() {
        if !before(rows[at - 1].name.as_bytes(), rows[at].name.as_bytes()) {
            return false;
        }
        at += 1;
    }
    true
}

const fn before(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() {
        if one[at] != other[at] {
            return one[at] < other[at];
        }
        at += 1;
    }
    one.len() < other.len()
}
