//! The text of XLinq nodes, with the namespace declarations they need.

use super::name::{XML, XMLNS, XName};
use super::name_of;
use crate::host::interrupted;
use crate::runtime::error::R;
use crate::runtime::limits;
use crate::runtime::types::failures;
use crate::runtime::types::xml::known_namespaces::KnownNamespaces;
use crate::runtime::types::xml::{Node, NodeKind, escaped_as};
use std::rc::Rc;

/// Prefixes in scope, the innermost last.
type Scope = Vec<(String, String)>;

/// The text of a node, by itself; beyond what a text can hold OutOfMemoryException.
pub fn whole_text(node: &Rc<Node>, indents: bool) -> R<String> {
    let text = text(node, indents);
    match limits::text_may_grow(text.len()) {
        true => Ok(text),
        false => failures::out_of_memory(),
    }
}

/// The text of a node, by itself, as far as a text can hold it.
pub fn text(node: &Rc<Node>, indents: bool) -> String {
    let mut out = String::new();
    if node.kind == NodeKind::Attribute {
        let value = escaped_as(&node.value.borrow(), true);
        return format!("{}=\"{value}\"", node.name);
    }
    write(
        node,
        indents,
        0,
        &mut Scope::new(),
        &KnownNamespaces::default(),
        &mut out,
    );
    out
}

fn bound<'a>(scope: &'a Scope, prefix: &str) -> &'a str {
    let found = scope.iter().rev().find(|(name, _)| name == prefix);
    found.map_or("", |(_, uri)| uri.as_str())
}

fn prefix_of(scope: &Scope, uri: &str, may_be_empty: bool) -> Option<String> {
    let found = scope.iter().rev().find(|(prefix, known)| {
        known == uri && (may_be_empty || !prefix.is_empty()) && bound(scope, prefix) == uri
    });
    found.map(|(prefix, _)| prefix.clone())
}

fn qualified(prefix: &str, local: &str) -> String {
    if prefix.is_empty() {
        local.to_owned()
    } else {
        format!("{prefix}:{local}")
    }
}

fn write(
    node: &Rc<Node>,
    indents: bool,
    level: usize,
    scope: &mut Scope,
    known: &KnownNamespaces,
    out: &mut String,
) {
    // What is nested deep is indented far, which may be more than a text can hold.
    if interrupted() || !limits::text_may_grow(out.len()) {
        return;
    }
    let value = node.value.borrow();
    match node.kind {
        NodeKind::Document | NodeKind::Fragment => {
            let children = node.children.borrow();
            let shown = children.iter().filter(|c| c.kind != NodeKind::Declaration);
            for (at, child) in shown.enumerate() {
                if at > 0 && indents {
                    out.push('\n');
                }
                write(child, indents, level, scope, known, out);
            }
        }
        NodeKind::Element => {
            let outside = scope.len();
            element(node, indents, level, scope, known, out);
            scope.truncate(outside);
        }
        NodeKind::CData => out.push_str(&format!("<![CDATA[{value}]]>")),
        NodeKind::Comment => out.push_str(&format!("<!--{value}-->")),
        NodeKind::Instruction => out.push_str(&format!("<?{} {value}?>", node.name)),
        NodeKind::DocumentType => out.push_str(&format!("<!DOCTYPE {value}>")),
        _ => out.push_str(&escaped_as(&value, false)),
    }
}

fn element(
    node: &Rc<Node>,
    indents: bool,
    level: usize,
    scope: &mut Scope,
    known: &KnownNamespaces,
    out: &mut String,
) {
    for attribute in node.attributes.borrow().iter() {
        let uri = attribute.value.borrow().clone();
        if attribute.name == "xmlns" {
            scope.push((String::new(), uri));
        } else if let Some(prefix) = attribute.name.strip_prefix("xmlns:") {
            scope.push((prefix.to_owned(), uri));
        }
    }
    let name = XName {
        namespace: known.of(node).to_string(),
        local: node.local_name().to_owned(),
    };
    let mut more = String::new();
    let prefix = if name.namespace == bound(scope, "") && node.prefix().is_empty() {
        String::new()
    } else if let Some(prefix) = prefix_of(scope, &name.namespace, true) {
        prefix
    } else {
        scope.push((String::new(), name.namespace.clone()));
        more = format!(" xmlns=\"{}\"", escaped_as(&name.namespace, true));
        String::new()
    };
    let tag = qualified(&prefix, &name.local);
    out.push('<');
    out.push_str(&tag);
    out.push_str(&more);
    for attribute in node.attributes.borrow().iter() {
        let name = name_of(attribute);
        let written = match name.namespace.as_str() {
            "" => name.local.clone(),
            XMLNS => attribute.name.clone(),
            XML => format!("xml:{}", name.local),
            uri => match prefix_of(scope, uri, false) {
                Some(prefix) => qualified(&prefix, &name.local),
                None => {
                    let prefix = format!("p{}", level + 1);
                    out.push_str(&format!(" xmlns:{prefix}=\"{}\"", escaped_as(uri, true)));
                    scope.push((prefix.clone(), uri.to_owned()));
                    qualified(&prefix, &name.local)
                }
            },
        };
        let value = escaped_as(&attribute.value.borrow(), true);
        out.push_str(&format!(" {written}=\"{value}\""));
    }
    let children = node.children.borrow();
    if children.is_empty() {
        if *node.expanded.borrow() {
            out.push_str(&format!("></{tag}>"));
        } else {
            out.push_str(" />");
        }
        return;
    }
    out.push('>');
    let mixed = children.iter().any(|c| {
        matches!(
            c.kind,
            NodeKind::Text | NodeKind::CData | NodeKind::Whitespace
        )
    });
    let indents = indents && !mixed;
    let line = |level: usize, out: &mut String| {
        if indents && limits::text_may_grow(out.len()) {
            out.push('\n');
            out.push_str(&"  ".repeat(level));
        }
    };
    for child in children.iter() {
        line(level + 1, out);
        write(child, indents, level + 1, scope, known, out);
    }
    line(level, out);
    out.push_str(&format!("</{tag}>"));
}
