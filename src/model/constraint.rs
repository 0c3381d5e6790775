//! The rules between objects: limits of values, uniqueness within and across
//! kinds, references that must exist or forbid a removal, exclusions. All of
//! them come from the declarations; nothing here knows a kind by name.

use super::error::ModelError;
use super::identity::{self, fold};
use super::kind::{IdentityForm, Kind, OnRemove, Part, Property, Reference, ValueType};
use super::object::Object;
use super::range;
use super::value::Datum;

/// Finds the declaration of a noun.
pub type Kinds = fn(&str) -> Option<&'static Kind>;

/// An object that a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its number in the store.
    pub id: i64,
    /// The noun under which it is stored.
    pub noun: String,
    /// Its identity.
    pub identity: String,
}

/// What the rules have to ask of the deployment's state.
pub trait State {
    /// The object that has a value in a space of unique values.
    fn holder(&self, space: &str, value: &str) -> Result<Option<Found>, ModelError>;
    /// Objects linked with a value: those that refer to it, or carry it in an index.
    fn linked(&self, space: &str, value: &str) -> Result<Vec<Found>, ModelError>;
    /// An object by kind and displayed identity.
    fn object(&self, noun: &str, identity: &str) -> Result<Option<Object>, ModelError>;
    /// Whether any stored object of the kind has the value (or exists at all).
    fn any(&self, noun: &str, having: Option<&(String, Datum)>) -> Result<bool, ModelError>;
}

/// What a removal does to objects that refer to the removed one.
#[derive(Clone, Debug, Default)]
pub struct Consequences {
    /// These go too.
    pub remove: Vec<Found>,
    /// These lose the value of the property.
    pub clear: Vec<(Found, String)>,
    /// So many objects keep a name that means nothing any more; ask before.
    pub confirm: usize,
}

/// A value made fit for a property, or why it cannot be.
pub fn value(property: &Property, value: Datum) -> Result<Datum, ModelError> {
    let value = match value {
        // `$null` for a text parameter arrives as an empty text: it takes the value away.
        Datum::Text(text) if text.is_empty() && takes_no_empty_text(property) => Datum::Null,
        other => other,
    };
    if value == Datum::Null {
        return if property.not_null {
            Err(invalid(property, &value, "it must not be null"))
        } else {
            Ok(value)
        };
    }
    match (&property.value_type, value) {
        (ValueType::List(item), value) => {
            let items: Result<Vec<Datum>, ModelError> = value
                .items()
                .iter()
                .map(|one| single(property, item, one.clone()))
                .collect();
            Ok(Datum::List(items?))
        }
        (one, value) => single(property, one, value),
    }
}

/// Whether an empty text would break the limits of a property that may be without a value.
fn takes_no_empty_text(property: &Property) -> bool {
    let limited = property.pattern.is_some()
        || property.min_length.is_some()
        || !matches!(
            property.value_type,
            ValueType::String | ValueType::Any | ValueType::List(_) | ValueType::Wrapped(_)
        );
    limited && !property.required && !property.key
}

fn single(property: &Property, value_type: &ValueType, value: Datum) -> Result<Datum, ModelError> {
    if let (ValueType::Enum { values, .. }, Datum::Text(text)) = (value_type, &value) {
        return match values.iter().find(|one| one.eq_ignore_ascii_case(text)) {
            Some(member) => Ok(Datum::Text(member.clone())),
            None => {
                let reason = format!("it must be one of {}", values.join(", "));
                Err(invalid(property, &value, &reason))
            }
        };
    }
    if let (ValueType::Size, Datum::Text(text)) = (value_type, &value) {
        if text.eq_ignore_ascii_case("Unlimited") {
            return Ok(Datum::text("Unlimited"));
        }
        return match super::size::parse(text) {
            Some(bytes) => Ok(Datum::Int(bytes)),
            None => Err(invalid(
                property,
                &value,
                "it is no amount of data, such as 250MB, and not Unlimited",
            )),
        };
    }
    if let Datum::Int(number) = value {
        let low = property.min.is_some_and(|min| number < min);
        let high = property.max.is_some_and(|max| number > max);
        if low || high {
            let reason = match (property.min, property.max) {
                (Some(min), Some(max)) => format!("it must lie between {min} and {max}"),
                (Some(min), None) => format!("it must be at least {min}"),
                (_, max) => format!("it must be at most {}", max.unwrap_or_default()),
            };
            return Err(invalid(property, &value, &reason));
        }
    }
    if let Datum::Text(text) = &value {
        let length = text.chars().count() as u32;
        if let Some(max) = property.max_length.filter(|max| length > *max) {
            let reason = format!("it has {length} characters, {max} are allowed");
            return Err(invalid(property, &value, &reason));
        }
        if let Some(min) = property.min_length.filter(|min| length < *min) {
            let reason = format!("it has {length} characters, at least {min} are needed");
            return Err(invalid(property, &value, &reason));
        }
        if let Some(pattern) = &property.pattern {
            let fits = fancy_regex::Regex::new(&format!("(?i)^(?:{pattern})$"))
                .ok()
                .and_then(|regex| regex.is_match(text).ok())
                .unwrap_or(true);
            if !fits {
                let reason = format!("it does not match the pattern {pattern}");
                return Err(invalid(property, &value, &reason));
            }
        }
    }
    Ok(value)
}

