//! `System.Xml.XmlWriter`, XmlTextWriter and XmlWriterSettings.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::types::io::text_writer::Writer;
use crate::runtime::types::text::string_builder::StringBuilder;
use crate::runtime::types::xml::{Node, NodeKind, escaped_as};
use crate::runtime::types::{TypeRef, failures, io::stream, text::text_encoding, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How a writer writes.
#[derive(Clone)]
struct Settings {
    indents: bool,
    indent: String,
    new_line: String,
    omits_declaration: bool,
    attributes_on_lines: bool,
    closes: bool,
    /// 0 auto, 1 fragment, 2 document
    conformance: i64,
    encoding: Encoding,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            indents: false,
            indent: "  ".into(),
            new_line: "\n".into(),
            omits_declaration: false,
            attributes_on_lines: false,
            closes: false,
            conformance: 2,
            encoding: Encoding::UTF8_BOM,
        }
    }
}

/// `XmlWriterSettings` as an object.
struct SettingsObject(RefCell<Settings>);

/// An element that is not ended yet.
struct Open {
    tag: String,
    /// The start tag still takes attributes.
    in_tag: bool,
    /// Text stands in it: no more line breaks.
    mixed: bool,
    empty: bool,
    /// Prefixes declared in it, with their namespaces.
    scope: Vec<(String, String)>,
}

/// Where the text goes.
enum Sink {
    Builder(Value),
    Text(Value),
    Bytes(Value),
}

/// A writer of XML.
pub struct XmlWriter {
    settings: RefCell<Settings>,
    sink: Sink,
    buffer: RefCell<String>,
    open: RefCell<Vec<Open>>,
    /// An attribute that is being written piece by piece.
    attribute: RefCell<Option<(String, String)>>,
    started: Cell<bool>,
    wrote_root: Cell<bool>,
    closed: Cell<bool>,
    fresh: Cell<bool>,
    /// XmlTextWriter: nothing is written by itself.
    plain: bool,
}

/// A writer over a file, stream, text writer or builder.
fn over(vm: &mut Vm, target: &Value, settings: Settings, plain: bool) -> R<Value> {
    let sink = if target.as_native::<StringBuilder>().is_some() {
        Sink::Builder(target.clone())
    } else if target.as_native::<Writer>().is_some() {
        Sink::Text(target.clone())
    } else if stream::of(target).is_some() {
        Sink::Bytes(target.clone())
    } else {
        let path = crate::runtime::types::io::file::full_path(vm, target)?;
        let mode = Value::enum_of("System.IO.FileMode", 2);
        let access = Value::enum_of("System.IO.FileAccess", 2);
        Sink::Bytes(stream::open_file(vm, "new", &path, &[mode, access])?)
    };
    let own_file = stream::of(target).is_none() && matches!(sink, Sink::Bytes(_));
    let settings = Settings {
        closes: settings.closes || own_file || plain,
        ..settings
    };
    Ok(Value::native(XmlWriter {
        settings: RefCell::new(settings),
        sink,
        buffer: RefCell::default(),
        open: RefCell::default(),
        attribute: RefCell::default(),
        started: Cell::new(false),
        wrote_root: Cell::new(false),
        closed: Cell::new(false),
        fresh: Cell::new(true),
        plain,
    }))
}

/// `[Xml.XmlWriter]::Create(target, settings)`
pub fn create(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let [target, rest @ ..] = arguments else {
        return Ok(None);
    };
    if target.is_null() {
        return failures::argument_null("output");
    }
    let settings = rest.iter().find_map(|v| v.as_native::<SettingsObject>());
    let settings = settings.map(|settings| settings.0.borrow().clone());
    over(vm, target, settings.unwrap_or_default(), false).map(Some)
}

/// Saves a document to a writer of XML or of text; whether the target is one.
pub fn save(vm: &mut Vm, target: &Value, node: &Rc<Node>, indents: bool) -> R<bool> {
    if let Some(writer) = target.as_native::<XmlWriter>() {
        writer.document(vm, node)?;
        return Ok(true);
    }
    if target.as_native::<Writer>().is_none() {
        return Ok(false);
    }
    let settings = Settings {
        indents,
        omits_declaration: true,
        ..Settings::default()
    };
    let writer = over(vm, target, settings, true)?;
    if let Some(writer) = writer.as_native::<XmlWriter>() {
        writer.document(vm, node)?;
    }
    Ok(true)
}

