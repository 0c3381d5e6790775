//! `System.Xml.XmlReader`: a document read node by node.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::text::encoding::Encoding;
use crate::runtime::types::xml::{Node, NodeKind, read_into};
use crate::runtime::types::{
    TypeRef, failures, io::stream, io::text_reader, known, type_named, xml::xml_node,
};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// One stop of the reader.
#[derive(Clone)]
struct Stop {
    node: Rc<Node>,
    depth: i32,
    /// The end tag of an element.
    is_end: bool,
}

/// A reader over a whole document.
pub struct XmlReader {
    stops: Vec<Stop>,
    /// How many stops are passed; the current one is before it.
    passed: Cell<usize>,
    /// The attribute it stands at.
    attribute: RefCell<Option<Rc<Node>>>,
    closed: Cell<bool>,
}

/// XmlReaderSettings.
struct Settings {
    flags: RefCell<Vec<(&'static str, bool)>>,
}

const FLAGS: [&str; 5] = [
    "IgnoreWhitespace",
    "IgnoreComments",
    "IgnoreProcessingInstructions",
    "CloseInput",
    "CheckCharacters",
];

impl Settings {
    fn flag(&self, name: &str) -> bool {
        let flags = self.flags.borrow();
        flags
            .iter()
            .any(|(known, on)| known.eq_ignore_ascii_case(name) && *on)
    }
}

/// `[Xml.XmlReaderSettings]::new()`
pub fn settings() -> Value {
    let flags = FLAGS.map(|name| (name, name == "CheckCharacters"));
    Value::native(Settings {
        flags: RefCell::new(flags.to_vec()),
    })
}

fn collect(node: &Rc<Node>, depth: i32, settings: Option<&Settings>, stops: &mut Vec<Stop>) {
    let ignores = |name| settings.is_some_and(|settings| settings.flag(name));
    let left_out = match node.kind {
        NodeKind::Whitespace => ignores("IgnoreWhitespace"),
        NodeKind::Comment => ignores("IgnoreComments"),
        NodeKind::Instruction => ignores("IgnoreProcessingInstructions"),
        _ => false,
    };
    if left_out {
        return;
    }
    let stop = |is_end| Stop {
        node: node.clone(),
        depth,
        is_end,
    };
    stops.push(stop(false));
    if node.kind == NodeKind::Element {
        for child in node.children.borrow().iter() {
            collect(child, depth + 1, settings, stops);
        }
        if !is_empty(node) {
            stops.push(stop(true));
        }
    }
}

fn is_empty(node: &Node) -> bool {
    node.children.borrow().is_empty() && !*node.expanded.borrow()
}

/// `[Xml.XmlReader]::Create(input, settings)`, `[Xml.XmlTextReader]::new(input)`
pub fn create(vm: &mut Vm, arguments: &[Value]) -> R<Option<Value>> {
    let Some(input) = arguments.first() else {
        return Ok(None);
    };
    let text = if let Some(reader) = input.as_native::<text_reader::Reader>() {
        reader.rest()?
    } else if let Some(bytes) = stream::of(input) {
        Encoding::UTF8.decode_file(&bytes.read(usize::MAX)?)
    } else {
        let path = crate::runtime::types::io::file::full_path(vm, input)?;
        crate::runtime::types::io::file::read_text(&path, None)?
    };
    let settings = arguments.iter().find_map(|v| v.as_native::<Settings>());
    let document = Node::new(NodeKind::Document, "#document", "");
    read_into(&document, &text, true)?;
    Ok(Some(over(&document, settings)))
}

/// `[Xml.XmlNodeReader]::new(node)`
pub fn of_node(arguments: &[Value]) -> Option<Value> {
    let node = xml_node::of(arguments.first()?)?;
    Some(over(&node, None))
}

fn over(document: &Rc<Node>, settings: Option<&Settings>) -> Value {
    xml_node::keep(document);
    let mut stops = Vec::new();
    if document.kind == NodeKind::Document {
        for child in document.children.borrow().iter() {
            collect(child, 0, settings, &mut stops);
        }
    } else {
        collect(document, 0, settings, &mut stops);
    }
    Value::native(XmlReader {
        stops,
        passed: Cell::new(0),
        attribute: RefCell::default(),
        closed: Cell::new(false),
    })
}

/// The rest of what a reader reads, as text.
pub fn rest_of(value: &Value) -> Option<String> {
    let reader = value.as_native::<XmlReader>()?;
    let from = reader.passed.get().saturating_sub(1);
    let mut text = String::new();
    let mut depth = 0;
    for stop in reader.stops.get(from..)? {
        // Elements are written whole, so what lies in them is passed over.
        if stop.depth == depth && !stop.is_end {
            text.push_str(&stop.node.outer_xml());
        }
        depth = depth.min(stop.depth);
    }
    reader.passed.set(reader.stops.len() + 1);
    Some(text)
}

impl XmlReader {
    fn stop(&self) -> Option<&Stop> {
        self.stops.get(self.passed.get().checked_sub(1)?)
    }

