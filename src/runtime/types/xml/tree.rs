//! XML as a tree: nodes, reading and writing.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// What a node is; the numbers are those of `XmlNodeType`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `<a>`
    Element = 1,
    /// `a="b"`
    Attribute = 2,
    /// Characters.
    Text = 3,
    /// `<![CDATA[ ]]>`
    CData = 4,
    /// `<?a b?>`
    Instruction = 7,
    /// `<!-- -->`
    Comment = 8,
    /// The whole.
    Document = 9,
    /// `<!DOCTYPE >`
    DocumentType = 10,
    /// `<?xml ?>`
    Declaration = 17,
}

/// A node.
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// The name with its prefix.
    pub name: String,
    /// The characters of nodes without children.
    pub value: RefCell<String>,
    /// Attributes in order.
    pub attributes: RefCell<Vec<Rc<Node>>>,
    /// Children in order.
    pub children: RefCell<Vec<Rc<Node>>>,
    /// The node it is in.
    pub parent: RefCell<Weak<Node>>,
    /// Written as `<a />` when nothing is in it.
    pub short: Cell<bool>,
}

impl Node {
    /// A node that stands alone.
    pub fn new(kind: Kind, name: &str, value: &str) -> Rc<Node> {
        Rc::new(Node {
            kind,
            name: name.to_string(),
            value: RefCell::new(value.to_string()),
            attributes: RefCell::default(),
            children: RefCell::default(),
            parent: RefCell::default(),
            short: Cell::new(true),
        })
    }

    /// The node it is in.
    pub fn parent(&self) -> Option<Rc<Node>> {
        self.parent.borrow().upgrade()
    }

    /// The outermost node.
    pub fn root(self: &Rc<Node>) -> Rc<Node> {
        let mut at = self.clone();
        while let Some(parent) = at.parent() {
            at = parent;
        }
        at
    }

    /// Puts a child at a place; it leaves the one it was in.
    pub fn insert(self: &Rc<Node>, at: usize, child: &Rc<Node>) {
        child.detach();
        *child.parent.borrow_mut() = Rc::downgrade(self);
        let mut children = self.children.borrow_mut();
        let at = at.min(children.len());
        children.insert(at, child.clone());
    }

    /// Puts a child behind the others.
    pub fn append(self: &Rc<Node>, child: &Rc<Node>) {
        self.insert(usize::MAX, child);
    }

    /// Takes the node out of the one it is in.
    pub fn detach(self: &Rc<Node>) {
        if let Some(parent) = self.parent() {
            parent.children.borrow_mut().retain(|c| !Rc::ptr_eq(c, self));
            parent.attributes.borrow_mut().retain(|c| !Rc::ptr_eq(c, self));
        }
        *self.parent.borrow_mut() = Weak::new();
    }

    /// The attribute of a name, letter case as written.
    pub fn attribute(&self, name: &str) -> Option<Rc<Node>> {
        self.attributes.borrow().iter().find(|a| a.name == name).cloned()
    }

    /// Sets an attribute.
    pub fn set_attribute(self: &Rc<Node>, name: &str, value: &str) -> Rc<Node> {
        if let Some(found) = self.attribute(name) {
            *found.value.borrow_mut() = value.to_string();
            return found;
        }
        let made = Node::new(Kind::Attribute, name, value);
        *made.parent.borrow_mut() = Rc::downgrade(self);
        self.attributes.borrow_mut().push(made.clone());
        made
    }

    /// The elements in it.
    pub fn elements(&self) -> Vec<Rc<Node>> {
        let children = self.children.borrow();
        children.iter().filter(|c| c.kind == Kind::Element).cloned().collect()
    }

    /// The characters in it and below.
    pub fn inner_text(&self) -> String {
        match self.kind {
            Kind::Element | Kind::Document => self
                .children
                .borrow()
                .iter()
                .filter(|c| matches!(c.kind, Kind::Element | Kind::Text | Kind::CData))
                .map(|c| c.inner_text())
                .collect(),
            _ => self.value.borrow().clone(),
        }
    }

    /// Replaces what is in it by characters.
    pub fn set_inner_text(self: &Rc<Node>, text: &str) {
        match self.kind {
            Kind::Element | Kind::Document => {
                for child in self.children.take() {
                    *child.parent.borrow_mut() = Weak::new();
                }
                self.append(&Node::new(Kind::Text, "#text", text));
            }
            _ => *self.value.borrow_mut() = text.to_string(),
        }
    }

