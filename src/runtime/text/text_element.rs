//! Text elements (what a reader takes for one character) as StringInfo counts
//! them, and the title case of TextInfo.

use icu_properties::props::{ExtendedPictographic, GraphemeClusterBreak};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Cuts the text into its elements.
pub fn text_elements(text: &str) -> Vec<&str> {
    let breaks = CodePointMapData::<GraphemeClusterBreak>::new();
    let pictures = CodePointSetData::new::<ExtendedPictographic>();
    let mut elements = Vec::new();
    let mut start = 0;
    let mut previous: Option<GraphemeClusterBreak> = None;
    // A picture followed by extenders and a joiner takes the next picture in.
    let mut picture = false;
    let mut joined_picture = false;
    let mut flags = 0;
    for (at, ch) in text.char_indices() {
        let class = breaks.get(ch);
        let is_picture = pictures.contains(ch);
        let together = match previous {
            None => true,
            Some(before) => {
                stays_together(before, class)
                    || (joined_picture && is_picture)
                    || (before == GraphemeClusterBreak::RegionalIndicator
                        && class == GraphemeClusterBreak::RegionalIndicator
                        && flags % 2 == 1)
            }
        };
        if !together {
            elements.push(&text[start..at]);
            start = at;
        }
        joined_picture = picture && class == GraphemeClusterBreak::ZWJ;
        picture = is_picture
            || (picture
                && matches!(
                    class,
                    GraphemeClusterBreak::Extend | GraphemeClusterBreak::ZWJ
                ));
        flags = if class == GraphemeClusterBreak::RegionalIndicator {
            flags + 1
        } else {
            0
        };
        previous = Some(class);
    }
    if start < text.len() {
        elements.push(&text[start..]);
    }
    elements
}

/// Whether two neighbours are never parted, pictures and flags aside.
fn stays_together(before: GraphemeClusterBreak, after: GraphemeClusterBreak) -> bool {
    use GraphemeClusterBreak as G;
    let ends = |class| matches!(class, G::CR | G::LF | G::Control);
    if before == G::CR && after == G::LF {
        return true;
    }
    if ends(before) || ends(after) {
        return false;
    }
    matches!(
        (before, after),
        (_, G::Extend | G::ZWJ | G::SpacingMark)
            | (G::Prepend, _)
            | (G::L, G::L | G::V | G::LV | G::LVT)
            | (G::LV | G::V, G::V | G::T)
            | (G::LVT | G::T, G::T)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements() {
        for (text, count) in [
            ("a\u{1F600}b", 3),
            ("e\u{301}", 1),
            ("\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", 1),
            ("\u{1F1E9}\u{1F1EA}\u{1F1EB}\u{1F1F7}", 2),
            ("a\r\nb", 3),
            ("", 0),
        ] {
            assert_eq!(text_elements(text).len(), count, "{text}");
        }
        assert_eq!(text_elements("xe\u{301}y"), ["x", "e\u{301}", "y"]);
    }
}
