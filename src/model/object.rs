//! One object of the deployment: an identity and properties in order.

use super::identity::{self, Scope};
use super::kind::{IdentityForm, Kind, Property};
use super::value::{Datum, Record};
use std::borrow::Cow;
use std::fmt;

/// An object. Only values that someone gave are stored; everything else is the
/// default of the declaration. Unknown properties, as imports bring them, are kept.
#[derive(Clone)]
pub struct Object {
    /// The number of the stored object; 0 if it is not stored.
    pub id: i64,
    /// Its declaration.
    pub kind: &'static Kind,
    /// The identity in displayed form.
    pub identity: String,
    /// The given values by stored name. Read them with [`Object::get`].
    pub properties: Vec<(String, Datum)>,
    /// The collected values by name, as the store found them.
    pub collected: Vec<(String, Datum)>,
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} \"{}\" ", self.kind.noun, self.identity)?;
        f.debug_map()
            .entries(self.properties.iter().map(|(name, value)| (name, value)))
            .finish()
    }
}

impl PartialEq for Object {
    /// Equal by what they say, not by where they are stored.
    fn eq(&self, other: &Object) -> bool {
        self.kind.noun == other.kind.noun
            && self.identity == other.identity
            && self.properties == other.properties
    }
}

impl Object {
    /// A new object without given values.
    pub fn new(kind: &'static Kind, identity: impl Into<String>) -> Object {
        Object {
            id: 0,
            kind,
            identity: identity.into(),
            properties: Vec::new(),
            collected: Vec::new(),
        }
    }

    /// An object that is always there, as it is while nobody has changed it.
    pub fn standing(kind: &'static Kind, identity: &str) -> Option<Object> {
        let named = |it: &&str| identity::fold(it) == identity::fold(identity);
        let mut object = Object::new(kind, kind.standing_identities().find(named)?);
        let preset = kind
            .presets
            .iter()
            .find(|it| it.identity == object.identity);
        for (name, value) in preset.iter().flat_map(|it| &it.properties) {
            object.set(name, value.clone());
        }
        Some(object)
    }

    /// The same, with values; for building objects in one expression.
    pub fn with(mut self, name: &str, value: impl Into<Datum>) -> Object {
        self.set(name, value.into());
        self
    }

    /// The value of a property as an administrator sees it: given, computed, or
    /// by default; `$null` for a property it does not have.
    pub fn get(&self, name: &str) -> Datum {
        match self.kind.property(name) {
            Some(property) => self.value_of(property),
            None if name.eq_ignore_ascii_case("Identity") => Datum::Text(self.identity.clone()),
            None => self.given(name).cloned().unwrap_or_default(),
        }
    }

    /// The value of a declared property as an administrator sees it.
    pub fn value_of(&self, property: &Property) -> Datum {
        if property.key {
            return Datum::Text(self.key_text(property));
        }
        if let Some(other) = &property.opposite {
            return Datum::Bool(!self.flag(other));
        }
        if property.collects.is_some() {
            return self
                .collected
                .iter()
                .find(|(known, _)| *known == property.name)
                .map_or(Datum::List(Vec::new()), |(_, value)| value.clone());
        }
        if let Some(pair) = &property.pair {
            return self
                .pair_flag(&pair.attribute, &pair.own)
                .or_else(|| self.pair_flag(&pair.attribute, &pair.other))
                .map_or(Datum::Null, Datum::Bool);
        }
        match &property.template {
            Some(template) => Datum::Text(self.expand(template)),
            None => self
                .stored(property.stored_name())
                .unwrap_or(&property.default)
                .clone(),
        }
    }

