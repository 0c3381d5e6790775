//! Ranges of numbers that a pair of properties spans: park orbits, unassigned numbers.

use super::error::ModelError;
use super::object::Object;

/// Refuses a range whose end does not follow its start. One that stood so before may stay.
pub fn check(object: &Object, before: Option<&Object>) -> Result<(), ModelError> {
    for property in &object.kind.properties {
        let Some(end) = &property.range_to else {
            continue;
        };
        let ends = |it: &Object| (it.text(&property.name), it.text(end));
        let (first, last) = ends(object);
        if first.is_empty() || last.is_empty() || spans(&first, &last) {
            continue;
        }
        if before.is_some_and(|before| ends(before) == (first.clone(), last.clone())) {
            continue;
        }
        return Err(ModelError::InvalidValue {
            property: property.name.clone(),
            value: first,
            reason: format!(
                "it must not come after {end} \"{last}\", and needs the same beginning and as many digits"
            ),
        });
    }
    Ok(())
}

/// Whether two numbers begin and end a range: what stands before their digits is the same, they
/// have as many digits, and the first is not the greater one. Numbers with an extension span a
/// range of extensions.
pub fn spans(first: &str, last: &str) -> bool {
    let (first, last) = (parts(first), parts(last));
    first.lead == last.lead
        && first.digits.len() == last.digits.len()
        && first.extension.len() == last.extension.len()
        && (first.digits, first.extension) <= (last.digits, last.extension)
}

struct Parts<'t> {
    lead: String,
    digits: &'t str,
    extension: &'t str,
}

fn parts(number: &str) -> Parts<'_> {
    let (main, extension) = number.split_once(';').unwrap_or((number, ""));
    let at = main.find(|it: char| it.is_ascii_digit());
    let (lead, digits) = main
        .split_at_checked(at.unwrap_or(main.len()))
        .unwrap_or((main, ""));
    let lead = lead.to_lowercase();
    Parts {
        lead: lead.strip_prefix("tel:").unwrap_or(&lead).to_owned(),
        digits,
        extension: extension.rsplit('=').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn ends_follow_starts() {
        for (first, last, spans) in [
            ("100", "199", true),
            ("100", "100", true),
            ("199", "100", false),
            ("100", "1000", false),
            ("*700", "*799", true),
            ("*700", "#799", false),
            ("#700", "799", false),
            ("+14255551000", "tel:+14255551100", true),
            ("tel:+14255551100", "tel:+14255551000", false),
            ("tel:+14255551000;ext=100", "tel:+14255551000;ext=199", true),
            (
                "tel:+14255551000;ext=199",
                "tel:+14255551000;ext=100",
                false,
            ),
        ] {
            assert_eq!(super::spans(first, last), spans, "{first} to {last}");
        }
    }
}