    /// A copy without a parent.
    pub fn copy(self: &Rc<Node>, deep: bool) -> Rc<Node> {
        let made = Node::new(self.kind, &self.name, &self.value.borrow());
        made.short.set(self.short.get());
        for attribute in self.attributes.borrow().iter() {
            made.set_attribute(&attribute.name, &attribute.value.borrow());
        }
        if deep {
            for child in self.children.borrow().iter() {
                made.append(&child.copy(true));
            }
        }
        made
    }

    /// The namespace that a prefix stands for here.
    pub fn namespace(self: &Rc<Node>) -> String {
        let prefix = self.name.split_once(':').map(|(p, _)| p);
        if self.kind == Kind::Attribute && prefix.is_none() {
            return String::new();
        }
        let wanted = match prefix {
            Some(prefix) => format!("xmlns:{prefix}"),
            None => "xmlns".to_string(),
        };
        let mut at = Some(self.clone());
        while let Some(node) = at {
            if let Some(found) = node.attribute(&wanted) {
                return found.value.borrow().clone();
            }
            at = node.parent();
        }
        String::new()
    }

    /// The node as text; `indent` lays elements out by lines.
    pub fn write(&self, out: &mut String, indent: Option<usize>) {
        match self.kind {
            Kind::Document => {
                for (i, child) in self.children.borrow().iter().enumerate() {
                    if i > 0 && indent.is_some() {
                        out.push('\n');
                    }
                    child.write(out, indent);
                }
            }
            Kind::Element => {
                out.push('<');
                out.push_str(&self.name);
                for attribute in self.attributes.borrow().iter() {
                    out.push(' ');
                    attribute.write(out, None);
                }
                let children = self.children.borrow();
                if children.is_empty() {
                    match self.short.get() {
                        true => out.push_str(" />"),
                        false => out.push_str(&format!("></{}>", self.name)),
                    }
                    return;
                }
                out.push('>');
                let mixed = children.iter().any(|c| matches!(c.kind, Kind::Text | Kind::CData));
                let inner = indent.filter(|_| !mixed).map(|i| i + 1);
                for child in children.iter() {
                    if let Some(level) = inner {
                        out.push('\n');
                        out.push_str(&"  ".repeat(level));
                    }
                    child.write(out, inner);
                }
                if let Some(level) = inner {
                    out.push('\n');
                    out.push_str(&"  ".repeat(level - 1));
                }
                out.push_str(&format!("</{}>", self.name));
            }
            Kind::Attribute => {
                let text = escape(&self.value.borrow()).replace('"', "&quot;");
                out.push_str(&format!("{}=\"{text}\"", self.name));
            }
            Kind::Text => out.push_str(&escape(&self.value.borrow())),
            Kind::CData => out.push_str(&format!("<![CDATA[{}]]>", self.value.borrow())),
            Kind::Comment => out.push_str(&format!("<!--{}-->", self.value.borrow())),
            Kind::Instruction | Kind::Declaration => {
                out.push_str(&format!("<?{} {}?>", self.name, self.value.borrow()));
            }
            Kind::DocumentType => out.push_str(&format!("<!DOCTYPE {}>", self.value.borrow())),
        }
    }

    /// The text of what is in it.
    pub fn inner_xml(&self) -> String {
        let mut out = String::new();
        for child in self.children.borrow().iter() {
            child.write(&mut out, None);
        }
        out
    }