    fn node(&self) -> Option<Rc<Node>> {
        match &*self.attribute.borrow() {
            Some(attribute) => Some(attribute.clone()),
            None => self.stop().map(|stop| stop.node.clone()),
        }
    }

    fn read(&self) -> bool {
        self.attribute.take();
        let next = (self.passed.get() + 1).min(self.stops.len() + 1);
        self.passed.set(next);
        next <= self.stops.len()
    }

    fn kind(&self) -> i64 {
        if self.attribute.borrow().is_some() {
            return 2;
        }
        match self.stop() {
            None => 0,
            Some(stop) if stop.is_end => 15,
            Some(stop) => stop.node.kind as i64,
        }
    }

    fn at_start(&self) -> bool {
        self.kind() == 1
    }

    /// On to the next content: over whitespace, comments and the declaration.
    fn move_to_content(&self) -> i64 {
        self.attribute.take();
        if self.passed.get() == 0 {
            self.read();
        }
        while matches!(self.kind(), 7 | 8 | 10 | 13 | 17) {
            self.read();
        }
        self.kind()
    }

    /// Behind the end of the current element.
    fn skip(&self) {
        let Some(stop) = self.stop().cloned() else {
            self.read();
            return;
        };
        if stop.is_end || stop.node.kind != NodeKind::Element || is_empty(&stop.node) {
            self.read();
            return;
        }
        while self.read() {
            let is_end = self
                .stop()
                .is_some_and(|at| at.is_end && Rc::ptr_eq(&at.node, &stop.node));
            if is_end {
                self.read();
                return;
            }
        }
    }

    /// On to a start tag of this name, as long as `goes_on`; whether there is one.
    fn seek(&self, name: &str, goes_on: impl Fn(&Stop) -> bool) -> bool {
        while self.read() {
            let Some(stop) = self.stop() else {
                return false;
            };
            if !goes_on(stop) {
                return false;
            }
            if self.at_start() && stop.node.name == name {
                return true;
            }
        }
        false
    }

    fn attributes(&self) -> Vec<Rc<Node>> {
        match self.stop() {
            Some(stop) if !stop.is_end => stop.node.attributes.borrow().clone(),
            _ => Vec::new(),
        }
    }

    fn move_attribute(&self, to: Option<Rc<Node>>) -> Value {
        let found = to.is_some();
        if found {
            *self.attribute.borrow_mut() = to;
        }
        Value::Bool(found)
    }

    fn element_text(&self) -> R<String> {
        if !self.at_start() {
            return failures::invalid_operation(
                "The ReadElementContentAsString method is not supported on this node type.",
            );
        }
        let text = self.node().map(|node| node.inner_text());
        self.skip();
        Ok(text.unwrap_or_default())
    }

