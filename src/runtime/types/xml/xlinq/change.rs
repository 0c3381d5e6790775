//! Changing XLinq trees: content added, replaced and taken out.

use super::name::XName;
use super::{is_named, node_of, value};
use crate::runtime::error::R;
use crate::runtime::text::culture::Culture;
use crate::runtime::text::datetime_format::format_date_time;
use crate::runtime::types::failures;
use crate::runtime::types::xml::{Node, NodeKind};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::rc::Rc;

/// The text that a value has in XML.
pub fn content_text(vm: &mut Vm, content: &Value) -> R<String> {
    Ok(match content.base() {
        Value::Bool(flag) => flag.to_string(),
        Value::DateTime(date) => {
            let pattern = "yyyy-MM-ddTHH:mm:ss.FFFFFFFK";
            format_date_time(**date, pattern, Culture::invariant()).unwrap_or_default()
        }
        Value::Double(number) if number.is_infinite() => {
            if *number > 0.0 { "INF" } else { "-INF" }.to_owned()
        }
        _ => vm.to_text(content)?,
    })
}

/// Adds content to an element or document, at a place or at the end; gives the place behind it.
pub fn add(vm: &mut Vm, node: &Rc<Node>, content: &Value, at: Option<usize>) -> R<Option<usize>> {
    let after = |count: usize| at.map(|at| at + count);
    if content.is_null() {
        return Ok(at);
    }
    if let Some(part) = node_of(content) {
        // What has a place already is copied.
        let taken = part.parent.borrow().upgrade().is_some();
        let part = if taken { part.copy(true) } else { part };
        if part.kind == NodeKind::Attribute {
            if node.attribute(&part.name).is_some() {
                return failures::invalid_operation("Duplicate attribute.");
            }
            *part.parent.borrow_mut() = Rc::downgrade(node);
            node.attributes.borrow_mut().push(part);
            return Ok(at);
        }
        if node.kind == NodeKind::Document
            && part.kind == NodeKind::Element
            && !node.elements().is_empty()
        {
            return failures::invalid_operation(
                "This operation would create an incorrectly structured document.",
            );
        }
        let place = at.unwrap_or(usize::MAX);
        node.insert(place, &part);
        return Ok(after(1));
    }
    if !matches!(content.base(), Value::Str(_))
        && let Some(items) = vm.enumerate(content)?
    {
        let mut at = at;
        for item in &items {
            at = add(vm, node, item, at)?;
        }
        return Ok(at);
    }
    let text = content_text(vm, content)?;
    let children = node.children.borrow();
    let before = match at {
        Some(at) => at.checked_sub(1).and_then(|at| children.get(at)),
        None => children.last(),
    };
    if let Some(last) = before.filter(|last| last.kind == NodeKind::Text) {
        last.value.borrow_mut().push_str(&text);
        return Ok(at);
    }
    drop(children);
    if text.is_empty() {
        *node.expanded.borrow_mut() = true;
        return Ok(at);
    }
    let made = Node::new(NodeKind::Text, "#text", &text);
    node.insert(at.unwrap_or(usize::MAX), &made);
    Ok(after(1))
}

fn clear(node: &Rc<Node>) {
    let children = node.children.borrow().clone();
    children.iter().for_each(|child| child.detach());
}

/// Replaces what an element contains, or the text of anything else.
pub fn set_value(vm: &mut Vm, node: &Rc<Node>, content: &Value) -> R<()> {
    if content.is_null() {
        return failures::argument_null("value");
    }
    let text = content_text(vm, content)?;
    if node.kind == NodeKind::Element {
        clear(node);
        add(vm, node, &Value::str(text), None)?;
    } else {
        *node.value.borrow_mut() = text;
    }
    Ok(())
}

/// A method that changes the tree.
pub fn call(vm: &mut Vm, node: &Rc<Node>, name: &str, arguments: &[Value]) -> R<Option<Value>> {
    let parent = node.parent.borrow().upgrade();
    let place = || {
        let parent = parent.as_ref()?;
        let children = parent.children.borrow();
        children.iter().position(|child| Rc::ptr_eq(child, node))
    };
    let no_parent = || failures::invalid_operation("The parent is missing.");
    match (name, arguments) {
        ("add", content) => {
            for part in content {
                add(vm, node, part, None)?;
            }
        }
        ("addfirst", content) => {
            let mut at = Some(0);
            for part in content {
                at = add(vm, node, part, at)?;
            }
        }
        ("addafterself" | "addbeforeself", content) => {
            let (Some(parent), Some(place)) = (&parent, place()) else {
                return no_parent();
            };
            let mut at = Some(place + usize::from(name == "addafterself"));
            for part in content {
                at = add(vm, parent, part, at)?;
            }
        }
        ("remove", []) => {
            if parent.is_none() {
                return no_parent();
            }
            node.detach();
        }
        ("replacewith", content) => {
            let (Some(parent), Some(place)) = (&parent, place()) else {
                return no_parent();
            };
            node.detach();
            let mut at = Some(place);
            for part in content {
                at = add(vm, parent, part, at)?;
            }
        }
        ("removenodes", []) => clear(node),
        ("removeattributes", []) => node.attributes.borrow_mut().clear(),
        ("removeall", []) => {
            clear(node);
            node.attributes.borrow_mut().clear();
        }
        ("replacenodes" | "replaceall", content) => {
            clear(node);
            if name == "replaceall" {
                node.attributes.borrow_mut().clear();
            }
            for part in content {
                add(vm, node, part, None)?;
            }
        }
        ("replaceattributes", content) => {
            node.attributes.borrow_mut().clear();
            for part in content {
                add(vm, node, part, None)?;
            }
        }
        ("setvalue", [content]) => set_value(vm, node, content)?,
        ("setattributevalue", [name, content]) => {
            let name = Some(XName::of(vm, name)?);
            let attributes = node.attributes.borrow().clone();
            let found = attributes.into_iter().find(|a| is_named(a, &name));
            match (found, content.is_null()) {
                (Some(found), true) => found.detach(),
                (Some(found), false) => {
                    *found.value.borrow_mut() = content_text(vm, content)?;
                }
                (None, true) => {}
                (None, false) => {
                    let name = name.map(Value::native).unwrap_or_default();
                    let kind = crate::runtime::types::find_full("System.Xml.Linq.XAttribute");
                    if let Some(kind) = kind {
                        let made = super::construct(vm, &kind, &[name, content.clone()])?;
                        add(vm, node, &made.unwrap_or_default(), None)?;
                    }
                }
            }
        }
        ("setelementvalue", [name, content]) => {
            let name = Some(XName::of(vm, name)?);
            let found = node.elements().into_iter().find(|e| is_named(e, &name));
            match (found, content.is_null()) {
                (Some(found), true) => found.detach(),
                (Some(found), false) => set_value(vm, &found, content)?,
                (None, true) => {}
                (None, false) => {
                    if let Some(name) = name {
                        let made = Node::new(NodeKind::Element, &name.local, "");
                        *made.namespace.borrow_mut() = name.namespace;
                        set_value(vm, &made, content)?;
                        add(vm, node, &value(&made), None)?;
                    }
                }
            }
        }
        _ => return Ok(None),
    }
    Ok(Some(Value::Nothing))
}