/// A constructor of XmlTextWriter or XmlWriterSettings.
pub fn construct(vm: &mut Vm, type_name: &str, arguments: &[Value]) -> R<Option<Value>> {
    match (type_name, arguments) {
        ("System.Xml.XmlWriterSettings", _) => Ok(Some(Value::native(SettingsObject(
            RefCell::new(Settings::default()),
        )))),
        ("System.Xml.XmlTextWriter", [target, rest @ ..]) => {
            let encoding = rest.iter().find_map(text_encoding::of);
            let settings = Settings {
                encoding: encoding.unwrap_or(Encoding::UTF8),
                omits_declaration: true,
                ..Settings::default()
            };
            over(vm, target, settings, true).map(Some)
        }
        _ => Ok(None),
    }
}

fn wrong_state<T>(token: &str, state: &str) -> R<T> {
    failures::invalid_operation(format!(
        "Token {token} in state {state} would result in an invalid XML document."
    ))
}

impl XmlWriter {
    fn put(&self, text: &str) {
        self.buffer.borrow_mut().push_str(text);
    }

    fn line(&self, depth: usize) {
        let settings = self.settings.borrow();
        if settings.indents {
            self.put(&settings.new_line);
            self.put(&settings.indent.repeat(depth));
        }
    }

    fn declaration(&self, standalone: Option<bool>) {
        let encoding = match &self.sink {
            Sink::Bytes(_) => self.settings.borrow().encoding.web_name().into_owned(),
            _ => "utf-16".into(),
        };
        let standalone = match standalone {
            Some(true) => " standalone=\"yes\"",
            Some(false) => " standalone=\"no\"",
            None => "",
        };
        self.put(&format!(
            "<?xml version=\"1.0\" encoding=\"{encoding}\"{standalone}?>"
        ));
    }

    /// Writes the declaration that documents begin with.
    fn start(&self, standalone: Option<bool>, asked: bool) {
        if self.started.replace(true) {
            return;
        }
        let settings = self.settings.borrow();
        let fragment = settings.conformance == 1 || (settings.conformance == 0 && !asked);
        let omits = settings.omits_declaration && !(self.plain && asked);
        drop(settings);
        if !omits && !fragment {
            self.declaration(standalone);
        }
    }

    fn end_attribute(&self) {
        if let Some((name, value)) = self.attribute.take() {
            self.write_attribute(&name, &value);
        }
    }

    fn write_attribute(&self, name: &str, value: &str) {
        let depth = self.open.borrow().len();
        if self.settings.borrow().attributes_on_lines && self.settings.borrow().indents {
            self.line(depth);
        } else {
            self.put(" ");
        }
        self.put(&format!("{name}=\"{}\"", escaped_as(value, true)));
    }

    /// Ends the start tag, if one is open, before something is put into the element.
    fn content(&self, text: bool) {
        self.end_attribute();
        self.start(None, false);
        let mut open = self.open.borrow_mut();
        let depth = open.len();
        let mixed = match open.last_mut() {
            Some(element) => {
                if element.in_tag {
                    element.in_tag = false;
                    self.buffer.borrow_mut().push('>');
                }
                element.empty = false;
                element.mixed |= text;
                element.mixed
            }
            None => text,
        };
        drop(open);
        if !mixed && (depth > 0 || !self.buffer.borrow().is_empty() || !self.fresh.get()) {
            self.line(depth);
        }
    }

    fn namespace_of(&self, prefix: &str) -> Option<String> {
        let open = self.open.borrow();
        let mut pairs = open.iter().rev().flat_map(|element| element.scope.iter());
        pairs
            .find(|(known, _)| known == prefix)
            .map(|(_, uri)| uri.clone())
    }

    fn prefix_of(&self, uri: &str) -> Option<String> {
        let open = self.open.borrow();
        let mut pairs = open.iter().rev().flat_map(|element| element.scope.iter());
        pairs
            .find(|(_, known)| known == uri)
            .map(|(prefix, _)| prefix.clone())
    }

    fn declare(&self, prefix: &str, uri: &str) {
        if let Some(element) = self.open.borrow_mut().last_mut() {
            element.scope.push((prefix.to_owned(), uri.to_owned()));
        }
    }