    /// The same by reference where the value is stored or by default, for hot paths.
    pub fn value_ref(&self, property: &'static Property) -> Cow<'_, Datum> {
        let plain = !property.key
            && property.collects.is_none()
            && property.pair.is_none()
            && property.opposite.is_none()
            && property.template.is_none();
        match self.stored(property.stored_name()) {
            Some(value) if plain => Cow::Borrowed(value),
            None if plain => Cow::Borrowed(&property.default),
            _ => Cow::Owned(self.value_of(property)),
        }
    }

    /// Gives a property with parts the parts it shall have; storing the object settles them.
    pub fn set_parts(&mut self, name: &str, parts: Datum) {
        let Some(property) = self.kind.property(name) else {
            return;
        };
        self.collected.retain(|(known, _)| *known != property.name);
        self.collected.push((property.name.clone(), parts));
    }

    /// The object as a part of another: its properties without those that say where it stands.
    pub fn as_part(&self) -> Record {
        let place = |property: &Property| {
            property.ordered || property.name.eq_ignore_ascii_case("Identity")
        };
        Record {
            type_name: self.type_names().first().cloned().unwrap_or_default(),
            fields: self
                .shown_properties()
                .filter(|property| !place(property))
                .map(|property| (property.name.clone(), self.value_of(property)))
                .collect(),
        }
    }

    /// The text of a property; empty if it has none.
    pub fn text(&self, name: &str) -> String {
        match self.get(name) {
            Datum::Null => String::new(),
            value => value.display(),
        }
    }

    /// Whether a Boolean property is true.
    pub fn flag(&self, name: &str) -> bool {
        self.get(name).as_bool() == Some(true)
    }

    /// The texts of a property with several values.
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.get(name).items().iter().map(Datum::display).collect()
    }

    /// Takes out of a property with several values those that `keep` refuses.
    pub fn keep_texts(&mut self, name: &str, keep: impl Fn(&str) -> bool) {
        let mut kept = self.texts(name);
        kept.retain(|text| keep(text));
        let kept = kept.into_iter().map(Datum::Text).collect();
        self.set(name, Datum::List(kept));
    }

    /// The value that was given, by stored name or by the property's name.
    pub fn given(&self, name: &str) -> Option<&Datum> {
        self.stored(self.stored_name(name))
    }

