//! How administrators name objects, and how the names are shown.
//!
//! An identity is kept in its displayed form (`Global`, `Site:Redmond`,
//! `Tag:ExRedmond`, `Exchange Online`); two identities are equal if their
//! [`fold`]ed forms are.

use super::error::ModelError;
use super::kind::{IdentityForm, Kind, Part, ScopeKind};
use super::value::Datum;
use std::borrow::Cow;

/// The level at which an object applies, with the name at that level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    /// Everyone.
    Global,
    /// One site.
    Site(&'a str),
    /// One service: role and FQDN.
    Service(&'a str, &'a str),
    /// Given to users one by one.
    Tag(&'a str),
}

impl<'a> Scope<'a> {
    /// Reads a scope as it may be typed or as it is shown.
    pub fn parse(text: &'a str) -> Scope<'a> {
        if text.eq_ignore_ascii_case("global") {
            return Scope::Global;
        }
        match text.split_once(':') {
            Some((prefix, name)) if prefix.eq_ignore_ascii_case("site") => Scope::Site(name),
            Some((prefix, name)) if prefix.eq_ignore_ascii_case("tag") => Scope::Tag(name),
            Some((prefix, rest))
                if prefix.eq_ignore_ascii_case("service") && rest.contains(':') =>
            {
                Scope::parse(rest)
            }
            Some((role, fqdn)) => Scope::Service(role, fqdn),
            None => Scope::Tag(text),
        }
    }

    /// The level alone.
    pub fn kind(&self) -> ScopeKind {
        match self {
            Scope::Global => ScopeKind::Global,
            Scope::Site(_) => ScopeKind::Site,
            Scope::Service(..) => ScopeKind::Service,
            Scope::Tag(_) => ScopeKind::Tag,
        }
    }

    /// The name at the level; empty for global.
    pub fn name(&self) -> &'a str {
        match self {
            Scope::Global => "",
            Scope::Site(name) | Scope::Tag(name) | Scope::Service(_, name) => name,
        }
    }

    /// The displayed form.
    pub fn display(&self) -> String {
        match self {
            Scope::Global => "Global".into(),
            Scope::Site(name) => format!("Site:{name}"),
            Scope::Service(role, fqdn) => format!("{role}:{fqdn}"),
            Scope::Tag(name) => format!("Tag:{name}"),
        }
    }
}

/// The form in which identities and other names are compared.
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// The displayed form of an identity typed for an object of a kind, or why it
/// cannot name one.
pub fn normalise(kind: &Kind, typed: &str) -> Result<String, ModelError> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(bad(kind, typed, "it is empty"));
    }
    match &kind.identity {
        IdentityForm::Scoped { scopes, services } => scope(kind, text, scopes, services),
        IdentityForm::Child { scopes, .. } => {
            let Some((parent, name)) = text.rsplit_once('/') else {
                return Err(bad(kind, typed, "it needs the form <parent>/<name>"));
            };
            if parent.is_empty() || name.is_empty() {
                return Err(bad(kind, typed, "it needs the form <parent>/<name>"));
            }
            let parent = if scopes.is_empty() {
                parent.to_owned()
            } else {
                scope(kind, parent, scopes, &[])?
            };
            let prefix = kind.name_prefix.as_str();
            let plain = name.strip_prefix_ignoring_case(prefix).unwrap_or(name);
            Ok(format!("{parent}/{prefix}{plain}"))
        }
        IdentityForm::Singleton { name } => {
            if fold(name) == fold(text) {
                Ok(name.clone())
            } else {
                Err(bad(kind, typed, &format!("there is only \"{name}\"")))
            }
        }
        IdentityForm::Name => {
            let plain = text.strip_prefix_ignoring_case("global/").unwrap_or(text);
            let named = without_service(plain);
            // What shows its role may have it in front as well.
            let own_role = match kind.property("Role").map(|it| (&it.default, it.read_only)) {
                Some((Datum::Text(role), true)) => Some(role),
                _ => None,
            };
            let named = own_role
                .and_then(|role| named.strip_prefix_ignoring_case(role)?.strip_prefix(':'))
                .unwrap_or(named);
            Ok(match service_role(kind) {
                // A role's own cmdlets know which role is meant.
                Some(role) if !named.contains(':') => format!("{role}:{named}"),
                _ => named.to_owned(),
            })
        }
        IdentityForm::User | IdentityForm::Directory { .. } => Ok(text.to_owned()),
    }
}