    fn expect(&self, kind: i64) -> R<()> {
        if self.move_to_content() == kind {
            return Ok(());
        }
        let found = match self.kind() {
            1 => "Element",
            3 => "Text",
            15 => "EndElement",
            _ => "None",
        };
        failures::fail(
            "System.Xml.XmlException",
            format!("'{found}' is an invalid XmlNodeType."),
        )
    }
}

impl Native for XmlReader {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Xml.XmlTextReaderImpl")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "NodeType",
            "Name",
            "LocalName",
            "NamespaceURI",
            "Prefix",
            "Value",
            "Depth",
            "IsEmptyElement",
            "HasValue",
            "HasAttributes",
            "AttributeCount",
            "EOF",
            "ReadState",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let node = self.node();
        let named = |pick: &dyn Fn(&Rc<Node>) -> String| match &node {
            Some(node)
                if matches!(
                    node.kind,
                    NodeKind::Element
                        | NodeKind::Attribute
                        | NodeKind::Instruction
                        | NodeKind::Declaration
                ) =>
            {
                Value::str(pick(node))
            }
            _ => Value::str(""),
        };
        let has_value = node
            .as_ref()
            .is_some_and(|node| !matches!(node.kind, NodeKind::Element | NodeKind::Document));
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "nodetype" => Value::enum_of("System.Xml.XmlNodeType", self.kind()),
            "name" => named(&|node| node.name.clone()),
            "localname" => named(&|node| node.local_name().to_owned()),
            "prefix" => named(&|node| node.prefix().to_owned()),
            "namespaceuri" => named(&|node| node.namespace_uri()),
            "value" => match &node {
                Some(node) if has_value => Value::str(node.value.borrow().as_str()),
                _ => Value::str(""),
            },
            "hasvalue" => Value::Bool(has_value),
            "depth" => {
                let deeper = i32::from(self.attribute.borrow().is_some());
                Value::Int(self.stop().map_or(0, |stop| stop.depth) + deeper)
            }
            "isemptyelement" => {
                Value::Bool(self.at_start() && node.as_ref().is_some_and(|node| is_empty(node)))
            }
            "attributecount" => Value::Int(self.attributes().len() as i32),
            "hasattributes" => Value::Bool(!self.attributes().is_empty()),
            "eof" => Value::Bool(self.passed.get() > self.stops.len()),
            "readstate" => Value::enum_of(
                "System.Xml.ReadState",
                if self.closed.get() {
                    4
                } else if self.passed.get() > self.stops.len() {
                    3
                } else {
                    i64::from(self.passed.get() > 0)
                },
            ),
            _ => return Ok(None),
        }))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let depth = self.stop().map_or(0, |stop| stop.depth);
        let first = match arguments.first() {
            Some(Value::Str(text)) => text.to_string(),
            _ => String::new(),
        };
        let attribute = |name: &str| self.attributes().into_iter().find(|a| a.name == name);
        Ok(Some(match (name, arguments) {
            ("read", []) => Value::Bool(self.read()),
            ("getattribute", [Value::Int(at)]) => {
                let found = usize::try_from(*at).ok();
                let found = found.and_then(|at| self.attributes().get(at).cloned());
                found.map_or(Value::Null, |a| Value::str(a.value.borrow().as_str()))
            }
            ("getattribute", [_, ..]) => {
                attribute(&first).map_or(Value::Null, |a| Value::str(a.value.borrow().as_str()))
            }
            ("movetoattribute", [_, ..]) => self.move_attribute(attribute(&first)),
            ("movetofirstattribute", []) => self.move_attribute(self.attributes().first().cloned()),
            ("movetonextattribute", []) => {
                let all = self.attributes();
                let current = self.attribute.borrow().clone();
                let next = match current {
                    None => 0,
                    Some(current) => all
                        .iter()
                        .position(|a| Rc::ptr_eq(a, &current))
                        .map_or(usize::MAX, |at| at + 1),
                };
                self.move_attribute(all.get(next).cloned())
            }
            ("movetoelement", []) => Value::Bool(self.attribute.take().is_some()),
            ("movetocontent", []) => {
                Value::enum_of("System.Xml.XmlNodeType", self.move_to_content())
            }
            ("isstartelement", names) => {
                let is_element = self.move_to_content() == 1;
                let right = names.is_empty() || self.node().is_some_and(|node| node.name == first);
                Value::Bool(is_element && right)
            }
            ("skip", []) => {
                self.skip();
                Value::Nothing
            }
            ("readtofollowing", [_, ..]) => Value::Bool(self.seek(&first, |_| true)),
            ("readtodescendant", [_, ..]) => {
                let start = self.stop().map_or(-1, |stop| stop.depth);
                Value::Bool(self.seek(&first, |stop| stop.depth > start))
            }
            ("readtonextsibling", [_, ..]) => {
                let found = loop {
                    self.skip();
                    match self.stop() {
                        Some(stop) if stop.depth == depth && !stop.is_end => {
                            if self.at_start() && stop.node.name == first {
                                break true;
                            }
                        }
                        _ => break false,
                    }
                };
                Value::Bool(found)
            }
            ("readelementcontentasstring" | "readelementstring", _) => {
                self.move_to_content();
                Value::str(self.element_text()?)
            }
            ("readelementcontentasint", _) => {
                let text = self.element_text()?;
                vm.convert(&Value::str(text), &known::int())?
            }
            ("readcontentasstring" | "readstring", []) => {
                let mut text = String::new();
                if self.at_start() {
                    self.read();
                }
                while matches!(self.kind(), 3 | 4 | 13) {
                    text.push_str(&self.node().map_or(String::new(), |n| n.inner_text()));
                    self.read();
                }
                Value::str(text)
            }
            ("readinnerxml" | "readouterxml", []) => {
                let node = self.node();
                let text = node.map(|node| match name {
                    "readinnerxml" => node.inner_xml(),
                    _ => node.outer_xml(),
                });
                self.skip();
                Value::str(text.unwrap_or_default())
            }
            ("readstartelement", _) => {
                self.expect(1)?;
                self.read();
                Value::Nothing
            }
            ("readendelement", []) => {
                self.expect(15)?;
                self.read();
                Value::Nothing
            }
            ("readsubtree", []) => match self.node() {
                Some(node) => over(&node, None),
                None => Value::Null,
            },
            ("close" | "dispose", _) => {
                self.closed.set(true);
                Value::Nothing
            }
            _ => return Ok(None),
        }))
    }
}

impl Native for Settings {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Xml.XmlReaderSettings")
    }

    fn properties(&self) -> Vec<&'static str> {
        FLAGS.to_vec()
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "dtdprocessing" => Some(Value::enum_of("System.Xml.DtdProcessing", 0)),
            "conformancelevel" => Some(Value::enum_of("System.Xml.ConformanceLevel", 2)),
            _ if FLAGS.iter().any(|known| known.eq_ignore_ascii_case(name)) => {
                Some(Value::Bool(self.flag(name)))
            }
            _ => None,
        })
    }

    fn set(&self, _vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        let on = matches!(value.base(), Value::Bool(true));
        let mut flags = self.flags.borrow_mut();
        let known = flags
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        match known {
            Some((_, flag)) => {
                *flag = on;
                Ok(Some(true))
            }
            None => Ok(matches!(
                name.to_ascii_lowercase().as_str(),
                "dtdprocessing" | "conformancelevel" | "xmlresolver" | "validationtype"
            )
            .then_some(true)),
        }
    }
}
