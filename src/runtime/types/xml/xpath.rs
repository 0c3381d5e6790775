//! XPath 1.0, the part that scripts use: paths, predicates, comparisons, functions.

use super::tree::{Kind, Node};
use std::rc::Rc;

/// What an expression gives.
enum Found {
    Nodes(Vec<Rc<Node>>),
    Text(String),
    Number(f64),
    Truth(bool),
}

impl Found {
    fn text(&self) -> String {
        match self {
            Found::Nodes(nodes) => nodes.first().map(|n| n.inner_text()).unwrap_or_default(),
            Found::Text(text) => text.clone(),
            Found::Number(n) => n.to_string(),
            Found::Truth(b) => b.to_string(),
        }
    }

    fn number(&self) -> f64 {
        match self {
            Found::Number(n) => *n,
            Found::Truth(b) => f64::from(u8::from(*b)),
            other => other.text().trim().parse().unwrap_or(f64::NAN),
        }
    }

    fn truth(&self) -> bool {
        match self {
            Found::Nodes(nodes) => !nodes.is_empty(),
            Found::Text(text) => !text.is_empty(),
            Found::Number(n) => *n != 0.0 && !n.is_nan(),
            Found::Truth(b) => *b,
        }
    }
}

/// Prefixes of an expression and the namespaces they stand for.
pub type Prefixes = [(String, String)];

/// The nodes an expression means, seen from a node; none when it is no XPath.
pub fn select(node: &Rc<Node>, expression: &str, prefixes: &Prefixes) -> Option<Vec<Rc<Node>>> {
    let mut reader = Reader { text: expression.trim(), prefixes };
    let found = reader.or(node, 1, 1)?;
    if !reader.text.trim().is_empty() {
        return None;
    }
    match found {
        Found::Nodes(nodes) => Some(nodes),
        _ => None,
    }
}

struct Reader<'a> {
    text: &'a str,
    prefixes: &'a Prefixes,
}

