//! The functions of XPath.

use super::evaluate::{Evaluator, in_order};
use super::{Found, XPathError};
use crate::runtime::types::xml::Node;
use std::rc::Rc;

impl Evaluator<'_> {
    /// Calls a function at a node that is one of several.
    pub fn call(
        &self,
        name: &str,
        arguments: &[Found],
        node: &Rc<Node>,
        (place, count): (usize, usize),
    ) -> Result<Found, XPathError> {
        let wrong = || XPathError::ArgumentCount(name.to_owned(), self.text.to_owned());
        let argument = |at: usize| arguments.get(at).ok_or_else(wrong);
        let text = |at: usize| argument(at).map(Found::text);
        let number = |at: usize| argument(at).map(Found::number);
        // Without an argument the node itself is meant.
        let own_text = || match arguments.first() {
            Some(found) => found.text(),
            None => node.inner_text(),
        };
        let named = || match arguments.first() {
            Some(Found::Nodes(nodes)) => Ok(nodes.first().cloned()),
            Some(_) => Err(XPathError::NoNodes),
            None => Ok(Some(node.clone())),
        };
        let nodes = |at: usize| match argument(at)? {
            Found::Nodes(nodes) => Ok(nodes.clone()),
            _ => Err(XPathError::NoNodes),
        };
        Ok(match name {
            "position" => Found::Number(place as f64),
            "last" => Found::Number(count as f64),
            "count" => Found::Number(nodes(0)?.len() as f64),
            "id" => {
                let wanted = text(0)?;
                let wanted: Vec<&str> = wanted.split_whitespace().collect();
                let mut all = Vec::new();
                node.root().descendants(&mut all);
                all.retain(|n| {
                    n.attribute("id")
                        .is_some_and(|a| wanted.contains(&a.value.borrow().as_str()))
                });
                Found::Nodes(in_order(all))
            }
            "name" => Found::Text(named()?.map(|n| n.name.clone()).unwrap_or_default()),
            "local-name" => Found::Text(
                named()?
                    .map(|n| n.local_name().to_owned())
                    .unwrap_or_default(),
            ),
            "namespace-uri" => Found::Text(named()?.map(|n| n.namespace_uri()).unwrap_or_default()),
            "string" => Found::Text(own_text()),
            "concat" => {
                if arguments.len() < 2 {
                    return Err(wrong());
                }
                Found::Text(arguments.iter().map(Found::text).collect())
            }
            "starts-with" => Found::Bool(text(0)?.starts_with(&text(1)?)),
            "contains" => Found::Bool(text(0)?.contains(&text(1)?)),
            "substring-before" => {
                let (whole, part) = (text(0)?, text(1)?);
                let end = whole.find(&part).unwrap_or(0);
                Found::Text(whole[..end].to_owned())
            }
            "substring-after" => {
                let (whole, part) = (text(0)?, text(1)?);
                let rest = whole.split_once(&part).map_or("", |(_, rest)| rest);
                Found::Text(rest.to_owned())
            }
            "substring" => {
                let start = round(number(1)?);
                let end = match arguments.get(2) {
                    Some(length) => start + round(length.number()),
                    None => f64::INFINITY,
                };
                let whole = text(0)?;
                let kept = whole.chars().enumerate().filter(|(at, _)| {
                    let at = (at + 1) as f64;
                    at >= start && at < end
                });
                Found::Text(kept.map(|(_, c)| c).collect())
            }
            "string-length" => Found::Number(own_text().encode_utf16().count() as f64),
            "normalize-space" => {
                let text = own_text();
                let words: Vec<&str> = text.split_ascii_whitespace().collect();
                Found::Text(words.join(" "))
            }
            "translate" => {
                let (from, to) = (text(1)?, text(2)?);
                let to: Vec<char> = to.chars().collect();
                let changed = text(0)?
                    .chars()
                    .filter_map(|c| match from.chars().position(|f| f == c) {
                        Some(at) => to.get(at).copied(),
                        None => Some(c),
                    })
                    .collect();
                Found::Text(changed)
            }
            "boolean" => Found::Bool(argument(0)?.truth()),
            "not" => Found::Bool(!argument(0)?.truth()),
            "true" => Found::Bool(true),
            "false" => Found::Bool(false),
            "lang" => {
                let wanted = text(0)?.to_lowercase();
                let mut at = Some(node.clone());
                let mut found = false;
                while let Some(here) = at {
                    if let Some(lang) = here.attribute("xml:lang") {
                        let lang = lang.value.borrow().to_lowercase();
                        found = lang == wanted || lang.starts_with(&format!("{wanted}-"));
                        break;
                    }
                    at = here.parent.borrow().upgrade();
                }
                Found::Bool(found)
            }
            "number" => Found::Number(match arguments.first() {
                Some(found) => found.number(),
                None => Found::Text(node.inner_text()).number(),
            }),
            "sum" => Found::Number(
                nodes(0)?
                    .iter()
                    .map(|n| Found::Text(n.inner_text()).number())
                    .sum(),
            ),
            "floor" => Found::Number(number(0)?.floor()),
            "ceiling" => Found::Number(number(0)?.ceil()),
            "round" => Found::Number(round(number(0)?)),
            _ if self.namespaces.is_none() => return Err(XPathError::ManagerNeeded),
            _ => return Err(XPathError::UnknownFunction),
        })
    }
}

/// To the nearest whole number, a half upwards.
fn round(number: f64) -> f64 {
    (number + 0.5).floor()
}