    /// `WriteStartElement(prefix, local, namespace)`
    fn start_element(&self, prefix: Option<&str>, local: &str, uri: Option<&str>) -> R<()> {
        if self.closed.get() {
            return wrong_state("StartElement", "Closed");
        }
        if self.open.borrow().is_empty()
            && self.wrote_root.replace(true)
            && self.settings.borrow().conformance == 2
            && !self.plain
        {
            return wrong_state("StartElement", "EndRootElement");
        }
        if local.is_empty() {
            return failures::argument("The empty string '' is not a valid local name.", "");
        }
        self.content(false);
        let prefix = match (prefix, uri) {
            (Some(prefix), _) => prefix.to_owned(),
            (None, Some(uri)) if !uri.is_empty() => self.prefix_of(uri).unwrap_or_default(),
            _ => String::new(),
        };
        let tag = if prefix.is_empty() {
            local.to_owned()
        } else {
            format!("{prefix}:{local}")
        };
        self.put(&format!("<{tag}"));
        let known = self.namespace_of(&prefix);
        self.open.borrow_mut().push(Open {
            tag,
            in_tag: true,
            mixed: false,
            empty: true,
            scope: Vec::new(),
        });
        if let Some(uri) = uri
            && known.as_deref().unwrap_or("") != uri
        {
            let name = if prefix.is_empty() {
                "xmlns".to_owned()
            } else {
                format!("xmlns:{prefix}")
            };
            self.write_attribute(&name, uri);
            self.declare(&prefix, uri);
        }
        Ok(())
    }

    fn end_element(&self, full: bool) -> R<()> {
        self.end_attribute();
        let Some(element) = self.open.borrow_mut().pop() else {
            return wrong_state("EndElement", "Start");
        };
        if element.in_tag && !full {
            self.put(" />");
            return Ok(());
        }
        if element.in_tag {
            self.put(">");
        } else if !element.mixed && !element.empty {
            let depth = self.open.borrow().len();
            self.line(depth);
        }
        self.put(&format!("</{}>", element.tag));
        Ok(())
    }

    fn in_start_tag(&self) -> bool {
        self.open
            .borrow()
            .last()
            .is_some_and(|element| element.in_tag)
    }

    /// The name of an attribute, with a prefix for its namespace.
    fn attribute_name(&self, texts: &[String]) -> String {
        match texts {
            [prefix, local, uri] if !prefix.is_empty() => {
                if prefix != "xmlns"
                    && prefix != "xml"
                    && !uri.is_empty()
                    && self.namespace_of(prefix).as_deref() != Some(uri)
                {
                    self.write_attribute(&format!("xmlns:{prefix}"), uri);
                    self.declare(prefix, uri);
                }
                format!("{prefix}:{local}")
            }
            [_, local, uri] | [local, uri] if !uri.is_empty() => match self.prefix_of(uri) {
                Some(prefix) if !prefix.is_empty() => format!("{prefix}:{local}"),
                _ if local == "xmlns" => local.clone(),
                _ => {
                    let prefix = format!("d{}p1", self.open.borrow().len());
                    self.write_attribute(&format!("xmlns:{prefix}"), uri);
                    self.declare(&prefix, uri);
                    format!("{prefix}:{local}")
                }
            },
            [_, local, _] => local.clone(),
            [local, ..] => local.clone(),
            [] => String::new(),
        }
    }