impl Reader<'_> {
    fn take(&mut self, what: &str) -> bool {
        self.text = self.text.trim_start();
        match self.text.strip_prefix(what) {
            Some(rest) => {
                self.text = rest;
                true
            }
            None => false,
        }
    }

    fn word(&mut self, word: &str) -> bool {
        let text = self.text.trim_start();
        match text.strip_prefix(word) {
            Some(rest) if rest.starts_with([' ', '(', '\n', '\t']) => {
                self.text = rest;
                true
            }
            _ => false,
        }
    }

    fn or(&mut self, node: &Rc<Node>, position: usize, last: usize) -> Option<Found> {
        let mut left = self.and(node, position, last)?;
        while self.word("or") {
            let right = self.and(node, position, last)?;
            left = Found::Truth(left.truth() || right.truth());
        }
        Some(left)
    }

    fn and(&mut self, node: &Rc<Node>, position: usize, last: usize) -> Option<Found> {
        let mut left = self.comparison(node, position, last)?;
        while self.word("and") {
            let right = self.comparison(node, position, last)?;
            left = Found::Truth(left.truth() && right.truth());
        }
        Some(left)
    }

    fn comparison(&mut self, node: &Rc<Node>, position: usize, last: usize) -> Option<Found> {
        let left = self.sum(node, position, last)?;
        for operator in ["!=", "<=", ">=", "=", "<", ">"] {
            if self.take(operator) {
                let right = self.sum(node, position, last)?;
                return Some(Found::Truth(compare(&left, &right, operator)));
            }
        }
        Some(left)
    }

    fn sum(&mut self, node: &Rc<Node>, position: usize, last: usize) -> Option<Found> {
        let mut left = self.union(node, position, last)?;
        loop {
            if self.take("+") {
                left = Found::Number(left.number() + self.union(node, position, last)?.number());
            } else if self.take("- ") {
                left = Found::Number(left.number() - self.union(node, position, last)?.number());
            } else if self.word("mod") {
                left = Found::Number(left.number() % self.union(node, position, last)?.number());
            } else if self.word("div") {
                left = Found::Number(left.number() / self.union(node, position, last)?.number());
            } else {
                return Some(left);
            }
        }
    }

    fn union(&mut self, node: &Rc<Node>, position: usize, last: usize) -> Option<Found> {
        let mut left = self.primary(node, position, last)?;
        while self.take("|") {
            let right = self.primary(node, position, last)?;
            left = match (left, right) {
                (Found::Nodes(mut a), Found::Nodes(b)) => {
                    for found in b {
                        if !a.iter().any(|n| Rc::ptr_eq(n, &found)) {
                            a.push(found);
                        }
                    }
                    Found::Nodes(a)
                }
                _ => return None,
            };
        }
        Some(left)
    }

    fn primary(&mut self, node: &Rc<Node>, position: usize, last: usize) -> Option<Found> {
        self.text = self.text.trim_start();
        let first = self.text.chars().next()?;
        if matches!(first, '"' | '\'') {
            let end = self.text[1..].find(first)? + 1;
            let text = self.text[1..end].to_string();
            self.text = &self.text[end + 1..];
            return Some(Found::Text(text));
        }
        if first.is_ascii_digit() || first == '-' {
            let end = self.text[1..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(self.text.len(), |e| e + 1);
            let number = self.text[..end].parse().ok()?;
            self.text = &self.text[end..];
            return Some(Found::Number(number));
        }
        if self.take("(") {
            let inner = self.or(node, position, last)?;
            if !self.take(")") {
                return None;
            }
            return match inner {
                Found::Nodes(nodes) => self.steps(nodes),
                other => Some(other),
            };
        }
        let name: String = self.text.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
        let is_test = matches!(name.as_str(), "text" | "node" | "comment" | "processing-instruction");
        if !name.is_empty() && !is_test && self.text[name.len()..].starts_with('(') {
            self.text = &self.text[name.len() + 1..];
            let mut arguments = Vec::new();
            if !self.take(")") {
                loop {
                    arguments.push(self.or(node, position, last)?);
                    if self.take(")") {
                        break;
                    }
                    if !self.take(",") {
                        return None;
                    }
                }
            }
            return function(&name, &arguments, node, position, last);
        }
        if self.text.starts_with("//") {
            return self.steps(vec![node.root()]);
        }
        if self.text.starts_with('/') {
            let rest = self.text[1..].trim_start();
            if rest.is_empty() || rest.starts_with([']', ')', '|']) {
                self.text = rest;
                return Some(Found::Nodes(vec![node.root()]));
            }
            return self.steps(vec![node.root()]);
        }
        let nodes = self.step(vec![node.clone()])?;
        self.steps(nodes)
    }

    fn steps(&mut self, mut nodes: Vec<Rc<Node>>) -> Option<Found> {
        loop {
            if self.text.starts_with("//") {
                self.text = &self.text[2..];
                let mut all = Vec::new();
                for node in &nodes {
                    below(node, true, &mut all);
                }
                nodes = self.step(all)?;
            } else if self.text.starts_with('/') {
                self.text = &self.text[1..];
                nodes = self.step(nodes)?;
            } else {
                return Some(Found::Nodes(nodes));
            }
        }
    }

    fn step(&mut self, nodes: Vec<Rc<Node>>) -> Option<Vec<Rc<Node>>> {
        self.text = self.text.trim_start();
        let mut axis = "child".to_string();
        let mut test = String::new();
        if self.take("..") {
            axis = "parent".into();
            test = "node()".into();
        } else if self.take(".") {
            axis = "self".into();
            test = "node()".into();
        } else {
            if self.take("@") {
                axis = "attribute".into();
            }
            let end = self.text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | '*'))).unwrap_or(self.text.len());
            let mut name = &self.text[..end];
            self.text = &self.text[end..];
            if let Some((found, rest)) = name.split_once("::") {
                axis = found.to_string();
                name = rest;
            }
            test.push_str(name);
            if self.text.starts_with("()") {
                test.push_str("()");
                self.text = &self.text[2..];
            }
            if test.is_empty() {
                return None;
            }
        }
        let start = self.text;
        let mut all: Vec<Rc<Node>> = Vec::new();
        for node in &nodes {
            self.text = start;
            let mut found: Vec<Rc<Node>> = along(node, &axis)?.into_iter().filter(|n| self.fits(n, &test, &axis)).collect();
            while self.take("[") {
                let inner = self.text;
                let count = found.len();
                let mut kept = Vec::new();
                let mut after = None;
                for (i, candidate) in found.iter().enumerate() {
                    self.text = inner;
                    let answer = self.or(candidate, i + 1, count)?;
                    after = Some(self.text);
                    let keep = match answer {
                        Found::Number(n) => n == (i + 1) as f64,
                        other => other.truth(),
                    };
                    if keep {
                        kept.push(candidate.clone());
                    }
                }
                self.text = match after {
                    Some(after) => after,
                    None => skip_predicate(inner)?,
                };
                if !self.take("]") {
                    return None;
                }
                found = kept;
            }
            for one in found {
                if !all.iter().any(|n| Rc::ptr_eq(n, &one)) {
                    all.push(one);
                }
            }
        }
        if nodes.is_empty() {
            while self.take("[") {
                self.text = skip_predicate(self.text)?;
                if !self.take("]") {
                    return None;
                }
            }
        }
        Some(all)
    }

    fn fits(&self, node: &Rc<Node>, test: &str, axis: &str) -> bool {
        let principal = if axis == "attribute" { Kind::Attribute } else { Kind::Element };
        match test {
            "node()" => true,
            "text()" => matches!(node.kind, Kind::Text | Kind::CData),
            "comment()" => node.kind == Kind::Comment,
            "*" => node.kind == principal && !node.name.starts_with("xmlns"),
            _ => {
                if node.kind != principal {
                    return false;
                }
                let local = node.name.rsplit(':').next().unwrap_or(&node.name);
                match test.split_once(':') {
                    Some((prefix, name)) => {
                        let wanted = self.prefixes.iter().find(|(p, _)| p == prefix).map(|(_, n)| n.as_str());
                        (name == "*" || name == local) && wanted == Some(node.namespace().as_str())
                    }
                    None => node.name == test && node.namespace().is_empty(),
                }
            }
        }
    }
}

