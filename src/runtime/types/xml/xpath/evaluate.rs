//! The value of an XPath expression at a node.

use super::expression::{Axis, Expression, Operator, Start, Step, Test};
use super::{Found, Namespaces, XPathError};
use crate::host::interrupted;
use crate::host::long_work::LongWork;
use crate::runtime::types::xml::known_namespaces::KnownNamespaces;
use crate::runtime::types::xml::{Node, NodeKind};
use rustc_hash::FxHashSet;
use std::rc::Rc;

/// Evaluates one expression.
pub struct Evaluator<'a> {
    /// The whole text, for messages.
    pub text: &'a str,
    /// What prefixes mean.
    pub namespaces: Namespaces<'a>,
    known: KnownNamespaces,
}

/// So many nodes and fewer are put in order by the ways to them.
const FEW: usize = 64;
/// From so many found nodes on those found twice are left out at once.
const MANY: usize = 1 << 20;

type Nodes = Vec<Rc<Node>>;

impl Found {
    /// As a number.
    pub fn number(&self) -> f64 {
        match self {
            Found::Number(number) => *number,
            Found::Bool(flag) => f64::from(u8::from(*flag)),
            Found::Text(text) => number_of(text),
            Found::Nodes(_) => number_of(&self.text()),
        }
    }

    /// As text: that of the first node.
    pub fn text(&self) -> String {
        match self {
            Found::Text(text) => text.clone(),
            Found::Bool(flag) => flag.to_string(),
            Found::Nodes(nodes) => nodes.first().map(|n| n.inner_text()).unwrap_or_default(),
            Found::Number(number) if number.is_infinite() => if *number > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            }
            .to_owned(),
            Found::Number(number) => number.to_string(),
        }
    }

    /// As a condition.
    pub fn truth(&self) -> bool {
        match self {
            Found::Bool(flag) => *flag,
            Found::Number(number) => *number != 0.0 && !number.is_nan(),
            Found::Text(text) => !text.is_empty(),
            Found::Nodes(nodes) => !nodes.is_empty(),
        }
    }
}

fn number_of(text: &str) -> f64 {
    let text = text.trim();
    let plain = text.chars().all(|c| c.is_ascii_digit() || "-.".contains(c));
    if plain {
        text.parse().unwrap_or(f64::NAN)
    } else {
        f64::NAN
    }
}

fn same(one: &Rc<Node>, other: &Rc<Node>) -> bool {
    Rc::ptr_eq(one, other)
}

fn parent(node: &Rc<Node>) -> Option<Rc<Node>> {
    node.parent.borrow().upgrade()
}

/// The way from the document to a node: places among attributes, then among children.
fn way(node: &Rc<Node>) -> Vec<usize> {
    let mut way = Vec::new();
    let mut at = node.clone();
    while let Some(above) = parent(&at) {
        let attributes = above.attributes.borrow();
        let place = attributes.iter().position(|a| same(a, &at));
        let place = place.or_else(|| {
            let children = above.children.borrow();
            let place = children.iter().position(|c| same(c, &at))?;
            Some(attributes.len() + place)
        });
        way.push(place.unwrap_or(usize::MAX));
        drop(attributes);
        at = above;
    }
    way.reverse();
    way
}

/// Each node once, in document order.
pub fn in_order(nodes: Nodes) -> Nodes {
    if nodes.len() > FEW
        && let Some(first) = nodes.first()
    {
        // One walk through the document is less work than to compare the ways to so many.
        let wanted: FxHashSet<_> = nodes.iter().map(Rc::as_ptr).collect();
        let mut all = Vec::new();
        let root = first.root();
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if interrupted() {
                return Vec::new();
            }
            let attributes = node.attributes.borrow();
            let found = attributes
                .iter()
                .filter(|a| wanted.contains(&Rc::as_ptr(a)));
            if wanted.contains(&Rc::as_ptr(&node)) {
                all.push(node.clone());
            }
            all.extend(found.cloned());
            open.extend(node.children.borrow().iter().rev().cloned());
        }
        return all;
    }
    let mut keyed: Vec<_> = nodes.into_iter().map(|node| (way(&node), node)).collect();
    keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
    keyed.dedup_by(|(_, one), (_, other)| same(one, other));
    keyed.into_iter().map(|(_, node)| node).collect()
}

fn below(node: &Rc<Node>, found: &mut Nodes) {
    if interrupted() {
        return;
    }
    for child in node.children.borrow().iter() {
        found.push(child.clone());
        below(child, found);
    }
}

fn siblings(node: &Rc<Node>, after: bool) -> Nodes {
    let Some(above) = parent(node) else {
        return Vec::new();
    };
    let children = above.children.borrow();
    let Some(place) = children.iter().position(|c| same(c, node)) else {
        return Vec::new();
    };
    if after {
        children.iter().skip(place + 1).cloned().collect()
    } else {
        children.iter().take(place).rev().cloned().collect()
    }
}

