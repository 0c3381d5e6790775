//! `System.Xml.XPath.XPathNavigator`: a place in a document.

use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::xml::xml_namespaces::NamespaceManager;
use crate::runtime::types::xml::xpath::{self, Found};
use crate::runtime::types::xml::{Node, NodeKind};
use crate::runtime::types::{TypeRef, failures, type_named, xml::xml_node};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A place that can be moved.
struct Navigator(RefCell<Rc<Node>>);

/// The nodes of a selection, one after the other.
struct Iterator {
    nodes: Vec<Rc<Node>>,
    at: Cell<usize>,
}

/// A navigator at a node.
pub fn value(node: &Rc<Node>) -> Value {
    Value::native(Navigator(RefCell::new(node.clone())))
}

/// What an expression gives at a node, with XPathException for what it cannot.
pub fn evaluated(vm: &mut Vm, node: &Rc<Node>, path: &Value, manager: Option<&Value>) -> R<Found> {
    let path = vm.to_text(path)?;
    let manager = manager.and_then(|manager| manager.as_native::<NamespaceManager>());
    let pairs = manager.map(NamespaceManager::pairs);
    match xpath::evaluate(node, &path, pairs.as_deref()) {
        Ok(found) => Ok(found),
        Err(error) => failures::fail("System.Xml.XPath.XPathException", error.to_string()),
    }
}

/// The nodes of an expression, with XPathException when it gives something else.
pub fn selected(
    vm: &mut Vm,
    node: &Rc<Node>,
    path: &Value,
    manager: Option<&Value>,
) -> R<Vec<Rc<Node>>> {
    match evaluated(vm, node, path, manager)? {
        Found::Nodes(nodes) => Ok(nodes),
        _ => failures::fail(
            "System.Xml.XPath.XPathException",
            xpath::XPathError::NoNodes.to_string(),
        ),
    }
}

impl Navigator {
    fn node(&self) -> Rc<Node> {
        self.0.borrow().clone()
    }

    fn go(&self, to: Option<Rc<Node>>) -> Value {
        let there = to.is_some();
        if let Some(node) = to {
            *self.0.borrow_mut() = node;
        }
        Value::Bool(there)
    }

    fn sibling(&self, step: isize) -> Option<Rc<Node>> {
        let node = self.node();
        let parent = node.parent.borrow().upgrade()?;
        let children = parent.children.borrow();
        let at = children.iter().position(|c| Rc::ptr_eq(c, &node))?;
        children.get(at.checked_add_signed(step)?).cloned()
    }
}