fn scope(
    kind: &Kind,
    text: &str,
    scopes: &[ScopeKind],
    services: &[String],
) -> Result<String, ModelError> {
    let scope = Scope::parse(text);
    if scope != Scope::Global && scope.name().is_empty() {
        return Err(bad(kind, text, "it has no name after the colon"));
    }
    if !scopes.contains(&scope.kind()) {
        let level = match scope.kind() {
            ScopeKind::Global => "global",
            ScopeKind::Site => "site",
            ScopeKind::Service => "service",
            ScopeKind::Tag => "per-user",
        };
        return Err(bad(kind, text, &format!("there is no {level} scope")));
    }
    if let Scope::Service(role, _) = scope {
        let allowed = |service: &String| service.eq_ignore_ascii_case(role);
        if !services.is_empty() && !services.iter().any(allowed) {
            let message = format!("the service scope takes {}", services.join(", "));
            return Err(bad(kind, text, &message));
        }
    }
    Ok(scope.display())
}

fn bad(kind: &Kind, identity: &str, reason: &str) -> ModelError {
    ModelError::BadIdentity {
        noun: kind.noun.clone(),
        identity: identity.to_owned(),
        reason: reason.to_owned(),
    }
}

/// Where an identity stands among those of its kind: global first, then sites,
/// services, and what is given to users.
pub fn rank(kind: &Kind, identity: &str) -> i64 {
    let scope = match &kind.identity {
        IdentityForm::Scoped { .. } => identity,
        IdentityForm::Child { scopes, .. } if !scopes.is_empty() => identity
            .rsplit_once('/')
            .map_or(identity, |(scope, _)| scope),
        _ => return 0,
    };
    match Scope::parse(scope) {
        Scope::Global => 0,
        Scope::Site(_) => 1,
        Scope::Service(..) => 2,
        Scope::Tag(_) => 3,
    }
}

/// The part of a value that a rule compares; `None` if the value has no such part.
pub fn part(which: Part, text: &str) -> Option<Cow<'_, str>> {
    let found = match which {
        Part::Whole => Some(text),
        Part::WithoutScheme => Some(without_scheme(text)),
        Part::Domain => {
            let address = without_scheme(text);
            let address = address.split([';', '?']).next().unwrap_or(address);
            address.rsplit_once('@').map(|(_, domain)| domain)
        }
        Part::Site => match Scope::parse(text) {
            Scope::Site(name) => Some(name),
            _ => None,
        },
        Part::Service => match Scope::parse(text) {
            Scope::Service(..) => Some(text),
            _ => None,
        },
        Part::Parent => text.rsplit_once('/').map(|(parent, _)| parent),
    };
    found.map(Cow::Borrowed)
}

/// An address without `sip:`, `tel:`, `smtp:` and the like.
pub fn without_scheme(text: &str) -> &str {
    match text.split_once(':') {
        Some((scheme, rest))
            if !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) =>
        {
            rest
        }
        _ => text,
    }
}

/// A service named by itself may have `service:` before role and FQDN. What belongs to a service
/// (`service:ApplicationServer:pool01/…`) keeps it, as it is shown so.
fn without_service(text: &str) -> &str {
    match text.strip_prefix_ignoring_case("service:") {
        Some(rest) if rest.contains(':') && !rest.contains('/') => rest,
        _ => text,
    }
}

/// The role whose services a kind shows: `ApplicationServer` of `Set-CsApplicationServer`.
fn service_role(kind: &Kind) -> Option<&str> {
    let view = kind.view.as_ref().filter(|it| it.of == "CsService")?;
    let (_, role) = view.equals.iter().find(|(name, _)| name == "Role")?;
    role.as_text()
}