/// The text behind the predicate that begins here.
fn skip_predicate(text: &str) -> Option<&str> {
    let mut depth = 0;
    let mut quote = None;
    for (i, c) in text.char_indices() {
        match (quote, c) {
            (Some(q), c) if q == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') if depth == 0 => return Some(&text[i..]),
            (None, ']') => depth -= 1,
            _ => {}
        }
    }
    None
}

fn below(node: &Rc<Node>, own: bool, out: &mut Vec<Rc<Node>>) {
    if own {
        out.push(node.clone());
    }
    for child in node.children.borrow().iter() {
        below(child, true, out);
    }
}

fn along(node: &Rc<Node>, axis: &str) -> Option<Vec<Rc<Node>>> {
    let siblings = || node.parent().map(|p| p.children.borrow().clone()).unwrap_or_default();
    let at = |list: &[Rc<Node>]| list.iter().position(|n| Rc::ptr_eq(n, node));
    Some(match axis {
        "child" => node.children.borrow().clone(),
        "attribute" => node.attributes.borrow().clone(),
        "self" => vec![node.clone()],
        "parent" => node.parent().into_iter().collect(),
        "descendant" | "descendant-or-self" => {
            let mut all = Vec::new();
            below(node, axis != "descendant", &mut all);
            all
        }
        "ancestor" | "ancestor-or-self" => {
            let mut all = Vec::new();
            let mut up = match axis {
                "ancestor" => node.parent(),
                _ => Some(node.clone()),
            };
            while let Some(found) = up {
                up = found.parent();
                all.push(found);
            }
            all
        }
        "following-sibling" => {
            let list = siblings();
            at(&list).map(|i| list[i + 1..].to_vec()).unwrap_or_default()
        }
        "preceding-sibling" => {
            let list = siblings();
            at(&list).map(|i| list[..i].iter().rev().cloned().collect()).unwrap_or_default()
        }
        _ => return None,
    })
}