fn ancestors(node: &Rc<Node>) -> Nodes {
    std::iter::successors(parent(node), parent)
        .until_interrupted()
        .collect()
}

/// The nodes in a direction, the nearest first.
fn along(axis: Axis, node: &Rc<Node>) -> Nodes {
    let mut found = Vec::new();
    match axis {
        Axis::Child => found = node.children.borrow().clone(),
        Axis::Descendant => below(node, &mut found),
        Axis::DescendantOrSelf => {
            found.push(node.clone());
            below(node, &mut found);
        }
        Axis::Parent => found.extend(parent(node)),
        Axis::Ancestor => found = ancestors(node),
        Axis::AncestorOrSelf => {
            found.push(node.clone());
            found.extend(ancestors(node));
        }
        Axis::FollowingSibling => found = siblings(node, true),
        Axis::PrecedingSibling => found = siblings(node, false),
        Axis::Following => {
            for start in std::iter::once(node.clone()).chain(ancestors(node)) {
                for next in siblings(&start, true) {
                    found.push(next.clone());
                    below(&next, &mut found);
                }
            }
        }
        Axis::Preceding => {
            for start in std::iter::once(node.clone()).chain(ancestors(node)) {
                for before in siblings(&start, false) {
                    let mut tree = vec![before.clone()];
                    below(&before, &mut tree);
                    found.extend(tree.into_iter().rev());
                }
            }
        }
        Axis::Attribute => {
            let attributes = node.attributes.borrow();
            let plain = attributes
                .iter()
                .filter(|a| a.name != "xmlns" && !a.name.starts_with("xmlns:"));
            found = plain.cloned().collect();
        }
        Axis::Namespace => {}
        Axis::This => found.push(node.clone()),
    }
    // The declaration and document type are no nodes of the model.
    found.retain(|n| !matches!(n.kind, NodeKind::Declaration | NodeKind::DocumentType));
    found
}

impl<'a> Evaluator<'a> {
    /// An evaluator for an expression written so.
    pub fn new(text: &'a str, namespaces: Namespaces<'a>) -> Evaluator<'a> {
        Evaluator {
            text,
            namespaces,
            known: KnownNamespaces::default(),
        }
    }
}

