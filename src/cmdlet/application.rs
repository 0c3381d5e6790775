//! The ids of trusted applications: `urn:application:X`, or `X` alone.

use crate::model::kind::Kind;
use crate::model::value::Datum;

const SCHEME: &str = "urn:application:";

/// The id without its scheme.
pub fn plain(id: &str) -> &str {
    match id.split_at_checked(SCHEME.len()) {
        Some((head, plain)) if head.eq_ignore_ascii_case(SCHEME) => plain,
        _ => id,
    }
}

/// The value of a parameter that looks for an application, in the form in which the objects of
/// the kind have it: applications with the scheme, their endpoints without.
pub fn named(kind: &Kind, parameter: &str, value: Datum) -> Datum {
    if !parameter.eq_ignore_ascii_case("ApplicationId") {
        return value;
    }
    match value.as_text() {
        Some(id) => Datum::Text(format!("{}{}", kind.name_prefix, plain(id))),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_go_with_and_without_their_scheme() {
        for id in ["tapp2", "urn:application:tapp2", "URN:Application:tapp2"] {
            assert_eq!(super::plain(id), "tapp2");
        }
    }
}