impl Native for Navigator {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Xml.DocumentXPathNavigator")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.node().inner_text())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec![
            "HasAttributes",
            "HasChildren",
            "InnerXml",
            "LocalName",
            "Name",
            "NamespaceURI",
            "NodeType",
            "OuterXml",
            "Prefix",
            "UnderlyingObject",
            "Value",
        ]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let node = self.node();
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "value" => Value::str(node.inner_text()),
            "name" => Value::str(shown_name(&node, &node.name)),
            "localname" => Value::str(shown_name(&node, node.local_name())),
            "prefix" => Value::str(node.prefix()),
            "namespaceuri" => Value::str(node.namespace_uri()),
            "innerxml" => Value::str(node.inner_xml()),
            "outerxml" => Value::str(node.outer_xml()),
            "haschildren" => Value::Bool(!node.children.borrow().is_empty()),
            "hasattributes" => Value::Bool(!node.attributes.borrow().is_empty()),
            "underlyingobject" => xml_node::value(&node),
            "nodetype" => Value::enum_of(
                "System.Xml.XPath.XPathNodeType",
                match node.kind {
                    NodeKind::Document | NodeKind::Fragment => 0,
                    NodeKind::Element => 1,
                    NodeKind::Attribute => 2,
                    NodeKind::Whitespace => 6,
                    NodeKind::Instruction => 7,
                    NodeKind::Comment => 8,
                    _ => 4,
                },
            ),
            _ => return Ok(None),
        }))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let node = self.node();
        Ok(Some(match (name, arguments) {
            ("evaluate", [path, rest @ ..]) => match evaluated(vm, &node, path, rest.first())? {
                Found::Number(number) => Value::Double(number),
                Found::Text(text) => Value::str(text),
                Found::Bool(flag) => Value::Bool(flag),
                Found::Nodes(nodes) => Value::native(Iterator {
                    nodes,
                    at: Cell::new(0),
                }),
            },
            ("select", [path, rest @ ..]) => Value::native(Iterator {
                nodes: selected(vm, &node, path, rest.first())?,
                at: Cell::new(0),
            }),
            ("selectsinglenode", [path, rest @ ..]) => {
                let nodes = selected(vm, &node, path, rest.first())?;
                nodes.first().map_or(Value::Null, value)
            }
            ("matches", [path]) => {
                let mut start = node.clone();
                let mut found = false;
                while !found {
                    let nodes = selected(vm, &start, path, None)?;
                    found = nodes.iter().any(|n| Rc::ptr_eq(n, &node));
                    let above = start.parent.borrow().upgrade();
                    match above {
                        Some(above) => start = above,
                        None => break,
                    }
                }
                Value::Bool(found)
            }
            ("getattribute", [name, ..]) => {
                let name = vm.to_text(name)?;
                let found = node.attribute(&name);
                Value::str(found.map(|a| a.value.borrow().clone()).unwrap_or_default())
            }
            ("movetoroot", []) => {
                self.go(Some(node.root()));
                Value::Nothing
            }
            ("movetofirstchild", []) => self.go(node.children.borrow().first().cloned()),
            ("movetoparent", []) => {
                let parent = node.parent.borrow().upgrade();
                self.go(parent)
            }
            ("movetonext", []) => self.go(self.sibling(1)),
            ("movetoprevious", []) => self.go(self.sibling(-1)),
            ("movetofirstattribute", []) => self.go(node.attributes.borrow().first().cloned()),
            ("movetoattribute", [name, ..]) => {
                let name = vm.to_text(name)?;
                self.go(node.attribute(&name))
            }
            ("clone", []) => value(&node),
            ("setvalue", [text]) => {
                let text = vm.to_text(text)?;
                let shown = xml_node::value(&node);
                vm.write_property(&shown, "InnerText", Value::str(text))?;
                Value::Nothing
            }
            ("tostring", []) => Value::str(node.inner_text()),
            _ => return Ok(None),
        }))
    }
}

/// Texts and documents have no name for a navigator.
fn shown_name(node: &Node, name: &str) -> String {
    match node.kind {
        NodeKind::Element | NodeKind::Attribute | NodeKind::Instruction => name.to_owned(),
        _ => String::new(),
    }
}

impl Native for Iterator {
    fn type_ref(&self) -> TypeRef {
        type_named("System.Xml.XPath.XPathNodeIterator")
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["Count", "Current", "CurrentPosition"]
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "count" => Some(Value::Int(self.nodes.len() as i32)),
            "currentposition" => Some(Value::Int(self.at.get() as i32)),
            "current" => {
                let current = self.at.get().checked_sub(1);
                let current = current.and_then(|at| self.nodes.get(at));
                Some(current.map_or(Value::Null, value))
            }
            _ => None,
        })
    }

    fn call(&self, _vm: &mut Vm, _: &Value, name: &str, _arguments: &[Value]) -> R<Option<Value>> {
        Ok(match name {
            "movenext" => {
                let more = self.at.get() < self.nodes.len();
                self.at.set(self.at.get() + usize::from(more));
                Some(Value::Bool(more))
            }
            _ => None,
        })
    }

    fn enumerate(&self, _vm: &mut Vm) -> Option<R<Vec<Value>>> {
        Some(Ok(self.nodes.iter().map(value).collect()))
    }
}
