//! The namespaces of many nodes of one document, one after the other.

use super::{Node, NodeKind};
use crate::host::long_work::LongWork;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// What no prefix means inside the elements that were asked, so that deep trees are not climbed
/// again and again. Good for as long as the document does not change.
#[derive(Default)]
pub struct KnownNamespaces(RefCell<FxHashMap<*const Node, Rc<str>>>);

impl KnownNamespaces {
    /// The namespace of a node.
    pub fn of(&self, node: &Rc<Node>) -> Rc<str> {
        if node.kind != NodeKind::Element
            || !node.prefix().is_empty()
            || !node.namespace.borrow().is_empty()
        {
            return node.namespace_uri().into();
        }
        let around = |node: &Rc<Node>| node.parent.borrow().upgrade();
        let outwards = std::iter::successors(Some(node.clone()), around).until_interrupted();
        let mut found: Rc<str> = "".into();
        for outer in outwards {
            if let Some(known) = self.0.borrow().get(&Rc::as_ptr(&outer)) {
                found = known.clone();
                break;
            }
            if !outer.attributes.borrow().is_empty()
                && let Some(own) = outer.attribute("xmlns")
            {
                found = own.value.borrow().as_str().into();
                break;
            }
        }
        let mut known = self.0.borrow_mut();
        known.insert(Rc::as_ptr(node), found.clone());
        found
    }
}
