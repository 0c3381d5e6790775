//! The paths of `SelectNodes` and `SelectSingleNode`: steps, `//`, attributes and predicates.

use super::xml::{Node, NodeKind};
use std::rc::Rc;

/// Prefixes with their namespaces.
pub type Namespaces<'a> = &'a [(String, String)];

/// The nodes a path leads to, in document order; `None` when the path is not understood.
pub fn select(context: &Rc<Node>, path: &str, namespaces: Namespaces<'_>) -> Option<Vec<Rc<Node>>> {
    let mut found: Vec<Rc<Node>> = Vec::new();
    for part in split_outside(path, '|') {
        for node in select_one(context, part.trim(), namespaces)? {
            if !found.iter().any(|f| Rc::ptr_eq(f, &node)) {
                found.push(node);
            }
        }
    }
    Some(found)
}

/// Cuts at a character that stands outside brackets and quotes.
fn split_outside(text: &str, at: char) -> Vec<&str> {
    let (mut depth, mut quote, mut start) = (0, None, 0);
    let mut parts = Vec::new();
    for (i, c) in text.char_indices() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth -= 1,
            (None, c) if c == at && depth == 0 => {
                parts.push(&text[start..i]);
                start = i + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn select_one(context: &Rc<Node>, path: &str, namespaces: Namespaces<'_>) -> Option<Vec<Rc<Node>>> {
    let mut current = vec![context.clone()];
    let mut rest = path;
    if path.starts_with('/') {
        current = vec![context.root()];
        if path == "/" {
            return Some(current);
        }
        if !path.starts_with("//")
            && let Some(relative) = path.strip_prefix('/')
        {
            rest = relative;
        }
    }
    let steps = split_outside(rest, '/');
    let mut deep = false;
    for (at, step) in steps.iter().enumerate() {
        if step.is_empty() {
            if at + 1 == steps.len() {
                return None;
            }
            deep = true;
            continue;
        }
        let mut next: Vec<Rc<Node>> = Vec::new();
        for node in &current {
            let mut starts = vec![node.clone()];
            if deep {
                node.descendants(&mut starts);
            }
            for start in starts {
                for found in take_step(&start, step, namespaces)? {
                    if !next.iter().any(|n| Rc::ptr_eq(n, &found)) {
                        next.push(found);
                    }
                }
            }
        }
        deep = false;
        current = next;
    }
    Some(current)
}

fn named(node: &Rc<Node>, test: &str, namespaces: Namespaces<'_>) -> bool {
    match test {
        "*" => true,
        _ => match test.split_once(':') {
            Some((prefix, local)) => {
                let uri = namespaces
                    .iter()
                    .find(|(p, _)| p == prefix)
                    .map(|(_, u)| u.as_str());
                (local == "*" || node.local_name() == local)
                    && match uri {
                        Some(uri) => node.namespace_uri() == uri,
                        None => node.prefix() == prefix,
                    }
            }
            None => node.name == test && node.namespace_uri().is_empty(),
        },
    }
}

fn take_step(node: &Rc<Node>, step: &str, namespaces: Namespaces<'_>) -> Option<Vec<Rc<Node>>> {
    let open = step.find('[').unwrap_or(step.len());
    let (test, mut predicates) = (step[..open].trim(), &step[open..]);
    let test = test.strip_prefix("child::").unwrap_or(test);
    let mut found: Vec<Rc<Node>> = match test {
        "." => vec![node.clone()],
        ".." => node.parent.borrow().upgrade().into_iter().collect(),
        "text()" => node
            .children
            .borrow()
            .iter()
            .filter(|c| matches!(c.kind, NodeKind::Text | NodeKind::CData))
            .cloned()
            .collect(),
        "comment()" => node
            .children
            .borrow()
            .iter()
            .filter(|c| c.kind == NodeKind::Comment)
            .cloned()
            .collect(),
        "node()" => node.children.borrow().clone(),
        _ => match test
            .strip_prefix('@')
            .or_else(|| test.strip_prefix("attribute::"))
        {
            Some(name) => node
                .attributes
                .borrow()
                .iter()
                .filter(|a| name == "*" || a.name == name)
                .cloned()
                .collect(),
            None => match test.strip_prefix("descendant::") {
                Some(name) => {
                    let mut all = Vec::new();
                    node.descendants(&mut all);
                    all.retain(|n| named(n, name, namespaces));
                    all
                }
                None if test.contains('(') => return None,
                None => node
                    .elements()
                    .into_iter()
                    .filter(|e| named(e, test, namespaces))
                    .collect(),
            },
        },
    };
    while let Some(inner) = predicates.strip_prefix('[') {
        let end = closing(inner)?;
        let condition = inner[..end].trim();
        let count = found.len();
        let mut kept = Vec::new();
        for (at, candidate) in found.iter().enumerate() {
            if holds(candidate, condition, at + 1, count, namespaces)? {
                kept.push(candidate.clone());
            }
        }
        found = kept;
        predicates = inner[end + 1..].trim_start();
    }
    Some(found)
}

fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0, None);
    for (i, c) in text.char_indices() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[') => depth += 1,
            (None, ']') if depth == 0 => return Some(i),
            (None, ']') => depth -= 1,
            _ => {}
        }
    }
    None
}

