//! `ToUpper` and `ToLower` by a culture: invariant, of a language, or of Turkish.

use crate::host::long_work::LongWork;
use crate::runtime::collation::ordinal;
use crate::runtime::types::text::culture;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// Languages whose `i` keeps its dot and whose `ı` has none.
const DOTTED: [&str; 2] = ["tr", "az"];

/// The text in one letter case, as the method of this name turns it.
pub fn change(vm: &mut Vm, text: &str, method: &str, provider: Option<&Value>) -> String {
    let upper = method.starts_with("toupper");
    if method.ends_with("invariant") {
        return text
            .chars()
            .until_interrupted()
            .map(|c| invariant(c, upper))
            .collect();
    }
    let culture = culture::of_provider(vm, provider.filter(|p| !p.is_null()));
    let language = culture.name.split('-').next().unwrap_or_default();
    let dotted = DOTTED.contains(&language);
    let plain = language.is_empty();
    text.chars()
        .until_interrupted()
        .map(|letter| match letter {
            'i' if upper && dotted => 'İ',
            'I' if !upper && dotted => 'ı',
            'ı' if upper && !plain => 'I',
            'İ' if !upper && !plain => 'i',
            letter => invariant(letter, upper),
        })
        .collect()
}

fn invariant(letter: char, upper: bool) -> char {
    if upper {
        ordinal::upper_char(letter)
    } else {
        ordinal::lower_char(letter)
    }
}