impl Evaluator<'_> {
    fn namespace(&self, prefix: &str) -> Result<String, XPathError> {
        let Some(known) = self.namespaces else {
            return Err(XPathError::ManagerNeeded);
        };
        if prefix == "xml" {
            return Ok("http://www.w3.org/XML/1998/namespace".into());
        }
        let found = known.iter().find(|(name, _)| name == prefix);
        found
            .map(|(_, uri)| uri.clone())
            .ok_or_else(|| XPathError::UnknownPrefix(prefix.to_owned()))
    }

    fn passes(&self, step: &Step, node: &Rc<Node>) -> Result<bool, XPathError> {
        let principal = match step.axis {
            Axis::Attribute => NodeKind::Attribute,
            _ => NodeKind::Element,
        };
        Ok(match &step.test {
            Test::Any => true,
            Test::Text => matches!(
                node.kind,
                NodeKind::Text | NodeKind::CData | NodeKind::Whitespace
            ),
            Test::Comment => node.kind == NodeKind::Comment,
            Test::Instruction(name) => {
                node.kind == NodeKind::Instruction
                    && name.as_ref().is_none_or(|name| *name == node.name)
            }
            Test::Name(prefix, local) => {
                let uri = match prefix {
                    Some(prefix) => Some(self.namespace(prefix)?),
                    None => None,
                };
                if node.kind != principal || (local != "*" && node.local_name() != local) {
                    return Ok(false);
                }
                match uri {
                    Some(uri) => *self.known.of(node) == *uri,
                    None if local == "*" => true,
                    None => self.known.of(node).is_empty(),
                }
            }
        })
    }

    fn kept(&self, nodes: Nodes, predicates: &[Expression]) -> Result<Nodes, XPathError> {
        let mut nodes = nodes;
        for predicate in predicates {
            let count = nodes.len();
            let mut kept = Vec::new();
            for (place, node) in nodes.into_iter().enumerate() {
                let holds = match self.value(predicate, &node, place + 1, count)? {
                    Found::Number(number) => number == (place + 1) as f64,
                    other => other.truth(),
                };
                if holds {
                    kept.push(node);
                }
            }
            nodes = kept;
        }
        Ok(nodes)
    }

    fn step(&self, step: &Step, from: &[Rc<Node>]) -> Result<Nodes, XPathError> {
        // A wrong prefix is an error even where nothing is found.
        if let Test::Name(Some(prefix), _) = &step.test {
            self.namespace(prefix)?;
        }
        let mut all = Vec::new();
        let mut most = MANY;
        for node in from {
            let mut found = Vec::new();
            for candidate in along(step.axis, node) {
                if interrupted() {
                    return Ok(Vec::new());
                }
                if self.passes(step, &candidate)? {
                    found.push(candidate);
                }
            }
            all.extend(self.kept(found, &step.predicates)?);
            // The same nodes may be found from many places.
            if all.len() > most {
                all = in_order(all);
                most = (2 * all.len()).max(most);
            }
        }
        let sorted = from.len() <= 1
            && !matches!(
                step.axis,
                Axis::Ancestor | Axis::AncestorOrSelf | Axis::Preceding | Axis::PrecedingSibling
            );
        Ok(if sorted { all } else { in_order(all) })
    }

    fn nodes(&self, found: Found) -> Result<Nodes, XPathError> {
        match found {
            Found::Nodes(nodes) => Ok(nodes),
            _ => Err(XPathError::NoNodes),
        }
    }

    /// The value at a node that is the `place`th of `count`.
    pub fn value(
        &self,
        expression: &Expression,
        node: &Rc<Node>,
        place: usize,
        count: usize,
    ) -> Result<Found, XPathError> {
        match expression {
            Expression::Number(number) => Ok(Found::Number(*number)),
            Expression::Text(text) => Ok(Found::Text(text.clone())),
            Expression::Variable => Err(XPathError::ManagerNeeded),
            Expression::Negative(inner) => {
                let inner = self.value(inner, node, place, count)?;
                Ok(Found::Number(-inner.number()))
            }
            Expression::Call(name, arguments) => {
                let mut values = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    values.push(self.value(argument, node, place, count)?);
                }
                self.call(name, &values, node, (place, count))
            }
            Expression::Path(start, steps) => {
                let mut nodes = match start {
                    Start::Root => vec![node.root()],
                    Start::Context => vec![node.clone()],
                    Start::Filter(inner, predicates) => {
                        let inner = self.value(inner, node, place, count)?;
                        self.kept(self.nodes(inner)?, predicates)?
                    }
                };
                for step in steps {
                    nodes = self.step(step, &nodes)?;
                }
                Ok(Found::Nodes(nodes))
            }
            Expression::Binary(operator, left, right) => {
                let left = self.value(left, node, place, count)?;
                // The right side is not looked at when the left one decides.
                match operator {
                    Operator::Or if left.truth() => return Ok(Found::Bool(true)),
                    Operator::And if !left.truth() => return Ok(Found::Bool(false)),
                    _ => {}
                }
                let right = self.value(right, node, place, count)?;
                self.combined(*operator, left, right)
            }
        }
    }

    fn combined(&self, operator: Operator, left: Found, right: Found) -> Result<Found, XPathError> {
        let (x, y) = match operator {
            Operator::Plus
            | Operator::Minus
            | Operator::Times
            | Operator::Divide
            | Operator::Modulo => (left.number(), right.number()),
            _ => (0.0, 0.0),
        };
        Ok(match operator {
            Operator::Or | Operator::And => Found::Bool(right.truth()),
            Operator::Union => {
                let mut nodes = self.nodes(left)?;
                nodes.extend(self.nodes(right)?);
                Found::Nodes(in_order(nodes))
            }
            Operator::Plus => Found::Number(x + y),
            Operator::Minus => Found::Number(x - y),
            Operator::Times => Found::Number(x * y),
            Operator::Divide => Found::Number(x / y),
            Operator::Modulo => Found::Number(x % y),
            _ => Found::Bool(compared(operator, &left, &right)),
        })
    }
}

/// A comparison; one with nodes holds when it holds for any of them.
fn compared(operator: Operator, left: &Found, right: &Found) -> bool {
    match (left, right) {
        (Found::Nodes(_), Found::Bool(_)) | (Found::Bool(_), Found::Nodes(_)) => single(
            operator,
            &Found::Bool(left.truth()),
            &Found::Bool(right.truth()),
        ),
        (Found::Nodes(nodes), _) => nodes.iter().any(|node| {
            let text = Found::Text(node.inner_text());
            compared(operator, &text, right)
        }),
        (_, Found::Nodes(nodes)) => nodes.iter().any(|node| {
            let text = Found::Text(node.inner_text());
            compared(operator, left, &text)
        }),
        _ => single(operator, left, right),
    }
}

fn single(operator: Operator, left: &Found, right: &Found) -> bool {
    let equal = || match (left, right) {
        (Found::Bool(_), _) | (_, Found::Bool(_)) => left.truth() == right.truth(),
        (Found::Number(_), _) | (_, Found::Number(_)) => left.number() == right.number(),
        _ => left.text() == right.text(),
    };
    let (x, y) = (left.number(), right.number());
    match operator {
        Operator::Equal => equal(),
        Operator::NotEqual => !equal(),
        Operator::Less => x < y,
        Operator::LessOrEqual => x <= y,
        Operator::Greater => x > y,
        _ => x >= y,
    }
}
