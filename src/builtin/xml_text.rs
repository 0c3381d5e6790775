//! A small XML reader: elements with attributes, children and text.

use crate::host::discard::Long;
use crate::host::interrupted;

/// An element.
#[derive(Default, Debug)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// Its attributes in order.
    pub attributes: Vec<(String, String)>,
    /// The elements in it.
    pub children: Long<Element>,
    /// The text in it.
    pub text: String,
}

impl Element {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// The outermost element of a text; none when the text is no XML.
    pub fn parse(text: &str) -> Option<Element> {
        let mut rest = text.trim_start_matches('\u{feff}');
        let mut open: Vec<Element> = Vec::new();
        loop {
            if interrupted() {
                return None;
            }
            let at = rest.find('<')?;
            if let Some(current) = open.last_mut() {
                current.text.push_str(&entities(&rest[..at]));
            }
            rest = &rest[at..];
            if let Some(after) = rest.strip_prefix("<!--") {
                rest = &after[after.find("-->")? + 3..];
            } else if let Some(after) = rest.strip_prefix("<![CDATA[") {
                let end = after.find("]]>")?;
                open.last_mut()?.text.push_str(&after[..end]);
                rest = &after[end + 3..];
            } else if rest.starts_with("<?") || rest.starts_with("<!") {
                rest = &rest[rest.find('>')? + 1..];
            } else if let Some(after) = rest.strip_prefix("</") {
                let end = after.find('>')?;
                let mut done = open.pop()?;
                if done.name != after[..end].trim() {
                    return None;
                }
                if !done.children.is_empty() {
                    done.text.clear();
                }
                rest = &after[end + 1..];
                match open.last_mut() {
                    Some(parent) => parent.children.push(done),
                    None => return Some(done),
                }
            } else {
                let (element, empty, after) = start_tag(&rest[1..])?;
                rest = after;
                if !empty {
                    open.push(element);
                    continue;
                }
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Some(element),
                }
            }
        }
    }
}

fn start_tag(text: &str) -> Option<(Element, bool, &str)> {
    let stop = text.find(|c: char| c.is_whitespace() || c == '>' || c == '/')?;
    let mut element = Element {
        name: text[..stop].to_string(),
        ..Element::default()
    };
    let mut rest = text[stop..].trim_start();
    loop {
        if let Some(after) = rest.strip_prefix("/>") {
            return Some((element, true, after));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Some((element, false, after));
        }
        let equals = rest.find('=')?;
        let name = rest[..equals].trim().to_string();
        let value = rest[equals + 1..].trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let end = value[1..].find(quote)?;
        element.attributes.push((name, entities(&value[1..=end])));
        rest = value[end + 2..].trim_start();
    }
}

/// A text with its entities resolved.
fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_string();
    }
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
                None => name
                    .strip_prefix('#')
                    .and_then(|n| n.parse().ok())
                    .and_then(char::from_u32),
            },
        };
        match found {
            Some(c) => out.push(c),
            None => out.push_str(&rest[..=end]),
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_elements() {
        let root = Element::parse("<?xml version='1.0'?><a x=\"1\"><b>t &lt; u</b><c /></a>")
            .expect("it is XML");
        assert_eq!(root.attribute("x"), Some("1"));
        assert_eq!(root.children.len(), 2);
        assert_eq!(root.children[0].text, "t < u");
        assert!(Element::parse("<a><b></a>").is_none());
    }
}