    /// The value that was given, by stored name.
    pub fn stored(&self, stored: &str) -> Option<&Datum> {
        self.properties
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(stored))
            .map(|(_, value)| value)
    }

    /// Gives a property a value. No rule is checked here.
    pub fn set(&mut self, name: &str, value: Datum) {
        if let Some(pair) = self.kind.property(name).and_then(|it| it.pair.as_ref()) {
            return self.set_pair(&pair.attribute, &pair.own, value.as_bool());
        }
        let stored = self.stored_name(name).to_owned();
        match self
            .properties
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(&stored))
        {
            Some((_, old)) => *old = value,
            None => self.properties.push((stored, value)),
        }
    }

    /// Takes a given value away, so that the default counts again.
    pub fn clear(&mut self, name: &str) {
        if let Some(pair) = self.kind.property(name).and_then(|it| it.pair.as_ref()) {
            return self.set_pair(&pair.attribute, &pair.own, None);
        }
        let stored = self.stored_name(name).to_owned();
        self.properties
            .retain(|(known, _)| !known.eq_ignore_ascii_case(&stored));
    }

    /// The flag that an entry `key=0|1` of a list keeps.
    pub fn pair_flag(&self, attribute: &str, key: &str) -> Option<bool> {
        self.given(attribute)?.items().iter().find_map(|entry| {
            let (known, value) = entry.as_text()?.split_once('=')?;
            known
                .trim()
                .eq_ignore_ascii_case(key)
                .then(|| value.trim() == "1")
        })
    }

    fn set_pair(&mut self, attribute: &str, key: &str, flag: Option<bool>) {
        let mut entries: Vec<Datum> = self
            .given(attribute)
            .map(|value| value.items().to_vec())
            .unwrap_or_default();
        entries.retain(|entry| {
            let known = entry.as_text().and_then(|text| text.split_once('='));
            known.is_none_or(|(known, _)| !known.trim().eq_ignore_ascii_case(key))
        });
        if let Some(flag) = flag {
            entries.push(Datum::Text(format!("{key}={}", i32::from(flag))));
        }
        if entries.is_empty() {
            self.clear(attribute);
        } else {
            self.set(attribute, Datum::List(entries));
        }
    }

    fn stored_name<'n>(&self, name: &'n str) -> &'n str {
        self.kind.property(name).map_or(name, Property::stored_name)
    }

    /// All properties in the order of the declaration with the values an
    /// administrator sees, then those that the declaration does not know.
    pub fn shown(&self) -> Vec<(&str, Datum)> {
        let declared = self
            .shown_properties()
            .map(|property| (property.name.as_str(), self.value_of(property)));
        let unknown = self.unknown();
        declared
            .chain(unknown.map(|(name, value)| (name, value.clone())))
            .collect()
    }

    /// The declared properties that the object has now, in order.
    pub fn shown_properties(&self) -> impl Iterator<Item = &'static Property> + use<> {
        let absent = self.absent();
        let kind: &'static Kind = self.kind;
        kind.properties.iter().filter(move |property| {
            !property.internal && !absent.iter().any(|name| **name == property.name)
        })
    }

    /// Given values of properties that the declaration does not know.
    pub fn unknown(&self) -> impl Iterator<Item = (&str, &Datum)> {
        let whole = self.kind.view.is_none();
        self.properties
            .iter()
            .filter(move |(name, _)| {
                // `Noun.Property` belongs to another cmdlet's view of the object.
                whole
                    && !name.contains('.')
                    && self.kind.property(name).is_none()
                    && !self.kind.properties.iter().any(|property| {
                        property
                            .stored_as
                            .as_ref()
                            .is_some_and(|stored| stored.eq_ignore_ascii_case(name))
                    })
            })
            .map(|(name, value)| (name.as_str(), value))
    }

    /// Which of the kind's variants the object is, one bit each: objects of the
    /// same kind and layout have the same declared properties and type names.
    pub fn layout(&self) -> u64 {
        self.kind
            .variants
            .iter()
            .enumerate()
            .filter(|(_, variant)| self.is(&variant.when))
            .fold(0, |bits, (place, _)| bits | 1 << (place % 64))
    }

    /// The type names, which may depend on a property's value.
    pub fn type_names(&self) -> &'static [String] {
        self.kind
            .variants
            .iter()
            .find(|variant| !variant.type_names.is_empty() && self.is(&variant.when))
            .map_or(&self.kind.type_names, |variant| &variant.type_names)
    }

    fn absent(&self) -> Vec<&'static String> {
        self.kind
            .variants
            .iter()
            .filter(|variant| self.is(&variant.when))
            .flat_map(|variant| &variant.absent)
            .collect()
    }

    /// Whether a property has a value, letter case ignored.
    pub fn is(&self, condition: &(String, Datum)) -> bool {
        self.get(&condition.0).same(&condition.1)
    }

    /// Whether a stored object shows in the view that its kind is.
    pub fn shows_in_view(&self) -> bool {
        self.kind.view.as_ref().is_none_or(|view| {
            view.when
                .iter()
                .all(|name| self.stored(name).is_some_and(|value| !value.is_blank()))
                && view
                    .equals
                    .iter()
                    .all(|(name, value)| self.stored(name).unwrap_or(&Datum::Null).same(value))
        })
    }

    /// The same stored object as another view sees it.
    pub fn seen_as(&self, kind: &'static Kind) -> Object {
        Object {
            kind,
            ..self.clone()
        }
    }

    /// The same, for an object that is not needed any more as it was.
    pub fn into_kind(self, kind: &'static Kind) -> Object {
        Object { kind, ..self }
    }

    /// Fills a template: `{Property}` and `{Identity}` become their texts. A number in braces is
    /// part of a pattern, not a name.
    pub fn expand(&self, template: &str) -> String {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            match after.split_once('}') {
                Some((name, tail)) if name.starts_with(|first: char| first.is_ascii_digit()) => {
                    text.push('{');
                    text.push_str(name);
                    text.push('}');
                    rest = tail;
                }
                Some((name, tail)) => {
                    text.push_str(&self.text(name));
                    rest = tail;
                }
                None => {
                    text.push('{');
                    rest = after;
                }
            }
        }
        text.push_str(rest);
        text
    }

    fn key_text(&self, property: &Property) -> String {
        if property.name.eq_ignore_ascii_case("Identity") {
            return self.identity.clone();
        }
        match &self.kind.identity {
            IdentityForm::Child { .. } => self
                .identity
                .rsplit_once('/')
                .map_or(self.identity.as_str(), |(_, name)| name)
                .to_owned(),
            IdentityForm::Scoped { .. } => Scope::parse(&self.identity).name().to_owned(),
            // What belongs to a service: `service:ApplicationServer:pool01.contoso.com/Help Desk`.
            IdentityForm::Name if self.identity.starts_with("service:") => self
                .identity
                .split_once('/')
                .map_or(self.identity.as_str(), |(_, name)| name)
                .to_owned(),
            IdentityForm::Directory { .. } | IdentityForm::Name if self.kind.in_container() => self
                .identity
                .rsplit_once('\\')
                .map_or(self.identity.as_str(), |(_, name)| name)
                .to_owned(),
            IdentityForm::Directory { .. } => common_name(&self.identity).to_owned(),
            _ => self.identity.clone(),
        }
    }

    /// The identity it would have under another name; itself for a kind without names.
    pub fn renamed(&self, name: &str) -> String {
        match (&self.kind.identity, self.identity.rsplit_once('/')) {
            (IdentityForm::Child { .. }, Some((parent, _))) => format!("{parent}/{name}"),
            (IdentityForm::Name, Some((service, _))) if self.identity.starts_with("service:") => {
                format!("{service}/{name}")
            }
            (IdentityForm::Name, _) if self.kind.in_container() => {
                match self.identity.rsplit_once('\\') {
                    Some((place, _)) => format!("{place}\\{name}"),
                    None => name.to_owned(),
                }
            }
            (IdentityForm::Name, _) => name.to_owned(),
            (IdentityForm::Directory { .. }, _) => self.renamed_in_directory(name),
            _ => self.identity.clone(),
        }
    }

    /// The same for an object of the directory: the name is the first part of a distinguished name, the
    /// last one behind a container, or all there is.
    fn renamed_in_directory(&self, name: &str) -> String {
        if let Some((first, above)) = self.identity.split_once(',')
            && let Some((part, _)) = first.split_once('=')
        {
            return format!("{part}={name},{above}");
        }
        match self.identity.rsplit_once('\\') {
            Some((place, _)) if self.kind.called.is_some() => format!("{place}\\{name}"),
            _ => name.to_owned(),
        }
    }

    /// The rank of the identity among its kind's (global, sites, services, the rest).
    pub fn rank(&self) -> i64 {
        identity::rank(self.kind, &self.identity)
    }
}