    /// Writes a node of a document.
    pub fn node(&self, node: &Rc<Node>) -> R<()> {
        let value = node.value.borrow().clone();
        match node.kind {
            NodeKind::Document | NodeKind::Fragment => {
                for child in node.children.borrow().iter() {
                    self.node(child)?;
                }
            }
            NodeKind::Element => {
                let prefix = node.prefix();
                let uri = node.namespace_uri();
                // Declarations of the node's own are written as its attributes.
                let declared = node.attributes.borrow().iter().any(|attribute| {
                    attribute.name == "xmlns" && prefix.is_empty()
                        || attribute.name.strip_prefix("xmlns:") == Some(prefix)
                });
                let uri = (!declared && !uri.is_empty()).then_some(uri.as_str());
                self.start_element(Some(prefix), node.local_name(), uri)?;
                for attribute in node.attributes.borrow().iter() {
                    let value = attribute.value.borrow().clone();
                    self.write_attribute(&attribute.name, &value);
                    if attribute.name == "xmlns" {
                        self.declare("", &value);
                    } else if let Some(prefix) = attribute.name.strip_prefix("xmlns:") {
                        self.declare(prefix, &value);
                    }
                }
                for child in node.children.borrow().iter() {
                    self.node(child)?;
                }
                self.end_element(*node.expanded.borrow())?;
            }
            NodeKind::Attribute => self.write_attribute(&node.name, &value),
            NodeKind::Text => {
                self.content(true);
                self.put(&escaped_as(&value, false));
            }
            NodeKind::Whitespace => {
                self.content(true);
                self.put(&value);
            }
            NodeKind::CData => {
                self.content(true);
                self.put(&format!("<![CDATA[{value}]]>"));
            }
            NodeKind::Comment => {
                self.content(false);
                self.put(&format!("<!--{value}-->"));
            }
            NodeKind::Instruction => {
                self.content(false);
                self.put(&format!("<?{} {value}?>", node.name));
            }
            NodeKind::Declaration => {
                if !self.started.replace(true) {
                    self.put(&format!("<?xml {value}?>"));
                }
            }
            NodeKind::DocumentType => {
                self.content(false);
                self.put(&format!("<!DOCTYPE {value}>"));
            }
        }
        Ok(())
    }

    /// Writes a whole document, with a declaration even when it has none.
    pub fn document(&self, vm: &mut Vm, node: &Rc<Node>) -> R<()> {
        if node.kind == NodeKind::Document {
            let children = node.children.borrow();
            let standalone = children.first().is_some_and(|first| {
                first.kind == NodeKind::Declaration
                    && first.value.borrow().contains("standalone=\"yes\"")
            });
            self.start(standalone.then_some(true), true);
        }
        self.node(node)?;
        self.flush(vm)
    }

    fn flush(&self, vm: &mut Vm) -> R<()> {
        let text = self.buffer.take();
        match &self.sink {
            Sink::Builder(builder) => {
                if let Some(builder) = builder.as_native::<StringBuilder>() {
                    builder.push(&text);
                }
            }
            Sink::Text(writer) => {
                if let Some(writer) = writer.as_native::<Writer>() {
                    writer.put(vm, &text)?;
                    writer.flush()?;
                }
            }
            Sink::Bytes(base) => {
                if let Some(bytes) = stream::of(base) {
                    let encoding = self.settings.borrow().encoding;
                    if self.fresh.get() && !text.is_empty() {
                        bytes.write(encoding.preamble())?;
                    }
                    bytes.write(&encoding.encode(&text))?;
                    bytes.flush()?;
                }
            }
        }
        if !text.is_empty() {
            self.fresh.set(false);
        }
        Ok(())
    }

    /// An XmlTextWriter over a text writer keeps nothing back.
    pub fn settle(&self, vm: &mut Vm) -> R<()> {
        if self.plain && matches!(self.sink, Sink::Text(_)) && !self.closed.get() {
            return self.flush(vm);
        }
        Ok(())
    }

    fn close(&self, vm: &mut Vm) -> R<()> {
        if self.closed.get() {
            return Ok(());
        }
        while !self.open.borrow().is_empty() {
            self.end_element(false)?;
        }
        self.flush(vm)?;
        self.closed.set(true);
        if self.settings.borrow().closes
            && let Sink::Bytes(base) = &self.sink
            && let Some(bytes) = stream::of(base)
        {
            bytes.close()?;
        }
        Ok(())
    }