/// The distinguished name that a canonical name (`contoso.com/Users/Ken Myer`) stands for.
pub fn canonical_to_distinguished(text: &str) -> Option<String> {
    let (domain, path) = text.split_once('/')?;
    if !domain.contains('.') || domain.contains([' ', ':', '\\', '=', '@']) || path.is_empty() {
        return None;
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    let name = parts.pop()?;
    // The containers that every domain has; what administrators make are units.
    let built_in = ["users", "computers", "builtin", "foreignsecurityprincipals"];
    let mut text = format!("CN={name}");
    for (depth, part) in parts.iter().enumerate().rev() {
        let is_container = depth == 0 && built_in.contains(&fold(part).as_str());
        text.push_str(if is_container { ",CN=" } else { ",OU=" });
        text.push_str(part);
    }
    for label in domain.split('.') {
        text.push_str(",DC=");
        text.push_str(label);
    }
    Some(text)
}

/// Whether a text holds wildcards.
pub fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Matches a displayed identity against a wildcard pattern: `*`, `?` and
/// `[a-z]`, letter case ignored.
pub fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = fold(pattern).chars().collect();
    let text: Vec<char> = fold(text).chars().collect();
    let (mut at, mut from) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while from < text.len() {
        match pattern.get(at) {
            Some('*') => {
                retry = Some((at + 1, from));
                at += 1;
                continue;
            }
            Some(_) => {
                if let Some(next) = one(&pattern, at, text[from]) {
                    at = next;
                    from += 1;
                    continue;
                }
            }
            None => {}
        }
        match retry {
            Some((after, start)) => {
                at = after;
                from = start + 1;
                retry = Some((after, start + 1));
            }
            None => return false,
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

/// The place in the pattern after its element at `at`, if that matches the character.
fn one(pattern: &[char], at: usize, character: char) -> Option<usize> {
    match pattern.get(at)? {
        '?' => Some(at + 1),
        '[' => {
            let close = at + pattern.get(at..)?.iter().position(|it| *it == ']')?;
            let set = pattern.get(at + 1..close)?;
            let mut index = 0;
            while index < set.len() {
                if set.get(index + 1) == Some(&'-') && index + 2 < set.len() {
                    if (set[index]..=set[index + 2]).contains(&character) {
                        return Some(close + 1);
                    }
                    index += 3;
                } else {
                    if set[index] == character {
                        return Some(close + 1);
                    }
                    index += 1;
                }
            }
            None
        }
        literal => (*literal == character).then_some(at + 1),
    }
}

/// Prefix removal without regard to letter case.
trait StripPrefix {
    fn strip_prefix_ignoring_case(&self, prefix: &str) -> Option<&str>;
}

impl StripPrefix for str {
    fn strip_prefix_ignoring_case(&self, prefix: &str) -> Option<&str> {
        let head = self.get(..prefix.len())?;
        head.eq_ignore_ascii_case(prefix)
            .then(|| self.get(prefix.len()..))
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::kind;

    #[test]
    fn scopes_are_shown_as_the_product_shows_them() {
        let policy = kind("CsHostedVoicemailPolicy").unwrap();
        let shown = |typed| normalise(policy, typed).map_err(|error| error.to_string());
        assert_eq!(shown("global").as_deref(), Ok("Global"));
        assert_eq!(shown("site:Redmond").as_deref(), Ok("Site:Redmond"));
        assert_eq!(shown("ExRedmond").as_deref(), Ok("Tag:ExRedmond"));
        assert_eq!(shown("tag:ExRedmond").as_deref(), Ok("Tag:ExRedmond"));
        assert!(shown("Registrar:pool01.contoso.com").is_err());
        let edge = kind("CsAccessEdgeConfiguration").unwrap();
        assert!(normalise(edge, "site:Redmond").is_err());
        assert!(shown("site:").is_err());
    }

    #[test]
    fn wildcards_match_displayed_identities() {
        assert!(matches("tag:*", "Tag:ExRedmond"));
        assert!(matches("tag*", "Tag:ExRedmond"));
        assert!(matches("*[c-e]?mond", "Site:Redmond"));
        assert!(!matches("site:*", "Tag:ExRedmond"));
        assert!(matches("*a*b*", "xaxxbx"));
        assert!(!matches("a", "ab"));
    }

    #[test]
    fn parts_of_addresses() {
        assert_eq!(
            part(Part::Domain, "sip:a@b.com;x=y").as_deref(),
            Some("b.com")
        );
        assert_eq!(
            part(Part::WithoutScheme, "tel:+1425").as_deref(),
            Some("+1425")
        );
        assert_eq!(part(Part::Site, "Tag:X"), None);
        assert_eq!(part(Part::Site, "Site:X").as_deref(), Some("X"));
    }
}