/// The name in a distinguished name, or the whole of another text.
fn common_name(identity: &str) -> &str {
    match identity.get(..3) {
        Some(prefix) if prefix.eq_ignore_ascii_case("cn=") => {
            let rest = &identity[3..];
            rest.split_once(',').map_or(rest, |(name, _)| name)
        }
        _ => identity,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::kind;

    #[test]
    fn defaults_show_until_a_value_is_given() {
        let mut provider = Object::new(kind("CsHostingProvider").unwrap(), "Exchange Online");
        assert_eq!(provider.text("Name"), "Exchange Online");
        assert_eq!(provider.get("verificationlevel"), "AlwaysVerifiable".into());
        provider.set("verificationLevel", "UseSourceVerification".into());
        assert_eq!(provider.text("VerificationLevel"), "UseSourceVerification");
        provider.clear("VerificationLevel");
        assert_eq!(provider.text("VerificationLevel"), "AlwaysVerifiable");
    }

    #[test]
    fn routing_method_decides_type_and_properties() {
        let mut edge = Object::new(kind("CsAccessEdgeConfiguration").unwrap(), "Global");
        assert!(edge.type_names()[0].ends_with("DnsSrvRouting"));
        edge.set("RoutingMethod", "UseDefaultRouting".into());
        assert!(edge.type_names()[0].ends_with("DefaultRoute"));
        let names: Vec<&str> = edge.shown().into_iter().map(|(name, _)| name).collect();
        assert!(names.contains(&"DefaultRouteFqdn"));
        assert!(!names.contains(&"EnablePartnerDiscovery"));
    }

    #[test]
    fn unknown_properties_are_kept_and_shown_last() {
        let object = Object::new(kind("CsHostingProvider").unwrap(), "X").with("Odd", 1i64);
        assert_eq!(object.shown().last(), Some(&("Odd", Datum::Int(1))));
    }
}