    /// The node's own text.
    pub fn outer_xml(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, None);
        out
    }

    /// Reads text into nodes below this one; what is wrong is told in words.
    pub fn read(self: &Rc<Node>, text: &str) -> Result<(), String> {
        let mut rest = text.trim_start_matches('\u{feff}');
        let mut at = self.clone();
        let place = |rest: &str| {
            let before = &text[..text.len() - rest.len()];
            let line = before.matches('\n').count() + 1;
            let column = before.rfind('\n').map_or(before.len(), |n| before.len() - n - 1) + 1;
            format!("Line {line}, position {column}.")
        };
        while !rest.is_empty() {
            let Some(next) = rest.find('<') else {
                if !rest.trim().is_empty() {
                    if at.kind == Kind::Document {
                        return Err(format!("Data at the root level is invalid. {}", place(rest)));
                    }
                    at.append(&Node::new(Kind::Text, "#text", &entities(rest)));
                }
                break;
            };
            let before = &rest[..next];
            if !before.trim().is_empty() {
                if at.kind == Kind::Document {
                    return Err(format!("Data at the root level is invalid. {}", place(rest)));
                }
                at.append(&Node::new(Kind::Text, "#text", &entities(before)));
            }
            rest = &rest[next..];
            let until = |start: &str, stop: &str, kind: &str| match rest[start.len()..].find(stop) {
                Some(end) => Ok(end + start.len()),
                None => Err(format!("Unexpected end of file while parsing {kind} has occurred. {}", place(""))),
            };
            if rest.starts_with("<!--") {
                let end = until("<!--", "-->", "Comment")?;
                at.append(&Node::new(Kind::Comment, "#comment", &rest[4..end]));
                rest = &rest[end + 3..];
            } else if rest.starts_with("<![CDATA[") {
                let end = until("<![CDATA[", "]]>", "CDATA")?;
                at.append(&Node::new(Kind::CData, "#cdata-section", &rest[9..end]));
                rest = &rest[end + 3..];
            } else if rest.starts_with("<?") {
                let end = until("<?", "?>", "PI")?;
                let (name, value) = rest[2..end].split_once(char::is_whitespace).unwrap_or((&rest[2..end], ""));
                let kind = if name == "xml" { Kind::Declaration } else { Kind::Instruction };
                at.append(&Node::new(kind, name, value.trim()));
                rest = &rest[end + 2..];
            } else if rest.starts_with("<!") {
                let end = until("<!", ">", "DOCTYPE")?;
                at.append(&Node::new(Kind::DocumentType, "DOCTYPE", rest[2..end].trim_start_matches("DOCTYPE").trim()));
                rest = &rest[end + 1..];
            } else if rest.starts_with("</") {
                let end = until("</", ">", "Name")?;
                let name = rest[2..end].trim();
                if at.name != name || at.kind != Kind::Element {
                    return Err(match at.kind {
                        Kind::Element => format!("The '{}' start tag on line 1 position 2 does not match the end tag of '{name}'. {}", at.name, place(&rest[2..])),
                        _ => format!("Unexpected end tag. {}", place(&rest[2..])),
                    });
                }
                rest = &rest[end + 1..];
                at = match at.parent() {
                    Some(parent) => parent,
                    None => return Err("Unexpected end tag.".into()),
                };
            } else {
                let wrong = |r: &str| format!("Unexpected character in a tag. {}", place(r));
                if at.kind == Kind::Document && !at.elements().is_empty() {
                    return Err(format!("There are multiple root elements. {}", place(&rest[1..])));
                }
                let stop = rest[1..].find(|c: char| c.is_whitespace() || c == '>' || c == '/').ok_or_else(|| wrong(rest))? + 1;
                let element = Node::new(Kind::Element, &rest[1..stop], "");
                rest = rest[stop..].trim_start();
                loop {
                    if let Some(after) = rest.strip_prefix("/>") {
                        at.append(&element);
                        rest = after;
                        break;
                    }
                    if let Some(after) = rest.strip_prefix('>') {
                        element.short.set(false);
                        at.append(&element);
                        at = element;
                        rest = after;
                        break;
                    }
                    let equals = rest.find('=').ok_or_else(|| wrong(rest))?;
                    let value = rest[equals + 1..].trim_start();
                    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or_else(|| wrong(rest))?;
                    let end = value[1..].find(quote).ok_or_else(|| wrong(rest))? + 1;
                    element.set_attribute(rest[..equals].trim(), &entities(&value[1..end]));
                    rest = value[end + 1..].trim_start();
                }
            }
        }
        if !Rc::ptr_eq(&at, self) {
            return Err(format!("Unexpected end of file has occurred. The following elements are not closed: {}. {}", at.name, place("")));
        }
        if self.kind == Kind::Document && self.elements().is_empty() {
            return Err("Root element is missing.".into());
        }
        Ok(())
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A text with its entities resolved.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(end) = rest.find(';') else {
            break;
        };
        let name = &rest[1..end];
        let found = match name {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => match name.strip_prefix("#x") {
                Some(hex) => u32::from_str_radix(hex, 16).ok().and_then(char::from_u32),
                None => name.strip_prefix('#').and_then(|n| n.parse().ok()).and_then(char::from_u32),
            },
        };
        match found {
            Some(c) => out.push(c),
            None => out.push_str(&rest[..=end]),
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out.replace("\r\n", "\n")
}