fn compare(left: &Found, right: &Found, operator: &str) -> bool {
    match (left, right) {
        (Found::Nodes(nodes), other) => nodes.iter().any(|n| compare(&Found::Text(n.inner_text()), other, operator)),
        (other, Found::Nodes(nodes)) => nodes.iter().any(|n| compare(other, &Found::Text(n.inner_text()), operator)),
        _ => {
            let equal = match (left, right) {
                (Found::Truth(_), _) | (_, Found::Truth(_)) => left.truth() == right.truth(),
                (Found::Number(_), _) | (_, Found::Number(_)) => left.number() == right.number(),
                _ => left.text() == right.text(),
            };
            let (a, b) = (left.number(), right.number());
            match operator {
                "=" => equal,
                "!=" => !equal,
                "<" => a < b,
                ">" => a > b,
                "<=" => a <= b,
                _ => a >= b,
            }
        }
    }
}

fn function(name: &str, arguments: &[Found], node: &Rc<Node>, position: usize, last: usize) -> Option<Found> {
    let own = || node.inner_text();
    let text = |i: usize| arguments.get(i).map(Found::text);
    let nodes = |i: usize| match arguments.get(i) {
        Some(Found::Nodes(nodes)) => Some(nodes.clone()),
        _ => None,
    };
    let named = nodes(0).and_then(|n| n.first().cloned()).unwrap_or_else(|| node.clone());
    Some(match name {
        "position" => Found::Number(position as f64),
        "last" => Found::Number(last as f64),
        "count" => Found::Number(nodes(0)?.len() as f64),
        "sum" => Found::Number(nodes(0)?.iter().map(|n| n.inner_text().trim().parse::<f64>().unwrap_or(f64::NAN)).sum()),
        "not" => Found::Truth(!arguments.first()?.truth()),
        "true" => Found::Truth(true),
        "false" => Found::Truth(false),
        "boolean" => Found::Truth(arguments.first()?.truth()),
        "contains" => Found::Truth(text(0)?.contains(&text(1)?)),
        "starts-with" => Found::Truth(text(0)?.starts_with(&text(1)?)),
        "string" => Found::Text(text(0).unwrap_or_else(own)),
        "number" => Found::Number(match arguments.first() {
            Some(found) => found.number(),
            None => Found::Text(own()).number(),
        }),
        "string-length" => Found::Number(text(0).unwrap_or_else(own).chars().count() as f64),
        "normalize-space" => Found::Text(text(0).unwrap_or_else(own).split_whitespace().collect::<Vec<_>>().join(" ")),
        "concat" => Found::Text(arguments.iter().map(Found::text).collect()),
        "translate" => {
            let (from, to): (Vec<char>, Vec<char>) = (text(1)?.chars().collect(), text(2)?.chars().collect());
            Found::Text(text(0)?.chars().filter_map(|c| match from.iter().position(|f| *f == c) {
                Some(i) => to.get(i).copied(),
                None => Some(c),
            }).collect())
        }
        "substring-before" => Found::Text(text(0)?.split_once(&text(1)?).map_or(String::new(), |(a, _)| a.to_string())),
        "substring-after" => Found::Text(text(0)?.split_once(&text(1)?).map_or(String::new(), |(_, b)| b.to_string())),
        "substring" => {
            let start = arguments.get(1)?.number().round();
            let length = arguments.get(2).map_or(f64::INFINITY, |l| l.number().round());
            Found::Text(text(0)?.chars().enumerate().filter(|(i, _)| {
                let at = *i as f64 + 1.0;
                at >= start && at < start + length
            }).map(|(_, c)| c).collect())
        }
        "name" => Found::Text(named.name.clone()),
        "local-name" => Found::Text(named.name.rsplit(':').next().unwrap_or_default().to_string()),
        "floor" => Found::Number(arguments.first()?.number().floor()),
        "ceiling" => Found::Number(arguments.first()?.number().ceil()),
        "round" => Found::Number(arguments.first()?.number().round()),
        _ => return None,
    })
}