fn invalid(property: &Property, value: &Datum, reason: &str) -> ModelError {
    ModelError::InvalidValue {
        property: property.name.clone(),
        value: value.display(),
        reason: reason.to_owned(),
    }
}

/// The unique values of an object: space and folded value.
pub fn keys(object: &Object) -> Vec<(String, String)> {
    let mut keys = Vec::new();
    for rule in &object.kind.unique {
        let mut joined = vec![String::new()];
        for (index, name) in rule.properties.iter().enumerate() {
            let values = part_values(&object.get(name), rule.part);
            joined = joined
                .iter()
                .flat_map(|head| {
                    values.iter().map(move |value| match index {
                        0 => value.clone(),
                        _ => format!("{head}\u{1f}{value}"),
                    })
                })
                .collect();
        }
        for value in joined {
            let key = (rule.space.clone(), value);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    if object
        .kind
        .sole
        .as_ref()
        .is_some_and(|name| object.flag(name))
    {
        keys.push((sole_space(object.kind), String::new()));
    }
    keys
}

/// The space in which the holder of a kind's sole flag is kept.
pub fn sole_space(kind: &Kind) -> String {
    format!("sole:{}", kind.stored_noun())
}

/// The index entries and references of an object: space and folded value.
pub fn links(object: &Object, kinds: Kinds) -> Vec<(String, String)> {
    let mut links = Vec::new();
    for index in &object.kind.indexes {
        for value in part_values(&object.get(&index.property), index.part) {
            links.push((index.space.clone(), value));
        }
    }
    for reference in object.kind.all_references() {
        for value in object.get(&reference.property).items() {
            for target in &reference.to {
                let Some(named) = name_in(reference, target, &value.display(), kinds) else {
                    continue;
                };
                let link = (
                    link_space(target, reference.target.as_deref(), kinds),
                    named,
                );
                if !links.contains(&link) {
                    links.push(link);
                }
            }
        }
    }
    links
}

/// The space of references to objects of a noun.
fn link_space(noun: &str, property: Option<&str>, kinds: Kinds) -> String {
    let stored = kinds(noun).map_or(noun, Kind::stored_noun);
    match property {
        Some(property) => format!("ref:{}.{}", fold(stored), fold(property)),
        None => format!("ref:{}", fold(stored)),
    }
}

/// The folded name by which a reference's value names an object of the target kind.
fn name_in(reference: &Reference, target: &str, value: &str, kinds: Kinds) -> Option<String> {
    if value.is_empty() {
        return None;
    }
    let part = identity::part(reference.part, value)?;
    if reference.target.is_some() {
        return Some(fold(&part));
    }
    let text = match kinds(target) {
        Some(kind) => identity::normalise(kind, &part).unwrap_or_else(|_| part.to_string()),
        None => part.to_string(),
    };
    Some(fold(&text))
}

fn part_values(value: &Datum, which: Part) -> Vec<String> {
    value
        .items()
        .iter()
        .filter(|one| !one.is_blank())
        .filter_map(|one| {
            let text = one.display();
            identity::part(which, &text).map(|part| fold(&part))
        })
        .filter(|text| !text.is_empty())
        .collect()
}

/// Whether any rule of the kind looks at one of these properties (stored names),
/// so that keys, links and references have to be worked out again.
pub fn concerns(kind: &Kind, changed: &[&str]) -> bool {
    let watched = kind.watched();
    changed
        .iter()
        .any(|name| watched.iter().any(|one| one.eq_ignore_ascii_case(name)))
}

/// Checks a proposed object against its declaration and the state: what it
/// needs, what must be unique, what it names, what excludes it. `before` is the
/// object as it was, for a change.
pub fn check(
    object: &Object,
    before: Option<&Object>,
    state: &dyn State,
    kinds: Kinds,
) -> Result<(), ModelError> {
    if before.is_none() {
        for property in object.kind.properties.iter().filter(|it| it.required) {
            if object.given(&property.name).is_none_or(Datum::is_blank) && !property.key {
                return Err(ModelError::Required {
                    noun: object.kind.noun.clone(),
                    identity: object.identity.clone(),
                    property: property.name.clone(),
                });
            }
        }
    }
    for property in &object.kind.properties {
        let Some(flag) = &property.required_by else {
            continue;
        };
        let lacks = |it: &Object| it.flag(flag) && it.value_of(property).is_blank();
        if lacks(object) && !before.is_some_and(lacks) {
            return Err(ModelError::Required {
                noun: object.kind.noun.clone(),
                identity: object.identity.clone(),
                property: property.name.clone(),
            });
        }
    }
    range::check(object, before)?;
    check_unique(object, state)?;
    check_references(object, before, state, kinds)?;
    for exclusion in &object.kind.exclusions {
        let applies = exclusion.when.as_ref().is_none_or(|when| object.is(when));
        let stands =
            before.is_some_and(|before| exclusion.when.as_ref().is_none_or(|when| before.is(when)));
        if applies && !stands && state.any(&exclusion.noun, exclusion.having.as_ref())? {
            return Err(ModelError::Excluded {
                message: object.expand(&exclusion.message),
                identity: object.identity.clone(),
            });
        }
    }
    Ok(())
}

/// Checks that no other object has one of the unique values of this one.
pub fn check_unique(object: &Object, state: &dyn State) -> Result<(), ModelError> {
    for (space, value) in keys(object) {
        if space.starts_with("sole:") {
            continue;
        }
        let Some(found) = state.holder(&space, &value)? else {
            continue;
        };
        if found.id == object.id && object.id != 0 {
            continue;
        }
        let rule = object.kind.unique.iter().find(|rule| rule.space == space);
        let property = rule
            .and_then(|rule| rule.properties.last())
            .map_or("Identity", String::as_str);
        let folded = value.rsplit('\u{1f}').next().unwrap_or(&value);
        let part = rule.map_or(Part::Whole, |rule| rule.part);
        let given = object.texts(property);
        let shown = given
            .iter()
            .find(|text| identity::part(part, text).is_some_and(|it| fold(&it) == folded));
        return Err(ModelError::NotUnique {
            property: property.to_owned(),
            value: shown.map_or(folded, String::as_str).to_owned(),
            holder_noun: found.noun,
            holder: found.identity,
            identity: object.identity.clone(),
        });
    }
    Ok(())
}

fn check_references(
    object: &Object,
    before: Option<&Object>,
    state: &dyn State,
    kinds: Kinds,
) -> Result<(), ModelError> {
    for reference in object.kind.all_references().filter(|it| it.must_exist) {
        let named = object.get(&reference.property);
        if before.is_some_and(|before| before.get(&reference.property).same(&named)) {
            continue;
        }
        let had = before.map(|before| before.get(&reference.property));
        let had = had.as_ref().map_or(&[][..], Datum::items);
        for value in named.items().iter().filter(|value| !value.is_blank()) {
            let text = value.display();
            if identity::part(reference.part, &text).is_none()
                || had.iter().any(|it| it.same(value))
            {
                continue;
            }
            let mut known = false;
            for target in &reference.to {
                known |= exists(reference, target, &text, state, kinds)?;
            }
            if !known {
                let message = match &reference.missing {
                    Some(message) => message.replace("{value}", &text),
                    None => format!(
                        "{} of {} \"{}\" names \"{text}\", which does not exist.",
                        reference.property, object.kind.noun, object.identity
                    ),
                };
                return Err(ModelError::MissingReference {
                    message,
                    value: text,
                });
            }
        }
    }
    Ok(())
}

/// Whether the object that a reference names is there. A kind that is not
/// declared, or whose named property is in no index, cannot be asked.
fn exists(
    reference: &Reference,
    target: &str,
    value: &str,
    state: &dyn State,
    kinds: Kinds,
) -> Result<bool, ModelError> {
    let Some(kind) = kinds(target) else {
        return Ok(true);
    };
    let Some(property) = &reference.target else {
        let part = identity::part(reference.part, value).unwrap_or_default();
        let Ok(normal) = identity::normalise(kind, &part) else {
            return Ok(false);
        };
        let found = state.object(target, &normal)?;
        return Ok(found.is_some_and(|found| {
            let having = reference.having.as_ref();
            having.is_none_or(|having| found.is(having))
        }));
    };
    let stored = kinds(kind.stored_noun()).unwrap_or(kind);
    let folded = identity::part(reference.part, value).map(|part| fold(&part));
    let folded = folded.unwrap_or_default();
    // The one object of its kind need not be stored to have values.
    if let IdentityForm::Singleton { name } = &kind.identity {
        let found = state.object(target, name)?;
        let values = found.map(|found| found.texts(property)).unwrap_or_default();
        return Ok(values.iter().any(|value| fold(value) == folded));
    }
    let unique = stored
        .unique
        .iter()
        .find(|rule| rule.properties.len() == 1 && rule.properties[0] == *property);
    if let Some(rule) = unique {
        let value = identity::part(rule.part, &folded).unwrap_or_default();
        return Ok(state.holder(&rule.space, &value)?.is_some());
    }
    match stored
        .indexes
        .iter()
        .find(|rule| rule.property == *property)
    {
        Some(rule) => {
            let value = identity::part(rule.part, &folded).unwrap_or_default();
            Ok(!state.linked(&rule.space, &value)?.is_empty())
        }
        None => Ok(true),
    }
}

/// What the removal of an object entails, or why it is refused.
pub fn removal(
    object: &Object,
    state: &dyn State,
    kinds: Kinds,
) -> Result<Consequences, ModelError> {
    for name in &object.kind.remove_requires {
        if object.get(name).is_blank() {
            return Err(ModelError::NotRemovable {
                noun: object.kind.noun.clone(),
                identity: object.identity.clone(),
                reason: format!("it has no {name}"),
            });
        }
    }
    if object
        .kind
        .sole
        .as_ref()
        .is_some_and(|name| object.flag(name))
    {
        return Err(ModelError::NotRemovable {
            noun: object.kind.noun.clone(),
            identity: object.identity.clone(),
            reason: "it is the default one. Make another one the default first".into(),
        });
    }
    let mut consequences = Consequences::default();
    let mut forbidding: Vec<Found> = Vec::new();
    for (space, value) in names_of(object, kinds) {
        for found in state.linked(&space, &value)? {
            let Some(kind) = kinds(&found.noun) else {
                continue;
            };
            if found.id == object.id {
                continue;
            }
            for reference in kind.all_references() {
                let leads_here = reference
                    .to
                    .iter()
                    .any(|target| link_space(target, reference.target.as_deref(), kinds) == space);
                if !leads_here || !names(&found, reference, &value, state, kinds)? {
                    continue;
                }
                match reference.on_remove {
                    OnRemove::Forbid => forbidding.push(found.clone()),
                    OnRemove::Cascade => consequences.remove.push(found.clone()),
                    OnRemove::Clear => consequences
                        .clear
                        .push((found.clone(), reference.property.clone())),
                    OnRemove::Confirm => consequences.confirm += 1,
                    OnRemove::Leave => {}
                }
            }
        }
    }
    forbidding.retain(|one| !consequences.remove.iter().any(|gone| gone.id == one.id));
    match forbidding.first() {
        None => Ok(consequences),
        Some(first) => Err(ModelError::Referenced {
            noun: object.kind.noun.clone(),
            identity: object.identity.clone(),
            count: forbidding.len(),
            first_noun: first.noun.clone(),
            first: first.identity.clone(),
        }),
    }
}

/// Whether this reference of the found object is the one that names the value.
fn names(
    found: &Found,
    reference: &Reference,
    value: &str,
    state: &dyn State,
    kinds: Kinds,
) -> Result<bool, ModelError> {
    let Some(object) = state.object(&found.noun, &found.identity)? else {
        return Ok(false);
    };
    Ok(object.get(&reference.property).items().iter().any(|one| {
        reference.to.iter().any(|target| {
            name_in(reference, target, &one.display(), kinds).as_deref() == Some(value)
        })
    }))
}

/// The spaces and values by which others may refer to an object.
fn names_of(object: &Object, kinds: Kinds) -> Vec<(String, String)> {
    let noun = object.kind.stored_noun();
    let mut names = vec![(link_space(noun, None, kinds), fold(&object.identity))];
    for property in object.kind.properties.iter().filter(|it| !it.key) {
        let space = link_space(noun, Some(property.stored_name()), kinds);
        for value in object.get(&property.name).items() {
            let Some(text) = value.as_text().filter(|text| !text.is_empty()) else {
                continue;
            };
            names.push((space.clone(), fold(text)));
            let bare = identity::without_scheme(text);
            if bare.len() != text.len() {
                names.push((space.clone(), fold(bare)));
            }
        }
    }
    names
}

/// Whether a standing object of the kind (global, the singleton, a preset) is meant: it is
/// never created, and removing it resets it.
pub fn is_standing(kind: &Kind, identity: &str) -> bool {
    kind.standing_identities()
        .any(|standing| fold(standing) == fold(identity))
}

/// The error for an object that is not there, worded for its kind.
pub fn not_found(kind: &Kind, identity: &str) -> ModelError {
    match kind.identity {
        IdentityForm::User => ModelError::UserNotFound {
            identity: identity.to_owned(),
        },
        IdentityForm::Directory { .. } => ModelError::DirectoryNotFound {
            identity: identity.to_owned(),
        },
        _ => ModelError::NotFound {
            noun: kind.noun.clone(),
            identity: identity.to_owned(),
        },
    }
}
