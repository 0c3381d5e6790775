//! What the text at the prompt is made of. One parse per text: colouring,
//! the decision of Enter and hints ask for the same text several times a key.

use super::highlight::{Piece, pieces};
use crate::syntax;
use std::cell::RefCell;
use std::rc::Rc;

/// A text at the prompt, looked at.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// It only ends too early: Enter goes on to a new line.
    pub incomplete: bool,
    /// Its coloured parts, in order, without overlaps.
    pub pieces: Vec<Piece>,
}

/// Remembers the last text.
#[derive(Debug, Default)]
pub struct AnalysisCache(RefCell<Option<(String, Rc<Analysis>)>>);

impl AnalysisCache {
    /// Looks at a text, unless it is the last one again.
    pub fn analyse(&self, text: &str) -> Rc<Analysis> {
        if let Some((known, analysis)) = &*self.0.borrow()
            && known == text
        {
            return Rc::clone(analysis);
        }
        let analysis = Rc::new(analyse(text));
        *self.0.borrow_mut() = Some((text.to_owned(), Rc::clone(&analysis)));
        analysis
    }
}

fn analyse(text: &str) -> Analysis {
    let parse = syntax::parse_with(
        text,
        &syntax::ParseOptions {
            tokens: true,
            ..Default::default()
        },
    );
    Analysis {
        incomplete: parse.errors.iter().any(|error| error.incomplete),
        pieces: pieces(text, &parse.tokens, &parse.errors),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_go_on_is_incomplete() {
        for (text, incomplete) in [
            ("1 + 1", false),
            ("if ($true) {", true),
            ("Get-Date |", true),
            ("'open", true),
            ("@'\nhere", true),
            ("1 +", true),
            ("}", false),
            ("f(", true),
        ] {
            assert_eq!(analyse(text).incomplete, incomplete, "{text}");
        }
    }
}