fn split_word<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let (mut depth, mut quote) = (0, None);
    for (i, c) in text.char_indices() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth -= 1,
            (None, _) if depth == 0 && text[i..].starts_with(word) => {
                return Some((&text[..i], &text[i + word.len()..]));
            }
            _ => {}
        }
    }
    None
}

/// The text of an expression in a predicate.
fn text_of(
    node: &Rc<Node>,
    expression: &str,
    at: usize,
    count: usize,
    namespaces: Namespaces<'_>,
) -> Option<Vec<String>> {
    let expression = expression.trim();
    for quote in ['\'', '"'] {
        if let Some(inner) = expression.strip_prefix(quote) {
            return inner.strip_suffix(quote).map(|t| vec![t.to_string()]);
        }
    }
    if expression.parse::<f64>().is_ok() {
        return Some(vec![expression.to_string()]);
    }
    match expression {
        "position()" => return Some(vec![at.to_string()]),
        "last()" => return Some(vec![count.to_string()]),
        "name()" => return Some(vec![node.name.clone()]),
        "local-name()" => return Some(vec![node.local_name().to_string()]),
        _ => {}
    }
    if let Some(inner) = call(expression, "count") {
        let found = select(node, inner, namespaces)?;
        return Some(vec![found.len().to_string()]);
    }
    if let Some(inner) = call(expression, "normalize-space") {
        let inner = if inner.is_empty() { "." } else { inner };
        let texts = text_of(node, inner, at, count, namespaces)?;
        return Some(
            texts
                .iter()
                .map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "))
                .collect(),
        );
    }
    let found = select(node, expression, namespaces)?;
    Some(found.iter().map(|n| n.inner_text()).collect())
}

fn call<'a>(expression: &'a str, name: &str) -> Option<&'a str> {
    expression
        .strip_prefix(name)?
        .trim_start()
        .strip_prefix('(')?
        .strip_suffix(')')
}

fn holds(
    node: &Rc<Node>,
    condition: &str,
    at: usize,
    count: usize,
    namespaces: Namespaces<'_>,
) -> Option<bool> {
    let condition = condition.trim();
    if let Ok(place) = condition.parse::<usize>() {
        return Some(place == at);
    }
    if condition == "last()" {
        return Some(at == count);
    }
    for (word, any) in [(" or ", true), (" and ", false)] {
        if let Some((left, right)) = split_word(condition, word) {
            let left = holds(node, left, at, count, namespaces)?;
            let right = holds(node, right, at, count, namespaces)?;
            return Some(if any { left || right } else { left && right });
        }
    }
    if let Some(inner) = call(condition, "not") {
        return holds(node, inner, at, count, namespaces).map(|b| !b);
    }
    for name in ["contains", "starts-with", "ends-with"] {
        if let Some(inner) = call(condition, name) {
            let parts = split_outside(inner, ',');
            let [left, right] = parts.as_slice() else {
                return None;
            };
            let left = text_of(node, left, at, count, namespaces)?;
            let right = text_of(node, right, at, count, namespaces)?;
            let (left, right) = (left.first()?.as_str(), right.first()?.as_str());
            return Some(match name {
                "contains" => left.contains(right),
                "starts-with" => left.starts_with(right),
                _ => left.ends_with(right),
            });
        }
    }
    for operator in ["!=", "<=", ">=", "=", "<", ">"] {
        if let Some((left, right)) = split_word(condition, operator) {
            let left = text_of(node, left, at, count, namespaces)?;
            let right = text_of(node, right, at, count, namespaces)?;
            let compare = |a: &String, b: &String| {
                let numbers = a
                    .trim()
                    .parse::<f64>()
                    .ok()
                    .zip(b.trim().parse::<f64>().ok());
                match (operator, numbers) {
                    ("=", Some((a, b))) => a == b,
                    ("!=", Some((a, b))) => a != b,
                    ("=", None) => a == b,
                    ("!=", None) => a != b,
                    ("<", Some((a, b))) => a < b,
                    (">", Some((a, b))) => a > b,
                    ("<=", Some((a, b))) => a <= b,
                    (">=", Some((a, b))) => a >= b,
                    _ => false,
                }
            };
            return Some(left.iter().any(|a| right.iter().any(|b| compare(a, b))));
        }
    }
    let found = select(node, condition, namespaces)?;
    Some(!found.is_empty())
}
