//! XPath 1.0 over the nodes of XML documents: what `SelectNodes`,
//! `SelectSingleNode` and `Select-Xml` understand.

mod evaluate;
mod expression;
mod functions;

use crate::runtime::types::xml::Node;
use std::rc::Rc;

/// Prefixes with their namespaces, from a namespace manager; `None` without one.
pub type Namespaces<'a> = Option<&'a [(String, String)]>;

/// What an expression gives.
#[derive(Clone)]
pub enum Found {
    /// Nodes in document order.
    Nodes(Vec<Rc<Node>>),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// True or false.
    Bool(bool),
}

/// Why there is no result (XPathException, with its message as text).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XPathError {
    /// A prefix without a namespace manager, a variable, an unknown function.
    #[error(
        "Namespace Manager or XsltContext needed. This query has a prefix, variable, or user-defined function."
    )]
    ManagerNeeded,
    /// A prefix that the namespace manager does not know.
    #[error("Namespace prefix '{0}' is not defined.")]
    UnknownPrefix(String),
    /// A function that nobody knows.
    #[error("XsltContext is needed for this query because of an unknown function.")]
    UnknownFunction,
    /// A function with too few or too many arguments.
    #[error("Function '{0}' in '{1}' has an invalid number of arguments.")]
    ArgumentCount(String, String),
    /// A text that cannot be read.
    #[error("'{0}' has an invalid token.")]
    InvalidToken(String),
    /// The end comes too early.
    #[error("'{0}' has an invalid qualified name.")]
    InvalidName(String),
    /// A quote without its partner.
    #[error("This is an unclosed string.")]
    UnclosedText,
    /// Something else than nodes where nodes are needed.
    #[error("Expression must evaluate to a node-set.")]
    NoNodes,
}

/// The value of an expression at a node.
pub fn evaluate(
    context: &Rc<Node>,
    text: &str,
    namespaces: Namespaces<'_>,
) -> Result<Found, XPathError> {
    let expression = expression::parse(text)?;
    evaluate::Evaluator::new(text, namespaces).value(&expression, context, 1, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::types::xml::{NodeKind, read_into};

    fn document() -> Rc<Node> {
        let root = Node::new(NodeKind::Document, "#document", "");
        let text = "<r><a n='1'>x</a><b n='2'>y<c/></b><a n='10' m='z'>zebra</a><!--k--></r>";
        assert!(read_into(&root, text, false).is_ok());
        root
    }

    #[test]
    fn paths_and_predicates() {
        let root = document();
        for (path, expected) in [
            ("/r/a", "xzebra"),
            ("//a[@n='10']", "zebra"),
            ("//*[@n>1]", "yzebra"),
            ("/r/a[last()]", "zebra"),
            ("/r/*[2]", "y"),
            ("//a[position()=1]/@n", "1"),
            ("//c/parent::b", "y"),
            ("//c/ancestor::*/a[1]", "x"),
            ("//b/following-sibling::a", "zebra"),
            ("//b/preceding-sibling::*[1]", "x"),
            ("//a[not(@m)] | //b", "xy"),
            ("//a[contains(., 'eb') and @m]", "zebra"),
            ("//*[starts-with(name(), 'b')]", "y"),
            ("(//a)[2]", "zebra"),
            ("//a[string-length(.) > 1]", "zebra"),
            ("/r/a/text()", "xzebra"),
            ("//comment()", "k"),
            ("//a[@n + 1 = 2 or @n div 2 = 5]", "xzebra"),
        ] {
            let Ok(Found::Nodes(nodes)) = evaluate(&root, path, None) else {
                panic!("{path} leads to no nodes");
            };
            let texts: String = nodes.iter().map(|node| node.inner_text()).collect();
            assert_eq!(texts, expected, "{path}");
        }
    }

    #[test]
    fn values_and_errors() {
        let root = document();
        let text = |path: &str| match evaluate(&root, path, None) {
            Ok(Found::Number(number)) => number.to_string(),
            Ok(Found::Text(text)) => text,
            Ok(Found::Bool(flag)) => flag.to_string(),
            Ok(Found::Nodes(_)) => "nodes".into(),
            Err(error) => error.to_string(),
        };
        assert_eq!(text("count(//a)"), "2");
        assert_eq!(text("sum(//@n)"), "13");
        assert_eq!(text("concat('a', 1, true())"), "a1true");
        assert_eq!(text("translate('abc', 'ab', 'B')"), "Bc");
        assert_eq!(text("substring('12345', 2, 3)"), "234");
        assert_eq!(text("normalize-space('  a  b ')"), "a b");
        assert_eq!(text("count(//a) > 1 and not(false())"), "true");
        assert_eq!(text("//["), "'//[' has an invalid token.");
        assert_eq!(text("//p:a"), XPathError::ManagerNeeded.to_string());
        let none: &[(String, String)] = &[];
        assert_eq!(
            evaluate(&root, "//p:a", Some(none)).err(),
            Some(XPathError::UnknownPrefix("p".into()))
        );
    }
}