    fn pieces(&self, name: &str, texts: &[String], arguments: &[Value]) -> R<bool> {
        let given = |at: usize| {
            let is_null = arguments.get(at).is_none_or(Value::is_null);
            (!is_null).then(|| texts.get(at).map_or("", String::as_str))
        };
        let last = texts.last().map_or("", String::as_str);
        match (name, texts.len()) {
            ("writestartelement", 1) => self.start_element(None, last, None)?,
            ("writestartelement", 2) => self.start_element(None, &texts[0], given(1))?,
            ("writestartelement", 3) => self.start_element(given(0), &texts[1], given(2))?,
            ("writeelementstring", 2..=4) => {
                match texts.len() {
                    2 => self.start_element(None, &texts[0], None)?,
                    3 => self.start_element(None, &texts[0], given(1))?,
                    _ => self.start_element(given(0), &texts[1], given(2))?,
                }
                if !last.is_empty() {
                    self.content(true);
                    self.put(&escaped_as(last, false));
                }
                self.end_element(false)?;
            }
            ("writeendelement", 0) => self.end_element(false)?,
            ("writefullendelement", 0) => self.end_element(true)?,
            ("writeattributestring", 2..=4) => {
                self.end_attribute();
                if !self.in_start_tag() {
                    return wrong_state("StartAttribute", "Element Content");
                }
                let names = texts.get(..texts.len() - 1).unwrap_or(&[]);
                let attribute = self.attribute_name(names);
                self.write_attribute(&attribute, last);
                if attribute == "xmlns" {
                    self.declare("", last);
                } else if let Some(prefix) = attribute.strip_prefix("xmlns:") {
                    self.declare(prefix, last);
                }
            }
            ("writestartattribute", 1..=3) => {
                self.end_attribute();
                let attribute = self.attribute_name(texts);
                *self.attribute.borrow_mut() = Some((attribute, String::new()));
            }
            ("writeendattribute", 0) => self.end_attribute(),
            ("writestring" | "writevalue" | "writechars", 1..) => {
                let mut attribute = self.attribute.borrow_mut();
                if let Some((_, value)) = attribute.as_mut() {
                    value.push_str(&texts[0]);
                    return Ok(true);
                }
                drop(attribute);
                self.content(true);
                self.put(&escaped_as(&texts[0], false));
            }
            ("writeraw" | "writewhitespace", 1) => {
                self.content(true);
                self.put(last);
            }
            ("writecdata", 1) => {
                self.content(true);
                self.put(&format!("<![CDATA[{last}]]>"));
            }
            ("writecomment", 1) => {
                self.content(false);
                self.put(&format!("<!--{last}-->"));
            }
            ("writeprocessinginstruction", 2) if texts[0] == "xml" => {
                self.started.set(true);
                self.put(&format!("<?xml {last}?>"));
            }
            ("writeprocessinginstruction", 2) => {
                self.content(false);
                self.put(&format!("<?{} {last}?>", texts[0]));
            }
            ("writedoctype", 4) => {
                self.content(false);
                self.put(&format!("<!DOCTYPE {}>", texts[0]));
            }
            ("writeentityref", 1) => {
                self.content(true);
                self.put(&format!("&{last};"));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }
}

impl Native for XmlWriter {
    fn type_ref(&self) -> TypeRef {
        type_named(if self.plain {
            "System.Xml.XmlTextWriter"
        } else {
            "System.Xml.XmlWellFormedWriter"
        })
    }

    fn properties(&self) -> Vec<&'static str> {
        if self.plain {
            vec!["Formatting", "Indentation", "IndentChar", "WriteState"]
        } else {
            vec!["Settings", "WriteState"]
        }
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let settings = self.settings.borrow();
        Ok(match name.to_ascii_lowercase().as_str() {
            "formatting" if self.plain => Some(Value::enum_of(
                "System.Xml.Formatting",
                i64::from(settings.indents),
            )),
            "indentation" if self.plain => Some(Value::Int(settings.indent.len() as i32)),
            "indentchar" if self.plain => Some(Value::Char(
                settings.indent.encode_utf16().next().unwrap_or(32),
            )),
            "settings" => Some(Value::native(SettingsObject(RefCell::new(
                settings.clone(),
            )))),
            "writestate" => {
                let state = if self.closed.get() {
                    5
                } else if self.attribute.borrow().is_some() {
                    3
                } else if self.in_start_tag() {
                    2
                } else if !self.open.borrow().is_empty() {
                    4
                } else {
                    i64::from(self.started.get())
                };
                Some(Value::enum_of("System.Xml.WriteState", state))
            }
            _ => None,
        })
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        if !self.plain {
            return Ok(None);
        }
        let mut settings = self.settings.borrow_mut();
        let letter = settings.indent.chars().next().unwrap_or(' ');
        match (name.to_ascii_lowercase().as_str(), value.base()) {
            ("formatting", Value::Enum(formatting)) => settings.indents = formatting.bits == 1,
            ("indentation", count) => {
                let count = usize::try_from(vm.to_int(&count.clone())?).unwrap_or(2);
                settings.indent = letter.to_string().repeat(count.min(64));
            }
            ("indentchar", letter) => {
                let letter = vm.to_text(&letter.clone())?;
                settings.indent = letter.repeat(settings.indent.len().max(1));
            }
            _ => return Ok(None),
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        match (name, arguments) {
            ("writestartdocument", rest) => {
                let standalone = match rest {
                    [Value::Bool(flag)] => Some(*flag),
                    _ => None,
                };
                self.start(standalone, true);
            }
            ("writeenddocument", []) => {
                while !self.open.borrow().is_empty() {
                    self.end_element(false)?;
                }
            }
            ("flush", []) => {
                self.content_end();
                self.flush(vm)?;
            }
            ("close" | "dispose", _) => self.close(vm)?,
            ("writenode", [node, ..]) => match crate::runtime::types::xml::xml_node::of(node) {
                Some(node) => self.node(&node)?,
                None => return Ok(None),
            },
            ("lookupprefix", [uri]) => {
                let uri = vm.to_text(uri)?;
                return Ok(Some(self.prefix_of(&uri).map_or(Value::Null, Value::str)));
            }
            _ => {
                let mut texts = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    texts.push(match argument.base() {
                        Value::Null => String::new(),
                        _ if name == "writevalue" => {
                            crate::runtime::types::xml::xlinq::content_text(vm, argument)?
                        }
                        Value::Array(_) => crate::runtime::types::object::to_string(vm, argument)?,
                        _ => vm.to_text(argument)?,
                    });
                }
                if !self.pieces(name, &texts, arguments)? {
                    return Ok(None);
                }
            }
        }
        self.settle(vm)?;
        Ok(Some(Value::Nothing))
    }
}

impl XmlWriter {
    /// What is flushed contains the start tag as far as it is written.
    fn content_end(&self) {
        self.end_attribute();
    }
}

impl Native for SettingsObject {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Xml.XmlWriterSettings")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "Async",
            "Encoding",
            "OmitXmlDeclaration",
            "NewLineHandling",
            "NewLineChars",
            "Indent",
            "IndentChars",
            "NewLineOnAttributes",
            "CloseOutput",
            "ConformanceLevel",
            "CheckCharacters",
            "NamespaceHandling",
            "WriteEndDocumentOnClose",
            "OutputMethod",
            "DoNotEscapeUriAttributes",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let settings = self.0.borrow();
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "indent" => Value::Bool(settings.indents),
            "indentchars" => Value::str(settings.indent.as_str()),
            "newlinechars" => Value::str(settings.new_line.as_str()),
            "omitxmldeclaration" => Value::Bool(settings.omits_declaration),
            "newlineonattributes" => Value::Bool(settings.attributes_on_lines),
            "closeoutput" => Value::Bool(settings.closes),
            "encoding" => text_encoding::TextEncoding::value(settings.encoding),
            "conformancelevel" => {
                Value::enum_of("System.Xml.ConformanceLevel", settings.conformance)
            }
            "async" | "donotescapeuriattributes" => Value::Bool(false),
            "checkcharacters" | "writeenddocumentonclose" => Value::Bool(true),
            "newlinehandling" => Value::enum_of("System.Xml.NewLineHandling", 0),
            "namespacehandling" => Value::enum_of("System.Xml.NamespaceHandling", 0),
            "outputmethod" => Value::enum_of("System.Xml.XmlOutputMethod", 0),
            _ => return Ok(None),
        }))
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        let mut settings = self.0.borrow_mut();
        let flag = matches!(value.base(), Value::Bool(true));
        match name.to_ascii_lowercase().as_str() {
            "indent" => settings.indents = flag,
            "indentchars" => settings.indent = vm.to_text(&value)?,
            "newlinechars" => settings.new_line = vm.to_text(&value)?,
            "omitxmldeclaration" => settings.omits_declaration = flag,
            "newlineonattributes" => settings.attributes_on_lines = flag,
            "closeoutput" => settings.closes = flag,
            "encoding" => {
                if let Some(encoding) = text_encoding::of(&value) {
                    settings.encoding = encoding;
                }
            }
            "conformancelevel" => {
                if let Value::Enum(level) = value.base() {
                    settings.conformance = level.bits;
                }
            }
            "async"
            | "checkcharacters"
            | "newlinehandling"
            | "namespacehandling"
            | "writeenddocumentonclose"
            | "donotescapeuriattributes" => {}
            _ => return Ok(None),
        }
        Ok(Some(true))
    }
}
